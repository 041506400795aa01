"""The shop of the long tests: as that of tests/e2e, but each test brings its own Odoo server."""

import datetime

import pytest

from devtools import paths, tables
from devtools.provision import databases, postgres, stamps
from devtools.servers.shop import Shop
from tests.soak._report import Report


def pytest_configure(config):
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    config.pluginmanager.register(Report(tables.SOAK, today), "soak-report")


@pytest.fixture(scope="session")
def orders_shop():
    """A connected shop whose sandbox runs, and whose Odoo is stopped."""
    busy = "Waiting for another soak of this checkout"
    with stamps.lock(paths.LOCAL / "soak.lock", busy), postgres.running():
        shop = Shop(databases.own("linga_soak_orders"))
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
