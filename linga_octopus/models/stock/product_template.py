from odoo import fields, models

STOCK_FIELDS = {
    "active",
    "available_in_pos",
    "categ_id",
    "is_storable",
    "octopus_excluded",
    "octopus_own_buffer",
    "octopus_stock_buffer",
    "octopus_stock_cap",
    "pos_categ_ids",
    "sale_ok",
    "type",
}


class ProductTemplate(models.Model):
    """The product's own rules for the number that Octopus is told."""

    _inherit = "product.template"

    octopus_own_buffer = fields.Boolean(
        "Own Safety Stock",
        help="Use the safety stock of this product instead of that of its category or store.",
    )
    octopus_stock_buffer = fields.Float(
        "Safety Stock",
        digits="Product Unit",
        help="This many are kept back: Octopus is told that many fewer.",
    )
    octopus_stock_cap = fields.Integer(
        "Show at Most", help="Octopus is never told a higher number. 0: as set for the store."
    )

    _octopus_stock_buffer_positive = models.Constraint(
        "CHECK(octopus_stock_buffer >= 0)", "The safety stock cannot be less than 0."
    )
    _octopus_stock_cap_positive = models.Constraint(
        "CHECK(octopus_stock_cap >= 0)",
        "Show at Most cannot be less than 0; 0 means: as set for the store.",
    )

    def write(self, vals):
        result = super().write(vals)
        if not STOCK_FIELDS.isdisjoint(vals):
            variants = self.with_context(active_test=False).product_variant_ids
            self.env["octopus.stock.event"].sudo()._record_products(variants)
        return result

    def action_octopus_stock(self):
        """Show what Octopus is told of the stock of each variant, and why."""
        return self.with_context(active_test=False).product_variant_ids.action_octopus_stock()
