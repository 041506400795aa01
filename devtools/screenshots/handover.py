"""Parcels, pickups and a refund in the demo: what happens to an order after it was placed."""

from datetime import datetime, timedelta

from ..steps import Failure, wait_until
from .scene import SECONDS, control, shop_zone

CARRIER = "DHL"
# When the customer comes, and whether the goods are ready by now.
PICKUPS = (
    ("Mary", "Somerville", timedelta(hours=-2), True),
    ("Emmy", "Noether", timedelta(hours=2), False),
    ("Sofia", "Kovalevskaya", timedelta(days=1, hours=1), False),
)


class Handover:
    """The hand-over of orders of the demo."""

    def __init__(self, demo, odoo):
        self._demo = demo
        self._call = odoo.call
        self._zone = shop_zone(odoo)

    def ship(self):
        """Ship an order in two parcels."""
        [order] = self._find("Barbara Liskov")
        if self._call("octopus.fulfillment", "search_count", [("order_id", "=", order)]):
            return
        numbers = ("00340434161094021501", "00340434161094021518")
        for number, is_last in zip(numbers, (False, True), strict=True):
            values = {"order_ids": [(6, 0, [order])], "carrier": CARRIER, "numbers": number}
            wizard = self._call("octopus.ship", "create", [values])
            lines = self._call(
                "octopus.ship.line", "search_read", [("ship_id", "in", wizard)], ["quantity"]
            )
            for line in lines:
                pieces = line["quantity"] if is_last or line == lines[0] else 0
                self._call("octopus.ship.line", "write", [line["id"]], {"quantity": pieces})
            self._call("octopus.ship", "action_ship", wizard)
        told = [("order_id", "=", order), ("push_status", "=", "synced")]
        self._wait("octopus.fulfillment", told, len(numbers))

    def pick_up(self):
        """Place orders that customers come for; one is ready and late."""
        for first_name, last_name, later, is_ready in PICKUPS:
            name = f"{first_name} {last_name}"
            if self._find(name):
                continue
            due = datetime.now(self._zone) + later
            order = self._order({"first_name": first_name, "last_name": last_name})
            changes = {
                "shipping_lines": [{"title": "Store Pickup", "price": "0.00"}],
                "shipping_address": None,
                "note_attributes": [
                    {"name": "Pickup-Date", "value": f"{due:%Y/%m/%d}"},
                    {"name": "Pickup-Time", "value": f"{due:%I:%M %p}"},
                ],
            }
            control(self._demo, "put", f"orders/{order['id']}", changes)
            mine = [("customer_name", "=", name), ("stock_state", "=", "deducted")]
            self._wait("octopus.order", mine)
            if is_ready:
                self._call("octopus.order", "action_ready_for_pickup", self._find(name))

    def refund(self):
        """Refund an open order completely, and another one in part."""
        for name, lines in (("Radia Perlman", None), ("Tim Berners-Lee", 1)):
            [order] = self._find(name)
            [values] = self._call("octopus.order", "read", [order], ["aggregator_order_no"])
            number = int(values["aggregator_order_no"])
            if self._call("octopus.order.refund", "search_count", [("order_id", "=", order)]):
                continue
            [remote] = [
                each
                for each in control(self._demo, "get", "state")["orders"]
                if each["id"] == number
            ]
            wanted = [
                {"line_item_id": item["id"], "quantity": 1} for item in remote["line_items"][:lines]
            ]
            body = {"restock": True, "lines": wanted if lines else None}
            control(self._demo, "post", f"orders/{number}/refund", body)
            self._wait("octopus.order.refund", [("order_id", "=", order)])

    def _order(self, customer):
        deducted = [("is_deducted", "=", True)]
        [known] = self._call("octopus.order.line", "search_read", deducted, ["sku"], limit=1)
        line = {"sku": known["sku"], "quantity": 2}
        order = {"source": "SHOPIFY", "customer": customer, "lines": [line], "webhook": False}
        return control(self._demo, "post", "orders", order)

    def _find(self, name):
        domain = [("customer_name", "=", name)]
        return self._call("octopus.order", "search", domain, limit=1, order="id")

    def _wait(self, model, domain, count=1):
        if not wait_until(lambda: self._call(model, "search_count", domain) >= count, SECONDS):
            raise Failure(f"Waited {SECONDS} s in vain for {model} with {domain}.")
