"""A stand-in for Octopus Bridge: its REST API, its webhooks, and a small shop to order from.

It is written from the API reference alone and imports nothing from the addon, so that client and
server cannot share a mistake. It refuses everything that the reference does not allow.
"""
