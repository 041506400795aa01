"""Fetch requests of users: one order by its number, or those of some days."""

from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, TransactionCase, new_test_user

from odoo.addons.linga_octopus.models.order import fetch

from ..support.orders import OrdersMixin


class TestOctopusFetchRequest(OrdersMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        # All that is in Octopus was placed before: the scheduled poll does not bring it.
        self.remote = self.place({"CHAIR": 1})
        self.account.orders_since = fields.Datetime.now() + timedelta(days=1)
        self.manager = new_test_user(self.env, "manager", "point_of_sale.group_pos_manager")

    def request(self, **values):
        """Fill in the dialog and press Fetch, as a manager."""
        form = Form(self.env["octopus.fetch.request"].with_user(self.manager))
        for name, value in values.items():
            form[name] = value
        return form.save().action_fetch()

    def last_run(self):
        return self.env["octopus.sync.run"].search([("account_id", "=", self.account.id)], limit=1)

    def known(self):
        return self.orders.search([("account_id", "=", self.account.id)])

    def test_one_order_is_fetched_by_the_worker_and_deducted(self):
        self.sandbox.forget_requests()
        answer = self.request(number=f" {self.remote['id']} ")
        self.assertIn(str(self.remote["id"]), answer["params"]["message"])
        self.work()
        self.deduct()
        self.assertRecordValues(
            self.known(),
            [{"aggregator_order_no": str(self.remote["id"]), "stock_state": "deducted"}],
        )
        calls = self.sandbox.requests()["GET /orders/{id}.json"]
        self.assertEqual(calls, 2, "once to answer in the dialog, once by the worker")

    def test_a_number_that_octopus_does_not_know_is_answered_in_the_dialog(self):
        for number in "424242", "not a number":
            with self.subTest(number=number), self.assertRaisesRegex(UserError, number):
                self.request(number=number)
        self.assertFalse(self.last_run())

    def test_the_orders_of_some_days_are_fetched_old_ones_too(self):
        self.request(what="days", first_day=date(2020, 1, 1), last_day=fields.Date.today())
        self.work()
        self.deduct()
        self.assertEqual(self.known().stock_state, "deducted")
        self.assertFalse(self.account.order_watermark, "the poll still has to look itself")

    def test_days_are_those_of_the_shop(self):
        self.manager.tz = "Asia/Tokyo"
        self.account.shop_timezone = "America/New_York"
        self.request(what="days", first_day=date(2026, 11, 20), last_day=date(2026, 11, 21))
        request = {
            "created_at_min": "2026-11-20T05:00:00",
            "created_at_max": "2026-11-22T05:00:00",
        }
        self.assertEqual(self.last_run().cursor["requests"], [request])

    def test_what_makes_no_sense_is_refused(self):
        wizard = self.env["octopus.fetch.request"]
        for values in (
            {"what": "number", "number": " "},
            {"what": "days", "first_day": False},
            {"what": "days", "first_day": "2026-11-21", "last_day": "2026-11-20"},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                wizard.create({"account_id": self.account.id, **values}).action_fetch()

    def test_a_request_joins_the_open_run(self):
        self.sandbox.set_faults([{"path": "/orders.json", "status": 503}])
        self.account.action_fetch_orders()
        self.work()
        waiting = self.last_run()
        self.assertEqual(waiting.state, "waiting")
        other = self.place({"TABLE": 1})
        self.request(number=str(self.remote["id"]))
        self.request(number=str(other["id"]))
        self.sandbox.clear_faults()
        self.work()
        self.assertEqual(self.last_run(), waiting)
        self.assertRecordValues(waiting, [{"state": "done", "total": 2, "done": 2, "failed": 0}])
        self.assertEqual(len(self.known()), 2)

    def test_a_request_of_the_last_moment_is_kept(self):
        asked = []
        fetch_page = fetch.OrderFetch._fetch_page

        def fetch_and_request(order_fetch, filters, place):
            place = fetch_page(order_fetch, filters, place)
            if not asked:
                asked.append(filters)
                number = str(self.remote["id"])
                fetch.add_fetch_requests(order_fetch.run, [{"number": number}])
            return place

        self.patch(fetch.OrderFetch, "_fetch_page", fetch_and_request)
        self.account.action_fetch_orders()
        self.work()
        self.assertEqual(len(self.known()), 1)

    def test_a_run_that_is_retried_repeats_its_requests(self):
        self.sandbox.set_faults([{"path": "/orders/*", "status": 400}])
        self.request(number=str(self.remote["id"]))
        self.work()
        run = self.last_run()
        self.assertRecordValues(run, [{"state": "partial", "failed": 1}])
        self.sandbox.clear_faults()
        run.with_user(self.manager).action_retry()
        self.work()
        self.assertEqual(self.last_run().state, "done")
        self.assertEqual(len(self.known()), 1)
        self.assertEqual(run.issue_ids.fixed_by, self.last_run())

    def test_a_number_that_octopus_refuses_holds_up_no_other(self):
        other = self.place({"TABLE": 1})
        path = f"/orders/{self.remote['id']}.json"
        for status in 400, 422:
            with self.subTest(status=status):
                self.sandbox.set_faults([{"path": path, "status": status}])
                self.request(number=str(self.remote["id"]))
                self.request(number=str(other["id"]))
                self.work()
                run = self.last_run()
                self.assertRecordValues(run, [{"state": "partial", "total": 2, "failed": 1}])
                self.assertEqual(run.issue_ids.record_name, str(self.remote["id"]))
                self.assertIn("Octopus refuses the order number", run.issue_ids.message)
                self.assertIn(f"HTTP {status}", run.issue_ids.message)
                self.assertEqual(self.known().mapped("aggregator_order_no"), [str(other["id"])])

    def test_the_dialog_offers_the_store_that_it_was_opened_from(self):
        other = self.account.copy({"merchant_name": "nobody"})
        action = other.with_user(self.manager).action_open_fetch()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({})
        self.assertEqual(wizard.account_id, other)
