from odoo import fields, models

from ...const import MANAGER


class ProductTemplate(models.Model):
    _inherit = "product.template"

    octopus_excluded = fields.Boolean(
        "Not on Octopus",
        tracking=True,
        help="Never sent to Octopus; a product that is there already is archived there.",
    )
    octopus_product_ids = fields.One2many(
        "octopus.product", "product_tmpl_id", "In Octopus", groups=MANAGER
    )
