"""A line of an online order as the till shows it."""

from odoo import models
from odoo.tools import format_amount, formatLang


class OctopusOrderLine(models.Model):
    _inherit = "octopus.order.line"

    def _prepare_till_line(self):
        """Return a line of the till's detail pane and ticket."""
        self.ensure_one()
        return {
            "id": self.id,
            "product_id": self.product_id.id,
            "name": self.name or self.product_id.display_name or self.sku or "",
            "sku": self.sku or "",
            "quantity": formatLang(self.env, self.quantity, dp="Product Unit").removesuffix(".00"),
            "subtotal": format_amount(self.env, self.subtotal, self.currency_id),
            "needs_mapping": self.needs_mapping,
        }
