from odoo import fields, models


class OctopusCollect(models.Model):
    """The fact, known to Octopus, that a product is in a category."""

    _name = "octopus.collect"
    _description = "Product Category in Octopus"
    _inherit = ["octopus.binding"]

    octopus_product_id = fields.Many2one(
        "octopus.product", "Product", required=True, ondelete="cascade", index=True
    )
    octopus_category_id = fields.Many2one(
        "octopus.category", "Category", required=True, ondelete="cascade", index=True
    )

    _pair_uniq = models.Constraint(
        "UNIQUE(octopus_product_id, octopus_category_id)",
        "A product is in a category of Octopus once.",
    )
