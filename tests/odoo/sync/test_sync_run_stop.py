"""A run that is stopped while its batch is under way stays stopped."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.linga_octopus.const import LANE_RESERVE

from octopus_sandbox.testing import SandboxServer

from ..support.common import OctopusCase
from ..support.pictures import picture


class TestOctopusSyncRunStop(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.env["pos.category"].create({"name": "Furniture"})
        cls.chair = cls.make_product(image_1920=picture())

    @contextmanager
    def stopped_during_batch(self, model, number):
        """Press Stop in a transaction of its own when the worker is in this batch."""
        cls = self.registry[model]
        original, batches = cls._run_batch, []

        def pass_batch(worker, run, client):
            batches.append(run)
            if len(batches) == number:
                run._checkpoint()
                with self.registry.cursor() as cr:
                    run.with_env(run.env(cr=cr)).action_stop()
                run.env.invalidate_all()
            return original(worker, run, client)

        with patch.object(cls, "_run_batch", pass_batch):
            yield

    def stop_during(self, kind, model, batch=1):
        with self.stopped_during_batch(model, batch):
            run = self.sync(kind)
        self.assertGreater(run.calls, 0)
        self.assertEqual(run.state, "stopped")
        self.assertFalse(run.resume_at)
        self.assertFalse(run.message)

    def test_while_a_call_gets_no_answer(self):
        self.sandbox.set_faults([{"path": "*", "status": 503}])
        self.stop_during("categories", "octopus.category")

    def test_while_a_call_is_refused(self):
        self.sandbox.set_faults([{"path": "*", "status": 401}])
        self.stop_during("categories", "octopus.category")

    def test_while_the_calls_are_used_up(self):
        self.sandbox.settings(rate_limit=LANE_RESERVE["categories"])
        self.stop_during("categories", "octopus.category")

    def test_while_a_picture_waits_for_its_place(self):
        self.sync("products")
        self.chair.image_1920 = picture("blue")
        self.stop_during("images", "octopus.image", batch=2)

    def test_in_the_last_batch(self):
        self.account.last_orders_sync = False
        self.stop_during("orders", "octopus.order")
        self.assertFalse(self.account.last_orders_sync)

    def test_another_merchant_stops_what_is_under_way_and_is_called_from_then_on(self):
        other = SandboxServer().start()
        self.addCleanup(other.stop)
        self.account.action_sync_products()
        self.env.cr.flush()
        with self.transaction() as env:
            runs, clients = env["octopus.sync.run"], {}
            account = env["octopus.account"].browse(self.account.id)
            first = runs._runnable()
            first._work_batch(clients)
            self.assertEqual(first.state, "running")
            account.base_url = other.api_url
            self.assertEqual(first.state, "stopped")
            self.assertFalse(runs._runnable())
            account.action_sync_products()
            while run := runs._runnable(["products"]):
                run._work_batch(clients)
                run.flush_recordset()
            for client in clients.values():
                client.close()
        self.assertFalse(self.writing_calls())
        [product] = other.state()["products"]
        self.assertEqual(product["title"], "Chair")
