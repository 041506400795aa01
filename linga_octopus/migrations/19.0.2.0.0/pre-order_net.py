"""Orders have what they brought in, and refunds their day: filled here, in one statement each.

Odoo would compute the amounts of each order one by one. The money of a refund comes with the next
update of its order.
"""

from odoo.tools import SQL, sql

COLUMNS = (
    ("octopus_order", "amount_refunded", "numeric"),
    ("octopus_order", "amount_net", "numeric"),
    ("octopus_order", "amount_net_company", "numeric"),
    ("octopus_order", "refund_state", "varchar"),
    ("octopus_order", "currency_rate", "double precision"),
    ("octopus_order_line", "quantity_refunded", "numeric"),
    ("octopus_order_refund", "refunded_at", "timestamp"),
)


def migrate(cr, version):
    for table, name, kind in COLUMNS:
        if not sql.column_exists(cr, table, name):
            sql.create_column(cr, table, name, kind)
    cr.execute(
        """UPDATE octopus_order_refund SET refunded_at = create_date
            WHERE refunded_at IS NULL"""
    )
    cr.execute(
        SQL(
            """UPDATE octopus_order o
                  SET currency_rate = rate.of_order, amount_refunded = 0,
                      amount_net = net.amount, amount_net_company = net.amount / rate.of_order
                 FROM octopus_order same
                 JOIN res_company company ON company.id = same.company_id
           CROSS JOIN LATERAL (
                      SELECT CASE WHEN same.currency_id = company.currency_id THEN 1
                             ELSE COALESCE(%s, 1) / COALESCE(%s, 1)
                             END::double precision AS of_order) rate
           CROSS JOIN LATERAL (
                      SELECT CASE WHEN same.status = 'cancelled' OR same.is_test THEN 0
                             ELSE same.check_total END AS amount) net
                WHERE same.id = o.id""",
            _rate(SQL("same.currency_id")),
            _rate(SQL("company.currency_id")),
        )
    )


def _rate(currency):
    """Return the query for the rate of a currency on the day of an order."""
    return SQL(
        """(SELECT rate FROM res_currency_rate
             WHERE currency_id = %s
               AND (company_id IS NULL
                    OR company_id = split_part(company.parent_path, '/', 1)::int)
             ORDER BY name > same.transaction_time::date, company_id,
                      CASE WHEN name <= same.transaction_time::date THEN name END DESC, name
             LIMIT 1)""",
        currency,
    )
