"""A problem of before there was *Last Seen* was seen when it was made, not at the upgrade."""

from odoo.tools import sql

TABLE, COLUMN = "octopus_sync_issue", "last_seen_at"


def migrate(cr, version):
    if sql.table_exists(cr, TABLE) and not sql.column_exists(cr, TABLE, COLUMN):
        sql.create_column(cr, TABLE, COLUMN, "timestamp")
        cr.execute("UPDATE octopus_sync_issue SET last_seen_at = create_date")
