from odoo import api, fields, models
from odoo.exceptions import UserError


class OctopusAccount(models.Model):
    """A store's subscription to Octopus: one merchant of Octopus, one company of ours."""

    _name = "octopus.account"
    _description = "Octopus Store"
    _inherit = ["octopus.company.guard", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "name, id"

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

    # === WHAT IS CONNECTED === #
    location_ids = fields.One2many("octopus.location", "account_id", "Locations")
    pos_config_ids = fields.Many2many(
        "pos.config",
        string="Points of Sale",
        check_company=True,
        help="The tills that show this account's online orders.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        help="Prices sent to Octopus. Empty: the sales price of the product.",
    )

    # === STOCK === #
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
        help="This many are kept back from every product: Octopus is told that many fewer.",
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
        help="Switched on by the first Sync Stocks: from then on every change goes out by itself.",
    )

    # === LAST PASSES === #
    run_ids = fields.One2many("octopus.sync.run", "account_id", "Passes")
    last_categories_sync = fields.Datetime("Last Category Sync", readonly=True, copy=False)
    last_products_sync = fields.Datetime("Last Product Sync", readonly=True, copy=False)
    last_stock_sync = fields.Datetime(readonly=True, copy=False)
    last_orders_sync = fields.Datetime("Last Order Check", readonly=True, copy=False)

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
        """Send new and changed products with their pictures, and nothing else."""
        return self._queue_run("products")

    def action_sync_stocks(self):
        """Send the stock of all mapped locations, and every later change by itself."""
        self.ensure_one()
        if not self.location_ids.filtered("warehouse_id"):
            raise UserError(
                self.env._("Choose a warehouse for at least one Octopus location first.")
            )
        return self._queue_run("stock")

    def action_fetch_orders(self):
        """Ask Octopus for new and changed orders now."""
        return self._queue_run("orders")

    def action_check_stock(self):
        """Compare the stock levels in Octopus with ours."""
        return self._queue_run("stock_check")

    def action_check_drift(self):
        """Compare stock levels; the name of `action_check_stock` before 19.0.2.0.0."""
        return self.action_check_stock()

    # === BUSINESS METHODS === #

    def _queue_run(self, kind):
        """Queue a pass of `kind` and wake its worker; an unfinished one is not doubled."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("connected", "error"):
            raise UserError(
                self.env._("Connect the store first: enter the credentials, then Save & Test.")
            )
        run = self.env["octopus.sync.run"]._queue(self, kind)
        label = dict(run._fields["kind"]._description_selection(self.env))[kind]
        return self._notification(
            "info", self.env._("%(kind)s: the pass is on its way.", kind=label)
        )

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
