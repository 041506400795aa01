from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .invoiced import take_back


class AccountMove(models.Model):
    """An entry that books a day of online sales. It is never edited: a change is an entry more."""

    _inherit = "account.move"

    octopus_day_id = fields.Many2one(
        "octopus.booking.day",
        "Day of Online Sales",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    octopus_order_count = fields.Integer(
        "Online Orders", compute="_compute_octopus_order_count", compute_sudo=True
    )
    octopus_order_id = fields.Many2one(
        "octopus.order",
        "Online Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="Of an invoice, a credit note, and what pays it.",
    )
    # What of the order it is: a key of the ledger, such as `sale` or `refund:5`.
    octopus_key = fields.Char(readonly=True, copy=False, export_string_translation=False)
    # Which account and taxes each part was booked with: refunds take those of their sale.
    octopus_choices = fields.Json(readonly=True, copy=False, export_string_translation=False)

    def _compute_octopus_order_count(self):
        groups = self.env["octopus.ledger.line"]._read_group(
            [("move_id", "in", self.ids)], ["move_id"], ["order_id:count_distinct"]
        )
        counts = {move.id: count for move, count in groups}
        for move in self:
            count = counts.get(move._origin.id, 0)
            move.octopus_order_count = count or len(move._octopus_order())

    @api.depends("octopus_day_id")
    def _compute_always_tax_exigible(self):
        """Override: nothing reconciles these entries with their customers, so taxes on payment
        are due at once, as in the entries of the Point of Sale."""
        result = super()._compute_always_tax_exigible()
        self.filtered("octopus_day_id").always_tax_exigible = True
        return result

    def _stock_account_prepare_realtime_out_lines_vals(self):
        """Override: the cost of goods of online orders is booked once, with their moves."""
        of_orders = self.filtered(lambda move: move._octopus_order())
        return super(AccountMove, self - of_orders)._stock_account_prepare_realtime_out_lines_vals()

    def _octopus_order(self):
        """Return the online orders of invoices, and of credit notes whoever made them."""
        return self.octopus_order_id | self.reversed_entry_id.octopus_order_id

    def write(self, vals):
        """Override: the books of an online order follow its documents."""
        result = super().write(vals)
        if "state" in vals:
            documents_sudo = self._octopus_documents()
            if vals["state"] == "cancel":
                documents_sudo._octopus_take_back()
            documents_sudo._octopus_order()._look_again()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_octopus_day(self):
        self._octopus_check_untouched()

    @api.ondelete(at_uninstall=False)
    def _unlink_octopus_documents(self):
        """Have the books of online orders follow documents that are deleted."""
        documents_sudo = self._octopus_documents()
        documents_sudo.filtered(lambda move: move.state != "cancel")._octopus_take_back()
        documents_sudo._octopus_order()._look_again()

    def _octopus_documents(self):
        """Return the invoices and credit notes of online orders."""
        return self.sudo().filtered(
            lambda move: move.move_type in ("out_invoice", "out_refund") and move._octopus_order()
        )

    def _octopus_take_back(self):
        """Undo what paid these documents."""
        for document in self.filtered("octopus_order_id"):
            take_back(document)

    def button_draft(self):
        """Override: refuse to take back what online orders have booked."""
        self._octopus_check_untouched()
        return super().button_draft()

    def _octopus_check_untouched(self):
        if any(move.octopus_day_id and move.state == "posted" for move in self):
            raise UserError(
                self.env._(
                    "This entry books online sales and stays as it is. What changes in an order is "
                    "booked by an entry of its own; to correct an account, enter a journal entry."
                )
            )

    def action_view_octopus_orders(self):
        """Open the online orders that this entry books."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "linga_octopus.octopus_booked_order_action"
        )
        action["domain"] = Domain("ledger_line_ids.move_id", "=", self.id) | Domain(
            "id", "in", self._octopus_order().ids
        )
        return action
