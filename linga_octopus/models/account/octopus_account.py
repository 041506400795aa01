import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, ormcache

from ...const import MANAGER
from ...lib.octopus_api import DEFAULT_BASE_URL
from ...orm import clear_caches, lock_rows
from ..mixins.notices import NoticeText
from . import connection


class OctopusAccount(models.Model):
    """A store's subscription to Octopus: one merchant of Octopus, one company in Odoo.

    The methods that reach into other rooms stand in `monitoring/octopus_account.py`.
    """

    _name = "octopus.account"
    _description = "Octopus Store"
    _inherit = [
        *("octopus.company.guard", "mail.thread", "mail.activity.mixin"),
        *("octopus.account.overview", "octopus.account.figures", "octopus.internal.fields"),
        *("octopus.handover", "octopus.account.catalog"),
    ]
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
    state_message = NoticeText("Connection Problem", readonly=True, copy=False)

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
        help="To be registered for order events in Octopus. Keep it secret: it holds a token.",
    )
    webhook_seen_at = fields.Datetime(
        "Last Webhook", readonly=True, copy=False, help="To some minutes."
    )

    # The shop in Octopus
    shop_name = fields.Char(readonly=True, copy=False)
    shop_currency = fields.Char(readonly=True, copy=False)
    shop_timezone = fields.Char(readonly=True, copy=False)
    shop_weight_unit = fields.Char(readonly=True, copy=False)
    shop_taxes_included = fields.Boolean("Shop Prices Include Tax", readonly=True, copy=False)

    # Records that belong to the store
    location_ids = fields.One2many("octopus.location", "account_id", "Locations")
    channel_ids = fields.One2many("octopus.channel", "account_id", "Channels")
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
        help="Every few minutes. Otherwise changes are sent when a user presses a Sync button.",
    )
    # The products that Octopus had at the first contact were matched with those of Odoo.
    is_catalog_matched = fields.Boolean(readonly=True, copy=False, export_string_translation=False)
    # Stands for everything that all products depend on, as of the last finished run.
    catalog_signature = fields.Char(readonly=True, copy=False, export_string_translation=False)

    # Stock
    stock_basis = fields.Selection(
        [("free", "Available"), ("on_hand", "On Hand"), ("forecast", "Forecast")],
        "Quantity to Publish",
        default="free",
        required=True,
        help="Available leaves out what is reserved, Forecast adds what is on its way.",
    )
    stock_buffer = fields.Float(
        "Safety Stock",
        digits="Product Unit",
        help="Kept back from every product: Octopus gets a number that is smaller by it.",
    )
    stock_cap = fields.Integer(
        "Maximum Published Quantity", help="Octopus never gets a higher number. 0: no limit."
    )
    oversell_policy = fields.Selection(
        [("continue", "Allow Backorders"), ("deny", "Stop Selling")],
        "Out of Stock",
        default="continue",
        required=True,
        help="What the channels do when the quantity reaches zero.",
    )
    auto_stock_sync = fields.Boolean(
        "Send Stock Changes Automatically",
        copy=False,
        help="Every change is sent within seconds. The first Sync Stocks switches it on.",
    )
    difference_policy = fields.Selection(
        [("heal", "Overwrite Octopus"), ("look", "Review First")],
        "On Stock Mismatch",
        default="heal",
        required=True,
        help="What the nightly check does with stock levels that differ from those of Odoo.",
    )
    stock_message = NoticeText("Stock Issue", readonly=True, copy=False)
    stock_resume_at = fields.Datetime("Stock Resumes At", readonly=True, copy=False)
    stock_attempts = fields.Integer(
        readonly=True, copy=False, help="Tries in a row without an answer from Octopus."
    )
    stock_snapshot_at = fields.Datetime(
        "Dry Run", readonly=True, copy=False, help="When the stock levels of Octopus were saved."
    )
    # Orders
    contact_policy = fields.Selection(
        [
            ("none", "Do Not Link"),
            ("match", "Link Existing"),
            ("create", "Link or Create"),
        ],
        "Customer Matching",
        default="match",
        required=True,
        help="Contacts are found by the channel's customer number, the e-mail or the phone.",
    )
    orders_since = fields.Datetime(
        "Import Orders Placed After",
        default=fields.Datetime.now,
        required=True,
        copy=False,
        help="Orders placed earlier are not imported. When one of them changes, it is shown "
        "here, but its goods are not taken from the stock.",
    )
    order_watermark = fields.Datetime(
        "Orders Imported Until",
        readonly=True,
        copy=False,
        help="Everything that changed in Octopus before this moment has been imported.",
    )
    order_page = fields.Char(
        "Order Page in Octopus",
        help="The address of the page where Octopus shows an order, with {id} in the place of the "
        "number, such as https://example.com/orders/{id}. Online orders then have a link to it.",
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
        help="The orders and totals of the day before are compared with those in Octopus.",
    )
    # The latest order when a user last opened the list in a Point of Sale: only newer ones ring.
    seen_order_id = fields.Integer(readonly=True, copy=False, export_string_translation=False)

    # Staff alerts
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        # Nobody when Odoo itself or a portal user subscribes the store.
        default=lambda self: self.env.user.filtered(lambda user: user.active and not user.share),
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Gets an activity on the store for as long as action is required.",
    )
    # Keys of the problems that the followers were notified of and that still last.
    reported_problems = fields.Json(
        readonly=True, copy=False, prefetch=False, export_string_translation=False
    )
    # The last alert of new orders.
    order_alert_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)

    # Sync runs
    last_categories_sync = fields.Datetime("Last Category Sync", readonly=True, copy=False)
    last_products_sync = fields.Datetime("Last Product Sync", readonly=True, copy=False)
    last_stock_sync = fields.Datetime(readonly=True, copy=False)
    last_orders_sync = fields.Datetime("Last Order Import", readonly=True, copy=False)

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
        "CHECK(stock_cap >= 0)",
        "The maximum published quantity cannot be less than 0; 0 means no limit.",
    )

    @api.constrains("order_page")
    def _check_order_page(self):
        for page in filter(None, self.mapped("order_page")):
            if not page.startswith("https://") or "{id}" not in page:
                raise ValidationError(
                    self.env._(
                        "The order page in Octopus must begin with https:// and contain {id}, "
                        "which stands for the number of the order."
                    )
                )

    @api.constrains("base_url")
    def _check_base_url(self):
        if not all(connection.is_safe_address(account.base_url) for account in self):
            raise ValidationError(self.env._("The Octopus address must begin with https://."))

    # === COMPUTE METHODS === #

    @api.depends("webhook_token")
    def _compute_webhook_url(self):
        root = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        for account in self:
            token = account.webhook_token
            account.webhook_url = token and f"{root}/octopus/webhook/{token}"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override: check the right to set the address, which a user's default value may have set,
        and store the secret in a statement of its own (see `write`)."""
        vals_list = [connection.strip_blanks(vals) for vals in vals_list]
        access_ids = [vals.pop("access_id", None) for vals in vals_list]
        accounts = super().create(vals_list)
        if any(account.base_url != DEFAULT_BASE_URL for account in accounts):
            connection.check_may_set_address(self.env)
        for account, access_id in zip(accounts, access_ids, strict=True):
            if access_id:
                account.access_id = access_id
        return accounts

    def write(self, vals):
        """Override: follow a change with everything that depends on it.

        The order of the steps matters:

        1. Strip blanks from what was pasted, so that the next steps compare the stored values.
        2. Check the right to set the address, and that another shop is meant.
        3. Keep the accounts that become another shop.
        4. Lock the accounts: workers, webhooks and users write to them at the same moment.
        5. Write everything except the secret.
        6. Write the secret in a statement of its own that cannot fail: Odoo and PostgreSQL log
           statements that fail, with their values. What makes an account unique is stored before.
        7. Clear the caches that hold values of the account.
        8. Reset the catalog of an account that belongs to another merchant now.
        9. Enqueue the stock of all locations when the rules for the numbers changed. This is last
           because a reset switches the automatic sending off.
        """
        others = self.browse()
        if not connection.CREDENTIALS.isdisjoint(vals):
            vals = connection.strip_blanks(vals)
            if "base_url" in vals and any(account.base_url != vals["base_url"] for account in self):
                connection.check_may_set_address(self.env)
            connection.check_another_shop(self, vals)
            others = self.filtered(lambda account: connection.is_another_shop(account, vals))
        access_id = vals.pop("access_id") if vals.get("access_id") else None
        lock_rows(self)
        result = super().write(vals)
        if access_id:
            self.flush_recordset()
            result = super().write({"access_id": access_id})
            self.flush_recordset()
        self._clear_caches_of(vals)
        for account in others:
            account._reset_catalog()
        self._enqueue_stock_of_rules(vals)
        return result

    def unlink(self):
        """Override: clear the caches that hold the ids of accounts."""
        result = super().unlink()
        clear_caches(self.env)
        return result

    def _clear_caches_of(self, vals):
        """Clear the caches that hold one of these fields: webhook tokens, mapped locations."""
        if "webhook_token" in vals:
            self.flush_recordset(["webhook_token"])
        if not {"webhook_token", "active", "state", "stock_basis"}.isdisjoint(vals):
            clear_caches(self.env)

    # === ACTION METHODS === #

    def action_subscribe(self):
        """Subscribe the store: from now on it can be connected."""
        self.filtered(lambda account: account.state == "unsubscribed").state = "subscribed"
        return True

    def action_test_connection(self):
        """Ask Octopus for the shop and its locations with the stored credentials.

        :raise UserError: says in one sentence why the connection does not work
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "unsubscribed":
            raise UserError(self.env._("Subscribe the store to Octopus first."))
        connection.connect(self)
        return self._notification(
            "success",
            self.env._("Connected to %(shop)s.", shop=self.shop_name or self.merchant_name),
        )

    def action_renew_webhook_token(self):
        """Make a new webhook URL; the old one stops working at once."""
        self.check_access("write")
        for account in self:
            account.sudo().webhook_token = secrets.token_urlsafe(32)
        return True

    def action_unsubscribe(self):
        """Stop everything that goes to or comes from Octopus; the history stays."""
        self.run_ids._stop_open()
        self.write({"state": "unsubscribed", "state_message": False, "auto_stock_sync": False})
        return True

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

    def action_open_unsubscribe(self):
        """Ask what happens to the stock in the channels before the store is unsubscribed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "linga_octopus.octopus_unsubscribe_action"
        )
        return action | {"context": {"default_account_id": self.id}}

    # === BUSINESS METHODS === #

    def _get_client(self):
        """Return a client for this account.

        :raise UserError: a credential is missing
        """
        return connection.open_client(self, {})

    def _explain_error(self, error):
        """Return one plain sentence: what is wrong with the connection, and what to do next."""
        return connection.explain_error(self.ensure_one(), error)

    def _set_connection_error(self, error):
        """Save that Octopus refuses the credentials; the next call that it answers clears it."""
        self.write({"state": "error", "state_message": self._explain_error(error)})

    def _of_webhook(self, token):
        """Return the account with this webhook token, even an archived one, or none."""
        try:
            return self.browse(self._id_of_webhook(token))
        except LookupError:
            return self.browse()

    @ormcache("token")
    def _id_of_webhook(self, token):
        """Return the id of the account with this token; cached, because every order asks.

        :raise LookupError: no account has this token; guesses are not cached
        """
        # The statement holds the secret, and Odoo logs statements that fail.
        self.env.cr.execute(
            SQL("SELECT id FROM octopus_account WHERE webhook_token = %s", token),
            log_exceptions=False,
        )
        found = self.env.cr.fetchone()
        if not found:
            raise LookupError
        return found[0]

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
