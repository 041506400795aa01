"""What the tests of online orders share that call Octopus."""

from odoo.addons.linga_octopus.tests.support import orders

from .common import SandboxMixin


class OrdersMixin(orders.OrdersMixin, SandboxMixin):
    """Products with stock, orders as Octopus sends them, the workers, and the sandbox."""

    def place(self, lines, **fields):
        """Order in the sandbox, which announces nothing; return the order as the API shows it."""
        lines = [
            {"sku": sku, "quantity": quantity, "price": "10.00", "title": sku.title()}
            for sku, quantity in lines.items()
        ]
        return self.sandbox.place_order(lines, webhook=False, **fields)
