"""Parcels of the store are told to Octopus: each once, whatever happens on the way."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.linga_octopus.lib.back_off import RETRY_DELAYS
from odoo.addons.linga_octopus.lib.octopus_api.call_streak import FAILURES_IN_A_ROW
from odoo.addons.linga_octopus.models.fulfillment.shipping import ship
from odoo.addons.linga_octopus.models.order.status_push import StatusPush

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

    def test_pieces_that_the_channel_added_to_a_line_are_told_with_it(self):
        self.deduct()
        chairs, tables = self.in_octopus()["line_items"]
        lines = [{**chairs, "quantity": 5}, tables]
        self.sandbox.change_order(self.remote["id"], line_items=lines, webhook=False)
        self.ingest(self.in_octopus())
        self.known.action_apply_changes()
        ship(self.known, numbers=["1"])
        self.push()
        [told] = self.in_octopus()["fulfillments"]
        self.assertEqual([entry["quantity"] for entry in told["line_items"]], [5, 1])
        self.ingest(self.in_octopus())
        self.assertEqual(self.known.fulfillment_ids.origin, "store")
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

    def lose_answer(self):
        """Let Octopus do the work, and the worker not hear of it."""
        fault = {"path": CALL, "method": "POST", "times": 1, "drop": True}
        self.sandbox.set_faults([fault])
        self.push()

    def test_a_number_that_is_corrected_after_a_lost_answer_makes_no_second_parcel(self):
        for numbers in ("2",), ():
            with self.subTest(numbers=numbers):
                self.setUp()
                parcel = self.ship("1")
                self.lose_answer()
                parcel._correct("UPS", numbers)
                self.soon()
                self.push()
                self.assertEqual(parcel.push_status, "synced")
                self.assertEqual(self.told(), [(list(numbers), "success")])

    def test_an_update_after_a_lost_answer_makes_no_second_parcel_here(self):
        parcel = self.ship("1")
        self.lose_answer()
        parcel._correct("UPS", ("2",))
        self.ingest(self.in_octopus())
        self.assertEqual(self.known.fulfillment_ids, parcel)
        self.assertTrue(parcel.octopus_ref)
        self.soon()
        self.assertEqual(self.told(), [(["2"], "success")])

    def test_a_parcel_that_the_channel_cancelled_after_a_lost_answer_is_taken_back(self):
        parcel = self.ship("1")
        self.lose_answer()
        [told] = self.in_octopus()["fulfillments"]
        self.account._get_client().cancel_fulfillment(self.remote["id"], told["id"])
        self.soon()
        self.assertEqual((parcel.state, parcel.push_status), ("cancelled", "synced"))
        self.assertEqual(self.told(), [(["1"], "cancelled")])
        self.assertTrue(self.known._lines_to_ship(), "its pieces are to be packed again")

    def test_a_number_of_a_parcel_that_the_channel_cancelled_is_not_refused(self):
        parcel = self.ship("1")
        self.push()
        self.account._get_client().cancel_fulfillment(self.remote["id"], parcel.octopus_ref)
        parcel._correct("UPS", ("2",))
        self.sandbox.set_faults([{"path": "/orders/*/fulfillments/*", "status": 422, "times": 1}])
        self.push()
        self.assertEqual((parcel.state, parcel.push_status), ("cancelled", "synced"))
        self.assertFalse(self.known.channel_notice)

    def test_lines_without_an_id_are_not_told_as_the_whole_order(self):
        self.known.line_ids.octopus_ref = False
        parcel = self.ship("1", pieces={"CHAIR": 1})
        self.push()
        self.assertEqual(self.told(), [])
        self.assertEqual(parcel.push_status, "tag_only")
        self.assertEqual(self.in_octopus()["tags"], "gift, Shipped: DHL 1")

    def test_a_parcel_leaves_from_where_its_lines_do(self):
        other = self.location.copy({"octopus_ref": "4711", "is_default": False})
        chairs, tables = self.known.line_ids
        tables.places = {str(other.id): 1}
        self.assertEqual(self.ship("1", pieces={"TABLE": 1}).location_id, other)
        self.assertEqual(self.ship("2", pieces={"CHAIR": 1}).location_id, self.location)
        self.assertEqual(chairs.order_id.location_id, self.location)

    def test_orders_that_come_while_the_worker_works_do_not_wait_for_its_next_run(self):
        orders = [self.ingest(self.place({"CHAIR": 1})) for _number in range(3)]
        self.ship("1")

        def push(pushing):
            result = push_once(pushing)
            if orders:
                ship(orders.pop().with_env(pushing.env), carrier="DHL")
            return result

        push_once = StatusPush.push_once
        with patch.object(StatusPush, "push_once", push):
            self.push()
        self.assertEqual(
            self.env["octopus.fulfillment"].search([]).mapped("push_status"), ["synced"] * 4
        )

    def test_one_order_that_fails_stops_no_other_and_an_outage_stops_the_store(self):
        orders = [self.ingest(self.place({"CHAIR": 1})) for _number in range(9)]
        for order in orders:
            self.ship("1", order=order)
        fault = {"path": CALL, "method": "POST", "status": 503}
        self.sandbox.set_faults([{**fault, "times": 1}])
        self.push()
        parcels = self.env["octopus.fulfillment"].search([], order="id")
        self.assertEqual(parcels.mapped("push_status"), ["pending"] + ["synced"] * 8)
        for _order in orders:
            self.ship("2", order=self.ingest(self.place({"CHAIR": 1})))
        self.sandbox.set_faults([fault])
        self.sandbox.forget_requests()
        self.push()
        self.assertEqual(sum(self.writing_calls().values()), FAILURES_IN_A_ROW)

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
