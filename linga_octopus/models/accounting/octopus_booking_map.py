from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import BOOKING_CRON
from ...lib.ledger import ON_COMPLETION, ON_PAID_ORDER, ON_PAYMENT, SALE
from . import proposals
from .shop_days import shop_day

# What decides whether an order is booked, and on which day.
DECISIVE = {"start_day", "sale_rule", "tolerance"}
ACCOUNT_TYPES = {
    "clearing": ("asset_current", "asset_receivable", "asset_cash", "liability_current"),
    "income": ("income", "income_other"),
    "liability": ("liability_current", "liability_non_current"),
    "result": ("income", "income_other", "expense", "expense_other"),
}


def account_field(label, kind, **options):
    """Return a field for an account of one of the ACCOUNT_TYPES."""
    domain = [("account_type", "in", ACCOUNT_TYPES[kind])]
    if kind == "clearing":
        domain.append(("reconcile", "=", True))
    return fields.Many2one(
        "account.account", label, check_company=True, domain=domain, tracking=True, **options
    )


class OctopusBookingMap(models.Model):
    """How the orders of a channel are booked. An accountant confirms it once."""

    _name = "octopus.booking.map"
    _description = "Accounting of a Channel"
    _inherit = ["mail.thread", "analytic.mixin"]
    _check_company_auto = True
    _order = "account_id, channel_id"
    _rec_name = "channel_id"

    # === FIELDS === #

    channel_id = fields.Many2one(
        "octopus.channel", required=True, readonly=True, ondelete="cascade", check_company=True
    )
    account_id = fields.Many2one(related="channel_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="channel_id.company_id", store=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "Not Confirmed"), ("confirmed", "Confirmed")],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
        help="Nothing is booked before an accountant has confirmed the accounts and taxes.",
    )
    start_day = fields.Date(
        "Start Booking From",
        tracking=True,
        help="The first day that is booked. What was sold before is left to whoever booked it; "
        "refunds from this day on are booked even for earlier orders.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain=[("type", "=", "sale")],
        tracking=True,
        help="A sales journal, so that the lock date for sales and the tax report apply.",
    )
    clearing_account_id = account_field(
        "Clearing Account",
        "clearing",
        help="What the channel owes until it pays out. Bank lines are reconciled with it.",
    )
    income_account_id = account_field(
        "Income",
        "income",
        help="For lines without a product, and for products without an account of their own.",
    )
    discount_account_id = account_field(
        "Discounts", "result", help="Empty: discounts lower the income of their product."
    )
    shipping_account_id = account_field("Shipping Income", "result", help="Empty: the income.")
    tip_account_id = account_field("Tips", "liability", help="A liability or an income.")
    gift_card_account_id = account_field(
        "Gift Cards",
        "liability",
        help="Owed to customers from the sale of a card until it is used.",
    )
    rounding_account_id = account_field(
        "Rounding", "result", help="For cents within the tolerance."
    )
    difference_account_id = account_field(
        "Fees and Goodwill",
        "result",
        help="What refunds give back beyond or below their goods, such as a restocking fee. "
        "Empty: the income.",
    )
    tolerance = fields.Monetary(
        currency_field="company_currency_id",
        compute="_compute_tolerance",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="How far the amounts of an order may be from its check total, or 0.1 % of it, "
        "whichever is more. The rest is booked as rounding. An order that is further away is not "
        "booked.",
    )
    sale_rule = fields.Selection(
        [
            (ON_PAID_ORDER, "Ordered, Once It Is Paid"),
            (ON_PAYMENT, "Paid"),
            (ON_COMPLETION, "Completed"),
        ],
        "A Sale Counts When",
        default=ON_PAID_ORDER,
        required=True,
        tracking=True,
        help="The day of a sale. An order that is not paid is not booked.",
    )
    marketplace_tax_id = fields.Many2one(
        "account.tax",
        "Tax When the Channel Pays It",
        check_company=True,
        domain=[("type_tax_use", "=", "sale"), ("amount_type", "!=", "group"), ("amount", "=", 0)],
        help="A tax of 0 % with a grid of its own. Empty: these sales carry no tax.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        check_company=True,
        help="Replaces the income accounts of products for this channel.",
    )
    waits_for_check = fields.Boolean(
        "Wait for the Order Check",
        default=True,
        help="A day is booked when its order check agrees. After three days, what is certain is "
        "booked anyway.",
    )
    always_invoice = fields.Boolean(
        "Invoice Each Order",
        tracking=True,
        help="For countries that need a document for every sale: each order is invoiced to its "
        "customer before its day is booked, and refunds are credited. Many documents: thousands of "
        "orders a day take hours.",
    )
    nameless_partner_id = fields.Many2one(
        "res.partner",
        "Customer Without a Name",
        check_company=True,
        help="Invoiced for orders that name no customer. Empty: these orders are held.",
    )
    retention_years = fields.Integer(
        "Keep the Ledger (Years)",
        default=10,
        required=True,
        help="Lines of the ledger that are older are deleted; their journal entries stay. Look up "
        "how long your country has books kept.",
    )
    has_tips = fields.Boolean(readonly=True, export_string_translation=False)
    has_gift_cards = fields.Boolean(readonly=True, export_string_translation=False)
    tax_map_ids = fields.One2many(
        "octopus.booking.tax",
        "map_id",
        "Taxes",
        help="What the channel calls its taxes, and the taxes in Odoo that they are.",
    )
    gateway_ids = fields.One2many(
        "octopus.booking.gateway",
        "map_id",
        "Payment Methods",
        help="Ways of payment, and accounts of those that pay out on their own.",
    )
    # Those that were ever used: what is open on them stays open when another one is chosen.
    used_account_ids = fields.Many2many(
        "account.account",
        "octopus_booking_map_used_account_rel",
        string="Clearing Accounts So Far",
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
    analytic_distribution = fields.Json(help="Of the income of the channel.")
    missing = fields.Text(
        compute="_compute_missing", help="What has to be chosen before anything is booked."
    )

    # === CONSTRAINTS === #

    _channel_uniq = models.Constraint("UNIQUE(channel_id)", "The channel is set up already.")
    _start_day_known = models.Constraint(
        "CHECK(state <> 'confirmed' OR start_day IS NOT NULL)",
        "Choose the first day that Odoo books, or press Stop Booking.",
    )
    _retention_positive = models.Constraint(
        "CHECK(retention_years >= 1)", "Keep the ledger for a year at least."
    )

    # === COMPUTE METHODS === #

    @api.depends("channel_id")
    def _compute_tolerance(self):
        """Propose five of the smallest coin, such as 5 cents or 5 yen."""
        for booking_map in self:
            booking_map.tolerance = 5 * booking_map.channel_id.company_id.currency_id.rounding

    @api.depends(
        *("journal_id", "clearing_account_id", "income_account_id", "rounding_account_id"),
        *("gift_card_account_id", "tip_account_id", "start_day", "has_tips", "has_gift_cards"),
        *("tax_map_ids.tax_id", "tax_map_ids.tax_id.active", "tax_map_ids.amount"),
    )
    @api.depends_context("lang")
    def _compute_missing(self):
        for booking_map in self:
            booking_map.missing = "\n".join(proposals.missing(booking_map)) or False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override: propose everything that is known."""
        maps = super().create(vals_list)
        for booking_map in maps:
            # Accountants may not read all settings of a store, nor the payloads of orders.
            proposals.Proposals(booking_map.sudo()).propose()
        return maps

    def write(self, vals):
        """Override: orders that were not booked so far are looked at again."""
        result = super().write(vals)
        if not DECISIVE.isdisjoint(vals):
            self.filtered(lambda booking_map: booking_map.state == "confirmed")._look_again()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        days = self.env["octopus.booking.day"].sudo()
        if days.search_count([("channel_id", "in", self.channel_id.ids)], limit=1):
            raise UserError(
                self.env._("Days of this channel are in the books. Press Stop Booking instead.")
            )

    # === ACTION METHODS === #

    @api.model
    def action_set_up(self):
        """List the channels, each with its proposals; channels without orders are left out."""
        self.check_access("create")
        companies = Domain("company_id", "in", self.env.companies.ids)
        known = self.search(companies).channel_id
        channels = self.env["octopus.channel"].search(companies & Domain("id", "not in", known.ids))
        self.create([{"channel_id": channel.id} for channel in channels])
        return self.env["ir.actions.actions"]._for_xml_id(
            "linga_octopus.octopus_booking_map_action"
        )

    def action_propose(self):
        """Look again at the orders, and propose what is still empty."""
        self.check_access("write")
        for booking_map in self:
            proposals.Proposals(booking_map.sudo()).propose()
        return True

    def action_create_accounts(self):
        """Create the accounts and the journal that the chart does not have."""
        self.ensure_one()
        self.check_access("write")
        proposals.Proposals(self.sudo()).create_missing()
        return True

    def action_confirm(self):
        """Start booking.

        :raise UserError: something is missing
        """
        self.check_access("write")
        for booking_map in self:
            if booking_map.missing:
                raise UserError(booking_map.missing)
        self.tax_map_ids.filtered("is_proposed").write({"is_proposed": False})
        self.state = "confirmed"
        self.env.ref(BOOKING_CRON).sudo()._trigger()
        return True

    def action_stop(self):
        """Stop booking until somebody confirms again."""
        self.check_access("write")
        self.state = "draft"
        return True

    def action_preview(self):
        """Open the preview of yesterday's entry, or of the start day when that is later."""
        self.ensure_one()
        yesterday = fields.Date.subtract(shop_day(self.sudo().account_id), days=1)
        day = max(yesterday, self.start_day or yesterday)
        preview = self.env["octopus.booking.preview"].create({"map_id": self.id, "day": day})
        return preview._open()

    # === BUSINESS METHODS === #

    def _first_day(self):
        """Return the first day that is booked: nothing before it has a line in the ledger."""
        self.ensure_one()
        return max(self.start_day, self._retention_day())

    def _retention_day(self):
        """Return the day before which lines of the ledger are deleted."""
        self.ensure_one()
        today = shop_day(self.sudo().account_id)
        return fields.Date.subtract(today, years=self.retention_years)

    def _look_again(self):
        """Have the worker look at the orders whose sale is not booked, or that have an issue."""
        self.env.flush_all()
        orders = self.env["octopus.order"].sudo()
        query = SQL(
            """SELECT id FROM octopus_order o
                WHERE channel_id IN %s AND ledger_seen_at IS NOT NULL AND (
                      ledger_issue IS NOT NULL OR NOT EXISTS (
                          SELECT FROM octopus_ledger_line line
                           WHERE line.order_id = o.id AND line.key = %s
                             AND line.move_id IS NOT NULL))""",
            self.channel_id._ids or (None,),
            SALE,
        )
        orders.browse(order_id for (order_id,) in self.env.execute_query(query))._look_again()

    def _note_used(self, account_ids):
        """Note the clearing accounts on which something was booked."""
        self.ensure_one()
        if new := account_ids - set(self.used_account_ids.ids):
            self.used_account_ids = [Command.link(account_id) for account_id in new]

    def _missing_accounts(self):
        """Return the sentences of what keeps everything from being booked."""
        self.ensure_one()
        return proposals.missing_accounts(self)

    def _notify_held(self, day):
        """Say once on the channel that a day is held, and why; followers are notified."""
        self.message_post(
            body=self.env._(
                "%(day)s is held. %(reason)s", day=day.display_name, reason=day.message or ""
            ),
            subtype_xmlid="mail.mt_comment",
        )
