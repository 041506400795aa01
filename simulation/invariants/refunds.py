from odoo.addons.linga_octopus.models.aftersale.changes import TAKEN_OFF

from . import Invariant


class Refunds(Invariant):
    """Each refund of a channel is in Odoo once."""

    def check(self, env):
        orders = self.octopus.sandbox.store.orders
        groups = env["octopus.order.refund"]._read_group(
            # What a channel took off a line is kept as a refund too.
            [("octopus_ref", "not =like", f"{TAKEN_OFF}%")],
            ["order_id"],
            ["__count"],
        )
        here = {order.aggregator_order_no: count for order, count in groups}
        for ref, placed in self.shop.orders.items():
            if placed.is_odd:
                continue
            there = len(orders.get(int(ref))["refunds"])
            self.require(
                here.get(ref, 0) == there, f"{placed}: {here.get(ref, 0)} refunds, not {there}"
            )
