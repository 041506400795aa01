from odoo import models


class ProductProduct(models.Model):
    """What decides about a variant's number in Octopus besides its quants."""

    _inherit = "product.product"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.env["octopus.stock.event"].sudo()._record_products(self)
        return result

    def action_octopus_stock(self):
        """Show what Octopus is told of the stock of each variant, and why."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "linga_octopus.octopus_stock_level_action"
        )
        levels = self.env["octopus.stock.level"].search([("product_id", "in", self.ids)])
        if len(levels) == 1:
            return {**action, "res_id": levels.id, "views": [(False, "form")]}
        return {**action, "domain": [("product_id", "in", self.ids)], "context": {}}
