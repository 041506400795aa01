"""The status of an order that is completed or cancelled in Odoo is sent to Octopus."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.const import PUSH_STATUS_CRON
from odoo.addons.linga_octopus.lib.back_off import RETRY_DELAYS
from odoo.addons.linga_octopus.lib.octopus_api import OctopusClient
from odoo.addons.linga_octopus.lib.octopus_api.errors import OctopusValidationError

from ..support.orders import OrdersMixin
from ..support.stock import StockCase

LOGGER = "odoo.addons.linga_octopus.models.order.status_push"


class TestStatusPush(OrdersMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.remote = self.place({"CHAIR": 1}, tags="gift, vip")
        self.known = self.ingest(self.remote)

    def push_status(self):
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order"]._cron_push_status()
        self.env.invalidate_all()

    def in_octopus(self):
        return self.account._get_client().get_order(self.remote["id"])

    def test_octopus_is_not_called_in_the_users_transaction(self):
        self.sandbox.forget_requests()
        self.known.status = "cancelled"
        self.assertEqual(self.known.push_status, "pending")
        self.assertFalse(self.sandbox.requests())

    def test_a_store_without_credentials_says_so_and_stops_no_other(self):
        other = self.account.copy({"merchant_name": "nobody"})
        other.write({"state": "connected", "access_id": False})
        order = self.known.copy({"account_id": other.id, "status": "cancelled"})
        order.push_status = "pending"
        self.known.status = "cancelled"
        self.push_status()
        self.assertEqual(self.known.push_status, "synced")
        self.assertEqual(order.push_status, "pending")
        self.assertEqual(other.state, "error")
        self.assertIn("Enter the Merchant Name", other.state_message)

    def test_a_cancellation_is_sent(self):
        self.known.status = "cancelled"
        self.push_status()
        self.assertEqual(self.known.push_status, "synced")
        self.assertTrue(self.in_octopus()["cancelled_at"])
        self.sandbox.forget_requests()
        self.push_status()
        self.assertFalse(self.sandbox.requests(), "once is enough")
        self.ingest(self.in_octopus())
        self.assertEqual(self.known.push_status, "synced")

    def test_the_reason_of_a_cancellation_is_sent(self):
        self.known.action_cancel("fraud")
        self.push_status()
        self.assertEqual(self.known.push_status, "synced")
        self.assertEqual(self.in_octopus()["cancel_reason"], "fraud")

    def test_an_octopus_that_knows_no_reasons_gets_none(self):
        def refuse(client, ref, *, restock=True, reason=""):
            if reason:
                raise OctopusValidationError("reason", status=422)
            return cancel_order(client, ref, restock=restock)

        cancel_order = OctopusClient.cancel_order
        self.known.action_cancel("fraud")
        with patch.object(OctopusClient, "cancel_order", refuse):
            self.push_status()
        self.assertEqual(self.known.push_status, "synced")
        self.assertTrue(self.in_octopus()["cancelled_at"])

    def test_an_order_that_cannot_be_sent_does_not_stop_the_others(self):
        other = self.ingest(self.place({"CHAIR": 1}))
        (self.known | other).status = "completed"
        update_order = OctopusClient.update_order

        def fail(client, ref, values):
            if ref == self.known.aggregator_order_no:
                raise KeyError("a mistake of ours")
            return update_order(client, ref, values)

        with patch.object(OctopusClient, "update_order", fail), self.assertLogs(LOGGER, "ERROR"):
            self.push_status()
        self.assertEqual(other.push_status, "synced")
        self.assertEqual(self.known.push_status, "failed")
        self.assertIn("the server log has the details", self.known.channel_notice)
        self.known.action_retry_push()
        self.push_status()
        self.assertEqual(self.known.push_status, "synced")

    def test_a_completion_is_a_tag_beside_the_others(self):
        self.known.status = "completed"
        self.push_status()
        self.assertEqual(self.known.push_status, "synced")
        self.assertEqual(self.in_octopus()["tags"], "gift, vip, Odoo: completed")
        self.known.status = "take_action"
        self.push_status()
        self.assertEqual(self.in_octopus()["tags"], "gift, vip")

    def test_without_a_cancel_call_the_order_is_tagged_and_says_so(self):
        for status in 404, 405:
            with self.subTest(status=status):
                remote = self.place({"CHAIR": 1})
                order = self.ingest(remote)
                self.sandbox.set_faults([{"path": "/orders/*/cancel.json", "status": status}])
                order.status = "cancelled"
                self.push_status()
                self.assertRecordValues(order, [{"status": "cancelled", "push_status": "tag_only"}])
                self.assertIn("Cancel it in the sales channel too", order.channel_notice)
                self.assertEqual(
                    self.account._get_client().get_order(remote["id"])["tags"], "Odoo: cancelled"
                )

    def test_an_order_that_the_channel_cancelled_first_is_synced(self):
        self.sandbox.cancel_order(self.remote["id"], webhook=False)
        self.known.status = "cancelled"
        self.push_status()
        self.assertEqual(self.known.push_status, "synced")

    def test_octopus_down_is_tried_again_and_then_said_on_the_order(self):
        self.sandbox.set_faults([{"path": "/orders/*", "status": 503}])
        self.known.status = "cancelled"
        self.push_status()
        self.assertEqual(self.known.push_status, "pending")
        self.assertGreater(self.known.push_retry_at, fields.Datetime.now())
        self.sandbox.forget_requests()
        self.push_status()
        self.assertFalse(self.sandbox.requests(), "not before its time")
        for _delay in RETRY_DELAYS:
            self.known.push_retry_at = fields.Datetime.now() - timedelta(seconds=1)
            self.push_status()
        self.assertEqual(self.known.push_status, "failed")
        self.assertIn(
            "The status Cancelled could not be sent to Octopus", self.known.channel_notice
        )
        self.sandbox.clear_faults()
        self.known._flag("text", text="Something else.")
        self.known.action_retry_push()
        self.push_status()
        self.assertRecordValues(
            self.known, [{"push_status": "synced", "channel_notice": "Something else."}]
        )

    def test_a_notice_that_is_no_longer_true_makes_room_for_the_next(self):
        self.sandbox.delete_order(self.remote["id"])
        self.known.status = "completed"
        self.push_status()
        posted = len(self.known.message_ids)
        self.known.action_retry_push()
        self.push_status()
        self.assertEqual(len(self.known.message_ids), posted, "said before")
        self.known.status = "take_action"
        self.push_status()
        self.assertNotIn("Completed", self.known.channel_notice)
        self.assertIn("Take Action", self.known.channel_notice)

    def test_a_cancellation_of_the_channel_is_not_sent(self):
        for state, fault in ("failed", 422), ("tag_only", 404), ("pending", 503):
            with self.subTest(state=state):
                remote = self.place({"CHAIR": 1})
                order = self.ingest(remote)
                self.sandbox.set_faults([{"path": "/orders/*/cancel.json", "status": fault}])
                order.status = "cancelled"
                self.push_status()
                self.assertEqual(order.push_status, state)
                self.sandbox.clear_faults()
                self.sandbox.cancel_order(remote["id"], webhook=False)
                self.ingest(self.account._get_client().get_order(remote["id"]))
                self.assertRecordValues(order, [{"push_status": "synced", "channel_notice": False}])

    def test_all_orders_of_the_store_wait_as_long_as_octopus_says(self):
        other = self.ingest(self.place({"CHAIR": 1}))
        fault = {"path": "/orders/*", "status": 429, "headers": {"Retry-After": "40"}}
        self.sandbox.set_faults([fault])
        before = fields.Datetime.now()
        self.known.status = "cancelled"
        self.push_status()
        self.assertEqual(self.known.push_attempts, 0, "being asked to wait is no failure")
        self.assertGreaterEqual(self.account.push_resume_at, before + timedelta(seconds=39))
        self.sandbox.clear_faults()
        self.sandbox.forget_requests()
        other.status = "cancelled"
        self.push_status()
        self.assertFalse(self.sandbox.requests(), "not before its time")
        self.account.push_resume_at = fields.Datetime.now() - timedelta(seconds=1)
        self.push_status()
        self.assertEqual((self.known | other).mapped("push_status"), ["synced", "synced"])

    def test_what_octopus_refuses_is_not_tried_again(self):
        self.sandbox.change_order(
            self.remote["id"], closed_at="2026-11-22T00:00:00-00:00", webhook=False
        )
        self.known.status = "completed"
        self.push_status()
        self.assertEqual(self.known.push_status, "failed")
        self.assertIn("Completed", self.known.channel_notice)

    def test_an_order_that_octopus_forgot_is_said_on_the_order(self):
        self.sandbox.delete_order(self.remote["id"])
        self.known.status = "completed"
        self.push_status()
        self.assertEqual(self.known.push_status, "failed")
        self.assertIn("Octopus has no order with the number", self.known.channel_notice)

    def test_revoked_credentials_are_said_on_the_store(self):
        self.known.status = "cancelled"
        self.account.access_id = "old"
        self.push_status()
        self.assertEqual(self.account.state, "error")
        self.assertEqual(self.known.push_status, "pending", "it goes on when connected again")
        self.account.access_id = self.sandbox.access_id
        self.account.action_test_connection()
        self.push_status()
        self.assertEqual(self.known.push_status, "synced")

    def change(self, order):
        """Let a user cancel an order and commit; return whether that woke the worker."""
        mine = [("cron_id", "=", self.env.ref(PUSH_STATUS_CRON).id)]
        self.env["ir.cron.trigger"].search(mine).unlink()
        self.env.flush_all()
        self.env.cr.postcommit.clear()
        order._queue_status_push()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        return bool(self.env["ir.cron.trigger"].search(mine))

    def test_only_an_order_that_is_sent_soon_lets_the_worker_sleep(self):
        before, order = self.known, self.ingest(self.place({"CHAIR": 1}))
        self.assertTrue(self.change(before))
        self.assertFalse(self.change(order), "one before it is sent soon")
        before.push_retry_at = fields.Datetime.now() + timedelta(minutes=10)
        self.assertTrue(self.change(order), "the one before it is sent again later")
        broken = self.account.copy({"name": "Broken", "state": "error"})
        before.write({"push_retry_at": False, "account_id": broken.id})
        self.assertTrue(self.change(order), "the one before it is not sent for now")


class TestStockOfOrdersThatOctopusCancelled(OrdersMixin, StockCase):
    """Whoever cancels in Octopus lets it put the goods back on sale by itself."""

    def test_the_goods_are_not_on_sale_twice(self):
        self.push()
        remote = self.place({"CHAIR": 2})
        order = self.ingest(remote)
        self.deduct()
        self.push()
        order.status = "cancelled"
        self.push()  # before Octopus hears of the cancellation
        self.assertEqual(self.remote()["CHAIR"], 10)
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order"]._cron_push_status()
        self.env.invalidate_all()
        self.assertEqual(order.push_status, "synced")
        self.change_in_octopus(self.chair, 12)
        self.push()
        self.assertEqual(self.remote()["CHAIR"], 10)
        self.sandbox.forget_requests()
        self.push()
        self.assertFalse(self.calls(), "once is enough")

    def test_a_completion_changes_no_stock_there(self):
        order = self.ingest(self.place({"CHAIR": 2}))
        self.deduct()
        self.push()
        self.sandbox.forget_requests()
        order.status = "completed"
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order"]._cron_push_status()
        self.push()
        self.assertFalse(self.calls())
