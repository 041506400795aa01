"""Tests that CI does with few examples, in their full size."""

import os
import subprocess

import pytest

from devtools import paths

FULL_SIZE = {
    "tests/odoo/order/test_channel_profiles.py": {"PROFILE_ORDERS": "200"},
    "tests/odoo/accounting/test_random_orders.py": {"BOOK_ORDERS": "100"},
}


@pytest.mark.parametrize("file", FULL_SIZE)
def test_full_size(file):
    done = subprocess.run(
        [paths.ROOT / "dev", "test", "odoo", file],
        env={**os.environ, **FULL_SIZE[file]},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:]
