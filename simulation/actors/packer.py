import json

from . import Actor


class Packer(Actor):
    """Hands over what was ordered, and cancels what is not there."""

    per_day = 150
    cancels = 0.03

    def act(self, dice):
        self.do(lambda env: self._pack(env, dice), self.shop.users["packer"])

    def _pack(self, env, dice):
        orders = env["octopus.order"].search([("status", "=", "take_action")], limit=40, order="id")
        if not orders:
            return
        order = dice.choice(orders)
        placed = self.shop.orders.get(order.aggregator_order_no)
        if dice.random() >= self.simulation.story.chance("Cancels", self.cancels):
            order.action_complete()
            if placed:
                placed.is_loose = placed.is_loose or self._has_news(order, placed)
        elif placed and not placed.versions:
            placed.is_cancel_tried = True
            order.action_cancel()

    def _has_news(self, order, placed):
        """Return whether its channel has more to say of an order than has arrived."""
        there = self.simulation.octopus.sandbox.store.orders.get(int(placed.ref))
        known = json.loads(order.payload)
        known = known.get("order", known)
        return bool(placed.versions) or known["octopus_updated_at"] < there["octopus_updated_at"]
