from odoo import fields, models

from ...const import MANAGER


class ProductTemplate(models.Model):
    _inherit = "product.template"

    octopus_excluded = fields.Boolean(
        "Do Not Publish to Octopus",
        tracking=True,
        help="The product is not sent to Octopus. If Octopus has it already, it is archived there.",
    )
    octopus_product_ids = fields.One2many(
        "octopus.product", "product_tmpl_id", "In Octopus", groups=MANAGER
    )
    # The rules for the number that Octopus gets (see `stock.rules`).
    octopus_own_buffer = fields.Boolean(
        "Override Safety Stock",
        help="Use the safety stock of this product instead of that of its category or store.",
    )
    octopus_stock_buffer = fields.Float(
        "Safety Stock",
        digits="Product Unit",
        help="So many pieces are not offered: the number for Octopus is that much lower.",
    )
    octopus_stock_cap = fields.Integer(
        "Maximum Published Quantity",
        help="The highest number that is sent to Octopus. 0: as set for the store.",
    )

    _octopus_stock_buffer_positive = models.Constraint(
        "CHECK(octopus_stock_buffer >= 0)", "The safety stock cannot be less than 0."
    )
    _octopus_stock_cap_positive = models.Constraint(
        "CHECK(octopus_stock_cap >= 0)",
        "The maximum published quantity cannot be less than 0; 0 means: as set for the store.",
    )
