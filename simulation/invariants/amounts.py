from decimal import Decimal

from . import Invariant


class Amounts(Invariant):
    """Each order has the amount that its channel says."""

    def check(self, env):
        orders = self.octopus.sandbox.store.orders
        found = env["octopus.order"].search_read(
            [("aggregator_order_no", "in", list(self.shop.orders))],
            ["aggregator_order_no", "check_total", "unknown_amounts"],
        )
        for values in found:
            placed = self.shop.orders[values["aggregator_order_no"]]
            if placed.is_odd or placed.is_deleted or values["unknown_amounts"]:
                continue
            there = Decimal(orders.get(int(placed.ref))["total_price"])
            here = Decimal(str(values["check_total"]))
            self.require(abs(there - here) < Decimal("0.01"), f"{placed}: {here}, not {there}")
