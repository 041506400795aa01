from . import Invariant


class Statuses(Invariant):
    """Octopus knows what was cancelled here, and Odoo what was cancelled there."""

    def check(self, env):
        orders = self.octopus.sandbox.store.orders
        found = env["octopus.order"].search_read(
            [("aggregator_order_no", "in", list(self.shop.orders))],
            ["aggregator_order_no", "status", "is_alive_again", "stock_message"],
        )
        for values in found:
            placed = self.shop.orders[values["aggregator_order_no"]]
            if placed.versions or placed.is_deleted or placed.is_loose or placed.is_odd:
                continue
            there = bool(orders.get(int(placed.ref))["cancelled_at"])
            here = values["status"] == "cancelled"
            self.require(
                there == here,
                f"{placed}: cancelled in Octopus {there}, in Odoo {here}",
            )
