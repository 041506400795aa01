"""What a run shows while it is under way: its priority, its calls, what is left of the minute."""

from odoo import fields

from ..support.common import OctopusCase


class TestOctopusSyncRunBudget(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.make_products(f"Chair {number}" for number in range(3))

    def settings_page(self, kind):
        self.account.invalidate_recordset(["sync_status"])
        return self.account.sync_status[kind]

    def test_lane_and_budget_are_shown_while_the_run_is_under_way(self):
        self.sandbox.settings(rate_limit=62)
        self.account.action_sync_products()
        self.assertEqual(self.settings_page("products")["priority"], "Priority 6 of 8")
        self.assertIn("last 60 calls", self.settings_page("products")["priority_help"])
        self.assertEqual(self.settings_page("products")["budget"], "")
        self.work()
        run = self.env["octopus.sync.run"].search([("kind", "=", "products")])
        self.assertEqual(run.state, "waiting")
        self.assertEqual(run.rate_limit, 62)
        self.assertEqual(run.rate_remaining, 60)
        self.assertEqual(
            self.settings_page("products")["budget"], "60 of 62 calls left in this minute"
        )
        self.sandbox.settings(rate_limit=0)
        self.resume(run)
        self.assertEqual(run.state, "done")
        self.assertNotIn("priority", self.settings_page("products"))

    def test_calls_count_also_when_the_last_one_failed(self):
        self.sandbox.set_faults([{"path": "/BulkProduct/*", "status": 503, "times": 1}])
        run = self.sync("products")
        self.assertEqual(run.state, "waiting")
        self.assertEqual(run.calls, sum(self.sandbox.requests().values()))
        self.resume(run)
        self.assertEqual(run.calls, sum(self.sandbox.requests().values()))

    def test_stopped_between_two_batches_and_pressed_again(self):
        self.make_products(f"Stool {number}" for number in range(250))
        self.account.action_sync_products()
        self.env.cr.flush()
        with self.transaction() as env:
            clients = {}
            run = env["octopus.sync.run"]._runnable()
            while not run.done:
                run._work_batch(clients)
                run.flush_recordset()
            for client in clients.values():
                client.close()
        run = self.env["octopus.sync.run"].search([("kind", "=", "products")])
        self.assertEqual((run.state, run.done, run.total), ("running", 250, 253))
        run.action_stop()
        self.work()
        self.assertEqual(run.state, "stopped")
        self.assertLessEqual(run.ended_at, fields.Datetime.now())
        self.assertEqual(len(self.sandbox.state()["products"]), 250)
        self.assertEqual(self.sync("products").state, "done")
        titles = [product["title"] for product in self.sandbox.state()["products"]]
        self.assertEqual((len(titles), len(set(titles))), (253, 253))
