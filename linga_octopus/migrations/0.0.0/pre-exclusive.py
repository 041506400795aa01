"""Have the tables of the addon to ourselves until it is upgraded; runs first in every upgrade.

A server may run on meanwhile, and writes to the rows that the scripts of an upgrade write to. In a
transaction of Odoo (REPEATABLE READ) these scripts would fail, because what they see is as old as
the start of the upgrade; and one of two who wait for each other's table would be ended.

So the scripts run in a transaction of their own that sees what others have committed, and that
holds all tables of the addon, and those in which it has fields, before the first of them is
changed. What a server does meanwhile waits until the upgrade is committed.
"""

import contextlib
import time

from psycopg2.errors import DeadlockDetected, LockNotAvailable

from odoo.exceptions import UserError
from odoo.tools import SQL

# After a wait of a second (deadlock_timeout) PostgreSQL looks who is in the way. It would end one
# of two transactions that wait for each other, perhaps the server's: so the first wait is shorter.
# And it stops its own vacuum of a table, which may take an hour: so the second one is longer.
WAITS = ("500ms", "1500ms") * 40
PAUSE = 0.5  # two minutes together: a running scheduled action waits for Octopus for one


def migrate(cr, version):
    # As Odoo does after each module that it has upgraded. Nothing of the addon is changed so far.
    cr.commit()
    cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    lock = SQL("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", SQL(", ").join(_tables(cr)))
    for wait in WAITS:
        busy = contextlib.suppress(LockNotAvailable, DeadlockDetected)
        with busy, cr.savepoint(flush=False):
            cr.execute("SELECT current_setting('lock_timeout')")
            [usual] = cr.fetchone()
            cr.execute(SQL("SET LOCAL lock_timeout = %s", wait))
            cr.execute(lock, log_exceptions=False)
            cr.execute(SQL("SET LOCAL lock_timeout = %s", usual))
            return
        time.sleep(PAUSE)
    raise UserError(
        "Linga Octopus was not upgraded, because something has been using its tables for two "
        "minutes: a running Odoo server, or a backup. Stop it, then upgrade again."
    )


def _tables(cr):
    """Return the identifiers of the tables that have fields of the addon."""
    cr.execute(
        """SELECT DISTINCT tables.relname
             FROM ir_model_data entry
             JOIN ir_model_fields field ON field.id = entry.res_id
             JOIN pg_class tables ON tables.relname = replace(field.model, '.', '_')
              AND tables.relkind = 'r' AND tables.relnamespace = current_schema::regnamespace
            WHERE entry.module = 'linga_octopus' AND entry.model = 'ir.model.fields'
            ORDER BY 1"""
    )
    return [SQL.identifier(table) for (table,) in cr.fetchall()]
