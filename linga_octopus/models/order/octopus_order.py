from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...const import DEDUCT_CRON, FULFILLMENTS, MANAGER, PUSH_STATUS_CRON
from ...orm import lock_rows
from ..mixins.notices import stored
from . import fetch, search
from .intake import OrderIntake, delete_old_payloads
from .notices import (
    compute_channel_notice,
    compute_stock_message,
    compute_unread_notice,
    notices_without,
    sentence,
)
from .octopus_status_push import TO_PUSH
from .restocking import has_goods_out, leave_to_worker, restock_cancelled, returns_ended
from .screens import SHOWN_FIELDS, board_columns, notify_screens, payment_labels
from .status_rules import check_next_status, check_seen_status
from .stock_deduction import StockDeduction

STATUSES = [
    ("take_action", "Take Action"),
    ("completed", "Completed"),
    ("cancelled", "Cancelled"),
]
# Everything else about an order belongs to Octopus, and is written by the workers only.
# A reason comes with the status.
USER_FIELDS = {"status", "cancel_reason"}
OF_LINES = {"compute": "_compute_line_flags", "export_string_translation": False}


class OctopusOrder(models.Model):
    """An online order: what a customer bought on any channel behind Octopus.

    Its fields, its status rules and its buttons are here. The engines beside this file work on
    it: `intake` stores it, `stock_deduction` and `restocking` move its goods.
    """

    _name = "octopus.order"
    _description = "Online Order"
    _inherit = [
        *("mail.thread", "octopus.queue", "octopus.internal.fields"),
        *("octopus.order.placed", "octopus.order.amounts", "octopus.order.display"),
        "octopus.status.push",
    ]
    _rec_name = "aggregator_order_no"
    _rec_names_search = [
        *("aggregator_order_no", "third_party_order_no", "other_numbers", "customer_name"),
    ]
    _order = "transaction_time desc, id desc"

    _queues = {
        DEDUCT_CRON: "(stock_state = 'waiting' OR is_return_due IS TRUE)",
        PUSH_STATUS_CRON: TO_PUSH,
    }

    # === FIELDS === #

    # The columns of the list, with those of `octopus.order.placed`
    customer_name = fields.Char("Customer", readonly=True, index="trigram")
    check_total = fields.Monetary(readonly=True, index=True, tracking=True)
    status = fields.Selection(
        STATUSES,
        default="take_action",
        required=True,
        tracking=True,
        copy=False,
        # The kanban view shows all three columns, even without an order.
        group_expand=True,
    )

    # Customer
    partner_id = fields.Many2one(
        "res.partner", "Contact", readonly=True, check_company=True, index="btree_not_null"
    )
    customer_ref = fields.Char(readonly=True, export_string_translation=False)
    # The parts of the address for a new contact: see `contact_address`.
    customer_address = fields.Json(readonly=True, copy=False, export_string_translation=False)
    email = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    billing_address = fields.Text(readonly=True)
    shipping_address = fields.Text("Delivery Address", readonly=True, tracking=True)

    # Payment; the amounts are those of `octopus.order.amounts`.
    financial_status = fields.Char("Payment", readonly=True, tracking=True)
    payment_status = fields.Char(
        compute="_compute_payment_status", help="What the channel says of the payment."
    )
    payment_method = fields.Char(readonly=True)

    # Fulfillment
    fulfillment = fields.Selection(FULFILLMENTS, readonly=True)
    # An order without an address is a pickup too, but only until it has one.
    is_pickup_chosen = fields.Boolean(readonly=True, export_string_translation=False)
    location_id = fields.Many2one("octopus.location", "Octopus Location", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, check_company=True)
    note = fields.Text("Customer's Note", readonly=True, tracking=True)
    tags = fields.Char(readonly=True)
    is_test = fields.Boolean(
        "Test Order",
        readonly=True,
        help="Placed to try out the channel: it counts nowhere, and takes no goods unless the "
        "channel says so.",
    )

    # Lines and stock
    line_ids = fields.One2many("octopus.order.line", "order_id", "Lines", readonly=True)
    needs_mapping = fields.Boolean(
        readonly=True,
        help="A product in this order is not in Odoo. Choose it on the line.",
    )
    picking_ids = fields.One2many("stock.picking", "octopus_order_id", "Transfers", readonly=True)
    delivery_count = fields.Integer("Deliveries", compute="_compute_picking_counts")
    return_count = fields.Integer("Returns", compute="_compute_picking_counts")
    has_suggestion = fields.Boolean(**OF_LINES)
    has_equal_products = fields.Boolean(**OF_LINES)
    has_unclear_set = fields.Boolean(**OF_LINES)
    has_properties = fields.Boolean(**OF_LINES)
    has_variants = fields.Boolean(**OF_LINES)
    stock_state = fields.Selection(
        [
            ("waiting", "To Deduct"),
            ("deducted", "Deducted"),
            ("partial", "Partly Deducted"),
            ("blocked", "Blocked"),
            ("restored", "Restocked"),
            ("none", "Nothing to Deduct"),
        ],
        "Stock",
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        help="What the order has done to the stock:\n"
        "To Deduct: the goods are about to be deducted from stock.\n"
        "Deducted: the goods are deducted from stock.\n"
        "Partly Deducted: lines that need a product are not deducted yet.\n"
        "Blocked: the goods could not be moved; the message says why.\n"
        "Restocked: the order was cancelled and its goods are in stock again.\n"
        "Nothing to Deduct: no goods, or cancelled before they were deducted.",
    )
    is_return_due = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The channel cancelled the order or refunded goods, which are about to be restocked.",
    )
    # The notice that says why the goods could not be moved: see `notices`.
    stock_issue = fields.Json(
        "Issue Code", readonly=True, copy=False, export_string_translation=False
    )
    stock_message = fields.Text("Stock Issue", compute=compute_stock_message)
    is_alert_due = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="A new order that the followers of the store have not been notified of.",
    )
    is_oversold = fields.Boolean(
        "Oversold", readonly=True, help="The order took more of a product than was in stock."
    )

    # What the channel did, and what could not be read
    # A list of [code, values]: `notices.py` has the sentences.
    notices = fields.Json(readonly=True, copy=False, export_string_translation=False)
    channel_notice = fields.Text(
        "Notice",
        compute=compute_channel_notice,
        help="Changes of the channel that were not applied, and what could not be sent to Octopus.",
    )
    # See `Order.unread`, and the amounts that are empty because of it.
    unread = fields.Json(readonly=True, copy=False, export_string_translation=False)
    unread_notice = fields.Text(
        "Not Read", compute=compute_unread_notice, help="Unknown values, each with its reason."
    )
    unknown_amounts = fields.Char(readonly=True, copy=False, export_string_translation=False)

    octopus_updated_at = fields.Datetime(
        "Changed in Octopus", readonly=True, export_string_translation=False
    )
    # Text and not Json: it stays exactly as it came. It is never loaded with the list.
    payload = fields.Text(
        "As Received",
        readonly=True,
        copy=False,
        prefetch=False,
        groups=MANAGER,
        help="The order as Octopus sent it, for support.",
    )

    # What was read from Octopus last; empty when somebody announced another update since.
    payload_digest = fields.Char(readonly=True, copy=False, export_string_translation=False)

    # For the search views
    product_id = fields.Many2one(related="line_ids.product_id", string="Product")
    search_text = fields.Char(
        "Order", store=False, search="_search_search_text", export_string_translation=False
    )
    search_channel = fields.Char(
        "Name of the Channel",
        store=False,
        search="_search_search_channel",
        export_string_translation=False,
    )
    search_time = fields.Char(
        "Time of Transaction",
        store=False,
        search="_search_search_time",
        export_string_translation=False,
    )

    # === CONSTRAINTS === #

    _ref_uniq = models.UniqueIndex(
        "(account_id, aggregator_order_no)", "This order has already been received."
    )
    # Points of sale ask again and again for the latest order of their stores.
    _latest_idx = models.Index("(account_id, id DESC)")
    _customer_idx = models.Index(
        "(account_id, customer_ref, third_party_name) WHERE partner_id IS NOT NULL"
    )
    _list_idx = models.Index("(company_id, transaction_time DESC, id DESC)")
    _channel_idx = models.Index("(channel_id, transaction_time DESC, id DESC)")
    _person_idx = models.Index(search.person_index)
    _all_companies_idx = models.Index("(transaction_time DESC, id DESC)")
    _open_idx = models.Index(
        "(company_id, transaction_time DESC, id DESC) WHERE status = 'take_action'"
    )
    # The condition is the worker's, word for word: otherwise PostgreSQL does not use the index.
    _waiting_idx = models.Index("(id) WHERE stock_state = 'waiting' OR is_return_due IS TRUE")
    _blocked_idx = models.Index("(account_id) WHERE stock_state = 'blocked'")
    _unmapped_idx = models.Index("(account_id) WHERE needs_mapping IS TRUE")
    _alert_due_idx = models.Index("(account_id) WHERE is_alert_due IS TRUE")
    _cancelled_idx = models.Index(
        "(company_id, transaction_time DESC, id DESC) WHERE status = 'cancelled'"
    )

    # === COMPUTE METHODS === #

    @api.depends("channel_id.name", "third_party_order_no", "aggregator_order_no")
    def _compute_display_name(self):
        for order in self:
            number = order.third_party_order_no or order.aggregator_order_no
            order.display_name = f"{order._channel_name()} {number or ''}".strip()

    @api.depends("financial_status")
    @api.depends_context("lang")
    def _compute_payment_status(self):
        labels = payment_labels(self.env)
        for order in self:
            status = order.financial_status
            order.payment_status = labels.get(status, status)

    @api.depends(
        *("line_ids.properties", "line_ids.variant_name", "line_ids.suggested_product_id"),
        "line_ids.is_set_unclear",
    )
    def _compute_line_flags(self):
        for order in self:
            order.has_unclear_set = any(order.line_ids.mapped("is_set_unclear"))
            order.has_properties = any(order.line_ids.mapped("properties"))
            order.has_variants = any(order.line_ids.mapped("variant_name"))
            order.has_suggestion = bool(order.line_ids.suggested_product_id)
            order.has_equal_products = bool(order.line_ids.equal_product_ids)

    @api.depends("picking_ids.return_id")
    def _compute_picking_counts(self):
        for order in self:
            order.return_count = len(order.picking_ids.filtered("return_id"))
            order.delivery_count = len(order.picking_ids) - order.return_count

    def _search_search_text(self, operator, value):
        return search.find(self, operator, value, search.search_box_domain)

    def _search_search_channel(self, operator, value):
        return search.find(self, operator, value, search.channel_domain)

    def _search_search_time(self, operator, value):
        return search.find(self, operator, value, search.transaction_time_domain)

    # === CRUD METHODS === #

    def write(self, vals):
        """Override: people change the status of an order and nothing else, by whatever way."""
        is_status = USER_FIELDS.issuperset(vals) and ("status" in vals or not vals)
        if not (self.env.su or is_status):
            raise AccessError(
                self.env._(
                    "Only the status of an online order can be changed: everything else comes "
                    "from Octopus. An order is cancelled as a whole, never in part."
                )
            )
        changing = self.browse()
        if "status" in vals:
            lock_rows(self)
            check_seen_status(self)
            changing = self.filtered(lambda order: order.status != vals["status"])
            check_next_status(changing, vals["status"])
        result = super().write(vals)
        if SHOWN_FIELDS & vals.keys():
            notify_screens(self)
        if changing:
            # The user decides about the status only, and need not have the rights for what
            # follows. A push status comes with the status that Octopus has already.
            is_from_octopus = vals.get("push_status") == "synced"
            changing.sudo()._status_changed(vals["status"], is_from_octopus=is_from_octopus)
        return result

    def _status_changed(self, status, *, is_from_octopus):
        """Do what follows from the new status; `self` is sudoed.

        :param is_from_octopus: whether Octopus has the status already
        """
        closed = status != "take_action"
        self.closed_at = closed and fields.Datetime.now()
        self.closed_by_id = closed and not is_from_octopus and self.env.user
        if status == "cancelled":
            # A person wants to see it at once. Webhooks and polls must not wait for stock that
            # other transactions change: their returns are left to the worker, and so is what stays
            # out of an order that is not deducted yet.
            later = self.filtered(has_goods_out) if is_from_octopus else self.browse()
            leave_to_worker(later)
            restock_cancelled(self - later)
        if not is_from_octopus:
            self._queue_status_push()

    def _formatted_read_group_with_length(
        self, domain, groupby, aggregates, offset=0, limit=None, order=None
    ):
        """Override: the columns of the board are counted up to COUNT_LIMIT only."""
        if not self.env.context.get("octopus_board") or list(groupby) != ["status"]:
            return super()._formatted_read_group_with_length(
                domain, groupby, aggregates, offset=offset, limit=limit, order=order
            )
        return board_columns(self, domain, aggregates)

    # === ACTION METHODS === #

    def action_complete(self):
        """Close the orders that are still to be acted on."""
        check_seen_status(self)
        self.filtered(lambda order: order.status == "take_action").status = "completed"
        return True

    def action_reopen(self):
        """Reopen completed orders."""
        check_seen_status(self)
        self.filtered(lambda order: order.status == "completed").status = "take_action"
        return True

    def action_retry_stock(self):
        """Try again to move the goods of blocked orders."""
        self.check_access("write")
        # The stock state belongs to the worker, but every user may ask for another try.
        blocked_sudo = self.sudo().filtered(lambda order: order.stock_state == "blocked")
        blocked_sudo.write({"stock_state": "waiting", "stock_issue": False})
        blocked_sudo._wake_worker(DEDUCT_CRON)
        return True

    def action_view_deliveries(self):
        """Open the transfers that went out for the order."""
        return self._open_pickings([("return_id", "=", False)])

    def action_view_returns(self):
        """Open the transfers that came back of the order."""
        return self._open_pickings([("return_id", "!=", False)])

    def _open_pickings(self, domain):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("stock.action_picking_tree_all")
        action["domain"] = [("octopus_order_id", "=", self.id), *domain]
        action["context"] = {"create": False}
        return action

    def action_open_partner(self):
        """Open the contact of the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    # === BUSINESS METHODS === #

    @api.model
    def _ingest(self, account, payload, *, raw=None, is_new=True):
        """Store an order or an update of one, and return the order: see `OrderIntake.store`."""
        return OrderIntake(account).store(payload, raw=raw, is_new=is_new)

    def _channel_name(self):
        """Return what people call the channel; empty when Octopus does not name it."""
        return self.channel_id.name or self.third_party_name or ""

    def _follow_lines(self, remote, elsewhere):
        """Hook: a whole update of the order. `elsewhere`: see `OrderUpdate._follow_places`."""

    def _follow_texts(self, changes):
        """Hook: values that an update changes, before they are written."""

    def _read_extra_values(self, remote):
        """Hook: return values of more fields of an order, as it is placed and at each update.

        :param Order remote: what Octopus says; `remote.raw` is its JSON. For a new order `self` is
            empty, for an update the order
        :return: {field: value as its column holds it}. An update that does not state a field must
            leave it out
        """
        return {}

    def _knows_more(self, remote):
        """Hook: return whether an update of the same moment has less than what is known."""
        return False

    def _follow_refunds(self, remote):
        """Hook: an update that names refunds."""

    def _follow_revival(self):
        """Hook: the channel has cancelled the order, and says now that it is not cancelled."""

    def _restock_refunds(self):
        """Hook: return the goods of refunds to stock; `self` is sudoed."""

    def _pieces_kept_out(self):
        """Hook: return {line: pieces} that do not come back with a cancellation by the channel."""
        return {}

    def _flag(self, code, **values):
        """Add a notice to the order and its history, once.

        :param code: of `notices.NOTICES`
        :param values: those of its sentence; a value may be a notice
        """
        values = {name: stored(value) for name, value in values.items()}
        if [code, values] not in (self.notices or []):
            self.notices = [*(self.notices or []), [code, values]]
            env = self.with_context(lang=self.company_id.partner_id.lang).env
            self._message_log(body=sentence(env, code, values))

    def _unflag(self, *codes):
        """Remove the notices with these codes."""
        lasting = notices_without(self, codes)
        if lasting != (self.notices or False):
            self.notices = lasting

    def _address_below_name(self):
        """Return the delivery address without customer and phone, which tickets show above it."""
        above = {self.customer_name, self.phone}
        lines = (self.shipping_address or "").splitlines()
        return "\n".join(line for line in lines if line not in above)

    def _returns_ended(self):
        """Restock what is left after staff has ended or abandoned a return; `self` is sudoed."""
        returns_ended(self)

    def _first_in_queue(self, cron):
        """Override: show the first order at once; the worker shows those behind it."""
        result = super()._first_in_queue(cron)
        if cron == DEDUCT_CRON:
            notify_screens(self)
        return result

    # === CRON METHODS === #

    @api.model
    def _cron_deduct(self):
        """Deduct the stock of the waiting orders, and restock what was cancelled or refunded."""
        StockDeduction(self).run()

    @api.model
    def _cron_poll_orders(self):
        """Fetch the orders of every connected store: webhooks may get lost."""
        fetch.poll_all(self.env)

    @api.model
    def _run_start(self, run):
        """See `octopus.sync.run`."""
        return fetch.plan(run)

    @api.model
    def _run_batch(self, run, client):
        """See `octopus.sync.run`."""
        return fetch.OrderFetch(run, client).run_batch()

    @api.model
    def _run_retry(self, run):
        """Have the next run of orders fetch again what users asked `run` to fetch."""
        fetch.repeat_requests(run)

    @api.model
    def _run_retry_numbers(self, run, numbers):
        """Have an open run of orders fetch these orders too, by their Aggregator Order No."""
        fetch.add_fetch_requests(run, [{"number": number} for number in numbers])

    @api.autovacuum
    def _gc_order_payloads(self):
        """Remove payloads that are older than their store keeps them."""
        return delete_old_payloads(self)
