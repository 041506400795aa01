from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...const import BOOKING_CRON, MANAGER
from ...orm import insert_missing
from . import booking
from .day_csv import csv_of_day
from .reasons import reason

CHECK_ISSUES = ("check_waiting", "check_differs")


class OctopusBookingDay(models.Model):
    """A day of a channel in one currency: what it has booked, and what is still open."""

    _name = "octopus.booking.day"
    _description = "Day of Online Sales"
    _order = "day desc, id desc"

    # === FIELDS === #

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    channel_id = fields.Many2one(
        "octopus.channel", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, help="Of the shop, in its time zone.")
    state = fields.Selection(
        [("open", "To Book"), ("held", "Held"), ("booked", "Booked"), ("empty", "Nothing to Book")],
        default="open",
        required=True,
        readonly=True,
        help="Open: about to be booked.\nHeld: the message says why, and what to do.",
    )
    color = fields.Integer(compute="_compute_color", export_string_translation=False)
    hold_user_id = fields.Many2one(
        "res.users", "Held by", readonly=True, help="Who pressed Hold: nothing books the day."
    )
    is_forced = fields.Boolean(
        "Booked on Request",
        readonly=True,
        help="Somebody asked to book the day whatever its order check says.",
    )
    issue = fields.Json(readonly=True, export_string_translation=False)
    message = fields.Text(compute="_compute_message", help="Why it is held, and what to do.")
    waits_for_check = fields.Boolean(
        compute="_compute_message",
        export_string_translation=False,
        help="Its order check is missing, or found differences.",
    )
    line_ids = fields.One2many(
        "octopus.ledger.line",
        "day_id",
        "Orders",
        readonly=True,
        help="What each order books on this day.",
    )
    move_ids = fields.One2many(
        "account.move", "octopus_day_id", "Journal Entries", readonly=True, groups=booking.READERS
    )
    move_count = fields.Integer(
        "Entries", compute="_compute_sums", help="Late orders make an entry of their own."
    )
    order_count = fields.Integer(
        "Number of Orders", compute="_compute_sums", help="With a sale, a refund or a change."
    )
    total = fields.Monetary("Booked", compute="_compute_sums", help="To the clearing account.")
    total_open = fields.Monetary(
        "To Book", compute="_compute_sums", help="What the open lines of the day add up to."
    )

    # === CONSTRAINTS === #

    _day_uniq = models.Constraint(
        "UNIQUE(account_id, channel_id, currency_id, day)", "This day is there already."
    )
    _open_idx = models.Index("(account_id, day) WHERE state IN ('open', 'held')")
    _day_idx = models.Index("(day DESC, id DESC)")

    # === COMPUTE METHODS === #

    @api.depends("channel_id", "day", "currency_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for day in self:
            day.display_name = day._title(format_date(self.env, day.day))

    def _title(self, of_day=None):
        """Return the channel, the day, and the currency when it is not the company's.

        :param str of_day: the day as it is shown; without it, the title is the same for everybody
        """
        of_day = of_day or fields.Date.to_string(self.day)
        foreign = self.currency_id - self.company_id.currency_id
        return " ".join(filter(None, [self.channel_id.name, of_day, foreign.name]))

    @api.depends("state")
    def _compute_color(self):
        colors = {"open": 4, "held": 2, "booked": 10, "empty": 0}
        for day in self:
            day.color = colors[day.state]

    @api.depends("issue")
    def _compute_message(self):
        for day in self:
            day.message = reason(self.env, day.issue)
            day.waits_for_check = bool(day.issue) and day.issue[0] in CHECK_ISSUES

    def _compute_sums(self):
        query = SQL(
            """SELECT day_id, count(DISTINCT order_id), count(DISTINCT move_id),
                      coalesce(sum(total) FILTER (WHERE move_id IS NOT NULL), 0),
                      coalesce(sum(total) FILTER (WHERE move_id IS NULL), 0)
                 FROM octopus_ledger_line WHERE day_id IN %s GROUP BY day_id""",
            tuple(self.ids) or (None,),
        )
        self.env["octopus.ledger.line"].flush_model()
        found = {day: sums for day, *sums in self.env.execute_query(query)}
        for day in self:
            sums = found.get(day.id, (0, 0, 0, 0))
            day.order_count, day.move_count, day.total, day.total_open = sums

    # === ACTION METHODS === #

    def action_book(self):
        """Book what is certain of these days now, whatever their order checks say."""
        self._check_may_book()
        for day in self.sudo():
            day.write({"is_forced": True, "hold_user_id": False, "issue": False})
            booking.book_now(day)
        return True

    def action_hold(self):
        """Keep these days from being booked."""
        self._check_may_book()
        open_sudo = self.sudo().filtered(lambda day: day.state != "booked")
        issue = ["on_hold", {"user": self.env.user.name}]
        open_sudo.write({"hold_user_id": self.env.uid, "state": "held", "issue": issue})
        return True

    def action_release(self):
        """Have these days booked as usual."""
        self._check_may_book()
        held_sudo = self.sudo().filtered("hold_user_id")
        held_sudo.write({"hold_user_id": False, "state": "open", "issue": False})
        self.env.ref(BOOKING_CRON).sudo()._trigger()
        return True

    def action_check_orders(self):
        """Compare the orders of the day with Octopus; it is booked when they agree."""
        self.ensure_one()
        self._check_may_book()
        # Accountants see nothing of the store but its books.
        result = self.env["octopus.order.check"]._check_day(self.sudo().account_id, self.day)
        if self.env.user.has_group(MANAGER):
            return result
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The orders of the day are being compared with Octopus. The day is booked as "
                    "soon as they agree."
                ),
            },
        }

    def _check_may_book(self):
        """Check the rights: days are written by the worker, but accountants decide about them."""
        self.check_access("read")
        self.env["octopus.booking.map"].check_access("write")

    def action_view_entries(self):
        """Open the journal entries of the day."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Entries"),
            "res_model": "account.move",
            "context": {"create": False},
        }
        moves = self.move_ids
        if len(moves) == 1:
            return {**action, "views": [(False, "form")], "res_id": moves.id}
        views = [(False, "list"), (False, "form")]
        return {**action, "views": views, "domain": [("id", "in", moves.ids)]}

    def action_view_orders(self):
        """Open the online orders of the day."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "linga_octopus.octopus_booked_order_action"
        )
        action["domain"] = [("ledger_line_ids.day_id", "=", self.id)]
        return action

    def action_csv(self):
        """Download the entries of the day as CSV, for books that are kept elsewhere."""
        self.ensure_one()
        self.check_access("read")
        name, text = csv_of_day(self)
        attachment = self.env["ir.attachment"].create(
            {"name": name, "raw": text.encode(), "mimetype": "text/csv"}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    # === BUSINESS METHODS === #

    def _add_days(self, keys):
        """Return days by (channel id, currency id, date), made where they do not exist yet.

        :param keys: dict of the records of `octopus.account` by these triples
        """
        if not keys:
            return {}
        found = self._find_days(keys)
        if new := keys.keys() - found.keys():
            vals_list = [
                {
                    "account_id": keys[key].id,
                    "company_id": keys[key].company_id.id,
                    "channel_id": key[0],
                    "currency_id": key[1],
                    "day": key[2],
                    "state": "open",
                }
                for key in sorted(new)
            ]
            insert_missing(self, vals_list)
            found |= self._find_days(dict.fromkeys(new))
        return found

    def _find_days(self, keys):
        days = self.search(
            [
                ("channel_id", "in", [channel for channel, _currency, _day in keys]),
                ("day", "in", list({day for _channel, _currency, day in keys})),
            ]
        )
        return {(day.channel_id.id, day.currency_id.id, day.day): day for day in days}

    # === CRON METHODS === #

    @api.model
    def _cron_book(self):
        """Book the online sales of all days that are over."""
        booking.book_all(self)
