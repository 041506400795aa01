"""A stand-in for Octopus Bridge: its REST API, its webhooks, and a small shop to order from.

Written from the API reference alone and imports nothing from the addon, so that client and server
cannot share a misunderstanding. It is the strict side: what the reference does not allow, it
refuses.
"""
