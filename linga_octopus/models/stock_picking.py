from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    octopus_order_id = fields.Many2one(
        "octopus.order", "Online Order", readonly=True, copy=False, index="btree_not_null"
    )
