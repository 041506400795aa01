"""What the pictures of sending the catalogue show: changes, a pass under way, its problems; and
what the pictures of a shop's first days do, which later ones do not see any more."""

import time
from datetime import datetime, timedelta, timezone

import requests

from ..servers.odoo_rpc import OdooSession
from ..steps import Failure
from .scene import check_stock, levels, set_level

SECONDS = 60
RENAMED, LEFT_OUT = 6, 3  # products
# The second call of the pass takes a while: time for a picture of the first one's progress.
SLOW = [{"path": "/BulkProduct/bulkpost.json", "after": 1, "times": 1, "delay": 25}]
FIELDS = ["name", "list_price", "octopus_excluded"]
MORE_THAN_THERE_IS = 500
NEW_STORE = "Second Street"


class Day:
    """A day on which a manager changes products, sends them, and has a problem with one."""

    def __init__(self, demo):
        self._demo = demo
        self._odoo = OdooSession(demo["odoo"], demo["db"], demo["login"], demo["password"])
        self._before = {}
        self._is_dry = False
        self._oversold = []

    def change(self):
        """Change some products, one of them so that Octopus cannot take it."""
        if self._before:
            return
        self._account = self._first_store()
        domain = [("octopus_product_ids.state", "=", "synced"), ("type", "=", "consu")]
        products = self._call(
            "product.template", "search_read", domain, FIELDS, limit=RENAMED + LEFT_OUT, order="id"
        )
        self._before = {product.pop("id"): product for product in products}
        names = {id_: product["name"] for id_, product in self._before.items()}
        free, *rest = names
        self._write(free, list_price=0)
        for number, product in enumerate(rest):
            if number < LEFT_OUT:
                self._write(product, octopus_excluded=True)
            else:
                self._write(product, name=f"{names[product]} (New)")

    def begin(self):
        """Send the changes, and come back while the pass is under way."""
        self.change()
        self._faults(SLOW)
        self._call("octopus.account", "action_sync_products", [self._account])
        self._wait(lambda run: run["state"] == "running" and run["failed"])

    def end(self):
        """Have the changes sent."""
        self.change()
        if self._run()["state"] == "done":
            self._call("octopus.account", "action_sync_products", [self._account])
        self._wait(lambda run: run["state"] == "partial")

    def dry_run(self):
        """Check the stock of a store that has not sent any so far: some of it drops to zero."""
        for level in [level for level in levels(self._demo) if level["available"] == 0][:2]:
            set_level(self._demo, level, 8)
        self._is_dry = True
        self._send_stock(False)
        check_stock(self._odoo, self._first_store())

    def oversell(self):
        """Have an order of more than there is, of before the days that other pictures show."""
        deducted = [("is_deducted", "=", True)]
        [line] = self._call("octopus.order.line", "search_read", deducted, ["sku"], limit=1)
        placed_at = datetime.now(timezone.utc) - timedelta(days=30)
        order = {
            "source": "EBAY",
            "customer": {"first_name": "Margaret", "last_name": "Hamilton"},
            # So cheap that it does not dwarf the days in the graph of revenue.
            "lines": [{"sku": line["sku"], "quantity": MORE_THAN_THERE_IS, "price": 1}],
            "created_at": placed_at.isoformat(),
        }
        url = f"{self._demo['sandbox']}/_sandbox/orders"
        requests.post(url, json=order, timeout=SECONDS).raise_for_status()
        deadline = time.monotonic() + SECONDS
        while not self._oversold and time.monotonic() < deadline:
            time.sleep(0.2)
            self._oversold = self._call("octopus.order", "search", [("is_oversold", "=", True)])

    def _send_stock(self, is_sent):
        self._call("octopus.account", "write", [self._first_store()], {"auto_stock_sync": is_sent})

    def _first_store(self):
        return self._call("octopus.account", "search", [], limit=1, order="id")[0]

    def subscribe(self):
        """Have one more store, whose set-up is still to do."""
        wizard = self._call(
            "octopus.subscribe", "create", [{"name": NEW_STORE, "is_accepted": True}]
        )
        self._call("octopus.subscribe", "action_confirm", wizard)

    def _second_store(self):
        return self._call("octopus.account", "search", [("name", "=", NEW_STORE)])

    def _unsubscribe(self):
        stores = self._second_store()
        self._call("octopus.account", "action_unsubscribe", stores)
        self._call("octopus.account", "write", stores, {"active": False})

    def undo(self):
        """Bring stores, products and Octopus back to where they were."""
        self._unsubscribe()
        self._faults([])
        self._call("octopus.order", "write", self._oversold, {"status": "cancelled"})
        if self._is_dry:
            self._send_stock(True)
            check_stock(self._odoo, self._first_store())
        if not self._before:
            return
        for product, values in self._before.items():
            self._write(product, **values)
        self._before = {}
        self._wait(lambda run: run["state"] in ("done", "partial"))
        self._call("octopus.account", "action_sync_products", [self._account])
        self._wait(lambda run: run["state"] == "done")

    def _write(self, product, **values):
        self._call("product.template", "write", [product], values)

    def _run(self):
        domain = [("account_id", "=", self._account), ("kind", "=", "products")]
        fields = ["state", "failed"]
        [run] = self._call(
            "octopus.sync.run", "search_read", domain, fields, limit=1, order="id desc"
        )
        return run

    def _wait(self, is_reached):
        deadline = time.monotonic() + SECONDS
        while not is_reached(self._run()):
            if time.monotonic() > deadline:
                raise Failure(f"The pass over the products has not got there: {self._run()}")
            time.sleep(0.2)

    def _faults(self, rules):
        url = f"{self._demo['sandbox']}/_sandbox/faults"
        requests.put(url, json=rules, timeout=SECONDS).raise_for_status()

    def _call(self, *arguments, **options):
        return self._odoo.call(*arguments, **options)
