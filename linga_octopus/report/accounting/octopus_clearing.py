from odoo import fields, models
from odoo.tools import SQL

# Every item of the entries of days that stands on a clearing account.
CLEARING = """
    SELECT item.id, move.octopus_day_id AS day_id, day.channel_id, day.account_id, day.day,
           item.company_id, item.account_id AS clearing_account_id, item.currency_id, item.move_id,
           item.amount_currency AS amount_booked,
           item.amount_currency - item.amount_residual_currency AS amount_paid,
           item.amount_residual_currency AS amount_open, item.reconciled AS is_paid,
           CASE WHEN item.reconciled THEN 'paid'
                WHEN day.day > current_date - 8 THEN 'week'
                WHEN day.day > current_date - 31 THEN 'month'
                WHEN day.day > current_date - 61 THEN 'two_months'
                ELSE 'older' END AS age
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN octopus_booking_day day ON day.id = move.octopus_day_id
     WHERE move.octopus_day_id IS NOT NULL AND item.parent_state = 'posted'
       AND item.account_id IN (
            SELECT clearing_account_id FROM octopus_booking_map
             UNION SELECT account_id FROM octopus_booking_gateway)
"""


class OctopusClearing(models.Model):
    """What channels owe: the items on the clearing accounts, and how far bank lines paid them."""

    _name = "octopus.clearing"
    _description = "Clearing of Online Sales"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "day_id"
    _depends = {
        "account.move.line": [
            *("amount_residual_currency", "amount_currency", "reconciled", "parent_state")
        ],
        "account.move": ["octopus_day_id"],
        "octopus.booking.day": ["channel_id"],
        "octopus.booking.map": ["clearing_account_id"],
        "octopus.booking.gateway": ["account_id"],
    }

    day_id = fields.Many2one("octopus.booking.day", "Entry of", readonly=True)
    account_id = fields.Many2one("octopus.account", "Store", readonly=True)
    channel_id = fields.Many2one("octopus.channel", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    clearing_account_id = fields.Many2one(
        "account.account", readonly=True, help="Of the channel, or of the way of payment."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    move_id = fields.Many2one(
        "account.move", "Journal Entry", readonly=True, help="The entry that books the day."
    )
    day = fields.Date(readonly=True)
    amount_booked = fields.Monetary(
        "Booked", readonly=True, help="What the channel owes for the day."
    )
    amount_paid = fields.Monetary(
        "Paid Out", readonly=True, help="Matched with bank lines or other entries."
    )
    amount_open = fields.Monetary(
        "Open", readonly=True, help="What the channel still has to pay out."
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

    @property
    def _table_query(self):
        return SQL(CLEARING)
