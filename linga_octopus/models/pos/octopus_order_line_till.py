"""A line of an online order as the till shows it, and tickets print it."""

from odoo import models
from odoo.tools import format_amount

from ...orm import format_quantity


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
            "properties": self.properties or "",
            "quantity": self._format_quantity(),
            "subtotal": format_amount(self.env, self.subtotal, self.currency_id),
            "needs_mapping": self.needs_mapping,
        }

    def _format_quantity(self):
        """Return the quantity as text, for whoever packs it."""
        return format_quantity(self.env, self.quantity)
