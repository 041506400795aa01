"""A day of online sales is one posted entry, once."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.models.accounting.booking import DayBooking
from odoo.addons.linga_octopus.models.accounting.ledger import Ledger
from odoo.addons.linga_octopus.models.accounting.order_reader import OrderReader

from ..support.books import BooksMixin

QUERIES = 60  # for the entry of a day


class TestBooking(BooksMixin, TransactionCase):
    maps = None

    def test_nothing_is_booked_before_an_accountant_has_confirmed(self):
        order = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.env["octopus.booking.map"].create({"channel_id": order.channel_id.id})
        self.book()
        self.assertFalse(self.moves())
        self.assertFalse(order.ledger_line_ids)

    def test_a_day_is_one_posted_entry(self):
        first = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(first)
        self.ingest(self.taxed([("TABLE", 2, "50.00", "21.00")]))
        self.book()
        move = self.moves()
        self.assertEqual(len(move), 1)
        self.assertEqual(move.state, "posted")
        self.assertEqual(str(move.date), "2026-11-20")
        self.assertEqual(self.sums(move), {"Clearing": 242, "Online Income": -200, "VAT 21": -42})
        self.assertEqual(self.by_tag(move), {"base 21": 200, "tax 21": 42})
        self.assertEqual(move.octopus_order_count, 2)
        self.assertEqual(move.octopus_day_id.state, "booked")

    def test_booking_twice_books_once(self):
        order = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(order)
        self.book()
        before = self.moves()
        self.book()
        self.assertEqual(self.moves(), before)
        self.assertEqual(len(order.ledger_line_ids), 1)

    def test_a_refund_stands_in_the_entry_of_its_own_day_with_its_own_tags(self):
        payload = self.taxed([("CHAIR", 2, "50.00", "21.00")])
        order = self.ingest(payload)
        self.set_up(order)
        self.book()
        day = "2026-11-22T12:00:00-05:00"
        self.ingest(self.with_refund(payload, "50.00", "10.50", processed_at=day), is_new=False)
        self.book()
        sale, refund = self.moves()
        self.assertEqual(str(refund.date), "2026-11-22")
        self.assertEqual(
            self.sums(refund), {"Clearing": -60.5, "Online Income": 50, "VAT 21": 10.5}
        )
        self.assertEqual(self.by_tag(refund), {"refund base 21": -50, "refund tax 21": -10.5})
        self.assertEqual(self.by_tag(sale), {"base 21": 100, "tax 21": 21})

    def test_a_change_after_booking_is_a_correction(self):
        payload = self.payload({"CHAIR": 50})
        order = self.ingest(payload)
        self.set_up(order)
        self.book()
        booked = self.moves()
        items = [{**payload["line_items"][0], "quantity": 35}]
        self.ingest(self.changed(payload, line_items=items, total_price="350.0000"), is_new=False)
        self.book()
        self.assertEqual(self.sums(booked), {"Clearing": 500, "Online Income": -500})
        correction = order.ledger_line_ids.filtered(lambda line: line.version == 2)
        self.assertEqual(correction.total, -150)
        self.assertEqual(correction.state, "open", "its day is not over")
        correction.day_id.sudo().action_book()
        self.assertEqual(self.sums(correction.move_id), {"Clearing": -150, "Online Income": 150})

    def test_a_price_that_the_channel_changes_later_is_a_correction(self):
        payload = self.taxed([("CHAIR", 2, "50.00", "21.00"), ("TABLE", 1, "10.00", "2.10")])
        order = self.ingest(payload)
        self.set_up(order)
        self.book()
        changed = self.taxed([("CHAIR", 2, "40.00", "16.80"), ("TABLE", 1, "10.00", "2.10")])
        names = ("line_items", "total_tax", "total_price")
        self.ingest(self.changed(payload, **{it: changed[it] for it in names}), is_new=False)
        self.book()
        self.days.search([("state", "=", "open")]).sudo().action_book()
        self.assertFalse(order.ledger_message)
        correction = self.moves()[1]
        self.assertEqual(
            self.sums(correction), {"Clearing": -24.2, "Online Income": 20, "VAT 21": 4.2}
        )
        self.assertEqual(self.by_tag(correction), {"refund base 21": -20, "refund tax 21": -4.2})

    def test_what_the_channel_takes_off_after_the_goods_have_left_is_a_correction(self):
        for decide in ("", "action_apply_changes", "action_keep_changes"):
            with self.subTest(decide):
                payload = self.payload({"CHAIR": 3, "TABLE": 1})
                order = self.ingest(payload)
                if not self.maps:
                    self.maps = self.set_up(order)
                self.deduct()
                self.book()
                chair, table = payload["line_items"]
                new = {**table, "id": 77, "quantity": 2}
                items = [{**chair, "quantity": 1}, table, new]
                self.ingest(
                    self.changed(payload, line_items=items, total_price="40.0000"), is_new=False
                )
                if decide:
                    getattr(order, decide)()
                    self.deduct()
                    self.touch(order)
                self.book()
                self.assertFalse(order.ledger_message)
                self.assertEqual(sum(order.ledger_line_ids.mapped("total")), 40)

    def test_an_order_that_comes_late_is_a_second_entry_of_its_day(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.set_up(order)
        self.book()
        self.ingest(self.payload({"CHAIR": 2}))
        self.book()
        first, second = self.moves()
        self.assertEqual(first.date, second.date)
        self.assertEqual(second.ref, f"{first.ref} /2")
        self.assertEqual(first.octopus_day_id.total, 30)

    def test_a_day_is_written_as_its_reader_does_and_its_reference_the_same_for_all(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.set_up(order)
        self.book()
        self.env["res.lang"].search([("code", "=", "en_US")]).date_format = "%d.%m.%Y"
        day = order.ledger_line_ids.day_id
        self.assertEqual(day.display_name, "Shopify 20.11.2026")
        self.assertEqual(self.moves().ref, f"{self.account.name} Shopify 2026-11-20")
        day.issue = ["orders_open", {"count": 2, "day": "2026-11-24"}]
        self.assertIn("24.11.2026", day.message)

    def test_many_orders_take_as_many_queries_as_few(self):
        booking_map = self.set_up(self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")])))
        counts = []
        for orders in (1, 2, 9):  # the first one fills the caches
            for _number in range(orders):
                self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")], total_discounts="0"))
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Ledger(self.account, booking_map).write_batch()
            written = self.env.cr.sql_log_count
            booking = DayBooking(self.days.search([]).sudo())
            booking.guarded(booking.book)
            self.env.flush_all()
            counts.append((written - before, self.env.cr.sql_log_count - written))
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2][1], QUERIES)

    def test_a_posted_entry_cannot_be_changed_or_deleted(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.set_up(order)
        self.book()
        with self.assertRaises(UserError):
            self.moves().button_draft()
        with self.assertRaises(UserError):
            self.moves().unlink()
        with self.assertRaises(UserError):
            order.ledger_line_ids.write({"total": 1})
        with self.assertRaises(UserError):
            order.ledger_line_ids.unlink()

    def test_an_order_that_is_not_paid_is_open(self):
        order = self.ingest(self.payload({"CHAIR": 1}, financial_status="authorized"))
        self.set_up(order)
        self.book()
        self.assertFalse(order.ledger_line_ids)

    def test_an_unexpected_error_on_one_order_does_not_stop_the_others(self):
        bad = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(bad)
        good = self.ingest(self.taxed([("TABLE", 2, "50.00", "21.00")]))
        due = OrderReader.due

        def fail(reader, order, money):
            if order == bad:
                raise ZeroDivisionError
            return due(reader, order, money)

        with (
            patch.object(OrderReader, "due", fail),
            self.assertLogs("odoo.addons.linga_octopus.models.accounting.ledger", "ERROR"),
        ):
            self.book()
        self.assertTrue(self.moves(good))
        self.assertFalse(bad.ledger_line_ids)
        self.assertIn("Import the order again", bad.ledger_message)
        self.touch(bad)
        self.book()
        self.assertFalse(bad.ledger_message)
        self.assertTrue(self.moves(bad))

    def test_a_tax_without_a_tax_in_odoo_keeps_its_orders_back(self):
        good = self.ingest(self.payload({"CHAIR": 1}))
        self.set_up(good)
        bad = self.ingest(self.taxed([("TABLE", 1, "50.00", "5.00")], "0.1", title="New"))
        self.book()
        self.assertTrue(good.ledger_line_ids.move_id)
        self.assertFalse(bad.ledger_line_ids.move_id)
        self.assertIn("New 10%", bad.ledger_line_ids.message)
        booking_map = self.env["octopus.booking.map"].search([])
        booking_map.tax_map_ids.tax_id = self.vat
        self.days.search([]).sudo().action_book()
        self.assertTrue(bad.ledger_line_ids.move_id)
        self.assert_balanced()
