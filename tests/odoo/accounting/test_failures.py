"""One day, order, store or document that fails in a way that nobody expects stops no other."""

from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo.tests import TransactionCase
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.models.accounting import booking
from odoo.addons.linga_octopus.models.accounting.booking import DayBooking
from odoo.addons.linga_octopus.models.accounting.entry import Entry
from odoo.addons.linga_octopus.models.accounting.invoice import OrderInvoice
from odoo.addons.linga_octopus.models.accounting.ledger import Ledger

from ..support.books import BooksMixin

# A division by zero of the database is logged there.
QUIET = mute_logger("odoo.sql_db")
LOGGER = "odoo.addons.linga_octopus.models.accounting"


class TestFailures(BooksMixin, TransactionCase):
    def two_days(self, source="SHOPIFY", **values):
        """Return an order of each of two days, of a channel that is about to be booked."""
        first, second = (
            self.ingest(self.payload({"CHAIR": 1}, source=source, created_at=f"{day}T10:00:00Z"))
            for day in ("2026-11-20", "2026-11-21")
        )
        self.set_up(first, **values)
        return first, second

    @contextmanager
    def broken(self, owner, name, is_broken):
        """Have a method fail for some records, and expect one traceback in the log."""
        original = getattr(owner, name)

        def fail(this, *args):
            if is_broken(this):
                this.env.cr.execute("SELECT 1 / 0")
            return original(this, *args)

        with QUIET, patch.object(owner, name, fail), self.assertLogs(LOGGER, "ERROR") as logs:
            yield
        self.assertEqual(len(logs.output), 1, logs.output)

    def of_day(self, order):
        return lambda this: str(this.day.day) == str(order.transaction_day)

    # === DAYS === #

    def test_a_day_that_fails_is_held_and_the_next_one_is_booked(self):
        for name in ("_sort", "_create_move", "_finish", "obstacle"):
            with self.subTest(name):
                bad, good = self.two_days(source=f"SHOP {name}")
                with self.broken(DayBooking, name, self.of_day(bad)):
                    self.book()
                day = bad.ledger_line_ids.day_id
                self.assertEqual(day.state, "held")
                self.assertIn("press Book Now", day.message)
                self.assertTrue(good.ledger_line_ids.move_id)
                self.assertFalse(bad.ledger_line_ids.move_id)
                self.assertFalse(day.move_ids, "nothing is left of the attempt")
                numbers = self.moves().mapped("sequence_number")
                self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
                day.sudo().action_book()
                self.assertEqual((day.state, day.message), ("booked", False))

    def test_a_day_that_fails_is_tried_again_after_an_hour(self):
        with freeze_time("2026-11-27T10:00:00"):
            bad, _good = self.two_days()
            with self.broken(DayBooking, "_create_move", self.of_day(bad)):
                self.book()
            with self.assertNoLogs(LOGGER, "ERROR"):
                self.book()
            self.assertFalse(bad.ledger_line_ids.move_id)
        with freeze_time("2026-11-27T11:01:00"):
            self.book()
        self.assertTrue(bad.ledger_line_ids.move_id)
        self.assertEqual(bad.ledger_line_ids.day_id.state, "booked")

    def test_an_order_that_fails_is_left_out_of_its_day(self):
        bad, good = (self.ingest(self.payload({"CHAIR": quantity})) for quantity in (1, 2))
        self.set_up(bad)
        original = Entry.add

        def fail(entry, key, total, *args):
            if total == 10:
                raise ZeroDivisionError
            return original(entry, key, total, *args)

        with patch.object(Entry, "add", fail), self.assertLogs(LOGGER, "ERROR") as logs:
            self.book()
            self.book()
        self.assertEqual(len(logs.output), 1, "it is tried again after an hour")
        self.assertTrue(good.ledger_line_ids.move_id)
        self.assertFalse(bad.ledger_line_ids.move_id)
        self.assertIn("Something unexpected", bad.ledger_line_ids.message)
        day = bad.ledger_line_ids.day_id
        self.assertEqual(day.state, "held")
        day.sudo().action_book()
        self.assertTrue(bad.ledger_line_ids.move_id)
        self.assertEqual(day.state, "booked")

    def test_book_now_holds_a_day_that_fails(self):
        bad, good = self.two_days()
        with self.broken(DayBooking, "_create_move", self.of_day(bad)):
            with patch.object(booking, "_days_to_book", return_value=[]):
                self.book()
            (bad | good).ledger_line_ids.day_id.sudo().action_book()
        self.assertEqual(bad.ledger_line_ids.day_id.state, "held")
        self.assertTrue(good.ledger_line_ids.move_id)

    def test_a_day_that_another_transaction_changes_is_left_to_the_next_run(self):
        bad, good = self.two_days()
        original = DayBooking._create_move

        def fail(this, entry):
            if self.of_day(bad)(this):
                raise SerializationFailure
            return original(this, entry)

        with patch.object(DayBooking, "_create_move", fail):
            with self.assertNoLogs(LOGGER, "ERROR"):
                self.book()
            self.assertEqual(bad.ledger_line_ids.day_id.state, "open")
            self.assertTrue(good.ledger_line_ids.move_id)
            with self.assertRaises(SerializationFailure):
                bad.ledger_line_ids.day_id.sudo().action_book()
        self.book()
        self.assertTrue(bad.ledger_line_ids.move_id)

    # === STORES === #

    def test_a_store_that_fails_keeps_no_other_from_being_booked(self):
        order, _second = self.two_days()
        other = self.env["octopus.account"].create({"name": "Other"})
        elsewhere = self.orders._ingest(other, self.payload({"CHAIR": 4}))
        self.touch(elsewhere)
        self.set_up(elsewhere)
        for bad, good in ((order, elsewhere), (elsewhere, order)):
            with self.subTest(bad.account_id.name):
                with self.broken(
                    Ledger, "_take", lambda this, bad=bad: this.account == bad.account_id
                ):
                    self.book()
                self.assertTrue(good.ledger_line_ids.move_id)
        self.book()
        self.assertTrue(order.ledger_line_ids.move_id)

    def test_a_store_that_fails_says_so_on_its_open_days(self):
        order, _second = self.two_days()
        with patch.object(booking, "_days_to_book", return_value=[]):
            self.book()
        day = order.ledger_line_ids.day_id
        self.assertEqual(day.state, "open")
        with self.broken(Ledger, "_take", lambda this: True):
            self.book()
        self.assertEqual(day.state, "held")
        self.assertIn("press Book Now", day.message)
        day.sudo().action_book()
        self.assertEqual(day.state, "booked")

    def test_a_channel_that_is_booked_keeps_its_first_day(self):
        order, _second = self.two_days()
        booking_map = self.env["octopus.booking.map"].search(
            [("channel_id", "=", order.channel_id.id)]
        )
        with self.assertRaises(IntegrityError), QUIET:
            booking_map.start_day = False
            self.env.flush_all()

    # === DOCUMENTS === #

    def test_an_invoice_that_fails_is_tried_again_after_an_hour(self):
        with freeze_time("2026-11-27T10:00:00"):
            bad, good = self.two_days(always_invoice=True)
            with self.broken(OrderInvoice, "_pay", lambda this: this.order == bad):
                self.book()
            self.assertTrue(good.invoice_id)
            self.assertFalse(bad.invoice_id)
            self.assertFalse(self.env["account.move"].search([("ref", "=", bad.display_name)]))
            self.assertIn("could not be invoiced", bad.ledger_line_ids.message)
            self.assertEqual(bad.ledger_line_ids.day_id.state, "held")
            with self.assertNoLogs(LOGGER, "ERROR"):
                self.book()
        with freeze_time("2026-11-27T11:01:00"):
            self.book()
        self.assertEqual(bad.invoice_id.amount_total, 10)

    def test_a_credit_note_that_fails_says_so_and_is_tried_again(self):
        with freeze_time("2026-11-27T10:00:00"):
            payload = self.payload({"CHAIR": 1})
            order = self.ingest(payload)
            self.set_up(order, always_invoice=True)
            self.book()
            cancelled = self.changed(payload, cancelled_at="2026-11-21T12:00:00-05:00")
            self.ingest(cancelled, is_new=False)
            with self.broken(OrderInvoice, "_pay", lambda this: True):
                self.book()
            self.assertIn("could not be credited", order.ledger_message)
            self.book()
            self.assertFalse(order.invoice_id.reversal_move_ids)
        with freeze_time("2026-11-27T11:01:00"):
            self.book()
        self.assertEqual(order.invoice_id.reversal_move_ids.amount_total, 10)
        self.assertFalse(order.ledger_message)
