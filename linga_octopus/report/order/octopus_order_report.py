from odoo import fields, models
from odoo.tools import SQL

from ...models.order.octopus_order import STATUSES


class OctopusOrderReport(models.Model):
    """The lines of online orders for pivot and graph: sales by product, and times until done.

    The times of an order count once for each of its lines.
    """

    _name = "octopus.order.report"
    _description = "Online Orders Analysis"
    _auto = False
    _order = "transaction_time desc, id desc"
    # Unflushed changes of these fields are flushed before the query.
    _depends = {
        "octopus.order": ["status", "deducted_at", "closed_at"],
        "octopus.order.line": ["product_id", "quantity", "subtotal"],
    }

    order_id = fields.Many2one("octopus.order", "Orders", readonly=True)
    account_id = fields.Many2one("octopus.account", "Store", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    third_party_name = fields.Char(readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    fulfilment = fields.Selection(
        [("pickup", "Pickup"), ("delivery", "Delivery")], "Fulfillment", readonly=True
    )
    transaction_time = fields.Datetime(readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    subtotal = fields.Monetary(readonly=True)
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
            SELECT line.id, line.order_id, line.product_id, line.quantity, line.subtotal,
                   o.account_id, o.company_id, o.currency_id, o.third_party_name, o.status,
                   o.fulfilment, o.transaction_time,
                   EXTRACT(EPOCH FROM o.received_at - o.transaction_time) / 60
                       AS minutes_to_arrive,
                   EXTRACT(EPOCH FROM o.deducted_at - o.received_at) / 60 AS minutes_to_deduct,
                   EXTRACT(EPOCH FROM o.closed_at - o.received_at) / 3600 AS hours_to_close
              FROM octopus_order_line line
              JOIN octopus_order o ON o.id = line.order_id
             WHERE o.is_test IS NOT TRUE
            """
        )
