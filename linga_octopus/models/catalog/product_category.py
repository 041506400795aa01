from odoo import fields, models

from ...const import MANAGER


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "octopus.category.mixin"]

    octopus_category_ids = fields.One2many(
        "octopus.category", "product_categ_id", "In Octopus", groups=MANAGER
    )
