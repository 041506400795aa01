from odoo import api, models
from odoo.tools import SQL


class ProductCategory(models.Model):
    """Which products a category's safety stock is for."""

    _inherit = "product.category"

    @api.model
    def _octopus_field_of_products(self):
        return "categ_id"

    @api.model
    def _octopus_members(self):
        return SQL("SELECT id, categ_id FROM product_template")
