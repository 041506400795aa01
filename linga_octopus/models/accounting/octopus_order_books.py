from odoo import api, models

from .invoice import OrderInvoice
from .reasons import reason


class OctopusOrderBooks(models.AbstractModel):
    """What accountants do with an online order. All fields stand in room `aftersale`."""

    _inherit = "octopus.order.books"

    @api.depends("ledger_issue")
    def _compute_ledger_message(self):
        for order in self:
            order.ledger_message = reason(self.env, order.ledger_issue)

    # === ACTION METHODS === #

    def action_create_invoice(self):
        """Invoice the order to its customer; its share of the day is taken back."""
        self.ensure_one()
        # Accountants may not change online orders, and create the contact of a customer here.
        self.env["account.move"].check_access("create")
        invoice = OrderInvoice(self.sudo()).invoice()
        return invoice.sudo(False)._get_records_action()

    def action_credit_refunds(self):
        """Credit the refunds of an invoiced order that are not credited yet."""
        self.ensure_one()
        self.env["account.move"].check_access("create")
        notes = OrderInvoice(self.sudo()).credit_refunds()
        return notes.sudo(False)._get_records_action()

    def action_view_entries(self):
        """Open the journal entries of the order."""
        self.ensure_one()
        entries = self.ledger_line_ids.move_id | self.invoice_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Entries"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", entries.ids)],
            "context": {"create": False},
        }
