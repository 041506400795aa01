from odoo import fields, models
from odoo.tools import SQL

# Every item on a clearing account of the entries of days, and of those that pay invoices.
CLEARING = """
    SELECT item.id, move.octopus_day_id AS day_id, move.octopus_order_id AS order_id,
           coalesce(day.channel_id, sold.channel_id) AS channel_id,
           coalesce(day.account_id, sold.account_id) AS account_id,
           coalesce(day.day, move.date) AS day, item.company_id,
           item.account_id AS clearing_account_id, item.currency_id, item.move_id,
           item.amount_currency AS amount_booked,
           item.amount_currency - item.amount_residual_currency AS amount_paid,
           item.amount_residual_currency AS amount_open, item.reconciled AS is_paid,
           CASE WHEN item.reconciled THEN 'paid'
                WHEN coalesce(day.day, move.date) > current_date - 8 THEN 'week'
                WHEN coalesce(day.day, move.date) > current_date - 31 THEN 'month'
                WHEN coalesce(day.day, move.date) > current_date - 61 THEN 'two_months'
                ELSE 'older' END AS age
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      LEFT JOIN octopus_booking_day day ON day.id = move.octopus_day_id
      LEFT JOIN octopus_order sold ON sold.id = move.octopus_order_id
     WHERE (move.octopus_day_id IS NOT NULL OR move.octopus_order_id IS NOT NULL)
       AND item.parent_state = 'posted'
       AND item.account_id IN (
            SELECT account_account_id FROM octopus_booking_map_used_account_rel)
"""


class OctopusClearing(models.Model):
    """What channels owe: the items on the clearing accounts, and how far bank lines paid them."""

    _name = "octopus.clearing"
    _description = "Clearing of Online Sales"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.move.line": [
            *("amount_residual_currency", "amount_currency", "reconciled", "parent_state")
        ],
        "account.move": ["octopus_day_id", "octopus_order_id"],
        "octopus.booking.day": ["channel_id"],
        "octopus.booking.map": ["used_account_ids"],
    }

    day_id = fields.Many2one("octopus.booking.day", "Entry of", readonly=True)
    order_id = fields.Many2one(
        "octopus.order", "Online Order", readonly=True, help="When it has an invoice of its own."
    )
    account_id = fields.Many2one("octopus.account", "Store", readonly=True)
    channel_id = fields.Many2one("octopus.channel", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    clearing_account_id = fields.Many2one(
        "account.account", readonly=True, help="Of the channel, or of the way of payment."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    move_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        readonly=True,
        help="The entry that books the day, or pays the invoice.",
    )
    day = fields.Date(readonly=True)
    amount_booked = fields.Monetary(
        "Booked", readonly=True, help="What the channel owes for the day."
    )
    amount_paid = fields.Monetary(
        "Paid Out", readonly=True, help="Matched with bank lines or other entries."
    )
    amount_open = fields.Monetary(
        "Not Paid Out", readonly=True, help="What the channel still has to pay out."
    )
    payment_ids = fields.Many2many(
        "account.move",
        string="Paid by",
        compute="_compute_payment_ids",
        help="The bank lines and other entries that are matched with it.",
    )
    # Odoo has an index of what is not reconciled: the open items are found among all others.
    is_paid = fields.Boolean("Paid Out in Full", readonly=True)
    age = fields.Selection(
        [
            ("paid", "Paid Out"),
            ("week", "Up to 7 Days"),
            ("month", "8 to 30 Days"),
            ("two_months", "31 to 60 Days"),
            ("older", "More than 60 Days"),
        ],
        readonly=True,
        help="Since the day of the sales, as long as anything is open.",
    )

    def _compute_payment_ids(self):
        for row, item in zip(self, self.env["account.move.line"].browse(self.ids), strict=True):
            matched = item.matched_debit_ids.debit_move_id | item.matched_credit_ids.credit_move_id
            row.payment_ids = matched.move_id

    @property
    def _table_query(self):
        return SQL(CLEARING)
