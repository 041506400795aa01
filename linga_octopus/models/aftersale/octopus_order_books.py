from odoo import fields, models

from ...const import ACCOUNTANT


class OctopusOrderBooks(models.AbstractModel):
    """What the books know of an online order. The room `accounting` writes it."""

    _name = "octopus.order.books"
    _description = "Online Order in the Books"

    # The order as it was when the books last looked at it: `write_date` of that moment. Octopus's
    # news and those of the stock change it, and the order is looked at again.
    ledger_seen_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)
    ledger_day = fields.Date(
        "Day in the Books", readonly=True, copy=False, groups=ACCOUNTANT, help="Of the sale."
    )
    # [code, values]: see `accounting/reasons.py`.
    ledger_issue = fields.Json(readonly=True, copy=False, export_string_translation=False)
    ledger_message = fields.Text(
        "Not Booked",
        compute="_compute_ledger_message",
        groups=ACCOUNTANT,
        help="Why the order cannot be booked, and what to do.",
    )
    paid_at = fields.Datetime(
        "Paid", readonly=True, copy=False, help="When the payment became known here."
    )
    gift_card_paid = fields.Float(
        "Paid with Gift Cards",
        digits="Product Price",
        readonly=True,
        copy=False,
        groups=ACCOUNTANT,
        help="In the currency of the order.",
    )
    vat_number = fields.Char(
        "VAT Number",
        readonly=True,
        copy=False,
        groups=ACCOUNTANT,
        help="Of a business, where the channel states it. Create Invoice gives it to the customer.",
    )
    buyer_company = fields.Char(
        "Business",
        readonly=True,
        copy=False,
        groups=ACCOUNTANT,
        help="The company of the bill of an order with a VAT number.",
    )
    tax_ids = fields.One2many(
        "octopus.order.tax",
        "order_id",
        "Taxes",
        readonly=True,
        groups=ACCOUNTANT,
        help="As the channel states them, by title and rate.",
    )
    ledger_line_ids = fields.One2many(
        "octopus.ledger.line",
        "order_id",
        "Booked",
        readonly=True,
        groups=ACCOUNTANT,
        help="What the order has booked, or is about to book.",
    )
    invoice_id = fields.Many2one(
        "account.move",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=ACCOUNTANT,
        help="The invoice of the customer. Its order is no part of the entries of days.",
    )

    is_invoice_wrong = fields.Boolean(
        compute="_compute_ledger_message",
        groups=ACCOUNTANT,
        export_string_translation=False,
        help="The order has changed, or was refunded, since it was invoiced.",
    )
    # {key of the ledger: digest of its amounts} when a person said that the documents are right.
    invoice_accepted = fields.Json(
        readonly=True, copy=False, groups=ACCOUNTANT, export_string_translation=False
    )

    _ledger_due_idx = models.Index(
        "(account_id, write_date) WHERE ledger_seen_at IS DISTINCT FROM write_date"
    )
    _ledger_issue_idx = models.Index("(account_id, ledger_day) WHERE ledger_issue IS NOT NULL")

    def _compute_ledger_message(self):
        """Hook: why the order cannot be booked."""
        self.ledger_message = self.is_invoice_wrong = False
