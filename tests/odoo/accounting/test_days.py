"""On which day an order is booked, whatever comes late, is locked, or happens at midnight."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import TransactionCase

from ..support.books import BooksMixin


class TestDays(BooksMixin, TransactionCase):
    def booked(self, *payloads, **values):
        """Return the entries of these orders, after their accounting is confirmed."""
        orders = [self.ingest(payload) for payload in payloads]
        self.set_up(orders[0], **values)
        self.book()
        self.assert_balanced()
        return self.moves()

    # === LOCKS === #

    def test_an_order_of_june_that_comes_after_its_sales_were_locked(self):
        first = self.payload({"CHAIR": 1}, created_at="2026-06-30T09:00:00-05:00")
        june = self.booked(first, start_day="2026-06-01")
        self.company.sale_lock_date = date(2026, 6, 30)
        late = self.payload(
            {"CHAIR": 2},
            created_at="2026-06-30T20:00:00-05:00",
            octopus_created_at="2026-07-02T08:00:00-00:00",
        )
        self.account.shop_timezone = "America/New_York"
        order = self.ingest(late)
        self.book()
        july = self.moves(order)
        self.assertEqual((str(june.date), str(july.date)), ("2026-06-30", "2026-07-01"))
        self.assertIn("2026-06-30", july.ref)
        self.assertTrue(july.ref.endswith("/2"))
        self.assertEqual(self.sums(june), {"Clearing": 10, "Online Income": -10})
        self.assertEqual(self.sums(july), {"Clearing": 20, "Online Income": -20})

    def test_an_order_that_is_captured_after_its_period_was_closed(self):
        payload = self.payload(
            {"CHAIR": 1},
            created_at="2025-12-19T10:00:00-05:00",
            financial_status="authorized",
        )
        self.assertFalse(self.booked(payload, start_day="2025-12-01"))
        self.company.fiscalyear_lock_date = date(2025, 12, 20)
        order = self.ingest(
            self.changed(payload, financial_status="paid"),
            is_new=False,
        )
        self.book()
        self.assertEqual(str(self.moves(order).date), "2025-12-21")
        self.assertIn("2025-12-19", self.moves(order).ref)

    # === DAYS OF THE SHOP === #

    def test_the_last_half_hour_of_the_year_in_new_york(self):
        self.account.shop_timezone = "America/New_York"
        self.env.user.tz = "Europe/Paris"
        self.company.partner_id.tz = "UTC"
        with freeze_time("2027-01-09T15:00:00"):
            move = self.booked(
                self.payload({"CHAIR": 1}, created_at="2026-12-31T23:30:00-05:00"),
                self.payload({"CHAIR": 2}, created_at="2027-01-01T00:30:00-05:00"),
            )
        dates = {str(entry.date): self.sums(entry)["Clearing"] for entry in move}
        self.assertEqual(dates, {"2026-12-31": 10, "2027-01-01": 20})

    def test_the_day_of_a_clock_change_has_25_hours(self):
        self.account.shop_timezone = "America/New_York"
        moments = ("2026-11-01T00:10:00-04:00", "2026-11-01T23:50:00-05:00")
        move = self.booked(*[self.payload({"CHAIR": 1}, created_at=it) for it in moments])
        self.assertEqual(str(move.date), "2026-11-01")
        self.assertEqual(self.sums(move)["Clearing"], 20)

    # === LATE ORDERS === #

    def test_three_orders_of_the_26th_that_are_known_on_the_28th(self):
        first = self.payload({"CHAIR": 1}, created_at="2026-10-26T12:00:00-05:00")
        late = [
            self.payload(
                {"CHAIR": quantity},
                created_at="2026-10-26T13:00:00-05:00",
                octopus_created_at="2026-10-28T08:00:00-00:00",
            )
            for quantity in (2, 3, 4)
        ]
        self.booked(first, start_day="2026-10-01")
        for payload in late:
            self.ingest(payload)
        self.book()
        moves = self.moves()
        self.assertEqual(moves[1].ref, f"{moves[0].ref} /2")
        self.assertEqual([str(move.date) for move in moves], ["2026-10-26"] * 2)
        self.assertEqual([self.sums(move)["Clearing"] for move in moves], [10, 90])
        # The order check sums the orders of the same day.
        of_day = self.orders.search([("transaction_day", "=", "2026-10-26")])
        self.assertEqual(sum(of_day.mapped("check_total")), 100)
        self.assertEqual(moves.octopus_day_id.total, 100)
