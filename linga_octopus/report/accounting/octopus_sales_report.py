from odoo import fields, models
from odoo.tools import SQL

from ...lib.ledger_parts import CHANNEL_PAYS

# The parts of what stands in the books, signed as income, in the company's currency. The columns of
# both halves have the same types: otherwise PostgreSQL computes those that nobody asks for, too.
BOOKED_PARTS = """
    SELECT part.id, part.document, part.order_id, part.day_id, part.company_id, part.channel_id,
           part.currency_id, part.day, part.move_id, part.kind, part.product_id, part.tax,
           part.amount_currency,
           CASE WHEN part.kind IN ('goods', 'discount', 'shipping', 'difference', 'rounding')
                THEN part.own ELSE 0 END AS net,
           CASE WHEN part.kind = 'goods' AND NOT part.is_refund THEN part.own ELSE 0 END AS gross,
           CASE WHEN part.kind = 'discount' AND NOT part.is_refund THEN part.own ELSE 0
            END AS discount,
           CASE WHEN part.is_refund AND part.kind IN ('goods', 'discount', 'difference')
                THEN part.own ELSE 0 END AS refund,
           CASE WHEN part.kind = 'shipping' THEN part.own ELSE 0 END AS shipping,
           CASE WHEN part.kind = 'tax' THEN part.own ELSE 0 END AS tax_amount,
           CASE WHEN part.kind = 'cost' THEN part.own ELSE 0 END AS cost,
           CASE WHEN part.kind IN ('goods', 'discount', 'shipping', 'difference', 'rounding')
                THEN part.own
                WHEN part.kind = 'cost' THEN -part.own ELSE 0 END AS margin,
           CASE WHEN part.kind = 'cost' THEN 0 ELSE part.own END AS total
      FROM (%s UNION ALL %s) part
"""
# Entries of days: the lines of the ledger, at the rates of their orders.
OF_DAYS = """
    SELECT line.id * 1000::bigint + entry.at AS id, 'day' AS document, line.order_id, line.day_id,
           line.company_id, line.channel_id, line.currency_id, line.day, line.move_id,
           entry.value->>0 AS kind,
           CASE WHEN entry.value->>0 IN ('goods', 'discount', 'cost')
                THEN nullif(entry.value->>1, '')::int END AS product_id,
           CASE WHEN entry.value->>0 = 'tax'
                THEN %s ELSE (SELECT string_agg(%s, ' + ')
                                FROM jsonb_array_elements(entry.value->3) AS named) END AS tax,
           (entry.value->>4)::numeric AS amount_currency,
           CASE WHEN entry.value->>0 = 'cost' THEN (entry.value->>4)::numeric
                ELSE (entry.value->>4)::numeric / coalesce(line.currency_rate, 1)::numeric
            END AS own,
           line.key <> 'sale' AND line.key NOT LIKE 'cost:%%' AS is_refund
      FROM octopus_ledger_line line
      JOIN LATERAL jsonb_array_elements(line.parts) WITH ORDINALITY AS entry(value, at) ON TRUE
     WHERE line.move_id IS NOT NULL
"""
# Invoices and credit notes, also those that somebody made by hand, and gift cards that paid them.
OF_DOCUMENTS = """
    SELECT -item.id::bigint AS id, 'invoice' AS document, sold.id AS order_id, NULL::int AS day_id,
           item.company_id, sold.channel_id, item.currency_id, move.date AS day, move.id AS move_id,
           CASE WHEN item.display_type = 'tax' THEN 'tax'
                WHEN item.display_type = 'rounding' THEN 'rounding'
                ELSE coalesce(item.octopus_kind, 'goods') END::text AS kind,
           item.product_id,
           (SELECT string_agg(coalesce(stated.name, tax.name->>'en_US'), ' + ' ORDER BY tax.id)
              FROM account_tax tax
              LEFT JOIN LATERAL (
                   SELECT %s AS name
                     FROM octopus_booking_tax known
                     JOIN octopus_booking_map map ON map.id = known.map_id
                    WHERE map.channel_id = sold.channel_id AND known.tax_id = tax.id
                    ORDER BY known.id LIMIT 1) stated ON TRUE
             WHERE tax.id = item.tax_line_id
                OR item.tax_line_id IS NULL AND tax.id IN (
                   SELECT account_tax_id FROM account_move_line_account_tax_rel rel
                    WHERE rel.account_move_line_id = item.id)) AS tax,
           -item.amount_currency AS amount_currency, -item.balance AS own,
           move.move_type = 'out_refund' AS is_refund
      FROM (SELECT id, move_type, date, octopus_order_id FROM account_move
             WHERE octopus_order_id IS NOT NULL AND state = 'posted'
             UNION ALL
            SELECT note.id, note.move_type, note.date, invoice.octopus_order_id
              FROM account_move invoice
              JOIN account_move note ON note.reversed_entry_id = invoice.id
             WHERE invoice.octopus_order_id IS NOT NULL AND note.octopus_order_id IS NULL
               AND note.state = 'posted') move
      JOIN octopus_order sold ON sold.id = move.octopus_order_id
      JOIN account_move_line item ON item.move_id = move.id
     WHERE item.octopus_kind IS NOT NULL
        OR move.move_type <> 'entry' AND item.display_type IN ('product', 'tax', 'rounding')
"""


