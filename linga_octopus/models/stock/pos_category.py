from odoo import api, models
from odoo.tools import SQL


class PosCategory(models.Model):
    """Which products a category's safety stock is for."""

    _inherit = "pos.category"

    @api.model
    def _octopus_field_of_products(self):
        return "pos_categ_ids"

    @api.model
    def _octopus_members(self):
        return SQL(
            "SELECT product_template_id, pos_category_id FROM pos_category_product_template_rel"
        )
