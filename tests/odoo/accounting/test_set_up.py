"""An accountant sets a channel up, looks at the preview, and decides about days."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user

from ..support.books import BooksMixin


class TestSetUp(BooksMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,account.group_account_manager"
        cls.accountant = new_test_user(cls.env, "ann", groups)

    def maps(self):
        """Return the accounting of all channels, as the accountant has it."""
        self.env["octopus.booking.map"].with_user(self.accountant).action_set_up()
        return self.env["octopus.booking.map"].with_user(self.accountant).search([])

    def test_the_taxes_and_payment_methods_of_orders_are_listed_with_proposals(self):
        self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")], gateway="paypal"))
        self.ingest(self.taxed([("CHAIR", 1, "50.00", "6.15")], "0.123", title="Odd"))
        booking_map = self.maps()
        vat, odd = booking_map.tax_map_ids.sorted("title", reverse=True)
        self.assertEqual((vat.title, vat.percentage, vat.order_count), ("VAT", "21%", 1))
        self.assertEqual((vat.tax_id, vat.is_proposed), (self.vat, True))
        self.assertEqual((odd.percentage, odd.amount, odd.tax_id.id), ("12.3%", 6.15, False))
        gateway = booking_map.gateway_ids
        self.assertEqual((gateway.gateway, gateway.order_count), ("paypal", 1))
        self.assertEqual(gateway.amount, 121)
        self.assertIn("Odd 12.3%", booking_map.missing)
        with self.assertRaisesRegex(UserError, "Odd"):
            booking_map.action_confirm()

    def test_the_tolerance_is_some_of_the_smallest_coin(self):
        """A yen has no cents: a hundredth of it would be none."""
        self.ingest(self.payload({"CHAIR": 1}))
        self.company.currency_id = self.env.ref("base.JPY")
        self.assertEqual(self.maps().tolerance, 5)

    def test_what_is_missing_is_created_on_request_only(self):
        self.ingest(self.payload({"CHAIR": 1}, total_tip_received="1.00", total_price="11.00"))
        accounts = self.env["account.account"]
        before = accounts.search_count([])
        booking_map = self.maps()
        self.assertEqual(accounts.search_count([]), before)
        booking_map.action_create_accounts()
        self.assertFalse(booking_map.missing)
        self.assertTrue(booking_map.clearing_account_id.reconcile)
        self.assertTrue(booking_map.tip_account_id)
        self.assertFalse(booking_map.gift_card_account_id, "no order has shown a gift card")
        booking_map.action_confirm()
        self.assertEqual(booking_map.state, "confirmed")

    def test_the_preview_is_the_entry_and_books_nothing(self):
        order = self.ingest(self.taxed([("CHAIR", 2, "50.00", "21.00")]))
        booking_map = self.maps()
        booking_map.action_create_accounts()
        booking_map.start_day = "2026-11-01"
        action = booking_map.action_preview()
        preview = self.env[action["res_model"]].with_user(self.accountant).browse(action["res_id"])
        preview.day = "2026-11-20"
        preview.action_show()
        shown = sorted((line.account_id.id, line.debit, line.credit) for line in preview.line_ids)
        self.assertFalse(order.ledger_line_ids)
        booking_map.action_confirm()
        self.book()
        items = self.moves().line_ids
        booked = sorted((item.account_id.id, item.debit, item.credit) for item in items)
        self.assertEqual(shown, booked)
        preview.action_later()
        self.assertTrue(preview.is_empty)

    def test_a_user_of_octopus_sees_nothing_of_it(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.set_up(order)
        self.book()
        groups = "base.group_user,linga_octopus.group_octopus_manager"
        manager = new_test_user(self.env, "max", groups)
        for model in ("octopus.booking.map", "octopus.booking.day", "octopus.ledger.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(manager).search([])
        self.assertNotIn("ledger_line_ids", order.with_user(manager).fields_get())

    def test_an_accountant_of_another_company_sees_none_of_it(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.set_up(order)
        self.book()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.accountant.write({"company_ids": elsewhere.ids, "company_id": elsewhere.id})
        for model in ("map", "day"):
            found = self.env[f"octopus.booking.{model}"].with_user(self.accountant).search([])
            self.assertFalse(found)
        self.assertFalse(self.env["octopus.clearing"].with_user(self.accountant).search([]))

    # === DAYS === #

    def test_a_day_waits_for_its_order_check_for_three_days(self):
        for state, message in ((None, "not been compared"), ("differs", "found differences")):
            with self.subTest(state), freeze_time("2026-11-21T15:00:00"):
                order = self.ingest(self.payload({"CHAIR": 1}, source=f"SHOP {state}"))
                self.set_up(order)
                if state:
                    self.env["octopus.order.check"].create(
                        {"account_id": self.account.id, "day": "2026-11-20", "state": state}
                    )
                self.book()
                day = order.ledger_line_ids.day_id
                self.assertEqual(day.state, "held")
                self.assertIn(message, day.message)
                booking_map = self.env["octopus.booking.map"].search(
                    [("channel_id", "=", order.channel_id.id)]
                )
                told = [body for body in booking_map.message_ids.mapped("body") if message in body]
                self.assertEqual(len(told), 1)
        with freeze_time("2026-11-24T15:00:00"):
            self.book()
        self.assertEqual(set(self.days.search([]).mapped("state")), {"booked"})

    def test_an_accountant_has_the_orders_of_a_held_day_checked(self):
        self.account.orders_since = "2026-11-01"
        with freeze_time("2026-11-21T15:00:00"):
            order = self.ingest(self.payload({"CHAIR": 1}))
            self.set_up(order)
            self.book()
        day = order.ledger_line_ids.day_id.with_user(self.accountant)
        self.assertTrue(day.waits_for_check)
        self.assertEqual(day.action_check_orders()["tag"], "display_notification")
        order_check = self.env["octopus.order.check"].search([("day", "=", day.day)])
        self.assertEqual((order_check.account_id, order_check.state), (self.account, "waiting"))
        day.action_book()
        self.assertFalse(day.waits_for_check)

    def test_a_day_whose_order_check_agrees_is_booked_the_next_morning(self):
        self.account.shop_timezone = "America/New_York"
        with freeze_time("2026-11-21T10:00:00"):  # 5 in the morning of the shop
            order = self.ingest(self.payload({"CHAIR": 1}))
            self.set_up(order)
            self.env["octopus.order.check"].create(
                {"account_id": self.account.id, "day": "2026-11-20", "state": "agrees"}
            )
            self.book()
            self.assertFalse(self.moves())
        with freeze_time("2026-11-21T11:01:00"):
            self.book()
            self.assertEqual(len(self.moves()), 1)

    def test_a_day_is_held_by_a_person_until_it_is_released(self):
        order = self.ingest(self.payload({"CHAIR": 1}, financial_status="pending"))
        self.set_up(order)
        day = self.days.browse(
            self.days._add_days(
                {
                    (order.channel_id.id, order.currency_id.id, order.transaction_time.date()): (
                        self.account
                    )
                }
            )
            .popitem()[1]
            .id
        ).with_user(self.accountant)
        day.action_hold()
        self.assertIn("ann", day.message)
        self.touch(order)
        self.env.cr.execute("UPDATE octopus_order SET financial_status = 'paid'")
        self.env.invalidate_all()
        self.book()
        self.assertFalse(self.moves())
        day.action_release()
        self.book()
        self.assertEqual(day.state, "booked")
