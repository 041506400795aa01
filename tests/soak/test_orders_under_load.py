"""A thousand orders from eight clients at once, a fifth of them twice, for three hot products.

Threaded and with two processes, alone and with a SIGKILL half-way. Octopus is connected all the
while, and is told every new stock.
"""

import time

import pytest
import requests

from devtools.servers.odoo_rpc import OdooSession
from devtools.servers.shop import LOGIN, PASSWORD
from devtools.steps import say
from tests.e2e.load import Load, OdooServer, send_all, webhook_path
from tests.e2e.waiting import wait_for

ORDERS = 1000


@pytest.mark.parametrize("kill", [False, True], ids=["undisturbed", "killed"])
@pytest.mark.parametrize("workers", [0, 2], ids=["threaded", "two-processes"])
def test_none_is_lost_and_none_is_double(orders_shop, workers, kill):
    odoo = orders_shop.odoo
    with OdooServer(odoo, workers=workers, port=odoo.port) as server:
        session = OdooSession(server.url, odoo.db, LOGIN, PASSWORD)
        load = Load(session, ORDERS, seed=workers * 2 + kill)
        started = time.monotonic()
        send_all(load, server, webhook_path(orders_shop), kill=kill)
        taken = time.monotonic() - started
        load.check()
        worked = time.monotonic() - started
        # For who runs it with -s.
        say(f"{ORDERS} orders taken in {taken:.0f} s, worked off in {worked:.0f} s")
        assert not server.failures()
        told = wait_for(
            lambda: shown(orders_shop, load), lambda told: told == expected(load), seconds=120
        )
        assert told == expected(load), "Octopus knows the stock"


def shown(shop, load):
    """Return {SKU: pieces in Octopus}."""
    state = requests.get(f"{shop.sandbox.url}/_sandbox/state?orders=0", timeout=60).json()
    skus = {
        variant["inventory_item_id"]: variant["sku"]
        for product in state["products"]
        for variant in product["variants"]
    }
    levels = {skus.get(level["inventory_item_id"]): level["available"] for level in state["levels"]}
    return {sku: levels.get(sku) for sku in load.articles}


def expected(load):
    """Return {SKU: pieces that Octopus should know of}: what is on the shelf, never below zero."""
    found = load.odoo.call("product.product", "read", list(load.articles.values()), ["free_qty"])
    free = {product["id"]: product["free_qty"] for product in found}
    return {sku: max(0, int(free[product])) for sku, product in load.articles.items()}
