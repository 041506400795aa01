"""How an order was paid, in words: Octopus passes on the channel's own."""

from odoo import api, fields, models


class OctopusOrder(models.Model):
    _inherit = "octopus.order"

    payment_status = fields.Char(
        compute="_compute_payment_status", help="What the channel says of the payment."
    )

    @api.depends("financial_status")
    @api.depends_context("lang")
    def _compute_payment_status(self):
        labels = self._payment_labels()
        for order in self:
            status = order.financial_status
            order.payment_status = labels.get(status, status)

    @api.model
    def _payment_labels(self):
        paid = self.env._("Paid")
        return {
            "authorized": self.env._("Authorized"),
            "capture": paid,
            "paid": paid,
            "partially_paid": self.env._("Partly Paid"),
            "partially_refunded": self.env._("Partly Refunded"),
            "pending": self.env._("Payment Pending"),
            "refunded": self.env._("Refunded"),
            "sale": paid,
            "void": self.env._("Voided"),
        }
