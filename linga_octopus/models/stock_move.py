from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    # Copied on purpose: the components of a kit are copies of the kit's move.
    octopus_order_line_id = fields.Many2one(
        "octopus.order.line", "Online Order Line", readonly=True, index="btree_not_null"
    )
