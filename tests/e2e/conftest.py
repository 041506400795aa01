"""The shop that e2e tests walk through: real servers, a copy of the demo's prepared database."""

import pytest

from devtools import paths, postgres, stamps
from devtools.chromium import browser
from devtools.odoo_rpc import OdooSession
from devtools.shop import LOGIN, PASSWORD, Shop


@pytest.fixture(scope="session")
def shop():
    """A running shop of its own: Odoo with the addon, connected to a sandbox, first syncs done.

    A `./dev demo` that runs at the same time is not touched.
    """
    busy = "Waiting for another e2e run of this checkout"
    with stamps.lock(paths.LOCAL / "e2e.lock", busy), postgres.running():
        shop = Shop("linga_e2e")
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
def page(demo):
    """A browser window in which the administrator is logged in."""
    with browser() as chromium:
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{demo['odoo']}/web/login")
        page.fill("input[name=login]", demo["login"])
        page.fill("input[name=password]", demo["password"])
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")
        yield page
