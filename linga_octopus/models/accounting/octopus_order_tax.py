from odoo import fields, models


class OctopusOrderTax(models.Model):
    """A tax of an online order as the channel states it."""

    _name = "octopus.order.tax"
    _description = "Online Order Tax"
    _order = "order_id, id"
    _rec_name = "title"
    _log_access = False

    order_id = fields.Many2one(
        "octopus.order",
        "Online Order",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    line_id = fields.Many2one(
        "octopus.order.line",
        readonly=True,
        ondelete="cascade",
        help="Empty for a tax on the shipping.",
    )
    title = fields.Char(readonly=True)
    rate = fields.Float(digits=0, readonly=True, help="0.19 is 19 %.")
    amount = fields.Monetary(readonly=True)
