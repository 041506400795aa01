from odoo import api, fields, models
from odoo.exceptions import UserError


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
    octopus_order_ids = fields.Many2many(
        "octopus.order",
        string="Invoiced Online Orders",
        compute="_compute_octopus_order_ids",
        compute_sudo=True,
    )
    # Which account and taxes each part was booked with: refunds take those of their sale.
    octopus_choices = fields.Json(readonly=True, copy=False, export_string_translation=False)

    def _compute_octopus_order_count(self):
        groups = self.env["octopus.ledger.line"]._read_group(
            [("move_id", "in", self.ids)], ["move_id"], ["order_id:count_distinct"]
        )
        counts = {move.id: count for move, count in groups}
        for move in self:
            move.octopus_order_count = counts.get(move._origin.id, 0)

    def _compute_octopus_order_ids(self):
        """Find the orders that these invoices, or those that they credit, are of."""
        invoices = self | self.reversed_entry_id
        orders = self.env["octopus.order"].search([("invoice_id", "in", invoices.ids)])
        by_invoice = orders.grouped("invoice_id")
        for move in self:
            invoice = move.reversed_entry_id or move
            move.octopus_order_ids = by_invoice.get(invoice._origin)

    @api.depends("octopus_day_id")
    def _compute_always_tax_exigible(self):
        """Override: nothing reconciles these entries with their customers, so taxes on payment
        are due at once, as in the entries of the Point of Sale."""
        result = super()._compute_always_tax_exigible()
        self.filtered("octopus_day_id").always_tax_exigible = True
        return result

    def _stock_account_prepare_realtime_out_lines_vals(self):
        """Override: the cost of goods of online orders is booked once, with their moves."""
        of_orders = self.filtered("octopus_order_ids")
        return super(AccountMove, self - of_orders)._stock_account_prepare_realtime_out_lines_vals()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_octopus_day(self):
        self._octopus_check_untouched()

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
        action["domain"] = [("ledger_line_ids.move_id", "=", self.id)]
        return action
