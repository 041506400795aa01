"""An upgrade does not collide with a server that runs on; the whole of it is in tests/soak."""

from contextlib import contextmanager

from psycopg2.errors import LockNotAvailable

from odoo.exceptions import UserError
from odoo.modules.module import load_script
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name
from odoo.tools import file_path

RESEND = "UPDATE octopus_stock_event SET resend = NOT resend"


class TestUpgradeBesideServer(BaseCase):
    def setUp(self):
        super().setUp()
        self.script = load_script(
            file_path("linga_octopus/migrations/0.0.0/pre-exclusive.py"), "script"
        )
        self.script.WAITS, self.script.PAUSE = self.script.WAITS[:2], 0
        with self.cursor() as cr:  # a table without references
            cr.execute(
                """INSERT INTO octopus_stock_event (product_id, warehouse_id, resend)
                   VALUES (1, 1, FALSE) RETURNING id"""
            )
            [event] = cr.fetchone()
            cr.commit()
        self.addCleanup(self.remove, event)

    def remove(self, event):
        with self.cursor() as cr:
            cr.execute("DELETE FROM octopus_stock_event WHERE id = %s", [event])
            cr.commit()

    @contextmanager
    def cursor(self):
        """Give a connection of its own; what it does not commit is lost."""
        with db_connect(get_db_name()).cursor() as cr:
            yield cr
            cr.rollback()

    def upgrade(self, cr):
        self.script.migrate(cr, "19.0.1.0.0")

    def assertWaits(self, table):
        with self.cursor() as server, self.assertRaises(LockNotAvailable):
            server.execute("SET LOCAL lock_timeout = '50ms'")
            server.execute(f"SELECT FROM {table} LIMIT 1", log_exceptions=False)

    def test_what_a_server_has_written_since_the_start_does_not_stop_it(self):
        with self.cursor() as upgrade, self.cursor() as server:
            upgrade.execute("SELECT FROM octopus_stock_event")
            server.execute(RESEND)
            server.commit()
            self.upgrade(upgrade)
            upgrade.execute(RESEND)

    def test_what_a_server_writes_elsewhere_meanwhile_does_not_stop_it(self):
        write = "UPDATE ir_config_parameter SET value = value WHERE key = 'database.uuid'"
        with self.cursor() as upgrade, self.cursor() as server:
            self.upgrade(upgrade)
            upgrade.execute("SELECT FROM ir_config_parameter")
            server.execute(write)
            server.commit()
            upgrade.execute(write)

    def test_a_server_waits_for_its_end(self):
        with self.cursor() as upgrade:
            upgrade.execute("SHOW lock_timeout")
            usual = upgrade.fetchall()
            self.upgrade(upgrade)
            self.assertWaits("octopus_order")
            self.assertWaits("stock_move")  # has fields of the addon
            upgrade.execute("SHOW lock_timeout")
            self.assertEqual(upgrade.fetchall(), usual)
            upgrade.commit()
            with self.cursor() as server:
                server.execute(RESEND)

    def test_a_vacuum_of_the_database_gives_way(self):
        # PostgreSQL stops it for who has waited for `deadlock_timeout`.
        with self.cursor() as cr:
            cr.execute(
                """SELECT current_setting('deadlock_timeout')::interval
                          BETWEEN min(wait::interval) AND max(wait::interval)
                     FROM unnest(%s) wait""",
                [list(self.script.WAITS)],
            )
            self.assertEqual(cr.fetchall(), [(True,)])

    def test_a_table_that_stays_in_use_ends_it_with_a_sentence(self):
        with self.cursor() as upgrade, self.cursor() as backup, self.cursor() as server:
            backup.execute("SELECT FROM octopus_stock_event")
            with self.assertRaisesRegex(UserError, "Stop it, then upgrade again"):
                self.upgrade(upgrade)
            server.execute("SELECT FROM octopus_account LIMIT 1")  # nothing is held
            server.rollback()
            backup.rollback()
            self.upgrade(upgrade)
