from datetime import timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ...orm import delete_batch

# Two financial years.
KEEP_DAYS = 730


class OctopusOrderCheck(models.Model):
    """A day's online orders of a store, as Octopus has them against those that are here.

    What a person asks for and sees is here; how the two sides are read and compared is in
    `octopus_order_check_compare.py`.
    """

    _name = "octopus.order.check"
    _description = "Daily Tie-Out"
    _order = "day desc, id desc"

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    day = fields.Date(
        required=True, help="From midnight to midnight in the time zone of the Octopus shop."
    )
    state = fields.Selection(
        [
            ("waiting", "To Compare"),
            ("agrees", "Agrees"),
            ("differs", "Differs"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    message = fields.Text("Notice", readonly=True)
    is_fetching = fields.Boolean(
        readonly=True,
        export_string_translation=False,
        help="Orders that differ are read from Octopus again in the next comparison.",
    )
    compared_at = fields.Datetime("Compared", readonly=True)
    run_id = fields.Many2one("octopus.sync.run", "Pass", ondelete="set null", readonly=True)
    run_state = fields.Selection(related="run_id.state", string="State of the Pass")
    run_message = fields.Text(related="run_id.message", string="Message of the Pass")

    line_ids = fields.One2many(
        "octopus.order.check.line", "order_check_id", "Channels", readonly=True
    )
    difference_ids = fields.One2many(
        "octopus.order.check.difference", "order_check_id", "Differences", readonly=True
    )
    octopus_count = fields.Integer(
        "Orders in Octopus", readonly=True, help="Cancelled orders are left out."
    )
    odoo_count = fields.Integer(
        "Orders in Odoo", readonly=True, help="Cancelled orders are left out."
    )
    missing_count = fields.Integer(
        "Missing in Odoo", readonly=True, help="Orders that Octopus has and Odoo has not."
    )
    difference_count = fields.Integer("Differences Found", readonly=True)

    _day_uniq = models.UniqueIndex("(account_id, day)", "This day of the store is there already.")

    @api.depends("account_id", "day")
    def _compute_display_name(self):
        for order_check in self:
            day = fields.Date.to_string(order_check.day) or ""
            order_check.display_name = f"{order_check.account_id.name or ''}: {day}"

    # === ACTION METHODS === #

    def action_compare(self):
        """Compare the day again."""
        self.ensure_one()
        return self._queue(is_fetching=False)

    def action_fetch_missing(self):
        """Fetch the orders that are missing or differ from Octopus, then compare again."""
        self.ensure_one()
        return self._queue(is_fetching=True)

    def action_open_orders(self):
        """List the orders of the day that are here, those that count: cancelled ones do not."""
        self.ensure_one()
        start, end = self._period()
        action = self.account_id._action_of_account("linga_octopus.octopus_order_action")
        action["domain"] += [
            ("transaction_time", ">=", start),
            ("transaction_time", "<=", end),
            ("status", "!=", "cancelled"),
        ]
        return action

    def _queue(self, *, is_fetching):
        """Have the worker compare the day."""
        notification = self.account_id._queue_run("order_check")
        # Tie-outs are read-only for all: nobody shall be able to correct their figures.
        runs_sudo = self.env["octopus.sync.run"].sudo()
        self.sudo().write(
            {
                "state": "waiting",
                "is_fetching": is_fetching,
                "run_id": runs_sudo._queue(self.account_id, "order_check").id,
            }
        )
        return notification

    # === THE DAY === #

    def _period(self):
        """Return the first and the last second of the day in UTC, naive; not before the store
        takes orders.

        :raise UserError: the store takes orders only since later
        """
        self.ensure_one()
        account = self.account_id
        start, end = account._shop_day(self.day)
        since = account.orders_since
        if since > end:
            zone = str(account._shop_zone())
            raise UserError(
                self.env._(
                    "%(store)s takes orders since %(moment)s. Choose that day or a later one.",
                    store=account.name,
                    moment=format_datetime(self.env, since, tz=zone, dt_format="short"),
                )
            )
        return max(start, since), end

    @api.autovacuum
    def _gc_old_order_checks(self):
        """Remove the tie-outs of days long past."""
        return delete_batch(self, [("day", "<", f"-{KEEP_DAYS}d")])


class OctopusOrderCheckLine(models.Model):
    """The orders of a day on one channel, in one currency, on both sides."""

    _name = "octopus.order.check.line"
    _description = "Daily Tie-Out: Channel"
    _order = "octopus_count desc, id"

    order_check_id = fields.Many2one(
        "octopus.order.check", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="order_check_id.company_id", store=True)
    channel = fields.Char(readonly=True, help="The Third Party Name of the orders.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    octopus_count = fields.Integer("Orders in Octopus", readonly=True)
    odoo_count = fields.Integer("Orders in Odoo", readonly=True)
    octopus_total = fields.Monetary("Total in Octopus", readonly=True)
    odoo_total = fields.Monetary("Total in Odoo", readonly=True)
    difference = fields.Monetary(
        compute="_compute_difference", help="What Octopus has more than Odoo."
    )

    @api.depends("octopus_total", "odoo_total")
    def _compute_difference(self):
        for line in self:
            line.difference = line.octopus_total - line.odoo_total


class OctopusOrderCheckDifference(models.Model):
    """An order of the day that is not the same on both sides."""

    _name = "octopus.order.check.difference"
    _description = "Daily Tie-Out: Difference"
    _order = "kind, id"
    _rec_name = "aggregator_order_no"

    order_check_id = fields.Many2one(
        "octopus.order.check", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="order_check_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("missing", "Missing in Odoo"),
            ("unreadable", "Cannot Be Read"),
            ("total", "Totals Differ"),
            ("cancelled_there", "Cancelled in Octopus Only"),
            ("cancelled_here", "Cancelled in Odoo Only"),
            ("extra", "Not in Octopus"),
        ],
        "Difference",
        required=True,
        readonly=True,
    )
    channel = fields.Char(readonly=True)
    third_party_order_no = fields.Char("Third Party Order No.", readonly=True)
    aggregator_order_no = fields.Char("Aggregator Order No.", readonly=True)
    customer_name = fields.Char("Customer", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    octopus_total = fields.Monetary("Total in Octopus", readonly=True)
    odoo_total = fields.Monetary("Total in Odoo", readonly=True)
    message = fields.Char("Why", readonly=True)
    order_id = fields.Many2one(
        "octopus.order", "Online Order", ondelete="set null", readonly=True, index="btree_not_null"
    )

    def action_open_order(self):
        """Open the online order."""
        self.ensure_one()
        return self.order_id.get_formview_action()


def zone_named(*names):
    """Return the first of these time zones that there is, else UTC."""
    for name in names:
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, TypeError, OSError):
            continue
    return timezone.utc
