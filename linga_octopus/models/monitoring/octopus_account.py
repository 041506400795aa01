from contextlib import suppress
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import diagnosis
from .checklist import checklist
from .overview import overview
from .overview_facts import overview_facts
from .staff_alerts import follow, notify_staff

# Webhooks of a busy store come many times a minute.
WEBHOOK_STAMP_EVERY = timedelta(minutes=10)


class OctopusAccount(models.Model):
    """What a store shows of its orders, stock and figures, and the buttons that open them.

    The fields are declared in `account/octopus_account.py`.
    """

    _inherit = "octopus.account"

    # === COMPUTE METHODS === #

    def _compute_orders_to_act_count(self):
        counts = self._count_records("octopus.order", Domain("status", "=", "take_action"))
        for account in self:
            account.orders_to_act_count = counts.get(account, 0)

    def _compute_checklist(self):
        for account in self:
            account.checklist = account.id and checklist(account)

    def _compute_overview(self):
        sales = overview(self)
        oversold = self._count_records("octopus.order", diagnosis.OVERSOLD_ORDERS)
        stuck = self._count_records("octopus.order", diagnosis.STUCK_ORDERS)
        for account in self:
            account.overview = sales[account]
            account.oversold_count = oversold.get(account, 0)
            account.stuck_count = stuck.get(account, 0)

    def _compute_overview_facts(self):
        facts = overview_facts(self)
        differences = self._count_records("octopus.stock.difference", diagnosis.OPEN_DIFFERENCES)
        for account in self:
            account.overview_facts = facts[account]
            account.difference_count = differences.get(account, 0)

    def _compute_overview_failures(self):
        failed = diagnosis.failed_runs(self).grouped("account_id")
        untold = self._count_records("octopus.order", diagnosis.UNTOLD_ORDERS)
        checks = self._count_records("octopus.order.check", diagnosis.ORDER_CHECKS_TO_REVIEW)
        for account in self:
            account.failed_run_count = len(failed.get(account, ()))
            account.untold_count = untold.get(account, 0)
            account.order_check_problem_count = checks.get(account, 0)

    def _count_records(self, model, domain):
        """Return the number of records of each account, by account; in one query."""
        domain = Domain("account_id", "in", self.ids) & domain
        return dict(self.env[model]._read_group(domain, ["account_id"], ["__count"]))

    # === ACTION METHODS === #

    def action_take_stock_in_real_time(self):
        """Have the points of sale of the company deduct what they sell at once."""
        self.ensure_one()
        self.check_access("write")
        # Odoo hides this setting outside developer mode. It belongs to the Point of Sale, whose
        # administrators may decide it. Sessions that are open keep their setting.
        self.company_id.sudo().point_of_sale_update_stock_quantities = "real"
        return self._notification(
            "success",
            self.env._("Sessions opened from now on update the inventory in real time."),
        )

    def action_follow_alerts(self):
        """Notify the current user of problems and new orders of the store."""
        self.ensure_one()
        follow(self)
        return self._notification(
            "success", self.env._("You are notified of problems and new online orders.")
        )

    def action_open_orders(self):
        """List the online orders of this account."""
        return self._action_of_account("linga_octopus.octopus_order_action")

    def action_open_orders_to_act(self):
        """List the open orders."""
        return self._open_orders(Domain("status", "=", "take_action"))

    def action_open_oversold(self):
        """List the open orders that took more of a product than there was."""
        return self._open_orders(diagnosis.OVERSOLD_ORDERS)

    def action_open_orders_of_product(self, product_id):
        """List the oversold orders that wait for a product."""
        return self._open_orders(
            diagnosis.OVERSOLD_ORDERS & Domain("line_ids.product_id", "=", product_id)
        )

    def action_open_stuck(self):
        """List the orders whose goods could not all be deducted."""
        return self._open_orders(diagnosis.STUCK_ORDERS)

    def action_open_sales_graph(self):
        """Show revenue by day and channel as a graph."""
        action = self._open_orders(Domain("status", "!=", "cancelled"))
        action["views"] = [(False, "graph"), (False, "pivot"), (False, "list"), (False, "form")]
        return action

    def action_open_failed_runs(self):
        """List the failed runs that no later run of their kind has made good."""
        action = self.action_open_runs()
        action["domain"].append(("id", "in", diagnosis.failed_runs(self).ids))
        return action

    def _open_orders(self, domain):
        action = self._action_of_account("linga_octopus.octopus_order_action")
        action["domain"] = list(Domain(action["domain"]) & domain)
        return action

    # === BUSINESS METHODS === #

    def _webhook_seen(self):
        """Record that Octopus called; to some minutes, so that most calls write nothing."""
        now = fields.Datetime.now()
        seen = self.webhook_seen_at
        if seen and seen > now - WEBHOOK_STAMP_EVERY:
            return
        # Another transaction that holds or has just written the row may record a call too. That is
        # no reason to take the order in twice.
        stamp = SQL(
            """UPDATE octopus_account SET webhook_seen_at = %s WHERE id IN (
                SELECT id FROM octopus_account WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)""",
            now,
            self.id,
        )
        with suppress(SerializationFailure), self.env.cr.savepoint(flush=False):
            self.env.cr.execute(stamp, log_exceptions=False)
        self.invalidate_recordset(["webhook_seen_at"], flush=False)

    # === CRON METHODS === #

    @api.model
    def _cron_notify_staff(self):
        """Notify the staff of every store of new orders and problems."""
        notify_staff(self.env)
