"""Stock with real transactions: processes that sell at once, two Odoo servers on one database."""

import itertools
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
import requests

from devtools import paths
from devtools.provision import venv
from devtools.servers import ports
from devtools.servers.odoo_rpc import OdooSession
from devtools.servers.shop import LOGIN, PASSWORD
from tests.e2e.server_log import beside
from tests.e2e.waiting import wait_for

SELLERS = 4
SALES = 4  # of each product, by each seller
CHANGES = 8  # of each product, while both servers send


@pytest.fixture(scope="module")
def servers(shop):
    """The addresses of two Odoo servers, both with scheduled actions, on the shop's database."""
    port = ports.pick()
    with beside(shop.odoo, "second").open("wb") as output:
        second = subprocess.Popen(
            [venv.PYTHON, "-m", "odoo", "server", f"--http-port={port}"],
            env=shop.odoo.environ(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(f"{url}/web/health"))
        yield shop.odoo.url, url
    finally:
        second.terminate()
        second.wait()


@pytest.fixture(scope="module")
def articles(odoo, shop):
    """{SKU: product id} of three products that Octopus has a level of."""
    levels = odoo.call(
        "octopus.stock.level",
        "search_read",
        [("pushed_at", "!=", False)],
        ["product_id"],
        limit=3,
    )
    ids = [level["product_id"][0] for level in levels]
    assert len(set(ids)) == 3, "three products with one level each"
    variants = odoo.call(
        "octopus.variant", "search_read", [("product_id", "in", ids)], ["product_id", "sku"]
    )
    return {variant["sku"]: variant["product_id"][0] for variant in variants}


def answers(url):
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


class Place:
    """Where goods are sold from and how many there are."""

    def __init__(self, session):
        self.session = session
        locations = session.call(
            "octopus.location",
            "search_read",
            [("warehouse_id", "!=", False)],
            ["warehouse_id"],
        )
        self.warehouse_id = locations[0]["warehouse_id"][0]
        [warehouse] = session.call("stock.warehouse", "read", [self.warehouse_id], ["lot_stock_id"])
        self.stock_id = warehouse["lot_stock_id"][0]

    def count(self, product_id, quantity):
        """Count the product: from now on there are `quantity`."""
        quant = {
            "product_id": product_id,
            "location_id": self.stock_id,
            "inventory_quantity": quantity,
        }
        created = self.session.call(
            "stock.quant", "create", quant, context={"inventory_mode": True}
        )
        self.session.call("stock.quant", "action_apply_inventory", [created])

    def read(self, product_ids, field):
        """{product id: field} of products, in the warehouse."""
        found = self.session.call(
            "product.product",
            "read",
            list(product_ids),
            [field],
            context={"warehouse_id": self.warehouse_id},
        )
        return {product["id"]: product[field] for product in found}

    def expected(self, articles):
        """{SKU: number} by Odoo's own free quantity.

        Not by what was sold: core may keep a reservation too many when sellers collide.
        """
        free = self.read(articles.values(), "free_qty")
        return {sku: max(0, int(free[product_id])) for sku, product_id in articles.items()}


@contextmanager
def no_errors_of_ours_in(log):
    """No statement on our tables fails meanwhile; core's own collisions, which it retries, may."""
    start = log.stat().st_size
    yield
    with log.open("rb") as file:
        file.seek(start)
        lines = file.read().decode().splitlines()
    errors = [line for line in lines if " ERROR " in line and "octopus" in line.lower()]
    assert not errors, "\n".join(errors)


def waiting(session):
    """How much of stock is still to be sent."""
    changes = session.call("octopus.stock.event", "search_count", [])
    return changes + session.call(
        "octopus.stock.level", "search_count", [("pending_ids", "!=", False)]
    )


def shown(shop, articles):
    """{SKU: available} of the articles in Octopus."""
    state = requests.get(f"{shop.sandbox.url}/_sandbox/state", timeout=30).json()
    skus = {
        variant["inventory_item_id"]: variant["sku"]
        for product in state["products"]
        for variant in product["variants"]
    }
    levels = {skus[level["inventory_item_id"]]: level["available"] for level in state["levels"]}
    return {sku: levels.get(sku) for sku in articles}


@contextmanager
def all_that_is_sent(shop):
    """A function that reads what Octopus gets meanwhile: {level: its numbers in their order}."""
    with closing(sqlite3.connect(shop.sandbox.database, isolation_level=None)) as db:
        db.execute("CREATE TABLE sent (item INTEGER, location INTEGER, number INTEGER)")
        db.execute(
            """CREATE TRIGGER remember AFTER INSERT ON level BEGIN INSERT INTO sent VALUES
               (new.inventory_item_id, new.location_id, new.available); END"""
        )

        def read():
            sent = {}
            for *level, number in db.execute("SELECT * FROM sent ORDER BY rowid"):
                sent.setdefault(tuple(level), []).append(number)
            return sent

        try:
            yield read
        finally:
            db.execute("DROP TRIGGER remember")
            db.execute("DROP TABLE sent")


@contextmanager
def sellers(shop, place, product_ids):
    """Processes that are about to sell: a function that starts them and waits for their end."""
    log_file = beside(shop.odoo, "sellers")
    with log_file.open("ab") as log:
        processes = [
            subprocess.Popen(
                [venv.PYTHON, "-m", "tests.e2e.stock_seller", shop.odoo.db, str(SALES)]
                + [str(number) for number in (place.warehouse_id, *product_ids)],
                env=shop.odoo.environ(),
                cwd=paths.ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            for _seller in range(SELLERS)
        ]

    def sell():
        for process in processes:
            assert process.stdout.readline() == "ready\n", log_file.read_text()
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.wait() for process in processes] == [0] * SELLERS, log_file.read_text()

    try:
        yield sell
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def test_sellers_at_once_lose_no_change_and_cause_no_error(shop, servers, odoo, articles):
    place = Place(odoo)
    for product_id in articles.values():
        place.count(product_id, 100)
    before = place.read(articles.values(), "qty_available")
    with (
        sellers(shop, place, articles.values()) as sell,
        no_errors_of_ours_in(shop.odoo.server.log_file),
        no_errors_of_ours_in(beside(shop.odoo, "second")),
        no_errors_of_ours_in(beside(shop.odoo, "sellers")),
    ):
        sell()  # while both servers send what changes
        after = place.read(articles.values(), "qty_available")
        assert after == {product: count - SELLERS * SALES for product, count in before.items()}
        expected = place.expected(articles)
        told = wait_for(lambda: shown(shop, articles), lambda told: told == expected)
    assert told == expected
    assert wait_for(lambda: waiting(odoo), lambda count: not count) == 0


def test_two_servers_send_a_change_once(shop, servers, odoo, articles):
    """Products are counted at once, on both servers, again and again without waiting."""
    place = Place(odoo)
    assert wait_for(lambda: waiting(odoo), lambda count: not count) == 0

    def recount(product_id, url):
        counter = Place(OdooSession(url, shop.odoo.db, LOGIN, PASSWORD))
        for change in range(CHANGES):
            counter.count(product_id, 50 + change)

    with all_that_is_sent(shop) as read, ThreadPoolExecutor() as people:
        list(people.map(recount, articles.values(), itertools.cycle(servers)))
        expected = place.expected(articles)
        told = wait_for(lambda: shown(shop, articles), lambda told: told == expected)
        assert told == expected, "none was missed"
        time.sleep(2)  # a second push would come now
        sent = read()
    assert len(sent) == len(articles)
    for numbers in sent.values():
        assert numbers == sorted(set(numbers)), "none was sent twice, or after a newer one"
