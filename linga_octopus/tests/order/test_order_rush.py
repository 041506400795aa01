"""Everybody sells the same goods at once, and the worker's transactions collide with the tills'."""

import logging
from unittest.mock import patch

from psycopg2 import OperationalError
from psycopg2.errors import SerializationFailure
from werkzeug import Response

from odoo.modules import module
from odoo.tests import TransactionCase

from odoo.addons.http_routing.tests.common import MockRequest

from ...const import DEDUCT_CRON
from ...models.mixins.octopus_queue import QUEUES
from ...models.order.intake import OrderIntake
from ...models.order.look_up import Known, OrderLookUp
from ...models.order.stock_deduction import MAX_TRIES, StockDeduction
from ..support.orders import OrdersMixin


class TestOctopusOrderRush(OrdersMixin, TransactionCase):
    def rush(self, fits):
        """Let the worker work while only batches of at most so many orders get through; return the
        sizes of those that it tried."""
        tried = []
        original = StockDeduction._deduct

        def deduct(worker, batch):
            tried.append(len(batch))
            if len(batch) > fits:
                raise SerializationFailure("could not serialize access")
            return original(worker, batch)

        with patch.object(StockDeduction, "_deduct", deduct):
            self.deduct()
        return tried

    def test_fewer_orders_at_once_get_through(self):
        for _number in range(12):
            self.ingest(self.payload({"CHAIR": 1}))
        tried = self.rush(fits=3)
        self.assertEqual(set(self.orders.search([]).mapped("stock_state")), {"deducted"})
        self.assertEqual(self.on_hand(self.chair), 10 - 12)
        self.assertEqual(tried[:3], [12, 8, 2])

    def test_a_rush_is_no_failure_of_the_worker(self):
        self.ingest(self.payload({"CHAIR": 1}))
        triggers = self.env["ir.cron.trigger"]
        mine = [("cron_id", "=", self.env.ref(DEDUCT_CRON).id)]
        triggers.search(mine).unlink()
        self.assertEqual(self.rush(fits=0), [1] * MAX_TRIES)
        self.assertEqual(self.orders.search([]).stock_state, "waiting")
        self.assertTrue(triggers.search(mine), "it comes back")
        self.deduct()
        self.assertEqual(self.orders.search([]).stock_state, "deducted")

    def test_that_somebody_else_stored_the_order_is_no_error_of_the_log(self):
        """Webhook and poll at the same moment: the slower one begins again, without a word."""
        payload = self.payload({"CHAIR": 1})
        self.ingest(payload)
        with (
            patch.object(
                OrderLookUp,
                "of_order",
                lambda look_up, _remote: Known(
                    order=look_up.orders.browse(),
                    location=self.location,
                    default=self.location,
                    warehouse=self.warehouse,
                    currency=self.account.company_id.currency_id,
                    channel=self.env["octopus.channel"],
                    pays_tax=None,
                    takes_goods=True,
                    is_shipped_by_channel=False,
                    candidates=[[]],
                    keyed={},
                    rate=1,
                    company_digits=2,
                    layouts=[],
                ),
            ),
            self.assertLogs("odoo", logging.ERROR) as logs,
            self.assertRaises(Exception) as raised,
            self.env.cr.savepoint(),
        ):
            logging.getLogger("odoo").error("so that there is something")
            self.ingest(payload)
        self.assertEqual(type(raised.exception).__name__, "ConcurrencyError")
        self.assertEqual(len(logs.output), 1, logs.output)


class TestOctopusOrderWaking(OrdersMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.mine = [("cron_id", "=", self.env.ref(DEDUCT_CRON).id)]
        self.triggers = self.env["ir.cron.trigger"]

    def arrive(self):
        """Let an order come in and be committed; return whether it looked if the worker sleeps,
        and whether it woke it."""
        self.receive()
        looks = QUEUES in self.env.cr.postcommit.data
        return looks, self.wakes(self.env.cr.postcommit.run)

    def receive(self):
        """Let an order come in."""
        self.triggers.search(self.mine).unlink()
        self.env.cr.postcommit.clear()
        self.ingest(self.payload({"CHAIR": 1}))

    def answer(self):
        """Return the response to the request of this transaction, before its commit."""
        response = Response()
        with MockRequest(self.env), patch.object(module, "current_test", None):
            self.registry["ir.http"]._post_dispatch(response)
        return response

    def wakes(self, step):
        """Return whether this step wakes the worker."""
        with self.enter_registry_test_mode():
            step()
        return bool(self.triggers.search(self.mine))

    def test_the_first_of_a_queue_wakes_the_worker(self):
        self.assertEqual(self.arrive(), (True, True))
        self.assertEqual(self.arrive(), (True, False))

    def test_the_worker_has_its_last_look_long_after_a_long_queue(self):
        with patch(f"{OrderIntake.__module__}.LONG_QUEUE", 2):
            self.arrive()
            self.assertEqual(self.arrive(), (True, False))
            self.assertEqual(self.arrive(), (False, False))
            self.deduct()
            self.assertEqual(self.arrive(), (True, True))

    def test_who_waits_for_the_answer_does_not_wait_for_the_waking(self):
        self.receive()
        response = self.answer()
        self.assertFalse(self.wakes(self.env.cr.postcommit.run))
        self.assertTrue(self.wakes(response.close))

    def test_an_answer_that_wakes_nobody_says_so_in_the_log(self):
        self.receive()
        response = self.answer()
        self.env.cr.postcommit.run()
        with (
            patch.object(self.registry, "cursor", side_effect=OperationalError("gone")),
            self.assertLogs("odoo.addons.linga_octopus", logging.ERROR) as logs,
        ):
            response.close()
        self.assertIn("their next scheduled run does the work", logs.output[0])
