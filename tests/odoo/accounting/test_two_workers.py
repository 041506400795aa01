"""Two workers at once, each with a connection of its own, and workers that are killed."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import TransactionCase
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.models.accounting.booking import DayBooking
from odoo.addons.linga_octopus.models.accounting.ledger import Ledger

from ..support.books import BooksMixin
from ..support.connections import ConnectionsMixin


class TestTwoWorkers(ConnectionsMixin, BooksMixin, TransactionCase):
    committed = (
        *("octopus_ledger_line", "account_move", "octopus_booking_day", "octopus_booking_map"),
        *("octopus_order", "octopus_channel", "octopus_account", "account_account"),
        "mail_message",
    )

    def setUp(self):
        super().setUp()
        with self.connection() as env:
            self.account_id, self.map_id = self.commit_orders(env)
            env.cr.commit()

    def commit_orders(self, env):
        account = env["octopus.account"].create({"name": "Two Workers"})
        for quantity in (1, 2, 3):
            env["octopus.order"]._ingest(account, self.payload({"CHAIR": quantity}))
        channel = env["octopus.channel"].search([("account_id", "=", account.id)])
        booking_map = env["octopus.booking.map"].create(
            {"channel_id": channel.id, "start_day": "2026-11-01", "waits_for_check": False}
        )
        accounts = env["account.account"]
        for name, kind in (
            ("clearing_account_id", "asset_current"),
            ("rounding_account_id", "expense"),
            ("income_account_id", "income"),
        ):
            booking_map[name] = accounts.create(
                {
                    "name": name,
                    "account_type": kind,
                    "reconcile": kind == "asset_current",
                    "code": accounts._search_new_account_code("977500"),
                }
            )
        booking_map.state = "confirmed"
        return account.id, booking_map.id

    def ledger(self, env):
        account = env["octopus.account"].browse(self.account_id)
        return Ledger(account, env["octopus.booking.map"].browse(self.map_id))

    def day(self, env):
        return env["octopus.booking.day"].search([("account_id", "=", self.account_id)])

    def booked(self):
        """Return (entries, total, lines that are open) as everybody sees them."""
        with self.connection() as env:
            day = self.day(env)
            open_lines = day.line_ids.filtered(lambda line: not line.move_id)
            return len(day.move_ids), day.total, len(open_lines)

    def write_lines(self):
        with self.connection() as env:
            self.ledger(env).write_batch()
            env.cr.commit()

    # === AT ONCE === #

    @mute_logger("odoo.sql_db")
    def test_two_workers_write_the_lines_once(self):
        with self.connection() as first, self.connection() as second:
            for env in (first, second):
                env.cr.execute("SELECT 1 FROM octopus_order LIMIT 1")  # both see the same
            self.assertEqual(self.ledger(first).write_batch(), 3)
            self.assertEqual(self.ledger(second).write_batch(), 0, "the first one has them")
            first.cr.commit()
            with self.assertRaises(SerializationFailure):
                self.ledger(second).write_batch()
        with self.connection() as env:
            self.assertEqual(self.ledger(env).write_batch(), 0)
            self.assertEqual(len(self.day(env).line_ids), 3)

    @mute_logger("odoo.sql_db")
    def test_two_workers_book_a_day_once(self):
        self.write_lines()
        with self.connection() as first, self.connection() as second:
            for env in (first, second):
                self.assertEqual(self.day(env).state, "open")
            DayBooking(self.day(first)).book()
            DayBooking(self.day(second)).book()
            self.assertEqual(self.day(first).state, "booked")
            self.assertEqual(self.day(second).state, "open", "the first one has it")
            first.cr.commit()
            with self.assertRaises(SerializationFailure):
                DayBooking(self.day(second)).book()
        with self.connection() as env:
            DayBooking(self.day(env)).book()
            env.cr.commit()
        self.assertEqual(self.booked(), (1, 60, 0))

    # === KILLED === #

    def test_a_worker_that_is_killed_before_its_commit_has_booked_nothing(self):
        self.write_lines()
        killed = patch.object(DayBooking, "_finish", side_effect=KeyboardInterrupt)
        with killed, self.assertRaises(KeyboardInterrupt), self.connection() as env:
            DayBooking(self.day(env)).book()
        self.assertEqual(self.booked(), (0, 0, 3))
        with self.connection() as env:
            DayBooking(self.day(env)).book()
            env.cr.commit()
        self.assertEqual(self.booked(), (1, 60, 0))
