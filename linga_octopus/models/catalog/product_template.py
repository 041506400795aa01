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
