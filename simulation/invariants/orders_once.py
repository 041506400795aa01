from . import Invariant


class OrdersOnce(Invariant):
    """Each order is in Odoo once, and no order is lost."""

    def check(self, env):
        groups = env["octopus.order"]._read_group([], ["aggregator_order_no"], ["__count"])
        doubled = [ref for ref, count in groups if count > 1]
        self.require(not doubled, f"twice: {doubled[:5]}")
        here = {ref for ref, _count in groups}
        lost, strange = self.shop.orders.keys() - here, here - self.shop.orders.keys()
        self.require(not lost, f"not in Odoo: {sorted(lost)[:5]}")
        self.require(not strange, f"not in Octopus: {sorted(strange)[:5]}")
