from odoo import api, fields, models


class PosCategory(models.Model):
    """The category's rule for the number that Octopus is told of its products."""

    _inherit = "pos.category"

    octopus_own_buffer = fields.Boolean(
        "Own Safety Stock",
        help="Use the safety stock of this category instead of that of its parent or the store.",
    )
    octopus_stock_buffer = fields.Float(
        "Safety Stock",
        digits="Product Unit",
        help="This many of every product are kept back: Octopus is told that many fewer.",
    )

    _octopus_stock_buffer_positive = models.Constraint(
        "CHECK(octopus_stock_buffer >= 0)", "The safety stock cannot be less than 0."
    )

    def write(self, vals):
        result = super().write(vals)
        if not {"octopus_own_buffer", "octopus_stock_buffer", "parent_id"}.isdisjoint(vals):
            self._octopus_record_products()
        return result

    def unlink(self):
        self._octopus_record_products()
        return super().unlink()

    def _octopus_record_products(self):
        templates = self.env["product.template"].sudo().with_context(active_test=False)
        products = templates.search([("pos_categ_ids", "child_of", self.ids)])
        self.env["octopus.stock.event"].sudo()._record_products(products.product_variant_ids)

    @api.model
    def _octopus_buffers(self):
        """Return the safety stock by category id: its own, else that of the nearest parent that
        has one; categories without any are left out."""
        own = self.search([("octopus_own_buffer", "=", True)])
        if not own:
            return {}
        buffers = {}
        for category in self.search([("id", "child_of", own.ids)]):
            nearest = category
            while not nearest.octopus_own_buffer:
                nearest = nearest.parent_id
            buffers[category.id] = nearest.octopus_stock_buffer
        return buffers
