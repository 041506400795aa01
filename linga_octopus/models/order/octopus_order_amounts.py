from odoo import api, fields, models

from ...lib.fulfillments import BY_CHANNEL
from ...lib.order_goods import GOODS
from ...lib.payment import REFUNDED, UNPAID, VOIDED, payment_problem


class OctopusOrderAmounts(models.AbstractModel):
    """The amounts of an online order, as the channel states them, and what came back of it."""

    _name = "octopus.order.amounts"
    _description = "Amounts of an Online Order"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    currency_rate = fields.Float(
        digits=0,
        default=1.0,
        readonly=True,
        export_string_translation=False,
        help="Units of the order's currency for one of the company's, on the day of the order: "
        "later rates do not change what the order brought in.",
    )
    payment_alert = fields.Char(
        compute="_compute_payment_alert",
        search="_search_payment_alert",
        help="Why the money of the order is not there.",
    )
    amount_subtotal = fields.Monetary("Goods", readonly=True, help="Before any discount.")
    amount_discount = fields.Monetary("Discounts", readonly=True)
    amount_shipping = fields.Monetary("Shipping", readonly=True)
    amount_tax = fields.Monetary("Tax", readonly=True)
    amount_tip = fields.Monetary("Tip", readonly=True)
    amount_difference = fields.Monetary(
        "Unexplained Difference",
        readonly=True,
        help="The check total that Octopus states, less the sum of the amounts above.",
    )
    taxes_included = fields.Boolean(
        "Prices Include Tax", readonly=True, help="Those of the lines and of the shipping."
    )
    is_tax_paid_by_channel = fields.Boolean(
        "Tax Paid by the Channel",
        readonly=True,
        help="Marketplaces such as Amazon pay the tax themselves: it is not part of the check "
        "total. The check total decides, where it adds up; otherwise the setting of the channel.",
    )

    # Refunds
    refund_ids = fields.One2many("octopus.order.refund", "order_id", "Refunds", readonly=True)
    refund_state = fields.Selection(
        [("part", "Partly Refunded"), ("full", "Refunded")],
        "Refund",
        compute="_compute_refund_state",
        store=True,
        help="Refunded: all the money or all the goods of the order.",
    )
    has_unclear_refund = fields.Boolean(
        "Refunded Goods Unknown",
        compute="_compute_has_unclear_refund",
        help="A refund does not say which goods it is about.",
    )
    is_return_open = fields.Boolean(
        "Goods Not Back",
        readonly=True,
        copy=False,
        help="The channel cancelled the order, and its goods are not back: they were handed over, "
        "or the channel did not restock them.",
    )
    is_cancelled_by_channel = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )
    is_alive_again = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The channel cancelled the order, and then took that back.",
    )
    amount_refunded = fields.Monetary(
        "Refunded Amount",
        compute="_compute_amount_refunded",
        store=True,
        help="What the channel gave back, by all refunds.",
    )

    # Who ships
    has_elsewhere = fields.Boolean(compute="_compute_elsewhere", export_string_translation=False)
    is_all_elsewhere = fields.Boolean(
        "Shipped from Elsewhere",
        compute="_compute_elsewhere",
        help="The channel ships all goods of the order: none are to be packed here.",
    )

    amount_net = fields.Monetary(
        "Net Revenue",
        compute="_compute_amount_net",
        store=True,
        help="The check total less refunds; nothing for cancelled orders and test orders.",
    )
    amount_net_company = fields.Monetary(
        "Net Revenue (Company Currency)",
        currency_field="company_currency_id",
        compute="_compute_amount_net",
        store=True,
        help="At the rate of the order's day.",
    )

    @api.depends(
        *("check_total", "unknown_amounts", "amount_refunded", "status", "is_test"),
        "currency_rate",
    )
    def _compute_amount_net(self):
        for order in self:
            is_unknown = "check_total" in (order.unknown_amounts or "")
            counts = not (is_unknown or order.is_test or order.status == "cancelled")
            net = order.check_total - order.amount_refunded if counts else 0
            order.amount_net = net
            order.amount_net_company = net / (order.currency_rate or 1)

    @api.depends("refund_ids.amount")
    def _compute_amount_refunded(self):
        for order in self:
            order.amount_refunded = sum(order.refund_ids.mapped("amount"))

    @api.depends("refund_ids", "amount_refunded", "check_total", "line_ids.quantity_refunded")
    def _compute_refund_state(self):
        for order in self:
            if not order.refund_ids:
                order.refund_state = False
            elif order._is_all_money_back() or order._are_all_goods_refunded():
                order.refund_state = "full"
            else:
                order.refund_state = "part"

    def _is_all_money_back(self):
        return self.check_total > 0 and (
            self.currency_id.compare_amounts(self.amount_refunded, self.check_total) >= 0
        )

    def _are_all_goods_refunded(self):
        """Return whether nothing is left to pack; tips and wrappings are no goods."""
        goods = self.line_ids.filtered(lambda line: line.quantity > 0 and line.kind == GOODS)
        return bool(goods) and all(line.quantity_refunded >= line.quantity for line in goods)

    @api.depends("refund_ids.is_unclear")
    def _compute_has_unclear_refund(self):
        for order in self:
            order.has_unclear_refund = any(order.refund_ids.mapped("is_unclear"))

    @api.depends(
        *("line_ids.quantity_elsewhere", "line_ids.quantity_given_back", "line_ids.kind"),
        *("line_ids.quantity_refunded", "stock_issue"),
    )
    def _compute_elsewhere(self):
        for order in self:
            goods = order.line_ids.filtered(lambda line: line.quantity > 0 and line.kind == GOODS)
            order.has_elsewhere = any(line._pieces_elsewhere() for line in goods)
            order.is_all_elsewhere = order.has_elsewhere and all(
                line._pieces_elsewhere() >= line.quantity - line.quantity_refunded for line in goods
            )

    @api.depends("financial_status", "refund_ids")
    @api.depends_context("lang")
    def _compute_payment_alert(self):
        sentences = {
            VOIDED: self.env._("Payment voided: ask the manager before you hand it over."),
            REFUNDED: self.env._("The money was refunded: do not hand it over."),
            UNPAID: self.env._("Not paid yet: do not hand it over without the money."),
        }
        for order in self:
            problem = payment_problem(order.financial_status)
            # A refund that is known says itself what came back.
            is_known = problem == REFUNDED and order.refund_ids
            order.payment_alert = not is_known and sentences.get(problem)

    def _search_payment_alert(self, operator, value):
        """Search the orders whose money is not there: channels write their states in any way."""
        if operator != "in" or any(value):
            return NotImplemented
        states = self.sudo()._read_group([], ["financial_status"])
        fine = [state for [state] in states if not payment_problem(state)]
        return [("financial_status", "in", fine)]

    # === BUSINESS METHODS === #

    def _paper_warnings(self):
        """Return the lines at the head of packing slips and tickets, in words that need no color:
        thermal printers have none."""
        self.ensure_one()
        warnings = [self.env._("TEST: do not pack")] if self.is_test else []
        if self.status == "cancelled":
            return [*warnings, self.env._("CANCELLED: do not hand over")]
        if reason := self._why_not_to_hand_over():
            warnings.append(reason)
        if self.has_unclear_refund:
            warnings.append(self.env._("GOODS REFUNDED: ask which before you pack"))
        if any(self.line_ids.mapped("is_set_unclear")):
            warnings.append(self.env._("A SET AND ITS PIECES: ask whether both leave"))
        if any(self.line_ids.mapped("is_quantity_unknown")):
            warnings.append(self.env._("A QUANTITY IS UNKNOWN: ask before you pack"))
        return warnings

    def _why_not_to_hand_over(self):
        """Return the gravest reason not to pack an order that is not cancelled, or None."""
        problem = payment_problem(self.financial_status)
        if self.refund_state == "full":
            return self.env._("REFUNDED: do not pack")
        if self.fulfillment_state == BY_CHANNEL:
            return self.env._("SHIPPED BY THE CHANNEL: do not pack")
        if self.is_all_elsewhere:
            return self.env._("SHIPPED FROM ELSEWHERE: do not pack")
        if problem == REFUNDED and not self.refund_ids:
            return self.env._("MONEY REFUNDED: do not hand over")
        sentences = {
            VOIDED: self.env._("PAYMENT VOIDED: ask the manager"),
            UNPAID: self.env._("UNPAID: do not hand over without the money"),
        }
        return sentences.get(problem)
