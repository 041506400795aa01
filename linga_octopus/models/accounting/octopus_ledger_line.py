from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...orm import delete_batch
from .reasons import reason

# What a worker writes when a line is booked, and while it is not.
BOOKING_FIELDS = {"move_id", "issue"}
# Context key of the deletion of lines that are older than they have to be kept.
EXPIRED = "octopus_expired"


class OctopusLedgerLine(models.Model):
    """What an online order has booked, or is about to book, under one key and version.

    Lines are added and never changed once they are booked: what an order says later is a line of
    the next version with the difference.
    """

    _name = "octopus.ledger.line"
    _description = "Online Order in the Ledger"
    _order = "day desc, id desc"
    _rec_name = "order_id"
    _log_access = False

    order_id = fields.Many2one(
        "octopus.order", "Online Order", required=True, readonly=True, ondelete="restrict"
    )
    # Plain columns, so that the lines of many orders are inserted with one statement.
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    day_id = fields.Many2one(
        "octopus.booking.day",
        "Entry of",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    channel_id = fields.Many2one("octopus.channel", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, export_string_translation=False)
    version = fields.Integer(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("sale", "Sale"),
            ("refund", "Refund"),
            ("cancel", "Cancellation"),
            ("cost", "Cost of Goods"),
            ("correction", "Correction"),
            ("invoice", "Invoiced"),
        ],
        compute="_compute_kind",
    )
    total = fields.Monetary(
        readonly=True, help="To the clearing account: what the channel owes because of it."
    )
    currency_rate = fields.Float(
        digits=0, readonly=True, export_string_translation=False, help="Of the order's day."
    )
    gateway = fields.Char("Payment Method", readonly=True)
    # Amounts by part, as `lib/ledger.to_json` writes them.
    parts = fields.Json(required=True, readonly=True, export_string_translation=False)
    digest = fields.Char(
        readonly=True,
        help="Of the amounts, for audits: it changes when, and only when, they do.",
    )
    move_id = fields.Many2one(
        "account.move", "Journal Entry", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    state = fields.Selection(
        [("open", "To Book"), ("held", "Held"), ("booked", "Booked")], compute="_compute_state"
    )
    issue = fields.Json(readonly=True, export_string_translation=False)
    message = fields.Text("Not Booked", compute="_compute_message", help="Why, and what to do.")

    _key_uniq = models.Constraint(
        "UNIQUE(order_id, key, version)", "The order has booked this already."
    )
    _open_idx = models.Index("(day_id) WHERE move_id IS NULL")
    # The report of some days.
    _day_idx = models.Index("(day)")

    @api.depends("key", "version")
    def _compute_kind(self):
        for line in self:
            kind = (line.key or "").partition(":")[0]
            line.kind = "correction" if line.version > 1 and kind == "sale" else kind

    @api.depends("move_id", "issue")
    def _compute_state(self):
        for line in self:
            line.state = "booked" if line.move_id else "held" if line.issue else "open"

    @api.depends("issue")
    def _compute_message(self):
        for line in self:
            line.message = reason(self.env, line.issue)

    def write(self, vals):
        """Override: what is booked stays."""
        self.check_access("write")
        if not BOOKING_FIELDS.issuperset(vals) or self.filtered("move_id"):
            raise UserError(self.env._("A line of the ledger is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if self.filtered("move_id") and not self.env.context.get(EXPIRED):
            raise UserError(self.env._("What is booked is never deleted."))

    # === CRON METHODS === #

    @api.autovacuum
    def _gc_expired(self):
        """Delete booked lines that are older than their channel keeps them."""
        expired = Domain.OR(
            Domain("channel_id", "=", booking_map.channel_id.id)
            & Domain("day", "<", booking_map._retention_day())
            for booking_map in self.env["octopus.booking.map"].search([])
        )
        lines = self.with_context(**{EXPIRED: True})
        return delete_batch(lines, Domain("move_id", "!=", False) & expired)
