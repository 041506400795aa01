"""The sandbox of this process. Imports nothing of the addon, which pytest cannot find so early."""

import functools

from octopus_sandbox.testing import SandboxServer


@functools.cache
def shared_sandbox():
    """Return the sandbox that all classes of this process share: to start one takes a second.

    `tests/odoo/conftest.py` stops it.
    """
    return SandboxServer().start()
