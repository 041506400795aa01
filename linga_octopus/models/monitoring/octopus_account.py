import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...const import OPEN_ISSUES
from ...lib.octopus_api import OctopusError
from ..account.connection import is_another_shop, strip_blanks
from ..catalog.scope import reset_catalog
from ..order.fetch import add_fetch_requests, find_order
from ..order.status_rules import TO_ACT
from ..stock.stock_run import queue_restore, queue_zero, waiting_domain
from ..stock.worker import StockState, wake_stock_worker
from . import diagnosis
from .checklist import checklist, next_step, setup_left
from .overview import overview
from .overview_facts import overview_facts
from .staff_alerts import follow, notify_staff

_logger = logging.getLogger(__name__)

# Fields that the numbers sent to Octopus depend on.
STOCK_RULES = {
    "active",
    "auto_stock_sync",
    "category_source",
    "stock_basis",
    "stock_buffer",
    "stock_cap",
}


class OctopusAccount(models.Model):
    """The methods of a store that reach into other rooms: figures and buttons.

    The fields are declared in `account/octopus_account.py`.
    """

    _inherit = "octopus.account"

    # === COMPUTE METHODS === #

    def _compute_sync_status(self):
        """Describe the latest run of each kind, in two grouped queries for all accounts."""
        latest = self.env["octopus.sync.run"]._read_group(
            [("account_id", "in", self.ids)], ["account_id", "kind"], ["id:max"]
        )
        runs = self.env["octopus.sync.run"].browse([run_id for *_key, run_id in latest])
        issues = self.env["octopus.sync.issue"]._read_group(
            [("account_id", "in", self.ids), *OPEN_ISSUES],
            ["account_id", "kind"],
            ["__count"],
        )
        counts = {(account.id, kind): count for account, kind, count in issues}
        states = dict(runs._fields["state"]._description_selection(self.env))
        kinds = dict(runs._fields["kind"]._description_selection(self.env))
        by_account = runs.grouped("account_id")
        for account in self:
            account.sync_status = {
                run.kind: {
                    **run._describe_for_settings(),
                    "kind_label": kinds[run.kind],
                    "state_label": states[run.state],
                    "issues": counts.get((account.id, run.kind), 0),
                }
                for run in by_account.get(account, runs.browse())
            }
            account.open_issue_count = sum(
                count for (account_id, _kind), count in counts.items() if account_id == account.id
            )

    def _compute_stock_counts(self):
        levels = self.env["octopus.stock.level"]
        for name, condition in (
            ("stock_pending_count", ("pending_ids", "!=", False)),
            ("stock_error_count", ("error", "!=", False)),
        ):
            counts = dict(
                levels._read_group(
                    [("account_id", "in", self.ids), condition], ["account_id"], ["__count"]
                )
            )
            for account in self:
                account[name] = counts.get(account, 0)
        of_accounts = [("account_id", "in", self.ids)]
        latest = dict(levels._read_group(of_accounts, ["account_id"], ["pushed_at:max"]))
        for account in self:
            account.stock_published_at = latest.get(account)

    def _compute_stock_waiting_count(self):
        products = self.env["product.product"]
        for account in self:
            account.stock_waiting_count = products.search_count(waiting_domain(account))

    def _compute_orders_to_act_count(self):
        counts = self._count_records("octopus.order", TO_ACT)
        for account in self:
            account.orders_to_act_count = counts.get(account, 0)

    def _compute_checklist(self):
        for account in self:
            account.checklist = account.id and checklist(account)
            account.setup_step = next_step(account.checklist or [])
            account.setup_left = setup_left(account, account.checklist or [])

    def _compute_overview(self):
        sales = overview(self)
        oversold = self._count_records("octopus.order", diagnosis.OVERSOLD_ORDERS)
        stuck = self._count_records("octopus.order", diagnosis.STUCK_ORDERS)
        changed = self._count_records("octopus.order", diagnosis.CHANGED_ORDERS)
        unclear = self._count_records("octopus.order", diagnosis.UNCLEAR_REFUNDS)
        alive = self._count_records("octopus.order", diagnosis.ALIVE_ORDERS)
        for account in self:
            account.overview = sales[account]
            account.oversold_count = oversold.get(account, 0)
            account.stuck_count = stuck.get(account, 0)
            account.changed_count = changed.get(account, 0)
            account.unclear_refund_count = unclear.get(account, 0)
            account.alive_count = alive.get(account, 0)

    def _compute_overview_facts(self):
        facts = overview_facts(self)
        differences = self._count_records("octopus.stock.difference", diagnosis.OPEN_DIFFERENCES)
        for account in self:
            account.overview_facts = facts[account]
            account.difference_count = differences.get(account, 0)

    def _compute_overview_handover(self):
        shipped = self._count_records("octopus.order", diagnosis.SHIPPED_TODAY)
        waiting = self._count_records("octopus.order", diagnosis.WAITING_FOR_PICKUP)
        late = self._count_records("octopus.order", diagnosis.LATE_ORDERS)
        for account in self:
            account.shipped_today_count = shipped.get(account, 0)
            account.waiting_for_pickup_count = waiting.get(account, 0)
            account.late_count = late.get(account, 0)

    def _compute_overview_failures(self):
        runs = diagnosis.failed_runs(self).grouped("account_id")
        orders = self._count_records("octopus.order", diagnosis.PUSH_FAILED_ORDERS)
        checks = self._count_records("octopus.order.check", diagnosis.ORDER_CHECKS_TO_REVIEW)
        for account in self:
            account.failed_run_count = len(runs.get(account, ()))
            account.push_failed_count = orders.get(account, 0)
            account.order_check_problem_count = checks.get(account, 0)

    def _count_records(self, model, domain):
        """Return the number of records of each account, by account; in one query."""
        domain = Domain("account_id", "in", self.ids) & domain
        return dict(self.env[model]._read_group(domain, ["account_id"], ["__count"]))

    # === ACTION METHODS === #

    def action_sync_categories(self):
        """Send new and changed categories, and nothing else."""
        return self._queue_run("categories")

    def action_sync_products(self):
        """Send new and changed products with their images, and nothing else."""
        return self._queue_run("products")

    def action_sync_stocks(self):
        """Send the stock of all mapped locations; later changes are sent automatically."""
        self.ensure_one()
        self._check_locations()
        return self._queue_run("stock")

    def _check_locations(self):
        if not self.location_ids.filtered("warehouse_id"):
            raise UserError(
                self.env._("Choose a warehouse for at least one Octopus location first.")
            )

    def action_sync_catalog(self):
        """Send new and changed categories, then products with their images."""
        return self._queue_run("categories", "products")

    def action_sync_all(self):
        """Send categories, then products, then the stock of all mapped locations."""
        self.ensure_one()
        self._check_locations()
        return self._queue_run("categories", "products", "stock")

    def action_fetch_orders(self):
        """Fetch new and changed orders from Octopus now."""
        return self._queue_run("orders")

    def action_check_stock(self):
        """Compare the stock levels in Octopus with those of Odoo."""
        return self._queue_run("stock_check")

    # The name before 19.0.2.0.0.
    action_check_drift = action_check_stock

    def action_open_issues(self):
        """List the open issues, of one kind of run when the context names it."""
        kind = self.env.context.get("octopus_run_kind")
        facets = {"open": 1, "errors": 1} | ({"kind": kind} if kind else {})
        return self._action_of_account("linga_octopus.octopus_sync_issue_action", **facets)

    def action_open_runs(self):
        """List the sync runs of this account."""
        return self._action_of_account("linga_octopus.octopus_sync_run_action")

    def action_open_failed_runs(self):
        """List the failed runs that no later run of their kind has made good."""
        return self._action_of_account("linga_octopus.octopus_sync_run_action", unresolved=1)

    def action_preview_catalog(self):
        """Show what the Sync buttons would send, and the issues that are in the way."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview Sync"),
            "res_model": "octopus.catalog.preview",
            "res_id": self.env["octopus.catalog.preview"]._check(self).id,
            "view_mode": "form",
            "target": "new",
        }

    def action_push_stock_now(self):
        """Try again at once after a problem."""
        self.check_access("write")
        StockState(self).clear()
        wake_stock_worker(self.sudo().env)
        return self._notification("info", self.env._("The changed stock levels are being sent."))

    def action_restore_stock(self):
        """Send back the levels that Octopus had at the dry run, and stop the automatic sending."""
        self.ensure_one()
        self.check_access("write")
        queue_restore(self)
        return self._notification(
            "info", self.env._("The stock levels of before the first sync are being sent back.")
        )

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

    def action_open_stock_waiting(self):
        """List the products whose stock waits for Sync Products."""
        self.ensure_one()
        self.check_access("read")
        waiting = self.env["product.product"].search(waiting_domain(self))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Products Waiting for Sync Products"),
            "res_model": "product.product",
            "view_mode": "list,form",
            # Ids, because not every user may search the bindings that the domain depends on.
            "domain": [("id", "in", waiting.ids)],
        }

    def action_open_stock_levels(self):
        """List the stock levels of the store."""
        return self._action_of_account("linga_octopus.octopus_stock_level_action")

    def action_open_stock_differences(self):
        """List the differences that checks have found; from the overview, those to review."""
        facets = {"open": 1} if self.env.context.get("octopus_to_decide") else {}
        return self._action_of_account("linga_octopus.octopus_stock_difference_action", **facets)

    def action_fetch_order(self, number):
        """Have the worker fetch one order, by its Aggregator Order No. or the channel's number.

        :raise UserError: Octopus has no such order. While Octopus cannot be asked, or has many
            orders, the worker finds out later
        """
        self.ensure_one()
        # The client reads the secret for everybody: only managers may have it call Octopus.
        self.check_access("write")
        number = str(number or "").strip()
        if not number:
            raise UserError(self.env._("Enter the Aggregator Order No. of the order."))
        try:
            with self._get_client() as client:
                number = find_order(client, self, number) or number
        except OctopusError as error:
            _logger.info("Order %s is looked for later: %s", number, error)
        return self._queue_fetch({"number": number})

    def action_fetch_order_range(self, start, end):
        """Have the worker fetch the orders that came to Octopus between two moments, also those
        from before the store was connected."""
        moments = [fields.Datetime.to_datetime(moment) for moment in (start, end)]
        if not all(moments) or moments[0] > moments[1]:
            raise UserError(self.env._("Enter two days, the earlier one first."))
        start, end = (moment.isoformat(timespec="seconds") for moment in moments)
        return self._queue_fetch({"created_at_min": start, "created_at_max": end})

    def action_open_fetch(self):
        """Ask which orders to fetch."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "linga_octopus.octopus_fetch_request_action"
        )
        action["context"] = {"default_account_id": self.id}
        return action

    def action_check_orders(self, day):
        """Compare the orders and totals of a day with those in Octopus, and open the result.

        :param day: in the time zone of the shop; a date or its text
        """
        self.ensure_one()
        self.check_access("write")
        return self.env["octopus.order.check"]._check_day(self, fields.Date.to_date(day))

    def action_open_order_checks(self):
        """List the order checks of this store."""
        return self._action_of_account("linga_octopus.octopus_order_check_action")

    def action_open_orders(self):
        """List the online orders of this account."""
        return self._open_orders()

    def action_open_orders_to_act(self):
        """List the open orders."""
        return self._open_orders(open=1)

    def action_open_oversold(self):
        """List the open orders that took more of a product than there was."""
        return self._open_orders(open=1, oversold=1)

    def action_open_orders_of_product(self, product_id):
        """List the oversold orders that wait for a product."""
        return self._open_orders(open=1, oversold=1, product_id=product_id)

    def action_open_stuck(self):
        """List the orders whose goods could not all be deducted."""
        return self._open_orders(stuck=1)

    def action_open_changed(self):
        """List the orders that the channel changed, and that somebody has to decide on."""
        return self._open_orders(changed=1)

    def action_open_unclear_refunds(self):
        """List the orders with a refund that does not say which goods it is about."""
        return self._open_orders(refund_unclear=1)

    def action_open_alive(self):
        """List the cancelled orders that are alive again in their channel."""
        return self._open_orders(alive_again=1)

    def action_open_shipped_today(self):
        """List the orders of which goods have left today."""
        return self._open_orders(shipped_today=1)

    def action_open_waiting_for_pickup(self):
        """List the orders that wait for their customers, the next one first."""
        facets = {"waiting_for_pickup": 1}
        return self._action_of_account("linga_octopus.octopus_order_pickup_action", **facets)

    def action_open_late(self):
        """List the open orders that should have left by now."""
        return self._open_orders(late=1)

    def action_open_sales_graph(self):
        """Show revenue by day and channel as a graph."""
        action = self._open_orders(counting=1)
        action["views"] = [(False, "graph"), (False, "pivot"), (False, "list"), (False, "form")]
        return action

    def action_follow_alerts(self):
        """Notify the current user of problems and new orders of the store."""
        self.ensure_one()
        follow(self)
        return self._notification(
            "success", self.env._("You are notified of problems and new online orders.")
        )

    # === BUSINESS METHODS === #

    def _queue_run(self, kind, *following):
        """Queue a run of `kind` and wake its worker; an unfinished run is not doubled.

        :param following: kinds of runs that follow it, one after the other
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("connected", "error"):
            raise UserError(
                self.env._("Connect the store first: enter the credentials, then Save & Test.")
            )
        runs = self.env["octopus.sync.run"]
        label = dict(runs._fields["kind"]._description_selection(self.env))[kind]
        started = self.env._("%(kind)s: the sync has started.", kind=label)
        notification = self._notification("info", started)
        runs._queue_chain(self, [kind, *following])
        return notification

    def _queue_stock_zero(self):
        """Have the stock of all products in Octopus set to 0, and then unsubscribe the store."""
        queue_zero(self)

    def _queue_fetch(self, request):
        """Add a fetch request to the open run of orders, or to a new one."""
        notification = self._queue_run("orders")
        add_fetch_requests(self.env["octopus.sync.run"]._queue(self, "orders"), [request])
        return notification

    def _action_of_account(self, xmlid, **facets):
        """Return an action that lists records of the store.

        :param facets: names of filters and fields of the search view, and their values. The search
            box shows them, and the user may remove them
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        facets["account_id"] = self.id
        action["context"] = {f"search_default_{name}": value for name, value in facets.items()}
        return action

    def _open_orders(self, **facets):
        return self._action_of_account("linga_octopus.octopus_order_action", **facets)

    def get_shop_question(self, vals):
        """Return what to ask before the store becomes another shop of Octopus: what is lost and
        what stays. Empty where nothing is lost, as for another spelling of the same shop.

        :param dict vals: the values to be written
        """
        self.ensure_one()
        self.check_access("write")
        if not is_another_shop(self, strip_blanks(vals)):
            return ""
        # Whoever may change the store may know how much it has.
        account_sudo = self.sudo()
        in_octopus = Domain("octopus_ref", "!=", False)
        products, categories, levels, orders = (
            account_sudo._count_records(model, domain).get(account_sudo, 0)
            for model, domain in (
                ("octopus.product", in_octopus),
                ("octopus.category", in_octopus),
                ("octopus.stock.level", Domain.TRUE),
                ("octopus.order", Domain.TRUE),
            )
        )
        if not (products or categories or levels):
            return ""
        return self.env._(
            "This is another shop of Octopus than %(shop)s. All links to %(shop)s are removed "
            "(products: %(products)s, categories: %(categories)s, stock levels: %(levels)s), "
            "running syncs stop, and no stock is sent until you press Sync Stocks. Nothing is "
            "deleted in Octopus, and all online orders stay (%(orders)s).",
            shop=self.shop_name or self.merchant_name,
            products=products,
            categories=categories,
            levels=levels,
            orders=orders,
        )

    def _reset_catalog(self):
        """Remove the bindings of a store that belongs to another merchant now."""
        reset_catalog(self)

    def _enqueue_stock_of_rules(self, vals):
        """Have the stock of all locations sent again when one of its rules was written."""
        # A stock run sends all levels itself. Users may set the context too.
        is_run = self.env.su and self.env.context.get("octopus_run")
        if not (STOCK_RULES.isdisjoint(vals) or is_run):
            sending = self.filtered("auto_stock_sync").sudo()
            self.env["octopus.stock.event"].sudo()._enqueue_locations(sending.location_ids)

    # === CRON METHODS === #

    @api.model
    def _cron_notify_staff(self):
        """Notify the staff of every store of new orders and problems."""
        notify_staff(self.env)
