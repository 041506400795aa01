from . import Invariant


class OrdersOnce(Invariant):
    """Each order is in Odoo once, and no order is lost."""

    def check(self, env):
        groups = env["octopus.order"]._read_group([], ["aggregator_order_no"], ["__count"])
        doubled = [ref for ref, count in groups if count > 1]
        self.require(not doubled, f"twice: {doubled[:5]}")
        lost = set(self.shop.orders) - {ref for ref, _count in groups}
        self.require(not lost, f"not in Odoo: {sorted(lost)[:5]}")
