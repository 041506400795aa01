from datetime import timedelta

from . import Invariant

# From the arrival of an order until its goods are deducted, when nobody disturbs.
SOON = timedelta(seconds=15)


class Promptness(Invariant):
    """Nobody waits for the next schedule: whoever adds work wakes the worker."""

    def begin(self):
        self._since = self.simulation.clock.now

    def check(self, env):
        orders = env["octopus.order"].search(
            [("received_at", ">=", self._since), ("deducted_at", "!=", False)]
        )
        self._since = self.simulation.clock.now
        late = [
            f"{order.aggregator_order_no} of {order.received_at}: {order.deducted_at}"
            for order in orders
            if order.deducted_at - order.received_at > SOON and not self._is_excused(order)
        ]
        # One may have met a rush; a lost wake-up hits most of them.
        self.require(len(late) <= len(orders) // 8 + 1, f"{len(late)} waited: {late[:5]}")

    def _is_excused(self, order):
        """Return whether something happened meanwhile that takes its time."""
        placed = self.shop.orders.get(order.aggregator_order_no)
        if not placed or order.stock_issue:
            return True
        if placed.changed_at and placed.changed_at <= order.deducted_at + SOON:
            return True
        start = order.received_at - timedelta(minutes=2)
        return any(start <= moment <= order.deducted_at for moment in self.simulation.disturbances)
