"""Whether the shop's databases say what its day was: nothing lost, nothing doubled."""

import json

import requests

from devtools.provision import postgres
from devtools.servers.odoo_rpc import OdooSession
from devtools.servers.shop import LOGIN, PASSWORD
from tests.e2e.waiting import wait_for

# What has to be empty when nothing is left to do.
QUEUES = {
    "orders whose stock waits": "SELECT count(*) FROM octopus_order WHERE stock_state = 'waiting'",
    "orders to tell": "SELECT count(*) FROM octopus_order WHERE push_status = 'pending'",
    "notifications": "SELECT count(*) FROM octopus_order_notification",
    "stock changes": "SELECT count(*) FROM octopus_stock_event",
    "levels to send": "SELECT count(*) FROM octopus_stock_pending",
    "passes": "SELECT count(*) FROM octopus_sync_run"
    " WHERE state IN ('queued', 'running', 'waiting')",
}
# Lines whose done moves do not add up to what the status of the order asks for.
WRONG_LINES = """
    WITH moved AS (
        SELECT move.octopus_order_line_id AS line_id,
               sum(CASE target.usage WHEN 'customer' THEN move.quantity ELSE -move.quantity END)
                   AS quantity
          FROM stock_move move
          JOIN stock_location target ON target.id = move.location_dest_id
         WHERE move.state = 'done' AND move.octopus_order_line_id IS NOT NULL
         GROUP BY 1)
    SELECT count(*)
      FROM octopus_order_line line
      JOIN octopus_order o ON o.id = line.order_id
      LEFT JOIN moved ON moved.line_id = line.id
     WHERE coalesce(moved.quantity, 0)
           <> CASE o.status WHEN 'cancelled' THEN 0 ELSE line.quantity END"""
ORDERED = """
    SELECT o.aggregator_order_no, json_object_agg(line.product_id, line.quantity)
      FROM octopus_order o JOIN octopus_order_line line ON line.order_id = o.id
     GROUP BY o.id"""
SOLD_AT_TILLS = """
    SELECT move.product_id, sum(move.quantity)
      FROM stock_move move JOIN stock_picking picking ON picking.id = move.picking_id
     WHERE move.state = 'done' AND picking.pos_session_id IS NOT NULL
     GROUP BY 1"""
ON_HAND = """
    SELECT quant.product_id, sum(quant.quantity)
      FROM stock_quant quant JOIN stock_location place ON place.id = quant.location_id
     WHERE place.usage = 'internal' GROUP BY 1"""
# What came in and went out since the books were opened.
MOVED = """
    SELECT move.product_id,
           sum(CASE WHEN target.usage = 'internal' THEN move.quantity ELSE 0 END
               - CASE WHEN source.usage = 'internal' THEN move.quantity ELSE 0 END)
      FROM stock_move move
      JOIN stock_location source ON source.id = move.location_id
      JOIN stock_location target ON target.id = move.location_dest_id
     WHERE move.state = 'done' AND move.id > :'since'
     GROUP BY 1"""
POLLED = """
    SELECT count(*) FROM octopus_sync_run
     WHERE kind = 'orders' AND state = 'done' AND started_at > :'now'"""


class Books:
    """The books of a shop (devtools.servers.shop.Shop), opened now and compared later."""

    def __init__(self, shop):
        self.shop = shop
        self._since = self._value("SELECT coalesce(max(id), 0) FROM stock_move")
        self._on_hand = self._numbers(ON_HAND)
        self._orders = self._value("SELECT count(*) FROM octopus_order")

    def queues(self):
        """Return {queue: how long it is}."""
        return {name: int(self._value(query)) for name, query in QUEUES.items()}

    def wait_for_poll(self, seconds):
        """Wait until orders have been asked for once more, by itself; tell whether they were."""
        now = self._value("SELECT now() AT TIME ZONE 'UTC'")
        return wait_for(lambda: self._value(POLLED, now=now) != "0", seconds=seconds)

    def settle(self, seconds):
        """Wait until nothing is left to do; return the queues that are not empty even then."""
        queues = wait_for(self.queues, lambda queues: not any(queues.values()), seconds)
        return {name: length for name, length in queues.items() if length}

    def faults(self, life):
        """Return {what is wrong: how often}; all of it is 0 when the books are right."""
        ledger = life.ledger
        found = self._orders_here()
        cancelled = set(
            self._column("SELECT aggregator_order_no FROM octopus_order WHERE status = 'cancelled'")
        )
        till = self._column("SELECT uuid FROM pos_order WHERE state IN ('paid', 'done')")
        sales = [sale for sale in till if sale in set(ledger.sales)]
        refs = self._column("SELECT aggregator_order_no FROM octopus_order")
        return {
            "orders lost": len(ledger.orders.keys() - found.keys()),
            "orders doubled": len(refs) - len(set(refs)),
            "orders with other lines": sum(
                lines != found.get(ref, lines) for ref, lines in ledger.orders.items()
            ),
            "cancellations lost": len(ledger.cancelled - cancelled),
            "order lines deducted wrongly": int(self._value(WRONG_LINES)),
            "sales of the till lost": len(set(ledger.sales) - set(sales)),
            "sales of the till doubled": len(sales) - len(set(sales)),
            "products with a wrong quantity": len(self._wrong_quantities(ledger)),
            "products of which Octopus shows another quantity": len(self._wrong_levels(life)),
        }

    def _orders_here(self):
        return {
            ref: {int(product): round(quantity) for product, quantity in json.loads(lines).items()}
            for ref, lines in self._rows(ORDERED)
        }

    def _wrong_quantities(self, ledger):
        """Return the products whose stock is not what was there plus what came and went."""
        moved, now = self._numbers(MOVED, since=self._since), self._numbers(ON_HAND)
        sold = self._numbers(SOLD_AT_TILLS)
        products = self._on_hand.keys() | now.keys() | moved.keys()
        wrong = {
            product
            for product in products
            if self._on_hand.get(product, 0) + moved.get(product, 0) != now.get(product, 0)
        }
        return wrong | {item for item, count in ledger.sold.items() if sold.get(item) != count}

    def _wrong_levels(self, life):
        """Return {SKU: (number here, number in Octopus)} where they differ."""
        session = OdooSession(self.shop.odoo.url, self.shop.odoo.db, LOGIN, PASSWORD)
        found = session.call(
            "product.product",
            "read",
            list(life.goods.values()),
            ["free_qty"],
            context={"warehouse_id": life.shop_facts["warehouse"]},
        )
        free = {product["id"]: max(0, int(product["free_qty"])) for product in found}
        here = {sku: free[product_id] for sku, product_id in life.goods.items()}
        state = requests.get(
            f"{self.shop.sandbox.url}/_sandbox/state", params={"orders": 0}, timeout=60
        ).json()
        skus = {
            variant["inventory_item_id"]: variant["sku"]
            for product in state["products"]
            for variant in product["variants"]
        }
        there = {skus[level["inventory_item_id"]]: level["available"] for level in state["levels"]}
        return {
            sku: (number, there.get(sku))
            for sku, number in here.items()
            if number != there.get(sku)
        }

    # === READING === #

    def _rows(self, query, **values):
        text = self._value(query, **values)
        return [line.split("|", 1) for line in text.splitlines()]

    def _column(self, query):
        return [row[0] for row in self._rows(query)]

    def _numbers(self, query, **values):
        return {int(key): round(float(number), 3) for key, number in self._rows(query, **values)}

    def _value(self, query, **values):
        return postgres.psql(query, connect_to=self.shop.odoo.db, **values)
