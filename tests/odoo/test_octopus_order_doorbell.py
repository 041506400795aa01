"""The worker that reads orders back: first everything is asked, then everything is stored."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.lib.octopus_api import OctopusClient

from .orders import OrdersMixin


class TestOctopusOrderDoorbell(OrdersMixin, TransactionCase):
    def ring(self, *refs):
        for ref in refs:
            self.env["octopus.order.doorbell"]._ring(self.account, str(ref))

    def answer(self):
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order.doorbell"]._cron_answer()
        self.env.invalidate_all()

    def test_nothing_is_stored_before_the_last_call_of_the_batch(self):
        # Octopus is slow and storing locks stock, for which tills wait.
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
        self.ring(*(order["id"] for order in placed), refunded["id"], 424242, 434343)
        orders = type(self.orders)
        with (
            patch.object(OctopusClient, "get_order", noting("call", OctopusClient.get_order)),
            patch.object(OctopusClient, "iter_orders", noting("call", OctopusClient.iter_orders)),
            patch.object(orders, "_ingest", noting("store", orders._ingest)),
        ):
            self.answer()
        self.assertEqual(events, ["call"] * 3 + ["store"] * 4)
        self.deduct()
        self.assertEqual(self.on_hand(self.table), 5, "and the refund gave its goods back")

    def test_a_list_that_breaks_stores_nothing_and_is_asked_again(self):
        placed = [self.place({"CHAIR": 1}) for _order in range(3)]
        self.ring(*(order["id"] for order in placed), 424242)
        self.sandbox.set_faults([{"path": "/orders/*", "status": 503}])
        self.answer()
        self.assertFalse(self.orders.search([]))
        self.assertEqual(self.env["octopus.order.doorbell"].search_count([]), 4)
        self.sandbox.clear_faults()
        self.answer()
        self.assertEqual(len(self.orders.search([])), 3)
        self.assertFalse(self.env["octopus.order.doorbell"].search([]))

    def test_an_order_from_before_the_store_was_connected_is_not_deducted(self):
        new = self.place({"TABLE": 1})
        self.ring(new["id"])
        self.answer()
        self.account.orders_since = fields.Datetime.now() + timedelta(minutes=1)
        old = self.place({"CHAIR": 1})
        self.ring(old["id"])
        self.answer()
        self.deduct()
        states = {order.aggregator_order_no: order.stock_state for order in self.orders.search([])}
        self.assertEqual(states, {str(new["id"]): "deducted", str(old["id"]): "none"})
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_many_rings_of_an_order_read_it_once(self):
        placed = self.place({"CHAIR": 1})
        self.ring(*[placed["id"]] * 5)
        self.sandbox.forget_requests()
        self.answer()
        self.assertEqual(self.sandbox.requests(), {"GET /orders.json": 1})
        self.assertEqual(len(self.orders.search([])), 1)

    def test_one_order_that_cannot_be_read_silences_no_other_bell(self):
        good, bad = self.place({"CHAIR": 1}), self.place({"CHAIR": 1})
        self.sandbox.change_order(bad["id"], total_price="much", webhook=False)
        self.ring(bad["id"], good["id"])
        with self.assertLogs("odoo.addons.linga_octopus.models.octopus_order_doorbell", "WARNING"):
            self.answer()
        self.assertEqual(self.orders.search([]).mapped("aggregator_order_no"), [str(good["id"])])

    def test_numbers_that_are_none_silence_no_other_bell(self):
        placed = self.place({"CHAIR": 1})
        self.ring("١٢٣", "a,b", "...", "%", placed["id"])
        self.answer()
        self.assertEqual(len(self.orders.search([])), 1)
        self.assertFalse(self.env["octopus.order.doorbell"].search([]))
        self.ring("%")
        self.answer()
        self.assertFalse(self.env["octopus.order.doorbell"].search([]))
        # Octopus refuses one of them for good.
        self.sandbox.set_faults([{"path": "/orders/*", "status": 422}])
        with self.assertLogs("odoo.addons.linga_octopus.models.octopus_order_doorbell", "WARNING"):
            self.ring(424242)
            self.answer()
        self.assertFalse(self.env["octopus.order.doorbell"].search([]))

    def test_a_list_that_is_not_found_deletes_no_order(self):
        placed = self.place({"CHAIR": 1})
        order = self.ingest(placed)
        self.ring(placed["id"])
        self.sandbox.set_faults(
            [{"path": "/orders.json", "status": 404}, {"path": "/orders/*", "status": 404}]
        )
        self.answer()
        self.assertEqual(order.status, "take_action")
        self.assertTrue(self.env["octopus.order.doorbell"].search([]))
