"""The shop of the long tests: as that of tests/e2e, but each test brings its own Odoo server."""

import pytest

from devtools import paths, postgres, stamps
from devtools.shop import Shop


@pytest.fixture(scope="session")
def orders_shop():
    """A connected shop whose sandbox runs, and whose Odoo is stopped."""
    busy = "Waiting for another soak of this checkout"
    with stamps.lock(paths.LOCAL / "soak.lock", busy), postgres.running():
        shop = Shop("linga_soak_orders")
        try:
            shop.stop()  # one that a killed run left behind
            shop.remove()
            shop.prepare()
            shop.start()
            shop.odoo.server.stop()
            yield shop
        finally:
            shop.stop()
            shop.remove()
