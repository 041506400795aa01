"""Parcels of the store are told to Octopus: each once, whatever happens on the way."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.linga_octopus.lib.back_off import RETRY_DELAYS
from odoo.addons.linga_octopus.models.fulfillment.shipping import ship

from ..support.orders import OrdersMixin

CALL = "/orders/*/fulfillments.json"


class PushCase(OrdersMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.account.complete_when_shipped = False  # a status is told by other calls
        self.remote = self.place({"CHAIR": 2, "TABLE": 1}, tags="gift", note="Ring twice")
        self.known = self.ingest(self.remote)

    def push(self):
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order"]._cron_push_status()
        self.env.invalidate_all()

    def ship(self, *numbers, order=None, pieces=None, carrier="DHL"):
        """Ship pieces, by SKU."""
        order = order or self.known
        lines = {line.sku: line for line in order.line_ids}
        pieces = pieces and {lines[sku]: n for sku, n in pieces.items()}
        return ship(order, pieces, numbers=numbers, carrier=carrier)

    def in_octopus(self, remote=None):
        return self.account._get_client().get_order((remote or self.remote)["id"])

    def told(self):
        """Return (numbers, state) of the parcels in Octopus."""
        return [
            (parcel["tracking_numbers"], parcel["status"])
            for parcel in self.in_octopus()["fulfillments"]
        ]

    def soon(self):
        """Let the time of the next try come."""
        self.known.push_retry_at = fields.Datetime.now() - timedelta(seconds=1)
        self.push()


class TestParcelPush(PushCase):
    def test_octopus_is_not_called_in_the_users_transaction(self):
        self.sandbox.forget_requests()
        self.ship("1")
        self.assertTrue(self.known.is_parcel_due)
        self.assertFalse(self.sandbox.requests())

    def test_each_parcel_is_told_once_with_one_call(self):
        first = self.ship("1", "2", pieces={"CHAIR": 1})
        self.sandbox.forget_requests()
        self.push()
        self.assertEqual(self.writing_calls(), {"POST /orders/{id}/fulfillments.json": 1})
        self.assertRecordValues(first, [{"push_status": "synced", "attempted_at": False}])
        self.assertEqual(self.account.fulfillment_call, "offered")
        [told] = self.in_octopus()["fulfillments"]
        self.assertEqual(str(told["id"]), first.octopus_ref)
        self.assertEqual(told["tracking_numbers"], ["1", "2"])
        self.assertEqual(told["tracking_company"], "DHL")
        self.assertEqual(str(told["location_id"]), self.location.octopus_ref)
        self.assertEqual([entry["quantity"] for entry in told["line_items"]], [1])
        self.sandbox.forget_requests()
        self.push()
        self.assertFalse(self.sandbox.requests(), "once is enough")
        self.ship("3")
        self.push()
        self.assertEqual(self.told(), [(["1", "2"], "success"), (["3"], "success")])
        self.ingest(self.in_octopus())
        self.assertEqual(self.known.fulfillment_ids.mapped("origin"), ["store", "store"])
        self.assertEqual(self.known.fulfillment_state, "full")

    def test_a_completed_order_has_its_parcel_told_first(self):
        self.account.complete_when_shipped = True
        self.ship("1")
        self.push()
        self.assertRecordValues(self.known, [{"push_status": "synced", "is_parcel_due": False}])
        self.assertEqual(self.in_octopus()["tags"], "gift, Odoo: completed")
        self.assertEqual(self.told(), [(["1"], "success")])

    def test_other_numbers_and_a_parcel_that_did_not_leave(self):
        parcel = self.ship("1")
        self.push()
        parcel._correct("UPS", ["2", "3"])
        self.push()
        self.assertEqual(self.told(), [(["2", "3"], "success")])
        parcel.action_cancel()
        self.push()
        self.assertEqual(self.told(), [(["2", "3"], "cancelled")])
        self.assertEqual(parcel.push_status, "synced")
        self.ship("4")
        self.push()
        self.assertEqual(self.told(), [(["2", "3"], "cancelled"), (["4"], "success")])

    def test_a_parcel_that_was_taken_back_at_once_is_not_told(self):
        self.ship("1").action_cancel()
        self.push()
        self.assertEqual(self.told(), [])
        self.assertFalse(self.known.is_parcel_due)

    def test_a_lost_answer_is_looked_up_before_it_is_sent_again(self):
        for fault in {"drop": True}, {"status": 503}:
            with self.subTest(fault=fault):
                self.setUp()
                parcel = self.ship("1")
                self.sandbox.set_faults([{"path": CALL, "method": "POST", "times": 1, **fault}])
                self.push()
                self.assertEqual(parcel.push_status, "pending")
                self.assertTrue(parcel.attempted_at)
                self.soon()
                self.assertEqual(parcel.push_status, "synced")
                self.assertEqual(self.told(), [(["1"], "success")])

    def test_without_the_call_tag_and_note_say_the_same(self):
        for status in "404", "405", "403":
            with self.subTest(status=status):
                self.setUp()
                self.account.fulfillment_call = False
                self.sandbox.settings(fulfillments=status)
                parcel = self.ship("00340434161094021501")
                self.push()
                self.assertEqual(parcel.push_status, "tag_only")
                self.assertFalse(self.known.is_parcel_due)
                text = "Shipped: DHL 00340434161094021501"
                self.assertEqual(self.in_octopus()["tags"], f"gift, {text}")
                self.assertEqual(self.in_octopus()["note"], f"Ring twice\n{text}")
                self.assertEqual(self.account.state, "connected")
                self.ingest(self.in_octopus())
                self.assertEqual(self.known.note, "Ring twice")
                self.assertFalse(self.known.change_state, "what Odoo wrote is no change")
                other = self.ingest(self.place({"CHAIR": 1}))
                self.ship("2", order=other)
                self.sandbox.forget_requests()
                self.push()
                calls = self.writing_calls()
                self.assertEqual(calls, {"PUT /orders/{id}.json": 1}, "never asked again")
                self.account.action_test_connection()
                self.sandbox.settings(fulfillments="offered")
                third = self.ingest(self.place({"CHAIR": 1}))
                parcel = self.ship("3", order=third)
                self.push()
                self.assertEqual(parcel.push_status, "synced", "until Save & Test")

    def test_a_tag_stays_when_the_status_follows(self):
        self.sandbox.settings(fulfillments="404")
        self.ship("1")
        self.known.status = "completed"
        self.push()
        self.assertEqual(self.in_octopus()["tags"], "gift, Odoo: completed, Shipped: DHL 1")

    def test_what_octopus_refuses_is_said_on_the_order(self):
        parcel = self.ship("1")
        self.sandbox.set_faults([{"path": CALL, "status": 422}])
        self.push()
        self.assertEqual(parcel.push_status, "failed")
        self.assertIn("did not take the parcel DHL 1", self.known.channel_notice)
        self.assertTrue(self.known.has_failed_parcel)
        self.sandbox.clear_faults()
        self.known.action_retry_push()
        self.push()
        self.assertEqual(parcel.push_status, "synced")
        self.assertFalse(self.known.channel_notice)

    def test_a_manager_dismisses_what_octopus_refuses(self):
        parcel = self.ship("1")
        self.sandbox.set_faults([{"path": CALL, "status": 422}])
        self.push()
        cashier = new_test_user(self.env, "till", "base.group_user,point_of_sale.group_pos_user")
        with self.assertRaisesRegex(AccessError, "manager"):
            parcel.with_user(cashier).action_dismiss()
        parcel.action_dismiss()
        self.assertEqual(parcel.push_status, "dismissed")
        self.assertFalse(self.known.channel_notice)
        self.assertFalse(self.known.has_failed_parcel)
        self.sandbox.clear_faults()
        self.sandbox.forget_requests()
        self.push()
        self.assertFalse(self.sandbox.requests())
        parcel.sudo()._correct("DHL", ("2",))
        self.push()
        self.assertEqual(parcel.push_status, "synced", "a corrected parcel is told")

    def test_what_the_channel_shipped_meanwhile_is_not_told_again(self):
        parcel = self.ship("1")
        self.sandbox.fulfill_order(self.remote["id"], tracking_numbers=["1"], webhook=False)
        self.push()
        self.assertEqual(parcel.push_status, "synced")
        self.assertEqual(self.told(), [(["1"], "success")])

    def test_octopus_down_is_tried_again_and_then_said_on_the_order(self):
        parcel = self.ship("1")
        self.sandbox.set_faults([{"path": "/orders/*", "status": 503}])
        self.push()
        self.sandbox.forget_requests()
        self.push()
        self.assertFalse(self.sandbox.requests(), "not before its time")
        for _delay in RETRY_DELAYS:
            self.soon()
        self.assertEqual(parcel.push_status, "failed")
        self.assertFalse(self.known.is_parcel_due)

    def test_an_order_that_octopus_forgot_is_no_missing_call(self):
        parcel = self.ship("1")
        self.sandbox.delete_order(self.remote["id"])
        self.push()
        self.assertFalse(self.account.fulfillment_call)
        self.assertEqual(parcel.push_status, "failed")
        self.assertIn("Octopus has no order with the number", self.known.channel_notice)

    def test_a_cancelled_order_has_no_parcel_told(self):
        self.ship("1")
        self.known.status = "cancelled"
        self.push()
        self.assertEqual(self.told(), [])
        self.assertEqual(self.known.push_status, "synced")


class TestOrderCheckOfParcels(PushCase):
    """The order check compares the pieces in parcels."""

    def check(self):
        self.account.write({"shop_timezone": "UTC", "orders_since": "2020-01-01 00:00:00"})
        action = self.account.action_check_orders(fields.Date.today())
        self.work()
        self.env.invalidate_all()
        return self.env["octopus.order.check"].browse(action["res_id"])

    def test_parcels_that_are_told_agree(self):
        self.ship("1", pieces={"CHAIR": 1})
        self.assertEqual(self.check().state, "agrees", "one that is on its way is no difference")
        self.push()
        self.assertEqual(self.check().state, "agrees")

    def test_a_parcel_of_the_channel_that_is_missing_here(self):
        self.sandbox.fulfill_order(self.remote["id"], tracking_numbers=["1Z"], webhook=False)
        check = self.check()
        self.assertRecordValues(
            check.difference_ids,
            [{"kind": "parcels", "octopus_fulfilled": 3, "odoo_fulfilled": 0}],
        )
        check.action_fetch_missing()
        self.work()
        self.assertEqual(self.check().state, "agrees")
        self.assertEqual(self.known.fulfillment_state, "channel")

    def test_parcels_of_which_only_a_tag_tells_are_no_difference(self):
        self.account.fulfillment_call = "missing"
        self.ship("1")
        self.push()
        self.assertEqual(self.check().state, "agrees")
