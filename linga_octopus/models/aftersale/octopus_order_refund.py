from odoo import api, fields, models

from ...lib.moments import day_of, shop_zone


class OctopusOrderRefund(models.Model):
    """A refund that the channel made: its money, and the pieces that it is about.

    Kept by the channel's number, so that its goods are restocked once.
    """

    _name = "octopus.order.refund"
    _description = "Online Order Refund"
    _order = "refunded_at, id"
    _rec_name = "octopus_ref"

    order_id = fields.Many2one(
        "octopus.order", "Online Order", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    octopus_ref = fields.Char(
        "Octopus Refund", required=True, help="The number of the refund in Octopus."
    )
    refunded_at = fields.Datetime(
        "Refunded",
        required=True,
        default=fields.Datetime.now,
        help="When the channel gave the money back.",
    )
    refund_day = fields.Date(
        compute="_compute_refund_day",
        store=True,
        precompute=True,
        index=True,
        help="The day of the refund where the shop is: the same for all users.",
    )
    amount = fields.Monetary(help="All the money that the customer got back.")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        "Amount (Company Currency)",
        currency_field="company_currency_id",
        compute="_compute_amount_company",
        store=True,
        help="At the rate of the order's day.",
    )
    amount_tax = fields.Monetary("Tax", help="The part of the amount that is tax.")
    amount_shipping = fields.Monetary("Shipping", help="The part for the shipping.")
    amount_tip = fields.Monetary("Tip", help="The part for the tip.")
    restock = fields.Boolean(help="The channel put goods on sale again.")
    line_ids = fields.One2many("octopus.order.refund.line", "refund_id", "Pieces")
    is_unclear = fields.Boolean(
        "Lines Unknown",
        compute="_compute_is_unclear",
        store=True,
        help="The refund does not say which lines of the order it is about.",
    )
    is_applied = fields.Boolean("Restocked", help="The goods that it restocks are in stock.")
    # What the channel said of it, to notice when it says something else: `lib/refunds.statement`.
    stated = fields.Json(export_string_translation=False)

    _ref_uniq = models.Constraint("UNIQUE(order_id, octopus_ref)", "This refund is already known.")
    _unclear_idx = models.Index("(order_id) WHERE is_unclear IS TRUE")

    @api.depends("refunded_at")
    def _compute_refund_day(self):
        for refund in self:
            zone = shop_zone(refund.order_id.account_id.sudo())
            refund.refund_day = day_of(refund.refunded_at, zone)

    @api.depends("amount", "order_id.currency_rate")
    def _compute_amount_company(self):
        for refund in self:
            refund.amount_company = refund.amount / (refund.order_id.currency_rate or 1)

    @api.depends("line_ids.order_line_id")
    def _compute_is_unclear(self):
        for refund in self:
            refund.is_unclear = any(not line.order_line_id for line in refund.line_ids)


class OctopusOrderRefundLine(models.Model):
    """Pieces of one line of an order that were refunded."""

    _name = "octopus.order.refund.line"
    _description = "Online Order Refund: Line"
    _order = "refund_id, id"
    _rec_name = "octopus_line_ref"

    refund_id = fields.Many2one(
        "octopus.order.refund", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="refund_id.company_id", store=True)
    currency_id = fields.Many2one(related="refund_id.currency_id")
    order_line_id = fields.Many2one(
        "octopus.order.line", ondelete="cascade", index="btree_not_null"
    )
    octopus_line_ref = fields.Char("Octopus Line")
    quantity = fields.Float(digits="Product Unit")
    amount = fields.Monetary()
    amount_tax = fields.Monetary("Tax")
    restock = fields.Boolean(help="The channel put these pieces on sale again.")
    location_id = fields.Many2one(
        "octopus.location", "Returned To", help="Where the channel says that the goods are now."
    )
