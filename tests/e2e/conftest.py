"""The shop that e2e tests walk through: real servers, a copy of the demo's prepared database.

Each of the processes that share the suite (pytest-xdist) has a shop of its own.
"""

import os

import pytest
from playwright.sync_api import expect

from devtools import paths
from devtools.provision import databases, postgres, stamps
from devtools.screenshots.browser import browser
from devtools.servers.odoo_rpc import OdooSession
from devtools.servers.shop import LOGIN, PASSWORD, Shop

from .point_of_sale import PointOfSale
from .server_log import PERSONAL_FIELDS, ServerLogs
from .witness import Witness

# Milliseconds, for what has to come by itself: the machine may be busy.
expect.set_options(timeout=30_000)
PROCESS = os.environ.get("PYTEST_XDIST_WORKER")
NAME = databases.own(f"linga_e2e_{PROCESS}" if PROCESS else "linga_e2e")


@pytest.fixture(scope="session")
def shop():
    """A running shop of its own: Odoo with the addon, connected to a sandbox, first syncs done.

    A `./dev demo` that runs at the same time is not touched.
    """
    busy = "Waiting for another e2e run of this checkout"
    with stamps.lock(paths.LOCAL / f"{NAME}.lock", busy), postgres.running():
        shop = Shop(NAME)
        try:
            close(shop)  # one that a killed run left behind
            shop.prepare()
            shop.start()
            yield shop
        finally:
            close(shop)


def close(shop):
    """Stop the shop and remove its data."""
    shop.stop()
    shop.remove()


@pytest.fixture(scope="session")
def demo(shop):
    """What `./dev demo --detach` would write to .local/demo.json for this shop."""
    return shop.description()


@pytest.fixture(scope="session")
def odoo(shop):
    """Odoo's RPC, logged in as the administrator."""
    return OdooSession(shop.odoo.url, shop.odoo.db, LOGIN, PASSWORD)


@pytest.fixture(scope="session")
def chromium():
    """The browser of all tests."""
    with browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def witness(shop):
    """Sees what pages and server complain of."""
    return Witness(shop.odoo.server.log_file)


@pytest.fixture(scope="session")
def server_logs(shop, demo):
    """The logs of the shop's servers."""
    secrets = {demo["access_id"], demo["webhook_url"].rpartition("/")[2]}
    return ServerLogs(shop.odoo.server.log_file, secrets)


@pytest.fixture(autouse=True)
def discreet(request):
    """Fails every test with a shop after which a log of Odoo has an error, a customer, a secret."""
    if "shop" not in request.fixturenames:
        yield
        return
    logs, odoo = (request.getfixturevalue(name) for name in ("server_logs", "odoo"))
    logs.forget()
    yield
    orders = odoo.call("octopus.order", "search_read", [], PERSONAL_FIELDS)
    assert logs.findings(orders) == []


@pytest.fixture
def spotless(witness):
    """Fails a test after which pages or server have something to complain of."""
    witness.forget()
    yield
    assert witness.complaints() == []


@pytest.fixture(scope="session")
def log_in(chromium, demo, witness):
    """Opens an empty browser window of its own in which a user of the demo is logged in."""

    def log_in(user="login", **options):
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        page = chromium.new_context(**options).new_page()
        witness.watch(page)
        # The form of the login page is what test_first_order fills in.
        cookie = {"name": "session_id", "value": OdooSession.of(demo, user).session_id}
        page.context.add_cookies([{**cookie, "url": demo["odoo"]}])
        return page

    return log_in


@pytest.fixture(scope="session")
def page(log_in):
    """A browser window in which the administrator is logged in."""
    return log_in()


@pytest.fixture(scope="module")
def pos(log_in, demo, odoo):
    """A cashier's open Point of Sale, which another module may have opened."""
    [config] = odoo.call("pos.config", "search", [], limit=1, order="id")
    pos = PointOfSale(log_in("pos_login"), demo, config)
    opened = [("config_id", "=", config), ("state", "=", "opened")]
    (pos.enter if odoo.call("pos.session", "search_count", opened) else pos.open)()
    yield pos
    pos.close()
