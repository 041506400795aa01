"""No parcel is known before this release: Odoo would compute that for each order and line."""

from odoo.tools import sql

COLUMNS = (
    ("octopus_order", "fulfillment_state", "varchar"),
    ("octopus_order_line", "quantity_fulfilled", "numeric"),
)


def migrate(cr, version):
    for table, name, kind in COLUMNS:
        if not sql.column_exists(cr, table, name):
            sql.create_column(cr, table, name, kind)
