"""Octopus asks to wait two seconds: every worker sleeps through them. Odoo's scheduler, which looks
once a minute, would make them a minute."""

import time
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase

from odoo.addons.linga_octopus import orm
from odoo.addons.linga_octopus.const import PUSH_STATUS_CRON
from odoo.addons.linga_octopus.models.order.read_back import NOTIFICATION_CRON
from odoo.addons.linga_octopus.models.stock.worker import WORKER_CRON
from odoo.addons.linga_octopus.models.sync.octopus_sync_run import DEFAULT_CRON

from ..support.orders import OrdersMixin

SECONDS = 2


class TestShortWaits(OrdersMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.slept = []

    def run_worker(self, cron, model, method):
        """Run a worker as Odoo's scheduler does, while one call in all meets the rate limit."""
        fault = {"path": "*", "status": 429, "times": 1, "headers": {"Retry-After": str(SECONDS)}}
        self.sandbox.set_faults([fault])
        self.env.flush_all()

        with freeze_time(fields.Datetime.now()) as clock:

            def sleep(seconds):
                self.slept.append(seconds)
                clock.tick(seconds)

            with patch.object(orm.time, "sleep", sleep), self.transaction() as env:
                job = env.ref(cron).with_context(
                    cron_id=env.ref(cron).id, cron_end_time=time.monotonic() + 10
                )
                job, _progress = job._add_progress()
                getattr(env[model].with_context(**job.env.context), method)()
        self.env.invalidate_all()

    def test_a_sync_run(self):
        run = self.env["octopus.sync.run"]._queue(self.account, "orders")
        self.place({"CHAIR": 1})
        self.run_worker(DEFAULT_CRON, "octopus.sync.run", "_cron_run")
        self.assertEqual((run.state, self.slept), ("done", [SECONDS]))

    def test_the_stock_worker(self):
        self.assertEqual(self.sync("products").state, "done")
        run = self.env["octopus.sync.run"]._queue(self.account, "stock")
        self.run_worker(WORKER_CRON, "octopus.stock.level", "_cron_push")
        self.assertEqual((run.state, self.slept), ("done", [SECONDS]))

    def test_the_status_of_orders(self):
        order = self.ingest(self.place({"CHAIR": 1}))
        order.status = "completed"
        self.run_worker(PUSH_STATUS_CRON, "octopus.order", "_cron_push_status")
        self.assertEqual((order.push_status, self.slept), ("synced", [SECONDS]))

    def test_orders_that_are_read_back(self):
        remote = self.place({"CHAIR": 1})
        self.env["octopus.order.notification"]._enqueue(self.account, str(remote["id"]))
        self.run_worker(NOTIFICATION_CRON, "octopus.order.notification", "_cron_read_back")
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref(NOTIFICATION_CRON).id)]
        )
        self.assertEqual(self.slept, [SECONDS])
        self.assertTrue(triggers, "it is called again at once")

    def test_nobody_sleeps_outside_of_a_scheduled_action(self):
        self.assertFalse(orm.sleep_until(self.env, fields.Datetime.now()))
