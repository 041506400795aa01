"""Orders and refunds have the day on which they were where the shop is.

Filled here, in one statement each: Odoo would compute the days one by one. It runs after
`pre-order_net`, which adds the time of refunds.
"""

from odoo.tools import SQL, sql

COLUMNS = (("octopus_order", "transaction_day"), ("octopus_order_refund", "refund_day"))
# The zone of each store: that of Octopus, else that of the company, if PostgreSQL knows it. The
# list of zones is read once: PostgreSQL reads files for it.
ZONES = """
    WITH known AS MATERIALIZED (SELECT name FROM pg_timezone_names),
         zone AS (
            SELECT account.id, COALESCE(shop.name, own.name, 'UTC') AS name
              FROM octopus_account account
              JOIN res_company company ON company.id = account.company_id
              JOIN res_partner partner ON partner.id = company.partner_id
         LEFT JOIN known shop ON shop.name = account.shop_timezone
         LEFT JOIN known own ON own.name = partner.tz)
"""


def migrate(cr, version):
    for table, column in COLUMNS:
        if not sql.column_exists(cr, table, column):
            sql.create_column(cr, table, column, "date")
    cr.execute(
        SQL(
            """%s UPDATE octopus_order
                  SET transaction_day =
                      (transaction_time AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date
                 FROM zone
                WHERE zone.id = account_id AND transaction_day IS NULL""",
            SQL(ZONES),
        )
    )
    cr.execute(
        SQL(
            """%s UPDATE octopus_order_refund refund
                  SET refund_day = (refunded_at AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date
                 FROM octopus_order o JOIN zone ON zone.id = o.account_id
                WHERE o.id = refund.order_id AND refund_day IS NULL""",
            SQL(ZONES),
        )
    )
