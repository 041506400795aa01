from odoo import fields, models
from odoo.tools import SQL

from ...const import FULFILLMENTS
from ...models.order.octopus_order import STATUSES

# Lines, what the total has besides them, and the same of refunds; each with ids of its own. Only
# lines have a time of arrival, so that averages count these.
PARTS = """
    SELECT line.id * 4::bigint AS id, line.order_id, 'sale' AS kind, NULL::timestamp AS moment,
           NULL::date AS day, line.product_id, line.quantity, line.subtotal, sold.received_at
      FROM octopus_order_line line
      JOIN octopus_order sold ON sold.id = line.order_id
     UNION ALL
    SELECT sold.id * 4::bigint + 1, sold.id, 'sale', NULL, NULL, NULL, 0, rest.amount, NULL
      FROM octopus_order sold
      JOIN LATERAL (
            SELECT sold.check_total - COALESCE(sum(subtotal), 0) AS amount
              FROM octopus_order_line WHERE order_id = sold.id) rest ON rest.amount <> 0
     UNION ALL
    SELECT piece.id * 4::bigint + 2, refund.order_id, 'refund', refund.refunded_at,
           refund.refund_day, line.product_id, -piece.quantity, -piece.amount, NULL
      FROM octopus_order_refund_line piece
      JOIN octopus_order_refund refund ON refund.id = piece.refund_id
 LEFT JOIN octopus_order_line line ON line.id = piece.order_line_id
     UNION ALL
    SELECT refund.id * 4::bigint + 3, refund.order_id, 'refund', refund.refunded_at,
           refund.refund_day, NULL, 0, -rest.amount, NULL
      FROM octopus_order_refund refund
      JOIN LATERAL (
            SELECT refund.amount - COALESCE(sum(amount), 0) AS amount
              FROM octopus_order_refund_line WHERE refund_id = refund.id) rest
           ON rest.amount <> 0
"""


class OctopusOrderReport(models.Model):
    """The lines of online orders for pivot and graph: sales by product, and times until done.

    Sales stand on the order's day, refunds below zero on the refund's day. What is not about a
    line, such as shipping and added tax, is a row without a product, so that the revenue adds up.
    The times of an order count once for each of its lines.
    """

    _name = "octopus.order.report"
    _description = "Online Orders Analysis"
    _auto = False
    _order = "transaction_time desc, id desc"
    # Unflushed changes of these fields are flushed before the query.
    _depends = {
        "octopus.order": [
            *("status", "deducted_at", "closed_at", "check_total", "currency_rate"),
            "fulfillment_state",
        ],
        "octopus.fulfillment": ["shipped_at", "state"],
        "octopus.order.line": ["product_id", "quantity", "subtotal"],
        "octopus.order.refund": ["amount", "refund_day", "refunded_at"],
        "octopus.order.refund.line": ["amount", "quantity", "order_line_id"],
    }

    order_id = fields.Many2one("octopus.order", "Orders", readonly=True)
    account_id = fields.Many2one("octopus.account", "Store", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    third_party_name = fields.Char("Name in Octopus", readonly=True)
    channel_id = fields.Many2one("octopus.channel", "Third Party Name", readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    fulfillment = fields.Selection(FULFILLMENTS, readonly=True)
    kind = fields.Selection([("sale", "Sale"), ("refund", "Refund")], readonly=True)
    transaction_time = fields.Datetime(
        readonly=True, help="Of the order, or of the refund for its pieces and its money."
    )
    transaction_day = fields.Date(
        readonly=True, help="Of the order, or of the refund, where the shop is."
    )
    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    subtotal = fields.Monetary(readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        "Net Revenue",
        currency_field="company_currency_id",
        readonly=True,
        help="Sales less refunds in the company's currency, at the rate of the order's day.",
    )
    minutes_to_arrive = fields.Float(
        "Minutes until Received",
        readonly=True,
        aggregator="avg",
        help="From the customer's order on the channel until it was in Odoo.",
    )
    minutes_to_deduct = fields.Float(
        "Minutes until Deducted",
        readonly=True,
        aggregator="avg",
        help="From the arrival of the order until its goods were deducted from stock.",
    )
    hours_to_ship = fields.Float(
        "Hours until Shipped",
        readonly=True,
        aggregator="avg",
        help="From the customer's order on the channel until all its goods had left, or were "
        "handed over.",
    )
    hours_to_close = fields.Float(
        "Hours until Closed",
        readonly=True,
        aggregator="avg",
        help="From the arrival of the order until somebody completed or cancelled it.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT part.id, part.kind, part.product_id, part.quantity, part.subtotal,
                   part.subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount_company,
                   COALESCE(part.moment, o.transaction_time) AS transaction_time,
                   COALESCE(part.day, o.transaction_day) AS transaction_day,
                   o.id AS order_id, o.account_id, o.company_id, o.currency_id, o.third_party_name,
                   o.channel_id, o.status, o.fulfillment,
                   EXTRACT(EPOCH FROM part.received_at - o.transaction_time) / 60
                       AS minutes_to_arrive,
                   EXTRACT(EPOCH FROM o.deducted_at - part.received_at) / 60 AS minutes_to_deduct,
                   EXTRACT(EPOCH FROM CASE WHEN part.received_at IS NOT NULL THEN parcels.last_at
                           END - o.transaction_time) / 3600 AS hours_to_ship,
                   EXTRACT(EPOCH FROM o.closed_at - part.received_at) / 3600 AS hours_to_close
              FROM octopus_order o
              JOIN (%s) AS part ON part.order_id = o.id
         LEFT JOIN LATERAL (
                   SELECT max(shipped_at) AS last_at FROM octopus_fulfillment
                    WHERE order_id = o.id AND state = 'done'
                      AND o.fulfillment_state IN ('full', 'channel')) parcels ON TRUE
             WHERE o.is_test IS NOT TRUE
            """,
            SQL(PARTS),
        )
