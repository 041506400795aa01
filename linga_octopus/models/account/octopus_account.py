import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...const import MANAGER, OPEN_ISSUES
from ...lib.octopus_api import DEFAULT_BASE_URL
from ...orm import clear_caches

LOOPBACK = ("127.0.0.1", "localhost", "::1")
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
    """A store's subscription to Octopus: one merchant of Octopus, one company in Odoo.

    All fields of the store stand here. Computed fields that read orders, stock or figures have
    their methods in `monitoring/octopus_account.py`.
    """

    _name = "octopus.account"
    _description = "Octopus Store"
    _inherit = ["octopus.company.guard", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "name, id"

    # === FIELDS === #

    name = fields.Char("Store", required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [
            ("unsubscribed", "Not Subscribed"),
            ("subscribed", "Subscribed"),
            ("connected", "Connected"),
            ("error", "Connection Problem"),
        ],
        default="unsubscribed",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    state_message = fields.Text("Connection Problem", readonly=True, copy=False)

    # Connection
    merchant_name = fields.Char(copy=False, help="The name of your store in Octopus.")
    access_id = fields.Char(
        "Access ID",
        copy=False,
        groups=MANAGER,
        help="The secret that Octopus gives you together with the merchant name.",
    )
    base_url = fields.Char(
        "Octopus Address",
        required=True,
        default=DEFAULT_BASE_URL,
        help="Only a system administrator may change it.",
    )
    webhook_token = fields.Char(
        copy=False,
        readonly=True,
        groups=MANAGER,
        default=lambda self: secrets.token_urlsafe(32),
        export_string_translation=False,
    )
    webhook_url = fields.Char(
        "Webhook URL",
        compute="_compute_webhook_url",
        groups=MANAGER,
        help="Register this address for the order events in the Octopus admin page. "
        "It contains a secret: share it with Octopus only.",
    )
    webhook_seen_at = fields.Datetime(
        "Last Webhook",
        readonly=True,
        copy=False,
        help="When Octopus last called the webhook URL, to some minutes.",
    )

    # The shop in Octopus
    shop_name = fields.Char(readonly=True, copy=False)
    shop_currency = fields.Char(readonly=True, copy=False)
    shop_timezone = fields.Char(readonly=True, copy=False)
    shop_weight_unit = fields.Char(readonly=True, copy=False)
    shop_taxes_included = fields.Boolean("Shop Prices Include Tax", readonly=True, copy=False)

    # Records that belong to the store
    location_ids = fields.One2many("octopus.location", "account_id", "Locations")
    pos_config_ids = fields.Many2many(
        "pos.config",
        string="Points of Sale",
        check_company=True,
        help="The points of sale that show the online orders of this store.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        help="Prices sent to Octopus. Empty: the sales price of the product.",
    )
    run_ids = fields.One2many("octopus.sync.run", "account_id", "Sync Runs")
    order_check_ids = fields.One2many("octopus.order.check", "account_id", "Order Checks")

    # Catalog
    category_source = fields.Selection(
        [("pos", "Point of Sale Categories"), ("product", "Product Categories")],
        "Categories to Send",
        default="pos",
        required=True,
        help="Which categories become those of your channels: those of the Point of Sale, or "
        "those of the products in Inventory.",
    )
    auto_catalog_sync = fields.Boolean(
        "Send Catalog Changes Automatically",
        copy=False,
        help="Changed categories, products and images are sent every few minutes. Otherwise they "
        "are sent when somebody presses the Sync buttons.",
    )
    is_catalog_matched = fields.Boolean(
        readonly=True,
        copy=False,
        help="The products that Octopus had at the first contact were matched with those of Odoo.",
        export_string_translation=False,
    )
    catalog_signature = fields.Char(
        readonly=True,
        copy=False,
        help="A text for everything that all products depend on, as of the last finished run.",
        export_string_translation=False,
    )

    # Stock
    stock_basis = fields.Selection(
        [("free", "Free to Use"), ("on_hand", "On Hand"), ("forecast", "Forecast")],
        "Quantity to Send",
        default="free",
        required=True,
        help="Free to Use leaves out what is reserved, On Hand does not, and Forecast adds what "
        "is on its way.",
    )
    stock_buffer = fields.Float(
        "Safety Stock",
        digits="Product Unit",
        help="This quantity of every product is kept back: Octopus gets a number that is smaller "
        "by it.",
    )
    stock_cap = fields.Integer(
        "Show at Most", help="Octopus never gets a higher number. 0: no limit."
    )
    oversell_policy = fields.Selection(
        [("continue", "Keep Selling"), ("deny", "Stop Selling")],
        "When Sold Out",
        default="continue",
        required=True,
        help="What the channels do when the quantity reaches zero.",
    )
    auto_stock_sync = fields.Boolean(
        "Send Stock Changes Automatically",
        copy=False,
        help="The first Sync Stocks switches it on. From then on every change is sent "
        "automatically.",
    )
    difference_policy = fields.Selection(
        [("heal", "Correct Octopus"), ("look", "Review First")],
        "When Octopus Differs",
        default="heal",
        required=True,
        help="What the nightly check does with stock levels that differ from those of Odoo.",
    )
    stock_message = fields.Text("Stock Problem", readonly=True, copy=False)
    stock_resume_at = fields.Datetime("Stock Resumes At", readonly=True, copy=False)
    stock_attempts = fields.Integer(
        readonly=True,
        copy=False,
        help="Tries in a row without an answer from Octopus.",
    )
    stock_snapshot_at = fields.Datetime(
        "Dry Run",
        readonly=True,
        copy=False,
        help="When the stock levels in Octopus were saved, so that they can be restored.",
    )
    stock_pending_count = fields.Integer(
        "Stock Updates Waiting", compute="_compute_stock_counts", compute_sudo=True
    )
    stock_error_count = fields.Integer(
        "Levels With Issues",
        compute="_compute_stock_counts",
        compute_sudo=True,
        help="Stock levels that Octopus refused; the list says why of each.",
    )
    stock_waiting_count = fields.Integer(
        "Products Waiting for Sync Products",
        compute="_compute_stock_waiting_count",
        compute_sudo=True,
        help="Products with stock to send that are not in Octopus yet.",
    )
    stock_warning = fields.Text(compute="_compute_stock_warning", compute_sudo=True)

    # Orders
    contact_policy = fields.Selection(
        [
            ("none", "Name Only"),
            ("match", "Find the Contact"),
            ("create", "Find or Create the Contact"),
        ],
        "Customers of Orders",
        default="match",
        required=True,
        help="Contacts are found by the customer number of Octopus, the e-mail or the phone.",
    )
    orders_since = fields.Datetime(
        "Take Orders Since",
        default=fields.Datetime.now,
        required=True,
        copy=False,
        help="Orders placed earlier are not fetched. When one of them changes, it is shown "
        "here, but its goods are not taken from the stock.",
    )
    order_watermark = fields.Datetime(
        "Orders Fetched Until",
        readonly=True,
        copy=False,
        help="Everything that changed in Octopus before this moment has been fetched.",
    )
    payload_days = fields.Integer(
        "Keep Original Orders (Days)",
        default=90,
        help="After this time the orders as Octopus sent them are removed; the orders stay.",
    )
    push_resume_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)
    order_check_nightly = fields.Boolean(
        "Check Orders Every Night",
        default=True,
        help="Each night the orders and totals of the day before are compared with those in "
        "Octopus. It only reads, with one or two calls for a day of up to 250 orders.",
    )
    seen_order_id = fields.Integer(
        readonly=True,
        copy=False,
        help="The latest online order when somebody last opened the list in a Point of Sale: "
        "only newer orders ring.",
        export_string_translation=False,
    )

    # Staff alerts
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self._default_user_id(),
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Gets an activity on the store when action is required. It is closed as soon as "
        "nothing is wrong any more.",
    )
    reported_problems = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        export_string_translation=False,
        help="Keys of the problems that the followers were notified of and that still last.",
    )
    order_alert_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False, help="Last alert of new orders."
    )

    # Sync runs
    last_categories_sync = fields.Datetime("Last Category Sync", readonly=True, copy=False)
    last_products_sync = fields.Datetime("Last Product Sync", readonly=True, copy=False)
    last_stock_sync = fields.Datetime(readonly=True, copy=False)
    last_orders_sync = fields.Datetime("Last Order Fetch", readonly=True, copy=False)
    sync_status = fields.Json(
        compute="_compute_sync_status",
        help="The latest run of each kind and its open issues, for the Actions tab.",
        export_string_translation=False,
    )
    open_issue_count = fields.Integer("Open Issues", compute="_compute_sync_status")
    failed_run_count = fields.Integer(
        "Failed Sync Runs",
        compute="_compute_overview_failures",
        help="Kinds of sync runs of which the latest run failed.",
    )

    # Overview
    checklist = fields.Json(
        compute="_compute_checklist",
        help="The steps of the setup: name, state (done, todo or warning), text and fix of each.",
        export_string_translation=False,
    )
    overview = fields.Json(
        compute="_compute_overview",
        help="Orders and revenue by day and channel, for the first page of the app.",
        export_string_translation=False,
    )
    overview_facts = fields.Json(
        compute="_compute_overview_facts",
        help="Sold out products, the time until orders are closed, the calls left, and the next "
        "run of each kind.",
        export_string_translation=False,
    )
    orders_to_act_count = fields.Integer("Orders to Act On", compute="_compute_orders_to_act_count")
    oversold_count = fields.Integer(
        "Oversold Orders",
        compute="_compute_overview",
        help="Open orders that took more of a product than there was.",
    )
    stuck_count = fields.Integer(
        "Stuck Orders",
        compute="_compute_overview",
        help="Orders with a line that needs a product, or whose stock is blocked.",
    )
    difference_count = fields.Integer(
        "Differences to Decide",
        compute="_compute_overview_facts",
        help="Stock levels in Octopus that differ from those of Odoo and wait for a decision.",
    )
    untold_count = fields.Integer(
        "Orders Not Sent to Octopus",
        compute="_compute_overview_failures",
        help="Orders whose status could not be sent to Octopus.",
    )
    order_check_problem_count = fields.Integer(
        "Order Checks With Issues",
        compute="_compute_overview_failures",
        help="Days whose orders differ from those in Octopus, or could not be compared.",
    )

    # === CONSTRAINTS === #

    _merchant_uniq = models.UniqueIndex(
        "(company_id, base_url, lower(merchant_name)) WHERE active",
        "This merchant is already connected to a store of the company.",
    )
    _webhook_token_uniq = models.Constraint("UNIQUE(webhook_token)", "Webhook tokens are unique.")
    # A negative buffer would offer stock that does not exist.
    _stock_buffer_positive = models.Constraint(
        "CHECK(stock_buffer >= 0)", "The safety stock cannot be less than 0."
    )
    _stock_cap_positive = models.Constraint(
        "CHECK(stock_cap >= 0)", "Show at Most cannot be less than 0; 0 means no limit."
    )

    @api.constrains("base_url")
    def _check_base_url(self):
        for account in self:
            if not _is_safe_address(account.base_url):
                raise ValidationError(self.env._("The Octopus address must begin with https://."))

    # === COMPUTE METHODS === #

    @api.depends("webhook_token")
    def _compute_webhook_url(self):
        root = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        for account in self:
            token = account.webhook_token
            account.webhook_url = token and f"{root}/octopus/webhook/{token}"

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
                    "problems": counts.get((account.id, run.kind), 0),
                }
                for run in by_account.get(account, runs.browse())
            }
            account.open_issue_count = sum(
                count for (account_id, _kind), count in counts.items() if account_id == account.id
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override: check the right to set the address, and keep secrets out of log files.

        The order of the steps matters:

        1. Strip blanks from what was pasted.
        2. Insert the records without the secret.
        3. Check the right to set the address. A default value, which every user can set for
           himself, may have set it, so it is known only now.
        4. Store the secret in a statement of its own (see `write`).
        """
        vals_list = [self._without_blanks(vals) for vals in vals_list]
        access_ids = [vals.pop("access_id", None) for vals in vals_list]
        accounts = super().create(vals_list)
        if any(account.base_url != DEFAULT_BASE_URL for account in accounts):
            self._check_may_set_base_url()
        for account, access_id in zip(accounts, access_ids, strict=True):
            if access_id:
                account.access_id = access_id
        return accounts

    def write(self, vals):
        """Override: follow a change with everything that depends on it.

        The order of the steps matters:

        1. Strip blanks from what was pasted, so that the next steps compare the stored values.
        2. Check the right to set the address.
        3. Keep the merchant of each account, to compare it after the write.
        4. Write everything except the secret.
        5. Write the secret in a statement of its own that cannot fail: Odoo and PostgreSQL log
           statements that fail, with their values.
        6. Clear the caches that hold values of the account.
        7. Reset the catalog of an account that belongs to another merchant now.
        8. Enqueue the stock of all locations when the rules for the numbers changed. This is last
           because a reset switches the automatic sending off.
        """
        vals = self._without_blanks(vals)
        if "base_url" in vals and any(account.base_url != vals["base_url"] for account in self):
            self._check_may_set_base_url()
        merchants = {account: account._merchant() for account in self}
        access_id = vals.pop("access_id") if vals.get("access_id") else None
        result = super().write(vals)
        if access_id:
            self._lock_for_secret()
            result = super().write({"access_id": access_id})
            self.flush_recordset()
        self._clear_caches_of(vals)
        for account, merchant in merchants.items():
            if merchant[0] and merchant != account._merchant():
                account._forget_catalog()
        self._enqueue_stock_of_rules(vals)
        return result

    def unlink(self):
        """Override: clear the caches that hold the ids of accounts."""
        result = super().unlink()
        clear_caches(self.env)
        return result

    @api.model
    def _without_blanks(self, vals):
        # Pasted credentials carry blanks at their ends more often than not.
        pasted = {
            name: vals[name].strip()
            for name in ("merchant_name", "access_id", "base_url")
            if vals.get(name)
        }
        return {**vals, **pasted}

    @api.model
    def _check_may_set_base_url(self):
        # The server calls this address with the merchant's secret: a user who may choose it can
        # make the server call any host that it can reach.
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(
                self.env._("Only a system administrator may change the Octopus address.")
            )

    def _merchant(self):
        return (self.merchant_name, self.base_url)

    def _lock_for_secret(self):
        """Make sure that the next statement cannot fail.

        Store what makes an account unique first, and wait for other transactions that change the
        accounts.
        """
        self.flush_recordset()
        self.env.execute_query(
            SQL("SELECT id FROM octopus_account WHERE id IN %s FOR NO KEY UPDATE", self._ids)
        )

    def _clear_caches_of(self, vals):
        """Clear the caches that hold one of these fields: webhook tokens, mapped locations."""
        if "webhook_token" in vals:
            self.flush_recordset(["webhook_token"])
        if not {"webhook_token", "active", "state", "stock_basis"}.isdisjoint(vals):
            clear_caches(self.env)

    def _enqueue_stock_of_rules(self, vals):
        """Have the stock of all locations sent again when one of its rules was written."""
        # A stock run sends all levels itself. Users may set the context too.
        is_run = self.env.su and self.env.context.get("octopus_run")
        if not (STOCK_RULES.isdisjoint(vals) or is_run):
            sending = self.filtered("auto_stock_sync").sudo()
            self.env["octopus.stock.event"].sudo()._enqueue_locations(sending.location_ids)

    def _default_user_id(self):
        """Return the user who subscribes the store, unless that is Odoo itself or a portal user."""
        user = self.env.user
        return user if user.active and not user.share else user.browse()

    # === ACTION METHODS === #

    def action_subscribe(self):
        """Subscribe the store: from now on it can be connected."""
        self.filtered(lambda account: account.state == "unsubscribed").state = "subscribed"
        return True

    def action_unsubscribe(self):
        """Stop everything that goes to or comes from Octopus; the history stays."""
        self.run_ids._stop_open()
        self.write({"state": "unsubscribed", "state_message": False, "auto_stock_sync": False})
        return True

    def action_sync_categories(self):
        """Send new and changed categories, and nothing else."""
        return self._queue_run("categories")

    def action_sync_products(self):
        """Send new and changed products with their images, and nothing else."""
        return self._queue_run("products")

    def action_sync_stocks(self):
        """Send the stock of all mapped locations; later changes are sent automatically."""
        self.ensure_one()
        if not self.location_ids.filtered("warehouse_id"):
            raise UserError(
                self.env._("Choose a warehouse for at least one Octopus location first.")
            )
        return self._queue_run("stock")

    def action_fetch_orders(self):
        """Fetch new and changed orders from Octopus now."""
        return self._queue_run("orders")

    def action_check_stock(self):
        """Compare the stock levels in Octopus with those of Odoo."""
        return self._queue_run("stock_check")

    def action_check_drift(self):
        """Compare stock levels; the name of `action_check_stock` before 19.0.2.0.0."""
        return self.action_check_stock()

    def action_open_settings(self):
        """Open the settings page of this integration."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Octopus Settings"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_subscribe(self):
        """Open the terms and the last questions before the store is subscribed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "linga_octopus.octopus_subscribe_action"
        )
        return action | {"context": {"default_account_id": self.id}}

    def action_open_issues(self):
        """List the open issues, of one kind of run when the context names it."""
        action = self._action_of_account("linga_octopus.octopus_sync_issue_action")
        action["context"] = {"search_default_open": 1, "search_default_errors": 1}
        if kind := self.env.context.get("octopus_run_kind"):
            action["domain"].append(("kind", "=", kind))
        return action

    def action_open_runs(self):
        """List the sync runs of this account."""
        return self._action_of_account("linga_octopus.octopus_sync_run_action")

    # === BUSINESS METHODS === #

    def _queue_run(self, kind):
        """Queue a run of `kind` and wake its worker; an unfinished run is not doubled."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("connected", "error"):
            raise UserError(
                self.env._("Connect the store first: enter the credentials, then Save & Test.")
            )
        run = self.env["octopus.sync.run"]._queue(self, kind)
        label = dict(run._fields["kind"]._description_selection(self.env))[kind]
        return self._notification("info", self.env._("%(kind)s: the sync has started.", kind=label))

    def _agree_on_time(self, clock_skew):
        """Move `orders_since` to the clock of Octopus, whose times it is compared with.

        :param timedelta clock_skew: how far the clock of Octopus is ahead of Odoo's
        """
        is_chosen = abs(self.orders_since - self.create_date) > timedelta(minutes=1)
        if clock_skew and not (is_chosen or self.shop_name or self.order_watermark):
            self.orders_since += clock_skew

    def _action_of_account(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {}
        return action

    @api.model
    def _notification(self, kind, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


def _is_safe_address(url):
    """Tell whether the secret may be sent there: encrypted, or inside this machine (sandbox)."""
    try:
        address = urlsplit(url)
    except ValueError:  # such as an open bracket
        return False
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)
