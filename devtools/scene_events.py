"""What else happens in a shop and has a picture: news, changes, a lost connection, an end."""

import time
from contextlib import contextmanager

import requests

from . import scene_catalogue
from .scene import levels
from .scene_catalogue import NEW_STORE, SECONDS
from .steps import Failure

REFUSED = [{"path": "*", "status": 401}]


class Day(scene_catalogue.Day):
    """A day of a manager, of the staff at the till, and of their customers."""

    _is_refused = False

    def unseen(self):
        """Have the orders that came unseen, as if the till had been closed."""
        self._call("octopus.account", "write", [self._first_store()], {"seen_order_id": 0})

    def order(self):
        """Have a customer order right now."""
        return self._place("Hedy", "Lamarr")

    def change_order(self):
        """Have the channel change what a customer ordered."""
        order = self._place("Annie", "Easley")
        lines = [{**line, "quantity": line["quantity"] + 1} for line in order["line_items"]]
        self._control("put", f"orders/{order['id']}", {"line_items": lines})
        self._wait_for("octopus.order", [("channel_notice", "!=", False)])

    def alert(self):
        """Have the staff notified of a product that cannot be sent."""
        self.end()
        [worker] = self._call("ir.cron", "search", [("name", "=", "Octopus: alert the staff")])
        self._call("ir.cron", "method_direct_trigger", [worker])
        self._wait_for("mail.activity", [("res_model", "=", "octopus.account")])

    def disconnect(self):
        """Have Octopus refuse the store's credentials."""
        if self._is_refused:
            return
        self._is_refused = True
        self._faults(REFUSED)
        self._call("octopus.account", "action_fetch_orders", [self._first_store()])
        self._wait_for("octopus.account", [("state", "=", "error")])

    def reconnect(self):
        """Have the credentials taken again."""
        if self._is_refused:
            self._is_refused = False
            self._faults([])
            self._call("octopus.account", "action_test_connection", [self._first_store()])

    def oversell(self):
        """Have an order of more than there is; Octopus hears that nothing is left."""
        self.reconnect()
        super().oversell()

    def dry_run(self):
        """Check the stock of a store that has not sent any so far."""
        if not self._oversold:
            self.oversell()
        deadline = time.monotonic() + SECONDS
        while all(level["available"] for level in levels(self._demo)):
            if time.monotonic() > deadline:
                raise Failure("No stock level in Octopus has come to zero.")
            time.sleep(0.2)
        super().dry_run()

    def leave(self):
        """Unsubscribe the second store."""
        if not self._call("octopus.account", "search_count", [("name", "=", NEW_STORE)]):
            self.subscribe()
        self._call("octopus.account", "action_unsubscribe", self._second_store())

    def undo(self):
        """Bring stores, products and Octopus back to where they were."""
        self.reconnect()
        super().undo()

    def _place(self, first_name, last_name):
        deducted = [("is_deducted", "=", True)]
        [line] = self._call("octopus.order.line", "search_read", deducted, ["sku"], limit=1)
        customer = {"first_name": first_name, "last_name": last_name}
        lines = [{"sku": line["sku"], "quantity": 1}]
        order = {"source": "SHOPIFY", "customer": customer, "lines": lines}
        placed = self._control("post", "orders", order)
        self._wait_for("octopus.order", [("aggregator_order_no", "=", str(placed["id"]))])
        return placed

    def _control(self, method, path, body):
        url = f"{self._demo['sandbox']}/_sandbox/{path}"
        answer = requests.request(method, url, json=body, timeout=SECONDS)
        answer.raise_for_status()
        return answer.json()

    def _wait_for(self, model, domain):
        deadline = time.monotonic() + SECONDS
        while not self._call(model, "search_count", domain):
            if time.monotonic() > deadline:
                raise Failure(f"Waited {SECONDS} s in vain for {model} with {domain}")
            time.sleep(0.2)


@contextmanager
def day(demo):
    """Give a Day whose traces are removed afterwards."""
    one = Day(demo)
    try:
        yield one
    finally:
        one.undo()
