from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from ...lib.moments import shop_zone, span_of_days
from ...orm import delete_batch
from ..mixins.notices import NoticeText
from .day_check import DayCheck

# Two financial years.
KEEP_CHECK_DAYS = 730
# Hours after the end of a day until it is compared: channels pass on orders late.
NIGHT_HOURS = 2


class OctopusOrderCheck(models.Model):
    """The comparison of a day's orders in Octopus with those in Odoo.

    `DayCheck` reads and compares the two sides.
    """

    _name = "octopus.order.check"
    _description = "Order Check"
    _order = "day desc, id desc"

    # === FIELDS === #

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    day = fields.Date(
        required=True, help="From midnight to midnight in the time zone of the Octopus shop."
    )
    state = fields.Selection(
        [
            ("waiting", "Pending"),
            ("agrees", "Matched"),
            ("differs", "Mismatch"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    message = NoticeText("Notice", readonly=True)
    is_fetching = fields.Boolean(
        readonly=True,
        export_string_translation=False,
        help="The next comparison reads orders that differ from Octopus again.",
    )
    compared_at = fields.Datetime("Compared", readonly=True)
    run_id = fields.Many2one("octopus.sync.run", "Sync Run", ondelete="set null", readonly=True)
    run_state = fields.Selection(related="run_id.state", string="State of the Sync Run")
    run_message = NoticeText(related="run_id.message", string="Message of the Sync Run")

    line_ids = fields.One2many(
        "octopus.order.check.line", "order_check_id", "Channels", readonly=True
    )
    difference_ids = fields.One2many(
        "octopus.order.check.difference", "order_check_id", "Differences", readonly=True
    )
    octopus_count = fields.Integer(
        "Orders in Octopus",
        readonly=True,
        help="Cancelled orders and test orders are left out.",
    )
    odoo_count = fields.Integer(
        "Orders in Odoo",
        readonly=True,
        help="Cancelled orders and test orders are left out.",
    )
    missing_count = fields.Integer(
        "Missing in Odoo", readonly=True, help="Orders that are in Octopus but not in Odoo."
    )
    difference_count = fields.Integer("Differences Found", readonly=True)

    _day_uniq = models.UniqueIndex(
        "(account_id, day)", "This day of the store already has an order check."
    )

    # === COMPUTE METHODS === #

    @api.depends("account_id", "day")
    def _compute_display_name(self):
        for order_check in self:
            day = format_date(self.env, order_check.day) if order_check.day else ""
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
        """List the orders of the day in Odoo, without cancelled ones and test orders."""
        self.ensure_one()
        start, _end = self._period()
        action = self.account_id._action_of_account("linga_octopus.octopus_order_action")
        action["domain"] = [
            ("account_id", "=", self.account_id.id),
            ("transaction_day", "=", self.day),
            ("transaction_time", ">=", start),
            ("status", "!=", "cancelled"),
            ("is_test", "=", False),
        ]
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _check_day(self, account, day):
        """Compare a day, and return the action that opens the result.

        :raise UserError: the store takes orders only from a later day on
        """
        # Order checks are read-only for all users, so that nobody can correct their figures.
        checks_sudo = self.sudo()
        check_sudo = checks_sudo.search([("account_id", "=", account.id), ("day", "=", day)])
        check_sudo = check_sudo or checks_sudo.create({"account_id": account.id, "day": day})
        check_sudo._period()
        check_sudo._queue(is_fetching=False)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": check_sudo.id,
            "view_mode": "form",
        }

    def _queue(self, *, is_fetching):
        """Have the worker compare the day."""
        notification = self.account_id._queue_run("order_check")
        # Order checks are read-only for all users, so that nobody can correct their figures.
        runs_sudo = self.env["octopus.sync.run"].sudo()
        self.sudo().write(
            {
                "state": "waiting",
                "is_fetching": is_fetching,
                "run_id": runs_sudo._queue(self.account_id, "order_check").id,
            }
        )
        return notification

    def _period(self):
        """Return the first and the last second of the day in naive UTC; not before the moment
        since which the store takes orders.

        :raise UserError: the store takes orders only from a later day on
        """
        self.ensure_one()
        account = self.account_id
        start, end = _shop_day(account, self.day)
        since = account.orders_since
        if since > end:
            raise UserError(
                self.env._(
                    "%(store)s takes orders since %(moment)s. Choose that day or a later one.",
                    store=account.name,
                    moment=format_datetime(
                        self.env, since, tz=str(shop_zone(account)), dt_format="short"
                    ),
                )
            )
        return max(start, since), end

    # === CRON METHODS === #

    @api.model
    def _cron_check_orders(self):
        """Queue a comparison for each store whose last full day is not compared yet."""
        accounts = self.env["octopus.account"].search(
            [("order_check_nightly", "=", True), ("state", "=", "connected")]
        )
        for account in accounts:
            now = datetime.now(timezone.utc).astimezone(shop_zone(account))
            day = (now - timedelta(hours=NIGHT_HOURS)).date() - timedelta(days=1)
            _start, end = _shop_day(account, day)
            is_known = self.search_count([("account_id", "=", account.id), ("day", "=", day)])
            if is_known or account.orders_since > end:
                continue
            self.create({"account_id": account.id, "day": day})._queue(is_fetching=False)

    @api.model
    def _run_start(self, run):
        """See `octopus.sync.run`."""
        return self.search_count(_waiting_domain(run))

    @api.model
    def _run_batch(self, run, client):
        """Compare one day; the run ends when no day of the store is waiting."""
        waiting = _waiting_domain(run)
        done = run.done
        if order_check := self.search(waiting, order="day, id", limit=1):
            DayCheck(order_check, run, client).compare_or_fail()
            done += 1
            run._checkpoint()
        left = self.search_count(waiting)
        failed = self.search_count([("run_id", "=", run.id), ("state", "=", "failed")])
        failed += len(run.issue_ids)
        differs = self.search_count([("run_id", "=", run.id), ("state", "=", "differs")])
        run.write({"done": done, "sent": differs, "total": done + left, "failed": failed})
        return bool(left)

    @api.autovacuum
    def _gc_old_order_checks(self):
        """Remove the order checks of days long past."""
        return delete_batch(self, [("day", "<", f"-{KEEP_CHECK_DAYS}d")])


class OctopusOrderCheckLine(models.Model):
    """The sums of a day on one channel in one currency, on both sides."""

    _name = "octopus.order.check.line"
    _description = "Order Check: Channel"
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
    octopus_refunded = fields.Monetary("Refunds in Octopus", readonly=True)
    odoo_refunded = fields.Monetary("Refunds in Odoo", readonly=True)
    difference = fields.Monetary(
        compute="_compute_difference", help="Totals less refunds: Octopus less Odoo."
    )

    @api.depends("octopus_total", "odoo_total", "octopus_refunded", "odoo_refunded")
    def _compute_difference(self):
        for line in self:
            octopus = line.octopus_total - line.octopus_refunded
            line.difference = octopus - (line.odoo_total - line.odoo_refunded)


class OctopusOrderCheckDifference(models.Model):
    """An order of the day that is not the same on both sides."""

    _name = "octopus.order.check.difference"
    _description = "Order Check: Difference"
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
            ("refund", "Refunds Differ"),
            ("parcels", "Shipped Pieces Differ"),
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
    octopus_refunded = fields.Monetary("Refunds in Octopus", readonly=True)
    odoo_refunded = fields.Monetary("Refunds in Odoo", readonly=True)
    octopus_fulfilled = fields.Float(
        "Shipped in Octopus",
        digits="Product Unit",
        readonly=True,
        help="Pieces in parcels, as Octopus says.",
    )
    odoo_fulfilled = fields.Float(
        "Shipped in Odoo",
        digits="Product Unit",
        readonly=True,
        help="Pieces in those parcels that Octopus should have, too.",
    )
    message = NoticeText("Why", readonly=True)
    order_id = fields.Many2one(
        "octopus.order", "Online Order", ondelete="set null", readonly=True, index="btree_not_null"
    )

    def action_open_order(self):
        """Open the online order."""
        self.ensure_one()
        return self.order_id.get_formview_action()


def _waiting_domain(run):
    return [("account_id", "=", run.account_id.id), ("state", "=", "waiting")]


def _shop_day(account, day):
    """Return the first and the last second of a day of the shop in naive UTC."""
    start, next_start = span_of_days(day, day, shop_zone(account))
    return start, next_start - timedelta(seconds=1)
