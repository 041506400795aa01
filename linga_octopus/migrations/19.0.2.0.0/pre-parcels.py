"""No parcel is known before this release: Odoo would compute that for each order and line.

No order of a store that is upgraded is late, until somebody sets Late After: such a store may have
open orders of years, which nobody has ever completed.
"""

from odoo.tools import sql

COLUMNS = (
    ("octopus_order", "fulfillment_state", "varchar"),
    ("octopus_order_line", "quantity_fulfilled", "numeric"),
)


def migrate(cr, version):
    for table, name, kind in COLUMNS:
        if not sql.column_exists(cr, table, name):
            sql.create_column(cr, table, name, kind)
    if not sql.column_exists(cr, "octopus_account", "late_after_hours"):
        sql.create_column(cr, "octopus_account", "late_after_hours", "int4")
        cr.execute("UPDATE octopus_account SET late_after_hours = 0")
