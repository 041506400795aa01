"""The simulation: a shop, its channels, and all that goes wrong, on one thread and one clock.

Everything random comes from one seed. See docs/simulation.md.
"""
