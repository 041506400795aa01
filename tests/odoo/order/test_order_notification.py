"""The worker that reads orders back: in batches that are asked first and stored then."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.lib.octopus_api import OctopusClient
from odoo.addons.linga_octopus.models.order import octopus_order_notification, read_back
from odoo.addons.linga_octopus.models.order.intake import OrderIntake

from ..support.orders import OrdersMixin


class TestOctopusOrderNotification(OrdersMixin, TransactionCase):
    def notify(self, *refs):
        for ref in refs:
            self.env["octopus.order.notification"]._enqueue(self.account, str(ref))

    def read_back(self):
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order.notification"]._cron_read_back()
        self.env.invalidate_all()

    def notifications(self):
        return self.env["octopus.order.notification"].search([]).mapped("aggregator_order_no")

    def triggers(self):
        cron = self.env.ref(read_back.NOTIFICATION_CRON)
        return self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])

    def test_notifications_without_end_are_refused(self):
        self.patch(octopus_order_notification, "MAX_WAITING", 2)
        self.notify("1", "2", "3")
        self.assertEqual(self.notifications(), ["1", "2"])

    def test_octopus_is_not_called_while_an_order_is_stored(self):
        # Octopus is slow, and storing locks stock that the Point of Sale needs.
        events = []

        def noting(kind, method):
            def noted(*args, **options):
                events.append(kind)
                return method(*args, **options)

            return noted

        placed = [self.place({"CHAIR": 1}) for _order in range(3)]
        refunded = self.place({"TABLE": 2})
        self.ingest(refunded)
        self.deduct()
        self.sandbox.refund_order(refunded["id"], webhook=False)
        self.notify(*(order["id"] for order in placed), refunded["id"], 424242, 434343)
        crons = type(self.env["ir.cron"])
        with (
            patch.object(OctopusClient, "get_order", noting("call", OctopusClient.get_order)),
            patch.object(OctopusClient, "iter_orders", noting("call", OctopusClient.iter_orders)),
            patch.object(OrderIntake, "store", noting("store", OrderIntake.store)),
            patch.object(crons, "_commit_progress", noting("commit", crons._commit_progress)),
        ):
            self.read_back()
        self.assertEqual(events, ["call", *["store"] * 4, "commit", *["call"] * 2, "commit"])
        self.deduct()
        self.assertEqual(self.on_hand(self.table), 5, "and the refund gave its goods back")

    def test_what_octopus_does_not_answer_is_asked_again(self):
        placed = [self.place({"CHAIR": 1}) for _order in range(3)]
        self.notify(*(order["id"] for order in placed), 424242)
        self.sandbox.set_faults([{"path": "/orders.json", "status": 503}])
        self.read_back()
        self.assertFalse(self.orders.search([]))
        self.assertEqual(len(self.notifications()), 4)
        self.sandbox.set_faults([{"path": "/orders/*", "status": 503}])
        self.read_back()
        self.assertEqual(len(self.orders.search([])), 3)
        self.assertEqual(self.notifications(), ["424242"])
        self.sandbox.clear_faults()
        self.read_back()
        self.assertFalse(self.notifications())

    def test_an_order_from_before_the_store_was_connected_is_not_deducted(self):
        new = self.place({"TABLE": 1})
        self.notify(new["id"])
        self.read_back()
        self.account.orders_since = fields.Datetime.now() + timedelta(minutes=1)
        old = self.place({"CHAIR": 1})
        self.notify(old["id"])
        self.read_back()
        self.deduct()
        states = {order.aggregator_order_no: order.stock_state for order in self.orders.search([])}
        self.assertEqual(states, {str(new["id"]): "deducted", str(old["id"]): "none"})
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_many_notifications_of_an_order_read_it_once(self):
        placed = self.place({"CHAIR": 1})
        self.notify(*[placed["id"]] * 5)
        self.sandbox.forget_requests()
        self.read_back()
        self.assertEqual(self.sandbox.requests(), {"GET /orders.json": 1})
        self.assertEqual(len(self.orders.search([])), 1)

    def test_a_field_that_cannot_be_read_hides_no_order(self):
        good, odd = self.place({"CHAIR": 1}), self.place({"CHAIR": 1})
        self.sandbox.change_order(odd["id"], total_price="much", webhook=False)
        self.notify(odd["id"], good["id"])
        self.read_back()
        numbers = self.orders.search([]).mapped("aggregator_order_no")
        self.assertEqual(sorted(numbers), sorted([str(good["id"]), str(odd["id"])]))
        self.assertTrue(self.orders.search([("unread", "!=", False)]).unread_notice)

    def test_invalid_numbers_stop_no_other_notification(self):
        placed = self.place({"CHAIR": 1})
        self.notify("١٢٣", "a,b", "...", "%", placed["id"])
        self.read_back()
        self.assertEqual(len(self.orders.search([])), 1)
        self.assertFalse(self.env["octopus.order.notification"].search([]))
        self.notify("%")
        self.read_back()
        self.assertFalse(self.env["octopus.order.notification"].search([]))
        # Octopus refuses one of them for good.
        self.sandbox.set_faults([{"path": "/orders/*", "status": 422}])
        with self.assertLogs(read_back.__name__, "WARNING"):
            self.notify(424242)
            self.read_back()
        self.assertFalse(self.env["octopus.order.notification"].search([]))

    def test_a_list_that_is_not_found_deletes_no_order(self):
        placed = self.place({"CHAIR": 1})
        order = self.ingest(placed)
        self.notify(placed["id"])
        self.sandbox.set_faults(
            [{"path": "/orders.json", "status": 404}, {"path": "/orders/*", "status": 404}]
        )
        self.read_back()
        self.assertEqual(order.status, "take_action")
        self.assertTrue(self.env["octopus.order.notification"].search([]))

    # === NOTIFICATIONS THAT NOBODY SHOULD SEND === #

    def test_steps_in_an_address_and_endless_numbers_are_forgotten(self):
        placed = self.place({"CHAIR": 1})
        # The webhook refuses them; an earlier version did not.
        self.notify("..", ".", "x" * 10_000, placed["id"])
        self.sandbox.set_faults([{"path": "/orders/*", "status": 414}])
        with self.assertLogs(read_back.__name__, "WARNING"):
            self.read_back()
        self.assertEqual(len(self.orders.search([])), 1)
        self.assertFalse(self.notifications())

    def test_long_numbers_are_asked_for_in_lists_that_fit_into_an_address(self):
        asked = []
        iter_orders = OctopusClient.iter_orders

        def noted(client, **filters):
            asked.append(filters["ids"])
            return iter_orders(client, **filters)

        self.notify(*(f"{number:0200}" for number in range(20)))
        placed = [self.place({"CHAIR": 1}) for _order in range(3)]
        self.notify(*(order["id"] for order in placed))
        with patch.object(OctopusClient, "iter_orders", noted):
            self.read_back()
        self.assertLess(max(len(",".join(refs)) for refs in asked), 1_500)
        self.assertEqual(sum(map(len, asked)), 23)
        self.assertEqual(len(self.orders.search([])), 3)
        self.assertFalse(self.notifications())

    def test_notifications_of_unknown_orders_leave_calls_to_the_others(self):
        self.sandbox.settings(rate_limit=60)
        self.notify(*range(1, 101))
        self.read_back()
        self.assertEqual(
            len(self.notifications()), 100 - 29, "half of the calls, one of them a list"
        )
        self.assertEqual(sum(self.sandbox.requests().values()), 30)
        now = fields.Datetime.now()
        self.assertLess(now, max(self.triggers().mapped("call_at")), "it goes on when they are new")
        # A notification of a known order does not wait behind them.
        placed = self.place({"CHAIR": 1})
        self.notify(placed["id"])
        self.read_back()
        self.assertEqual(len(self.orders.search([])), 1)
        self.sandbox.settings(rate_limit=0)
        self.read_back()
        self.assertFalse(self.notifications())

    def test_when_octopus_refuses_further_calls_what_was_answered_is_kept(self):
        self.sandbox.set_faults(
            [{"path": "/orders/*", "status": 429, "after": 10, "headers": {"Retry-After": "30"}}]
        )
        self.notify(*range(1, 21))
        self.read_back()
        self.assertEqual(self.notifications(), [str(number) for number in range(11, 21)])
        self.assertTrue(self.triggers())

    def test_an_order_that_octopus_fails_at_lets_the_others_go_first(self):
        self.notify(*range(1, 4))
        self.sandbox.set_faults([{"path": "/orders/1.json", "status": 500}])
        for left in (["1", "2", "3"], ["1"]):
            with self.assertLogs("odoo.addons.linga_octopus.models", "WARNING"):
                self.read_back()
            self.assertEqual(self.notifications(), left)

    def test_after_a_collision_it_comes_back_and_the_other_stores_are_answered(self):
        placed = self.place({"CHAIR": 1})
        self.notify(placed["id"])
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.connect(name="Airport", company_id=elsewhere.id)
        self.env["octopus.order.notification"]._enqueue(other, str(placed["id"]))
        self.triggers().unlink()
        store = OrderIntake.store

        def colliding(intake, payload, **options):
            if intake.account.id == self.account.id:
                raise SerializationFailure
            return store(intake, payload, **options)

        before = fields.Datetime.now()
        with patch.object(OrderIntake, "store", colliding):
            self.read_back()
        self.assertEqual(self.orders.search([]).account_id, other)
        self.assertEqual(self.notifications(), [str(placed["id"])])
        [again] = self.triggers().mapped("call_at")
        self.assertLessEqual(before, again)
        self.assertLess(again, before + timedelta(minutes=1))
        self.read_back()
        self.assertEqual(self.orders.search([]).account_id, other | self.account)
        self.assertFalse(self.notifications())

    # === WAKING === #

    def arrive(self, account):
        """Let a notification come and the webhook commit; return whether that woke the worker."""
        self.triggers().unlink()
        self.env.cr.postcommit.clear()
        self.env["octopus.order.notification"]._enqueue(account, "1")
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        return bool(self.triggers())

    def test_only_who_is_answered_soon_lets_the_others_sleep(self):
        broken = self.account.copy({"name": "Broken", "state": "error"})
        self.arrive(broken)
        self.assertTrue(self.arrive(self.account), "the other store's notification is not answered")
        self.assertFalse(self.arrive(self.account), "one before it is answered soon")
        self.env["octopus.order.notification"].search([]).times_asked = 1
        self.assertTrue(self.arrive(self.account), "those before it may wait for long")
