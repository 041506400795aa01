"""Orders that no webhook brought: the poll, its watermark, and what goes wrong on the way."""

import json
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.lib.octopus_api import OctopusBadAnswer, Order, loads
from odoo.addons.linga_octopus.lib.octopus_api.call_streak import FAILURES_IN_A_ROW
from odoo.addons.linga_octopus.models.order import fetch
from odoo.addons.linga_octopus.models.order.day_check import DayCheck
from odoo.addons.linga_octopus.models.order.look_up import OrderLookUp

from ..support.orders import OrdersMixin


class TestOctopusOrderFetch(OrdersMixin, TransactionCase):
    def poll(self):
        """Let the scheduled poll run, and return its run."""
        self.env["octopus.order"]._cron_poll_orders()
        self.work()
        return self.env["octopus.sync.run"].search([("account_id", "=", self.account.id)], limit=1)

    def known(self):
        return self.orders.search([("account_id", "=", self.account.id)])

    def test_one_poll_brings_all_that_was_missed_each_once(self):
        self.patch(fetch, "PAGE_LIMIT", 3)
        placed = [self.place({"CHAIR": 1}) for _number in range(8)]
        self.ingest(placed[2])
        run = self.poll()
        self.assertRecordValues(run, [{"state": "done", "total": 8, "done": 8, "failed": 0}])
        self.assertEqual(
            sorted(self.known().mapped("aggregator_order_no")),
            sorted(str(order["id"]) for order in placed),
        )
        self.assertGreater(self.sandbox.requests()["GET /orders.json"], 2, "it followed the pages")
        self.poll()
        self.assertEqual(len(self.known()), 8)
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 2)

    def statements(self):
        """Return how many statements another poll of the same orders sends."""
        before = self.env.cr.sql_log_count
        run = self.poll()
        self.assertRecordValues(run, [{"state": "done", "sent": 0, "done": len(self.known())}])
        return self.env.cr.sql_log_count - before

    def test_orders_that_are_known_cost_a_poll_no_statement_each(self):
        self.place({"CHAIR": 1})
        self.poll()
        self.poll()  # fills the caches
        for_one = self.statements()
        for number in range(12):
            payload = self.place({"CHAIR": 1, "TABLE": 2})
            if number % 2:
                self.ingest(payload, raw=json.dumps(payload, indent=1))
        self.poll()
        versions = list(map(self.version_of, self.known()))
        self.assertEqual(self.statements(), for_one)
        self.assertEqual(list(map(self.version_of, self.known())), versions)

    def test_a_poll_corrects_what_other_updates_of_the_same_second_said(self):
        payload = self.place({"CHAIR": 2}, note="as it is")
        self.poll()
        order = self.known()
        pieces = {"line_items": [{**payload["line_items"][0], "quantity": 1}]}
        cancelled = {**payload, **pieces, "cancelled_at": payload["octopus_updated_at"]}
        moment = {name: payload[name] for name in ("id", "octopus_updated_at")}
        self.ingest(cancelled)
        self.assertEqual(order.status, "cancelled")
        self.poll()
        self.assertTrue(order.is_alive_again, "of two versions, Octopus answers the later one")
        self.ingest({**moment, "note": "part of an earlier version"})
        self.ingest({**moment, "note": "part of an earlier version"})
        self.assertEqual(order.note, "part of an earlier version")
        self.poll()
        self.assertEqual(order.note, "as it is")
        self.ingest({**payload, "note": "all of an earlier version"})
        self.poll()
        self.assertEqual(order.note, "as it is")

    def test_a_poll_brings_to_life_what_news_of_the_same_second_left_cancelled(self):
        self.place({"CHAIR": 2})
        self.poll()
        order = self.known()
        payload = loads(order.payload)
        self.ingest({**payload, "cancelled_at": payload["octopus_updated_at"]})
        self.ingest(payload)
        self.assertEqual((order.status, order.is_alive_again), ("cancelled", False))
        self.poll()
        self.assertTrue(order.is_alive_again)

    def test_the_watermark_follows_what_octopus_says_and_never_goes_back(self):
        order = self.place({"CHAIR": 1})
        self.poll()
        first = self.account.order_watermark
        self.assertEqual(first.isoformat(timespec="seconds"), order["octopus_updated_at"][:19])
        self.poll()
        self.assertEqual(self.account.order_watermark, first)
        # A change that Octopus dates into the future must not hide what comes before it.
        self.sandbox.change_order(order["id"], note="x", webhook=False)
        future = fields.Datetime.now() + timedelta(days=400)
        self.account.order_watermark = fields.Datetime.now() - timedelta(days=7)
        payload = self.changed(order, octopus_updated_at=future.isoformat() + "Z")
        self.ingest(payload)
        self.poll()
        self.assertLessEqual(self.account.order_watermark, fields.Datetime.now())

    def test_a_broken_poll_keeps_its_watermark_and_goes_on(self):
        self.patch(fetch, "PAGE_LIMIT", 2)
        for _number in range(4):
            self.place({"CHAIR": 1})
        self.sandbox.set_faults([{"path": "/orders.json", "status": 503, "after": 1}])
        run = self.poll()
        self.assertEqual(run.state, "waiting")
        self.assertFalse(self.account.order_watermark)
        self.assertTrue(self.known(), "what was read is kept")
        self.sandbox.clear_faults()
        run.resume_at = fields.Datetime.now() - timedelta(seconds=1)
        self.work()
        self.assertRecordValues(run, [{"state": "done", "done": 4, "total": 4}])
        self.assertEqual(len(self.known()), 4)
        calls = 1 + FAILURES_IN_A_ROW + 1
        self.assertEqual(
            self.sandbox.requests()["GET /orders.json"], calls, "not from the beginning"
        )
        self.assertTrue(self.account.order_watermark)

    def test_when_a_link_is_no_longer_good_the_list_is_read_again(self):
        self.patch(fetch, "PAGE_LIMIT", 2)
        placed = [self.place({"CHAIR": 1}) for _number in range(5)]
        self.sandbox.set_faults([{"path": "/orders.json", "status": 400, "after": 2, "times": 1}])
        run = self.poll()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self.known()), len(placed))
        self.assertEqual(
            self.account.order_watermark.isoformat(timespec="seconds"),
            placed[-1]["octopus_updated_at"][:19],
        )

    def test_a_page_that_is_always_refused_ends_the_run_and_the_next_poll_goes_on(self):
        self.patch(fetch, "PAGE_LIMIT", 2)
        for _number in range(4):
            self.place({"CHAIR": 1})
        self.sandbox.set_faults([{"path": "/orders.json", "status": 400, "every": 2}])
        run = self.poll()
        self.assertEqual(run.state, "failed")
        self.assertTrue(run.message)
        self.assertFalse(self.account.order_watermark)
        self.sandbox.clear_faults()
        self.assertEqual(self.poll().state, "done")
        self.assertEqual(len(self.known()), 4)

    def test_pages_in_a_circle_are_noticed(self):
        for circle in range(1, 8):
            for lead in range(5):
                place, read = fetch.Place(), 0
                with self.assertRaisesRegex(OctopusBadAnswer, "circle"):
                    while read < 100:
                        step = read if read < lead else lead + (read - lead) % circle
                        place = place.after(f"page {step}", None)
                        read += 1
        place = fetch.Place()
        for page in range(100):
            place = place.after(f"page {page}", None)
        self.assertEqual(len(place.visited), 100)

    def test_an_order_with_a_field_that_cannot_be_read_is_never_hidden(self):
        before, odd, after = (self.place({"CHAIR": 1}) for _number in range(3))
        self.sandbox.change_order(odd["id"], total_price="much", webhook=False)
        run = self.poll()
        self.assertRecordValues(run, [{"state": "done", "done": 3, "failed": 0}])
        numbers = sorted(str(order["id"]) for order in (before, odd, after))
        self.assertEqual(sorted(self.known().mapped("aggregator_order_no")), numbers)
        order = self.known().filtered(lambda o: o.aggregator_order_no == str(odd["id"]))
        self.assertIn("total_price is not a number", order.unread_notice)
        self.assertTrue(self.account.order_watermark)
        self.sandbox.change_order(odd["id"], total_price="10.00", webhook=False)
        self.poll()
        self.assertRecordValues(order, [{"check_total": 10, "unread_notice": False}])

    @contextmanager
    def failing(self, number):
        """Let the addon fail at one order, for a reason that nobody thought of."""
        look_up = OrderLookUp.of_order

        def fail(intake, remote):
            return 1 / 0 if remote.ref == str(number) else look_up(intake, remote)

        with patch.object(OrderLookUp, "of_order", fail), mute_logger(fetch.__name__):
            yield

    def test_one_order_that_cannot_be_stored_stops_nobody_and_can_be_fetched_later(self):
        before, bad, after = (self.place({"CHAIR": 1}) for _number in range(3))
        with self.failing(bad["id"]):
            run = self.poll()
        self.assertRecordValues(run, [{"state": "partial", "done": 3, "failed": 1}])
        self.assertIn(f"Order {bad['id']} could not be stored", run.issue_ids.message)
        self.assertEqual(
            self.known().mapped("aggregator_order_no"), [str(after["id"]), str(before["id"])]
        )
        self.assertTrue(self.account.order_watermark)
        self.assertEqual(self.account.open_issue_count, 1)
        self.account.action_fetch_order(str(bad["id"]))
        self.work()
        self.assertEqual(len(self.known()), 3)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.open_issue_count, 0)

    def test_an_order_that_stays_bad_is_one_issue(self):
        """As the latest order of a quiet shop, every poll reads it again."""
        bad = self.place({"CHAIR": 1})
        with self.failing(bad["id"]):
            runs = [self.poll() for _turn in range(3)]
        issues = self.env["octopus.sync.issue"].search([("account_id", "=", self.account.id)])
        self.assertRecordValues(issues, [{"run_id": runs[-1].id, "times_seen": 3}])
        self.poll()
        self.assertTrue(issues.fixed_by)
        self.sandbox.change_order(bad["id"], note="again", webhook=False)
        with self.failing(bad["id"]):
            self.poll()
        issues = self.env["octopus.sync.issue"].search([("account_id", "=", self.account.id)])
        self.assertEqual(len(issues), 2, "an issue that was fixed and comes again is a new one")

    def test_an_id_that_cannot_be_stored_stops_nobody(self):
        nasty = ["a\0b", "\ud800", "9" * 5_000, {"a": [1]}, "..", None]
        good = self.payload({"CHAIR": 1})
        orders = [*({"id": ref, "line_items": "none"} for ref in nasty), good]
        body = json.dumps(orders)
        self.sandbox.set_faults([{"path": "/orders.json", "status": 200, "body": body}])
        run = self.poll()
        self.assertRecordValues(run, [{"state": "partial", "done": 7, "failed": 5}])
        self.assertEqual(set(self.known().mapped("aggregator_order_no")), {"ab", str(good["id"])})
        names = run.issue_ids.mapped("record_name")
        self.assertEqual(set(names), {"?", "9" * 200, "{'a': [1]}", ".."})
        day_check = DayCheck(self.env["octopus.order.check"], run, None)
        for payload in orders[1:-1]:
            shown = day_check.prepare_unreadable(payload, "x")["aggregator_order_no"]
            self.assertIn(shown or "?", names)

    def test_a_wrong_number_is_answered_where_it_was_typed(self):
        self.place({"CHAIR": 1})
        for number in ("..", "4711", "#4711"):
            with self.assertRaisesRegex(UserError, f"no order with the number {number}"):
                self.account.action_fetch_order(number)
        self.assertFalse(self.env["octopus.sync.run"].search([("kind", "=", "orders")]))

    def test_the_number_of_the_channel_finds_the_order_too(self):
        order = self.place({"CHAIR": 1})
        of_channel = Order.from_json(order).number
        self.assertNotEqual(of_channel, str(order["id"]))
        for number in (of_channel, f"#{of_channel}", str(order["id"])):
            with self.subTest(number=number):
                self.known().unlink()
                self.account.action_fetch_order(number)
                self.work()
                self.assertEqual(self.known().aggregator_order_no, str(order["id"]))

    def test_a_user_waits_for_one_page_and_the_run_reads_the_others(self):
        self.patch(fetch, "PAGE_LIMIT", 2)
        orders = [self.place({"CHAIR": 1}) for _number in range(7)]
        # Wherever in the list it is.
        for order in (orders[0], orders[3], orders[-1]):
            with self.subTest(position=orders.index(order)):
                self.known().unlink()
                number = f"#{Order.from_json(order).number}"
                self.sandbox.forget_requests()
                self.account.action_fetch_order(number)
                self.assertEqual(self.sandbox.requests().get("GET /orders.json"), 1)
                self.work()
                self.assertIn(str(order["id"]), self.known().mapped("aggregator_order_no"))
        self.account.action_fetch_order("#4711")
        self.work()
        run = self.env["octopus.sync.run"].search([("kind", "=", "orders")], limit=1)
        self.assertEqual((run.state, run.issue_ids.severity), ("partial", "warning"))
        self.assertEqual(run.issue_ids.message, "Octopus has no order with the number #4711.")

    def test_the_number_of_the_channel_is_found_after_octopus_was_down(self):
        order = self.place({"CHAIR": 1})
        self.sandbox.set_faults([{"path": "*", "status": 503}])
        self.account.action_fetch_order(f"#{Order.from_json(order).number}")
        self.sandbox.clear_faults()
        self.account.orders_since = fields.Datetime.now() + timedelta(days=1)  # no poll brings it
        self.work()
        self.assertEqual(self.known().aggregator_order_no, str(order["id"]))

    def test_while_octopus_is_down_the_number_is_looked_for_later(self):
        order = self.place({"CHAIR": 1})
        self.sandbox.set_faults([{"path": "*", "status": 503}])
        self.account.action_fetch_order(str(order["id"]))
        self.sandbox.clear_faults()
        self.work()
        self.assertEqual(self.known().aggregator_order_no, str(order["id"]))

    def test_a_bug_of_the_addon_is_recorded_as_well(self):
        self.place({"CHAIR": 1})
        self.patch(OrderLookUp, "of_order", lambda *_args: 1 / 0)
        with mute_logger(fetch.__name__):
            run = self.poll()
        self.assertEqual(run.state, "partial")
        self.assertIn("could not be stored", run.issue_ids.message)

    def test_old_orders_that_change_are_shown_but_not_deducted(self):
        order = self.place({"CHAIR": 1})
        self.account.orders_since = fields.Datetime.now() + timedelta(minutes=1)
        self.poll()
        self.deduct()
        self.assertRecordValues(self.known(), [{"stock_state": "none"}])
        self.assertIn("before the store was connected", self.known().stock_message)
        self.assertEqual(self.on_hand(self.chair), 10)
        self.known().status = "cancelled"
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertTrue(order)

    def test_stores_that_are_not_connected_are_not_asked(self):
        self.account.action_unsubscribe()
        self.poll()
        self.assertNotIn("GET /orders.json", self.sandbox.requests())
