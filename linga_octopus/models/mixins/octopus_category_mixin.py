from odoo import fields, models

from ...lib.fingerprint import fingerprint


class OctopusCategoryMixin(models.AbstractModel):
    """The common part of PoS categories and product categories: both can go to Octopus."""

    _name = "octopus.category.mixin"
    _description = "Category That Goes To Octopus"

    # The rule for the number that Octopus gets of the products (see `stock.rules`).
    octopus_own_buffer = fields.Boolean(
        "Override Safety Stock",
        help="Use the safety stock of this category instead of that of its parent or the store.",
    )
    octopus_stock_buffer = fields.Float(
        "Safety Stock",
        digits="Product Unit",
        help="So many pieces of every product are not offered: the number for Octopus is that "
        "much lower.",
    )

    _octopus_stock_buffer_positive = models.Constraint(
        "CHECK(octopus_stock_buffer >= 0)", "The safety stock cannot be less than 0."
    )

    def _octopus_title(self):
        """Return the title in Octopus, which spells a hierarchy `Parent > Child`."""
        self.ensure_one()
        names, category = [], self
        while category:
            names.append((category.name or "").strip())
            category = category.parent_id
        return " > ".join(reversed(names))

    def _octopus_hash(self):
        """Return a text that changes when Octopus has to be told something else."""
        return fingerprint({**self._octopus_extra_values(), "title": self._octopus_title()})

    def _octopus_extra_values(self):
        """Hook: return more fields of the category for Octopus.

        :return: {key of Octopus: JSON value}; the addon's own fields cannot be replaced
        """
        self.ensure_one()
        return {}
