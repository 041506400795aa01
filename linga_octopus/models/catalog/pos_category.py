from odoo import fields, models

from ...const import MANAGER


class PosCategory(models.Model):
    _name = "pos.category"
    _inherit = ["pos.category", "octopus.category.mixin"]

    octopus_category_ids = fields.One2many(
        "octopus.category", "pos_categ_id", "In Octopus", groups=MANAGER
    )
