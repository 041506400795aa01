from odoo import api, models
from odoo.tools import SQL

from ...const import BOOKING_CRON
from .invoice import OrderInvoice
from .invoiced import WRONG
from .reasons import reason


class OctopusOrderBooks(models.AbstractModel):
    """What accountants do with an online order. All fields stand in room `aftersale`."""

    _inherit = "octopus.order.books"

    @api.depends("ledger_issue")
    def _compute_ledger_message(self):
        for order in self:
            order.ledger_message = reason(self.env, order.ledger_issue)
            order.is_invoice_wrong = bool(order.ledger_issue) and order.ledger_issue[0] in WRONG

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

    def action_accept_invoice(self):
        """Say that the documents of an order that changed after its invoice are right."""
        self.ensure_one()
        self.env["account.move"].check_access("create")
        OrderInvoice(self.sudo()).accept()
        return True

    def action_view_entries(self):
        """Open the journal entries of the order."""
        self.ensure_one()
        documents = self.env["account.move"].search([("octopus_order_id", "in", self.ids)])
        entries = self.ledger_line_ids.move_id | documents | documents.reversal_move_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Entries"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", entries.ids)],
            "context": {"create": False},
        }

    # === BUSINESS METHODS === #

    def _look_again(self):
        """Have the worker of the books look at these orders again, though they have not changed."""
        if not self:
            return
        # A moment, and not nothing: an order that was never looked at was paid when it was placed.
        query = "UPDATE octopus_order SET ledger_seen_at = 'epoch' WHERE id IN %s"
        self.flush_recordset()
        self.env.cr.execute(SQL(query, self._ids))
        self.invalidate_recordset(["ledger_seen_at"], flush=False)
        if "ir_cron_progress_id" not in self.env.context:
            self.env.ref(BOOKING_CRON).sudo()._trigger()
