from odoo import api, fields, models

STOCK_FIELDS = {"octopus_own_buffer", "octopus_stock_buffer", "parent_id"}


class OctopusCategoryMixin(models.AbstractModel):
    """The category's rule for the number that Octopus is told of its products."""

    _inherit = "octopus.category.mixin"

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
        """Override: a category that moves takes the safety stock of its new parent."""
        if STOCK_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = self.sudo()._octopus_buffers()
        result = super().write(vals)
        after = self.sudo()._octopus_buffers()
        # Most categories have none: then whatever moves changes no number.
        self._octopus_record_products("in", _differing_keys(before, after))
        return result

    def unlink(self):
        """Override: the products of what is deleted lose its safety stock."""
        self._octopus_record_products("child_of", self.ids)
        return super().unlink()

    @api.model
    def _octopus_record_products(self, operator, category_ids):
        """Record that the numbers of the products of these categories may have changed."""
        if not category_ids:
            return
        templates = self.env["product.template"].sudo().with_context(active_test=False)
        products = templates.search([(self._octopus_field_of_products(), operator, category_ids)])
        self.env["octopus.stock.event"].sudo()._record_products(products.product_variant_ids)

    @api.model
    def _octopus_field_of_products(self):
        """Return the name of the field of products that says in which categories they are."""
        raise NotImplementedError

    @api.model
    def _octopus_members(self):
        """Return the SQL of (product template id, category id) of all products."""
        raise NotImplementedError

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


def _differing_keys(before, after):
    return [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