def _name(title, rate):
    """Return SQL for the name of a tax as channels state it."""
    return SQL(
        "CASE WHEN (%(title)s) = %(paid)s THEN 'Paid by the channel'"
        " ELSE trim((%(title)s) || ' ' || trim_scale((%(rate)s)::numeric * 100) || '%%') END",
        title=title,
        rate=rate,
        paid=CHANNEL_PAYS,
    )


class OctopusSalesReport(models.Model):
    """What online sales have booked, for pivot and graph: by channel, product, tax, and day.

    Its rows are the parts of the ledger, and the items of invoices and credit notes, so that its
    sums are those of the books. An order that was invoiced is taken out of its day again.
    """

    _name = "octopus.sales.report"
    _description = "Online Sales in the Books"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "order_id"
    _depends = {
        "octopus.ledger.line": ["move_id", "parts"],
        "account.move": ["octopus_order_id", "reversed_entry_id", "state"],
        "account.move.line": ["octopus_kind", "balance"],
        "octopus.booking.tax": ["tax_id"],
    }

    order_id = fields.Many2one("octopus.order", "Online Order", readonly=True)
    day_id = fields.Many2one("octopus.booking.day", "Entry of", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    document = fields.Selection(
        [("day", "Entry of the Day"), ("invoice", "Invoice or Credit Note")],
        "Booked by",
        readonly=True,
        help="An order with an invoice is booked by it, and not by the entry of its day.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    channel_id = fields.Many2one("octopus.channel", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    day = fields.Date(readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    tax = fields.Char("Taxes", readonly=True, help="As the channel states them.")
    kind = fields.Selection(
        [
            ("goods", "Goods"),
            ("discount", "Discount"),
            ("shipping", "Shipping"),
            ("tip", "Tip"),
            ("gift_card_sold", "Gift Card Sold"),
            ("gift_card_used", "Gift Card Used"),
            ("tax", "Tax"),
            ("rounding", "Rounding"),
            ("difference", "Fee or Goodwill"),
            ("cost", "Cost of Goods"),
        ],
        "Part",
        readonly=True,
    )
    amount_currency = fields.Monetary("Amount in Currency", readonly=True, aggregator=None)
    gross = fields.Monetary(
        "Gross Sales",
        currency_field="company_currency_id",
        readonly=True,
        help="Goods before discounts and refunds, without taxes.",
    )
    discount = fields.Monetary("Discounts", currency_field="company_currency_id", readonly=True)
    refund = fields.Monetary("Refunds", currency_field="company_currency_id", readonly=True)
    shipping = fields.Monetary(currency_field="company_currency_id", readonly=True)
    net = fields.Monetary(
        "Net Sales",
        currency_field="company_currency_id",
        readonly=True,
        help="Sales and shipping, less discounts and refunds, without taxes.",
    )
    tax_amount = fields.Monetary("Tax", currency_field="company_currency_id", readonly=True)
    cost = fields.Monetary(
        "Cost of Goods",
        currency_field="company_currency_id",
        readonly=True,
        help="Of products with real-time valuation.",
    )
    margin = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Net sales, less the cost of goods.",
    )
    total = fields.Monetary(
        "To Clearing",
        currency_field="company_currency_id",
        readonly=True,
        help="What the channel owes because of it: the sum of the clearing account.",
    )

    @property
    def _table_query(self):
        of_part = _name(SQL("entry.value->>1"), SQL("entry.value->>2"))
        of_base = _name(SQL("named->>0"), SQL("named->>1"))
        of_days = SQL(OF_DAYS, of_part, of_base)
        known = _name(SQL("coalesce(known.title, '')"), SQL("known.rate"))
        return SQL(BOOKED_PARTS, of_days, SQL(OF_DOCUMENTS, known))
