"""All flows at once on a running shop, and whether each came to its right end, once."""

import base64
import io
import itertools
import json
import os
import signal
import time

import requests
from PIL import Image

from devtools import tables
from devtools.provision import postgres
from tests.e2e.waiting import wait_for

FLOWS = ("categories", "products", "pictures", "stock", "orders", "cancel", "parcels")
# Longer than the safety nets (scheduled actions each minute, webhooks sent again) together.
SECONDS = 240
MOVED = """
    SELECT coalesce(sum(CASE target.usage WHEN 'customer' THEN move.quantity
                                          ELSE -move.quantity END), 0)
      FROM stock_move move
      JOIN stock_location target ON target.id = move.location_dest_id
      JOIN octopus_order_line line ON line.id = move.octopus_order_line_id
      JOIN octopus_order o ON o.id = line.order_id
     WHERE move.state = 'done' AND o.aggregator_order_no = :'ref'"""
# All that a look needs at once, because each start of psql costs as much as the query.
STATE = f"""
    SELECT json_build_object(
        'free', (SELECT trunc(sum(quantity - reserved_quantity)) FROM stock_quant
                  WHERE product_id = :'product' AND location_id = :'shelf'),
        'copies', (SELECT count(*) FROM octopus_order WHERE aggregator_order_no = :'order'),
        'moved', ({MOVED.replace("'ref'", "'order'")}),
        'moved of the cancelled', ({MOVED.replace("'ref'", "'cancelled'")}),
        'parcels', (SELECT string_agg(parcel.push_status, ', ') FROM octopus_fulfillment parcel
                      JOIN octopus_order o ON o.id = parcel.order_id
                     WHERE o.aggregator_order_no = :'shipped'))"""  # noqa: S608 -- only names of values
numbers = itertools.count(int(time.time()) % 1_000_000)


class Work:
    """Something to do in every flow."""

    def __init__(self, shop, odoo):
        self.shop = shop
        self.odoo = odoo
        self.name = f"Machine {next(numbers)}"
        [location] = self.odoo.call(
            "octopus.location",
            "search_read",
            [("warehouse_id", "!=", False)],
            ["account_id", "warehouse_id"],
            limit=1,
        )
        self.account = location["account_id"][0]
        self.warehouse = location["warehouse_id"][0]
        [warehouse] = self.odoo.call("stock.warehouse", "read", [self.warehouse], ["lot_stock_id"])
        self.shelf = warehouse["lot_stock_id"][0]
        [variant] = self.odoo.call(
            "octopus.variant",
            "search_read",
            [
                ("inventory_item_ref", "!=", False),
                ("sku", "!=", False),
                ("product_id.is_storable", "=", True),
                ("product_id.tracking", "=", "none"),
            ],
            ["product_id", "sku", "inventory_item_ref"],
            limit=1,
        )
        self.product, self.sku = variant["product_id"][0], variant["sku"]
        self.item = variant["inventory_item_ref"]
        self.to_cancel, self.to_ship = self._place(webhook=True), self._place(webhook=True)
        self.order = self.number = None
        for ref in self.to_cancel, self.to_ship:
            assert wait_for(lambda ref=ref: self._moved(ref) == 1, seconds=SECONDS)

    def begin(self):
        """Leave work in every flow; whoever does it may be stopped from now on."""
        call = self.odoo.call
        call("pos.category", "create", {"name": self.name})
        values = {
            "name": self.name,
            "default_code": self.name.replace(" ", "-").upper(),
            "list_price": 5,
            "available_in_pos": True,
            "is_storable": True,
            "image_1920": _picture(),
        }
        call("product.template", "create", values)
        quant = {
            "product_id": self.product,
            "location_id": self.shelf,
            "inventory_quantity": 500 + next(numbers) % 500,
        }
        counted = call("stock.quant", "create", quant, context={"inventory_mode": True})
        call("stock.quant", "action_apply_inventory", [counted])
        call("octopus.order", "action_cancel", self._found(self.to_cancel))
        self.number = f"1Z{next(numbers)}"
        values = {"order_ids": self._found(self.to_ship), "numbers": self.number, "carrier": "UPS"}
        call("octopus.ship", "action_ship", [call("octopus.ship", "create", values)])
        self.order = self._place(webhook=True)
        self.press_all()

    def press_all(self):
        """Press what a manager can press."""
        for action in ("sync_categories", "sync_products", "fetch_orders"):
            self.odoo.call("octopus.account", f"action_{action}", [self.account])

    def check(self, fault):
        """Compare the end of every flow with the fault's row of the table."""
        found = self.outcomes()
        assert "wrong" not in found.values(), found
        tables.keep(tables.MACHINE_FAULTS, fault, [{"fault": fault, **found}], whole=False)
        table = {row.pop("fault"): row for row in tables.read(tables.MACHINE_FAULTS)}
        assert found == table.get(fault), tables.TAKE_OVER

    def outcomes(self):
        """Wait for the end, and return {flow: how it was reached}."""
        wait_for(self.missing, lambda missing: not missing, SECONDS)
        by_button = self.missing()
        if by_button:
            self.press_all()
            wait_for(self.missing, lambda missing: not missing, SECONDS)
        wrong = self.missing()
        ends = dict.fromkeys(FLOWS, "by itself") | dict.fromkeys(by_button, "button")
        return ends | dict.fromkeys(wrong, "wrong")

    def missing(self):
        """Return the flows that are not at their right end."""
        state = requests.get(f"{self.shop.sandbox.url}/_sandbox/state", timeout=60).json()
        titles = [item["title"] for item in state["collections"]]
        products = [item for item in state["products"] if item["title"] == self.name]
        pictures = [len(item["images"]) for item in products]
        orders = {str(order["id"]): order for order in state["orders"]}
        levels = {str(level["inventory_item_id"]): level["available"] for level in state["levels"]}
        here = self._state()
        is_right = {
            "categories": titles.count(self.name) == 1,
            "products": len(products) == 1 and len(products[0]["variants"]) == 1,
            "pictures": pictures == [1],
            "stock": levels.get(self.item) == here["free"],
            "orders": here["copies"] == 1 and here["moved"] == 1,
            "cancel": bool(orders[self.to_cancel]["cancelled_at"])
            and here["moved of the cancelled"] == 0,
            "parcels": [
                parcel["tracking_numbers"] for parcel in orders[self.to_ship]["fulfillments"]
            ]
            == [[self.number]]
            and here["parcels"] == "synced",
        }
        return [flow for flow in FLOWS if not is_right[flow]]

    def _place(self, **options):
        order = {"lines": [{"sku": self.sku, "quantity": 1}], "source": "SHOPIFY", **options}
        answer = requests.post(f"{self.shop.sandbox.url}/_sandbox/orders", json=order, timeout=60)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def _found(self, ref):
        return self.odoo.call("octopus.order", "search", [("aggregator_order_no", "=", ref)])

    def _state(self):
        """Return what Odoo has of the work; it may be that no server runs."""
        orders = {"order": self.order, "cancelled": self.to_cancel, "shipped": self.to_ship}
        goods = {"product": str(self.product), "shelf": str(self.shelf)}
        return json.loads(self._value(STATE, **orders, **goods))

    def _moved(self, ref):
        """Return how much has gone to the customer of an order, less what came back."""
        return float(self._value(MOVED, ref=ref))

    def _value(self, query, **values):
        return postgres.psql(query, connect_to=self.shop.odoo.db, **values)


def kill(server):
    """End a background program as a power cut would."""
    os.kill(server.pid, signal.SIGKILL)
    assert wait_for(lambda: server.pid is None)


def _picture():
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "#aa3300").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
