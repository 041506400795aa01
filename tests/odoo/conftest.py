"""The sandbox that the tests here share; see `plugin` for what the addon's need too."""

from unittest.mock import patch

import psutil
import pytest

from .support.sandbox import shared_sandbox


@pytest.fixture(scope="session", autouse=True)
def lasting_sandbox():
    """Keep Odoo from ending the shared sandbox with the child processes that a class leaves behind,
    and stop it in the end."""
    find_children = psutil.Process.children

    def children(process, **options):
        found = find_children(process, **options)
        if not shared_sandbox.cache_info().currsize:
            return found
        return [child for child in found if child.pid != shared_sandbox().pid]

    with patch.object(psutil.Process, "children", children):
        yield
    if shared_sandbox.cache_info().currsize:
        shared_sandbox().stop()
