"""A day's online orders in Octopus against Odoo: the sandbox is Octopus."""

import json
from datetime import datetime, timedelta, timezone
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.models.monitoring.diagnosis import Diagnosis
from odoo.addons.linga_octopus.models.order import day_check

from ..support.orders import OrdersMixin


class OrderCheckCase(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Orders of the test are of the day that it is now where the shop is.
        cls.account.write({"shop_timezone": "UTC", "orders_since": "2020-01-01 00:00:00"})

    def order_check(self, day=None):
        """Let the worker compare a day, and return the order check."""
        action = self.account.action_check_orders(day or fields.Date.today())
        self.work()
        self.env.invalidate_all()
        return self.env["octopus.order.check"].browse(action["res_id"])

    def differences(self, order_check):
        return {
            difference.aggregator_order_no: difference.kind
            for difference in order_check.difference_ids
        }

    def bring(self, *placed):
        """Have these orders here, as their webhook brings them."""
        return [self.ingest(order) for order in placed]


class TestOrderCheck(OrderCheckCase):
    def test_a_day_that_agrees(self):
        self.bring(
            self.place({"CHAIR": 2}, source="SHOPIFY"),
            self.place({"CHAIR": 1}, source="SHOPIFY"),
            self.place({"TABLE": 4}, source="AMAZON"),
        )

        order_check = self.order_check()

        self.assertRecordValues(
            order_check,
            [
                {
                    "state": "agrees",
                    "octopus_count": 3,
                    "odoo_count": 3,
                    "missing_count": 0,
                    "difference_count": 0,
                    "message": False,
                }
            ],
        )
        self.assertTrue(order_check.compared_at)
        lines = {
            line.channel: (line.octopus_count, line.octopus_total, line.odoo_total, line.difference)
            for line in order_check.line_ids
        }
        self.assertEqual(lines, {"Shopify": (2, 30, 30, 0), "Amazon": (1, 40, 40, 0)})
        self.assertEqual(self.sandbox.requests()["GET /orders/count.json"], 1)

    def test_channels_that_are_called_the_same_are_one(self):
        """Octopus's word is for Octopus: people see the name that they gave."""
        self.bring(
            self.place({"CHAIR": 1}, source="AMAZON"), self.place({"CHAIR": 2}, source="AMAZON_US")
        )
        self.account.channel_ids.name = "Amazon of Ada"
        self.place({"CHAIR": 3}, source="WOO_COMMERCE")
        order_check = self.order_check()
        self.assertEqual(
            {line.channel: (line.octopus_count, line.odoo_count) for line in order_check.line_ids},
            {"Amazon of Ada": (2, 2), "WooCommerce": (1, 0)},
        )
        self.assertEqual(order_check.difference_ids.channel, "WooCommerce")

    def test_test_orders_count_on_neither_side(self):
        real, trial, missing = (self.place({"CHAIR": 1}) for _count in range(3))
        for order in trial, missing:
            self.sandbox.change_order(order["id"], test=True, webhook=False)
        self.bring(real, {**trial, "test": True})
        self.assertRecordValues(
            self.order_check(),
            [{"state": "agrees", "octopus_count": 1, "odoo_count": 1, "message": False}],
        )

    def test_missing_orders_are_named_and_fetched_with_one_click(self):
        self.patch(day_check, "PAGE_LIMIT", 2)
        here = self.place({"CHAIR": 1})
        missing = [self.place({"CHAIR": quantity}) for quantity in (2, 3, 4)]
        self.bring(here)

        order_check = self.order_check()

        self.assertEqual((order_check.state, order_check.missing_count), ("differs", 3))
        self.assertEqual((order_check.octopus_count, order_check.odoo_count), (4, 1))
        self.assertEqual(
            self.differences(order_check), {str(order["id"]): "missing" for order in missing}
        )
        self.assertEqual(order_check.line_ids.difference, 90)

        order_check.action_fetch_missing()
        self.work()
        self.deduct()

        self.assertEqual((order_check.state, order_check.odoo_count), ("agrees", 4))
        self.assertFalse(order_check.difference_ids)
        self.assertEqual(self.on_hand(self.chair), 10 - 2 - 3 - 4 - 1)

    def test_refunds_that_differ_are_shown_and_read_again(self):
        order = self.place({"CHAIR": 2})
        [ours] = self.bring(order)
        self.sandbox.refund_order(order["id"], webhook=False)

        order_check = self.order_check()

        self.assertRecordValues(
            order_check.difference_ids,
            [{"kind": "refund", "octopus_refunded": 20, "odoo_refunded": 0, "order_id": ours.id}],
        )
        self.assertEqual(order_check.line_ids.difference, -20)

        order_check.action_fetch_missing()
        self.work()

        self.assertEqual((order_check.state, ours.amount_refunded), ("agrees", 20))

    def test_totals_that_differ_are_shown_and_read_again(self):
        order = self.place({"CHAIR": 1})
        [ours] = self.bring(order)
        self.sandbox.change_order(order["id"], total_price="25.0000", webhook=False)

        order_check = self.order_check()

        self.assertRecordValues(
            order_check.difference_ids,
            [
                {
                    "kind": "total",
                    "aggregator_order_no": str(order["id"]),
                    "octopus_total": 25,
                    "odoo_total": 10,
                    "order_id": ours.id,
                }
            ],
        )
        order_check.action_fetch_missing()
        self.work()
        self.assertEqual((order_check.state, ours.check_total), ("agrees", 25))

    def test_a_cancellation_on_one_side_only_is_a_difference(self):
        here, there, both = (self.place({"CHAIR": 1}) for _number in range(3))
        ours = self.bring(here, there, both)
        self.sandbox.cancel_order(there["id"], webhook=False)
        self.sandbox.cancel_order(both["id"], webhook=False)
        (ours[0] | ours[2]).status = "cancelled"

        order_check = self.order_check()

        self.assertEqual(
            self.differences(order_check),
            {str(here["id"]): "cancelled_here", str(there["id"]): "cancelled_there"},
        )
        # Each side counts what is not cancelled there; the button opens what it counts.
        self.assertEqual((order_check.octopus_count, order_check.odoo_count), (1, 1))
        opened = self.orders.search(order_check.action_open_orders()["domain"])
        self.assertEqual(opened, ours[1])

    def test_an_order_that_octopus_does_not_know_differs_from_one_of_another_day(self):
        # The channel says yesterday; Octopus got the orders only today.
        yesterday = fields.Datetime.now() - timedelta(days=1)
        gone, kept = (
            self.sandbox.change_order(
                self.place({"CHAIR": 1})["id"],
                created_at=f"{yesterday:%Y-%m-%dT%H:%M:%S}-00:00",
                webhook=False,
            )
            for _number in range(2)
        )
        self.bring(gone, kept)
        self.sandbox.delete_order(gone["id"])

        order_check = self.order_check(yesterday.date())

        self.assertEqual(self.differences(order_check), {str(gone["id"]): "extra"})

    def test_an_order_that_cannot_be_read_is_listed_and_holds_up_none(self):
        fine = self.place({"CHAIR": 1})
        self.place({"CHAIR": 1})
        self.bring(fine)
        body = json.dumps([fine, {"id": {"odd": 1}}])
        self.sandbox.set_faults([{"path": "/orders.json", "status": 200, "body": body}])

        order_check = self.order_check()

        self.assertEqual(self.differences(order_check), {"{'odd': 1}": "unreadable"})
        self.assertIn("id is not", order_check.difference_ids.message)
        self.assertEqual(order_check.odoo_count, 1)

    def test_a_list_shorter_than_its_count_is_no_agreement(self):
        client = type(self.account._get_client())
        self.bring(self.place({"CHAIR": 1}))
        self.patch(client, "count_orders", lambda _self, **_filters: 2)

        order_check = self.order_check()

        self.assertEqual(order_check.state, "differs")
        self.assertIn("counts 2 orders of this day but lists 1", order_check.message)

    def test_days_are_those_of_the_shop(self):
        self.bring(self.place({"CHAIR": 1}))
        utc = fields.Date.today()
        # At any hour it is another day in one of these.
        [(zone, day)] = [
            (name, day)
            for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago")
            if (day := datetime.now(ZoneInfo(name)).date()) != utc
        ][:1]
        self.account.shop_timezone = zone
        self.assertEqual(self.order_check(day).octopus_count, 1)
        self.assertEqual(self.order_check(utc).octopus_count, 0)

        self.account.shop_timezone = "Nowhere/Land"
        self.account.company_id.partner_id.tz = "UTC"
        self.assertEqual(self.order_check(utc).octopus_count, 1)

    def test_orders_of_before_the_store_was_connected_are_not_missed(self):
        order = self.place({"CHAIR": 1})
        self.account.orders_since = fields.Datetime.now() + timedelta(seconds=5)
        if self.account.orders_since.date() == fields.Date.today():
            self.assertNotIn(str(order["id"]), self.differences(self.order_check()))
        with self.assertRaisesRegex(UserError, "takes orders since"):
            self.account.action_check_orders(fields.Date.today() - timedelta(days=1))

    def test_the_first_day_is_named_as_the_shop_and_the_reader_write_it(self):
        self.account.write(
            {"shop_timezone": "Australia/Sydney", "orders_since": "2026-11-24 22:00:00"}
        )
        with self.assertRaisesRegex(UserError, r"since 11/25/26, 9:00\sAM\. Choose that day"):
            self.account.action_check_orders("2026-11-24")

    @mute_logger("odoo.addons.linga_octopus.models.sync.octopus_sync_run")
    def test_an_octopus_that_is_down_is_asked_again(self):
        self.bring(self.place({"CHAIR": 1}))
        self.sandbox.set_faults([{"path": "/orders/count.json", "status": 503}])

        order_check = self.order_check()

        self.assertEqual((order_check.state, order_check.run_state), ("waiting", "waiting"))
        self.sandbox.clear_faults()
        self.resume(order_check.run_id)
        self.assertEqual(order_check.state, "agrees")

    def test_two_days_are_compared_by_one_run(self):
        today = fields.Date.today()
        self.account.action_check_orders(today - timedelta(days=1))
        self.account.action_check_orders(today)
        self.work()

        order_checks = self.account.order_check_ids
        self.assertEqual(order_checks.mapped("state"), ["agrees", "agrees"])
        self.assertEqual(len(order_checks.run_id), 1)
        self.assertRecordValues(order_checks.run_id, [{"state": "done", "done": 2, "total": 2}])


class TestOrderCheckNight(OrderCheckCase):
    def night(self):
        self.env["octopus.order.check"]._cron_check_orders()
        self.work()
        return self.account.order_check_ids

    def test_each_night_the_day_that_is_over_is_compared_once(self):
        order_checks = self.night()
        day = (datetime.now(timezone.utc) - timedelta(hours=2)).date() - timedelta(days=1)
        self.assertRecordValues(order_checks, [{"day": day, "state": "agrees"}])
        self.sandbox.forget_requests()

        self.assertEqual(self.night(), order_checks)
        self.assertFalse(self.sandbox.requests())

    def test_a_store_may_do_without(self):
        self.account.order_check_nightly = False
        self.assertFalse(self.night())

    def test_a_store_that_is_new_today_has_no_yesterday(self):
        # East and west of UTC, where the shop's day and UTC's are not the same.
        for zone in "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago":
            with self.subTest(zone=zone):
                self.account.shop_timezone = zone
                here = ZoneInfo(zone)
                midnight = datetime.now(here).replace(hour=0, minute=0, second=0, microsecond=0)
                since = midnight.astimezone(timezone.utc).replace(tzinfo=None)
                self.account.orders_since = since
                self.assertFalse(self.night())

    @mute_logger(day_check.__name__)
    def test_a_day_that_cannot_be_compared_holds_up_no_other(self):
        today = fields.Date.today()
        days = [today - timedelta(days=number) for number in (3, 2, 1)]
        for day in days:
            self.account.action_check_orders(day)
        early, odd, last = self.account.order_check_ids.sorted("day")
        self.account.orders_since = f"{days[1]} 00:00:00"
        compare = day_check.DayCheck.compare

        def compare_oddly(check):
            if check.order_check == odd:
                raise ValueError("odd")
            compare(check)

        with patch.object(day_check.DayCheck, "compare", compare_oddly):
            self.work()
        self.assertEqual((early | odd | last).mapped("state"), ["failed", "failed", "agrees"])
        self.assertRecordValues(odd.run_id, [{"state": "partial", "done": 3, "failed": 2}])
        self.assertIn("takes orders since", early.message)
        self.assertIn("the server log has the details", odd.message)
        failures = Diagnosis(self.account).failures().values()
        self.assertIn(early.message, "".join(finding.sentence for finding in failures))
        odd.action_compare()
        self.work()
        self.assertRecordValues(odd, [{"state": "agrees", "message": False}])

    @mute_logger("odoo.addons.linga_octopus.models.sync.octopus_sync_run")
    def test_a_day_that_octopus_refuses_says_so_and_lost_credentials_are_the_stores(self):
        self.sandbox.set_faults([{"path": "/orders/count.json", "status": 422}])
        [order_check] = self.night()
        self.assertEqual(order_check.state, "failed")
        self.assertTrue(order_check.message)
        self.sandbox.set_faults([{"path": "/orders/count.json", "status": 401}])
        order_check.action_compare()
        self.work()
        self.assertEqual((order_check.state, self.account.state), ("waiting", "error"))


class TestOrderCheckPaper(OrderCheckCase):
    def test_it_can_be_printed(self):
        self.bring(self.place({"CHAIR": 1}, source="AMAZON"))
        missing = self.place({"CHAIR": 2}, source="SHOPIFY")
        self.env["octopus.channel"].sudo()._add(self.account, "SHOPIFY").name = "My Shop"
        order_check = self.order_check()

        report = self.env["ir.actions.report"]
        html = report._render_qweb_html("linga_octopus.octopus_order_check_report", order_check.ids)
        page = html[0].decode()

        for text in ("Main Street", "Amazon", "My Shop", "Missing in Odoo", str(missing["id"])):
            self.assertIn(text, page)

    def test_nobody_corrects_its_figures(self):
        order_check = self.order_check()
        manager = new_test_user(
            self.env, "boss", "base.group_user,linga_octopus.group_octopus_manager"
        )
        with self.assertRaises(AccessError):
            order_check.with_user(manager).octopus_count = 99
        wizard = self.env["octopus.order.check.wizard"].with_user(manager).create({})
        self.assertEqual(wizard.account_id, self.account)
