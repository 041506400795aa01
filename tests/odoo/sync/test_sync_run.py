"""The engine of the runs: their order, and what it makes of everything that goes wrong."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.lib.back_off import ORDER_RETRY_DELAYS, RETRY_DELAYS

from ..support.common import OctopusCase

ENGINE = "odoo.addons.linga_octopus.models.sync.octopus_sync_run"


class TestOctopusSyncRun(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].create({"name": "Engine tests"})
        cls.runs = cls.env["octopus.sync.run"]

    def queue(self, kind="categories", account=None):
        return self.runs._queue(account or self.account, kind)

    def go_on(self, run):
        """Let the time go by that a waiting run waits for."""
        run.resume_at = fields.Datetime.now() - timedelta(seconds=1)
        self.work()

    def test_a_run_goes_to_its_end_and_leaves_its_time(self):
        run = self.queue()
        self.work()
        self.assertEqual(run.state, "done", run.message)
        self.assertEqual(run.done, run.total)
        self.assertEqual(run.progress, 100)
        self.assertGreater(run.calls, 0)
        self.assertEqual(self.account.last_categories_sync, run.ended_at)

    def test_two_presses_make_one_run(self):
        self.assertEqual(self.queue(), self.queue())
        self.work()
        self.assertEqual(self.runs.search_count([("account_id", "=", self.account.id)]), 1)

    def test_the_most_urgent_lane_goes_first(self):
        queued = [self.queue(kind) for kind in ("images", "products", "categories", "stock")]
        self.assertEqual(
            [run.kind for run in self.runs._runnable()],
            [
                "stock",
                "categories",
                "products",
                "images",
            ],
        )
        self.assertEqual(set(self.runs._runnable()), set(queued))

    def test_a_stopped_run_is_left_alone(self):
        run = self.queue()
        run.action_stop()
        self.work()
        self.assertEqual(run.state, "stopped")
        self.assertFalse(self.writing_calls())

    def test_a_run_of_a_store_that_left_stops(self):
        run = self.queue()
        self.account.state = "unsubscribed"
        self.work()
        self.assertEqual(run.state, "stopped")
        self.assertFalse(self.sandbox.requests())

    # === OCTOPUS FAILS === #

    def test_octopus_down_makes_the_run_wait_and_go_on(self):
        self.sandbox.set_faults([{"status": 503, "path": "*"}])
        run = self.queue()
        self.work()
        self.assertEqual(run.state, "waiting")
        self.assertTrue(run.message)
        self.assertGreater(run.resume_at, fields.Datetime.now())
        self.work()
        self.assertEqual(run.attempts, 1, "it does not try before its time")

        self.sandbox.clear_faults()
        self.go_on(run)
        self.assertEqual(run.state, "done", run.message)
        self.assertFalse(run.message)

    def test_octopus_down_for_good_ends_the_run_with_a_sentence(self):
        self.sandbox.set_faults([{"status": 503, "path": "*"}])
        run = self.queue()
        self.work()
        for _delay in RETRY_DELAYS:
            self.assertEqual(run.state, "waiting")
            self.go_on(run)
        self.assertEqual(run.state, "failed")
        self.assertIn("Octopus answered with a problem", run.message)
        run.action_retry()
        self.sandbox.clear_faults()
        self.work()
        self.assertEqual(self.runs.search([], limit=1).state, "done")

    def test_asking_for_orders_does_not_cut_the_wait_of_the_last_time_short(self):
        self.sandbox.set_faults([{"status": 503, "path": "*"}])
        run = self.queue("orders")
        self.work()
        self.assertEqual((run.state, run.attempts), ("waiting", 1))
        resume_at = run.resume_at
        self.env["octopus.order"]._cron_poll_orders()
        self.assertEqual((run.state, run.attempts, run.resume_at), ("waiting", 1, resume_at))
        self.account.action_fetch_orders()
        self.assertEqual((run.state, run.attempts, run.resume_at), ("queued", 0, False))

    def test_orders_wait_no_longer_than_between_two_polls_and_end_as_late_as_others(self):
        self.assertLessEqual(max(ORDER_RETRY_DELAYS), 5 * 60)
        self.assertGreaterEqual(sum(ORDER_RETRY_DELAYS), sum(RETRY_DELAYS))
        self.sandbox.set_faults([{"status": 503, "path": "*"}])
        run = self.queue("orders")
        self.work()
        for _delay in ORDER_RETRY_DELAYS:
            self.assertEqual(run.state, "waiting")
            self.go_on(run)
        self.assertEqual(run.state, "failed")

    def test_too_many_requests_waits_as_long_as_octopus_says(self):
        self.sandbox.settings(rate_limit=1)
        self.account._get_client().get_shop()
        run = self.queue()
        self.work()
        self.assertEqual(run.state, "waiting")
        self.assertEqual(run.attempts, 0, "being asked to wait is no failure")
        wait = (run.resume_at - fields.Datetime.now()).total_seconds()
        self.assertGreater(wait, 0)
        self.assertLessEqual(wait, 60)

    def test_a_lane_leaves_the_last_calls_to_the_lanes_above(self):
        self.sandbox.settings(rate_limit=55)
        self.env["pos.category"].create([{"name": f"Many {i}"} for i in range(260)])
        run = self.queue()
        self.work()
        self.assertEqual(run.state, "waiting")
        self.assertIn("used up", run.message)

    def test_revoked_credentials_fail_the_run_and_mark_the_store(self):
        self.account.access_id = "revoked"
        run = self.queue()
        self.work()
        self.assertEqual(run.state, "failed")
        self.assertEqual(self.account.state, "error")
        self.assertIn("does not accept", self.account.state_message)
        self.account.access_id = self.sandbox.access_id
        self.account.action_test_connection()
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.account.state_message)

    def test_missing_credentials_fail_the_run_with_their_sentence(self):
        run = self.queue()
        self.account.access_id = False
        self.work()
        self.assertEqual(run.state, "failed")
        self.assertIn("Enter the Merchant Name", run.message)

    # === WE FAIL === #

    @mute_logger(ENGINE)
    def test_a_collision_at_the_end_is_no_failure_of_the_worker(self):
        """Somebody writes to the account just when the run records how it ended."""
        run = self.queue()
        self.account.access_id = False
        original = type(run)._end
        collisions = []

        def end(runs, *arguments):
            original(runs, *arguments)
            if not collisions:
                collisions.append(run)
                raise SerializationFailure("could not serialize access")

        with patch.object(type(run), "_end", end):
            self.work()
        self.assertTrue(collisions)
        self.assertEqual(run.state, "failed")
        self.assertIn("Enter the Merchant Name", run.message)

    def test_a_bug_in_one_run_does_not_stop_the_others(self):
        broken, fine = self.queue("stock"), self.queue("categories")
        levels = self.registry["octopus.stock.level"]
        with patch.object(levels, "_run_batch", side_effect=ZeroDivisionError):
            self.work()
        self.assertEqual(broken.state, "failed")
        self.assertIn("unexpected", broken.message)
        self.assertEqual(fine.state, "done", fine.message)

    # === PROBLEMS === #

    def test_an_issue_is_closed_by_the_run_that_solves_it(self):
        record = self.env["pos.category"].search([("name", "=", "Engine tests")])
        first = self.queue()
        first._add_issue(record, "It does not fit.")
        issue = first.issue_ids
        self.assertEqual(issue.record, record)
        self.assertEqual(issue.record_name, "Engine tests")
        first._end("partial")
        second = self.queue()
        second._fix_issues(record)
        self.assertEqual(issue.fixed_by, second)
        self.assertEqual(issue.action_open_record()["res_id"], record.id)

    # === THE CONNECTION === #

    def test_one_forbidden_call_does_not_disconnect_the_store(self):
        for status in (403, 404):
            with self.subTest(status=status):
                self.sandbox.set_faults([{"status": status, "path": "/custom_collections*"}])
                run = self.queue()
                self.work()
                self.assertEqual(run.state, "failed")
                self.assertTrue(run.message)
                self.assertEqual(self.account.state, "connected")

    def test_refused_credentials_heal_with_the_next_poll_that_octopus_answers(self):
        self.sandbox.set_faults([{"status": 401, "path": "*"}])
        self.env["octopus.order"]._cron_poll_orders()
        self.work()
        poll = self.runs.search([("kind", "=", "orders")])
        self.assertEqual((self.account.state, poll.state), ("error", "waiting"))
        self.assertTrue(self.account.state_message)
        self.go_on(poll)
        self.env["octopus.order"]._cron_poll_orders()
        self.work()
        self.assertEqual(self.runs.search([("kind", "=", "orders")]), poll, "one run, not many")
        self.sandbox.clear_faults()
        self.go_on(poll)
        self.assertRecordValues(self.account, [{"state": "connected", "state_message": False}])
        self.assertEqual(poll.state, "done")

    def test_a_store_without_credentials_is_not_polled_every_few_minutes(self):
        self.account.write({"access_id": False, "state": "error"})
        for _poll in range(3):
            self.env["octopus.order"]._cron_poll_orders()
            self.work()
        self.assertEqual(self.runs.search([("kind", "=", "orders")]).mapped("state"), ["failed"])

    def test_an_odd_row_of_a_list_is_named_and_skipped(self):
        row = {"id": None, "title": "Nobody"}
        self.sandbox.set_faults(
            [
                {
                    "method": "GET",
                    "path": "/custom_collections.json",
                    "status": 200,
                    "body": {"custom_collections": [row]},
                }
            ]
        )
        run = self.queue()
        self.work()
        self.assertEqual(run.state, "done", run.message)
        [issue] = run.issue_ids
        self.assertEqual(issue.severity, "warning")
        self.assertIn("A collection in Octopus's answer has no id", issue.message)

    def test_undoing_the_first_sync_is_no_stock_sync(self):
        run = self.queue("stock")
        run.cursor = {"restore": True}
        run._end("done")
        self.assertFalse(self.account.last_stock_sync)

    def test_a_worker_cannot_be_deleted(self):
        for name in ("sync_run", "order_deduct"):
            with self.assertRaisesRegex(UserError, "Switch it off"):
                self.env.ref(f"linga_octopus.ir_cron_octopus_{name}").unlink()
