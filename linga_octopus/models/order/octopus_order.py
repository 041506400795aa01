from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MANAGER = "linga_octopus.group_octopus_manager"

STATUSES = [
    ("take_action", "Take Action"),
    ("cancelled", "Cancelled"),
    ("completed", "Completed"),
]
# What a status may become. Cancelled is final: its stock is back on the shelf.
NEXT_STATUSES = {
    "take_action": ("completed", "cancelled"),
    "completed": ("take_action", "cancelled"),
    "cancelled": (),
}
# Everything else about an order is Octopus's, and written by the workers only.
USER_FIELDS = {"status"}


class OctopusOrder(models.Model):
    """An online order: what a customer bought on any channel behind Octopus.

    The record and its status rules are here. How an order gets in, what it does to the stock,
    and what Octopus is told are in the files `octopus_order_*.py` beside this one.
    """

    _name = "octopus.order"
    _description = "Online Order"
    _inherit = ["mail.thread"]
    _rec_name = "aggregator_order_no"
    _rec_names_search = ["aggregator_order_no", "third_party_order_no", "customer_name"]
    _order = "transaction_time desc, id desc"

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)

    # === THE SEVEN COLUMNS === #
    third_party_name = fields.Char(readonly=True)
    third_party_order_no = fields.Char("Third Party Order No.", readonly=True, index="trigram")
    aggregator_order_no = fields.Char(
        "Aggregator Order No.", required=True, readonly=True, index="trigram"
    )
    transaction_time = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    customer_name = fields.Char("Customer", readonly=True, index="trigram")
    check_total = fields.Monetary(readonly=True, index=True, tracking=True)
    status = fields.Selection(
        STATUSES, default="take_action", required=True, tracking=True, copy=False
    )

    # === CUSTOMER === #
    partner_id = fields.Many2one(
        "res.partner", "Contact", readonly=True, check_company=True, index="btree_not_null"
    )
    customer_ref = fields.Char(readonly=True, export_string_translation=False)
    email = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    billing_address = fields.Text(readonly=True)
    shipping_address = fields.Text(readonly=True, tracking=True)

    # === MONEY === #
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_subtotal = fields.Monetary("Goods", readonly=True, help="Before any discount.")
    amount_discount = fields.Monetary("Discounts", readonly=True)
    amount_shipping = fields.Monetary("Shipping", readonly=True)
    amount_tax = fields.Monetary("Tax", readonly=True)
    amount_tip = fields.Monetary("Tip", readonly=True)
    amount_difference = fields.Monetary(
        "Not Explained",
        readonly=True,
        help="The check total that Octopus states, less what the amounts above add up to.",
    )
    taxes_included = fields.Boolean("Prices Include Tax", readonly=True)
    is_tax_paid_by_channel = fields.Boolean(
        "Tax Paid by the Channel",
        readonly=True,
        help="Amazon, Walmart and eBay pay the tax themselves: it is no part of the check total.",
    )
    financial_status = fields.Char("Payment", readonly=True, tracking=True)
    payment_method = fields.Char(readonly=True)

    # === FULFILMENT === #
    fulfilment = fields.Selection(
        [("pickup", "Pickup"), ("delivery", "Delivery")], "Handed Over By", readonly=True
    )
    # Else an order without an address is a pickup only until it has one.
    is_pickup_chosen = fields.Boolean(readonly=True, export_string_translation=False)
    location_id = fields.Many2one("octopus.location", "Octopus Location", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, check_company=True)
    note = fields.Text("Customer's Note", readonly=True, tracking=True)
    tags = fields.Char(readonly=True)
    is_test = fields.Boolean("Test Order", readonly=True)

    # === LINES AND STOCK === #
    line_ids = fields.One2many("octopus.order.line", "order_id", "Lines", readonly=True)
    needs_mapping = fields.Boolean(
        readonly=True,
        help="A line is for something that is not known here. Choose its product on the line.",
    )
    picking_ids = fields.One2many("stock.picking", "octopus_order_id", "Transfers", readonly=True)
    stock_state = fields.Selection(
        [
            ("waiting", "To Deduct"),
            ("deducted", "Deducted"),
            ("partial", "Partly Deducted"),
            ("blocked", "Blocked"),
            ("restored", "Given Back"),
            ("none", "Nothing to Deduct"),
        ],
        "Stock",
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        help="What the order has done to the stock:\n"
        "To Deduct: the worker is about to take the goods off the stock.\n"
        "Deducted: the goods are off the stock.\n"
        "Partly Deducted: lines that need a product are not deducted yet.\n"
        "Blocked: the goods could not be moved; the message says why.\n"
        "Given Back: the order was cancelled and its goods are on the stock again.\n"
        "Nothing to Deduct: no goods, or cancelled before they were taken.",
    )
    is_return_due = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The channel cancelled the order or refunded goods: the worker is about to give "
        "back what that says.",
    )
    stock_message = fields.Text("Stock Problem", readonly=True, copy=False)
    is_alert_due = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="A new order that the followers of the store have not been notified of.",
    )
    is_oversold = fields.Boolean(
        "Oversold", readonly=True, help="The order took more of a product than there was."
    )

    # === WHAT OCTOPUS KNOWS === #
    push_status = fields.Selection(
        [
            ("pending", "To Tell"),
            ("synced", "Told"),
            ("tag_only", "Told by Tag Only"),
            ("failed", "Failed"),
        ],
        "Octopus Knows",
        readonly=True,
        copy=False,
        help="Whether Octopus was told that the order is completed or cancelled.",
    )
    channel_notice = fields.Text(
        "Notice",
        readonly=True,
        copy=False,
        help="What the channel changed and is not followed here, and what Octopus could not "
        "be told.",
    )

    refund_ids = fields.One2many("octopus.order.refund", "order_id", "Refunds", readonly=True)

    # === HISTORY === #
    received_at = fields.Datetime("Received", readonly=True, default=fields.Datetime.now)
    deducted_at = fields.Datetime("Stock Deducted", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    octopus_updated_at = fields.Datetime(
        "Changed in Octopus", readonly=True, export_string_translation=False
    )
    # Text, not Json: kept exactly as it came, and never loaded with the list.
    payload = fields.Text(
        "As Received",
        readonly=True,
        copy=False,
        prefetch=False,
        groups=MANAGER,
        help="The order as Octopus sent it, for support.",
    )

    _ref_uniq = models.UniqueIndex(
        "(account_id, aggregator_order_no)", "This order has already been received."
    )
    # Tills ask at every sign of life for the latest order of their stores.
    _latest_idx = models.Index("(account_id, id DESC)")
    _customer_idx = models.Index("(account_id, customer_ref) WHERE partner_id IS NOT NULL")
    _list_idx = models.Index("(company_id, transaction_time DESC, id DESC)")
    _all_companies_idx = models.Index("(transaction_time DESC, id DESC)")
    _open_idx = models.Index(
        "(company_id, transaction_time DESC, id DESC) WHERE status = 'take_action'"
    )
    # Word for word what the worker asks, or PostgreSQL does not see that it fits.
    _waiting_idx = models.Index("(id) WHERE stock_state = 'waiting' OR is_return_due IS TRUE")
    _blocked_idx = models.Index("(account_id) WHERE stock_state = 'blocked'")
    _unmapped_idx = models.Index("(account_id) WHERE needs_mapping IS TRUE")
    _alert_due_idx = models.Index("(account_id) WHERE is_alert_due IS TRUE")
    _to_tell_idx = models.Index("(id) WHERE push_status = 'pending'")

    # === COMPUTE METHODS === #

    @api.depends("third_party_name", "third_party_order_no", "aggregator_order_no")
    def _compute_display_name(self):
        for order in self:
            number = order.third_party_order_no or order.aggregator_order_no
            order.display_name = f"{order.third_party_name or ''} {number or ''}".strip()

    # === CRUD === #

    def write(self, vals):
        """Override: whatever way in, people change the status of an order and nothing else."""
        if not (self.env.su or USER_FIELDS.issuperset(vals)):
            raise AccessError(
                self.env._(
                    "Only the status of an online order can be changed: the rest is Octopus's. An "
                    "order is cancelled as a whole, never in part."
                )
            )
        if "status" not in vals:
            return super().write(vals)
        self._lock()
        changing = self.filtered(lambda order: order.status != vals["status"])
        changing._check_next_status(vals["status"])
        result = super().write(vals)
        # What follows is not the user's to decide: transfers, times, what Octopus is told.
        # Only workers may write the channel's state: those that have the status from Octopus.
        is_news = vals.get("push_status") == "synced"
        changing.sudo()._status_changed(vals["status"], is_news=is_news)
        return result

    def _lock(self):
        """Make concurrent changes of these orders wait for each other.

        Whoever comes second starts again (Odoo repeats requests that PostgreSQL cannot
        serialize), and then sees what the first one did.
        """
        if self:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM octopus_order WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                    self._ids,
                )
            )

    def _check_next_status(self, status):
        for order in self:
            # What is no status at all is refused by the field itself.
            if status in NEXT_STATUSES and status not in NEXT_STATUSES[order.status]:
                raise UserError(
                    self.env._(
                        "Online order %(order)s is cancelled and its stock is given back. That "
                        "is final: ask the customer to order again.",
                        order=order.display_name,
                    )
                )

    def _status_changed(self, status, *, is_news):
        """Do what follows from the new status; `self` is sudoed.

        :param is_news: whether the status comes from Octopus, which need not be told of it
        """
        self.closed_at = False if status == "take_action" else fields.Datetime.now()
        if status == "cancelled":
            self._restore_or_leave_to_worker(is_news=is_news)
        if not is_news:
            self._tell_octopus()
