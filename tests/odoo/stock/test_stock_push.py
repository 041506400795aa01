"""The stock worker: which numbers it sends, which it does not, and what it does on failure."""

from datetime import timedelta

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.const import LANE_RESERVE
from odoo.addons.linga_octopus.lib.octopus_api.client import OctopusClient
from odoo.addons.linga_octopus.models.stock import worker
from odoo.addons.linga_octopus.models.stock.level_store import LevelStore

from ..support.stock import StockCase

BULKSET = "/bulkinventory_levels/bulkset.json"


class TestOctopusStockPush(StockCase):
    def setUp(self):
        super().setUp()
        self.count(self.chair, 10)
        self.count(self.table, 10)
        self.push()
        self.sandbox.forget_requests()

    def come_back(self):
        """Let the time pass that the worker waits for."""
        self.account.stock_resume_at = fields.Datetime.now() - timedelta(seconds=1)
        self.push()

    def receive(self, product, quantity):
        """Goods come from a supplier."""
        suppliers = self.env.ref("stock.stock_location_suppliers")
        self.deliver(product, quantity, suppliers, self.stock)

    def lose_answers(self):
        """Octopus does what the next call asks for, and we never hear of it."""
        self.sandbox.set_faults([{"path": BULKSET, "drop": True, "times": 1}])

    # === CHANGES === #

    def test_a_change_goes_out_by_itself(self):
        self.deliver(self.chair, 3)
        self.push()
        self.assertEqual(self.remote(), {"Chair": 7, "Table": 10})
        self.assertEqual(self.level(self.chair).quantity, 7)
        self.assertFalse(self.waiting())

    def test_many_changes_become_one_number(self):
        for _time in range(5):
            self.deliver(self.chair, 1)
            self.env.cr.flush()
        self.push()
        self.assertEqual(self.remote()["Chair"], 5)
        self.assertEqual(self.calls(), 1)

    def test_a_number_that_octopus_has_is_not_sent_again(self):
        self.deliver(self.chair, 1)
        self.count(self.chair, 10)
        self.push()
        self.assertEqual(self.calls(), 0)
        self.assertFalse(self.level(self.chair).pending_ids)

    def test_a_variant_new_in_octopus_gets_its_level_at_once(self):
        lamp = self.make_variants("Lamp")
        self.count(lamp, 4)
        self.push()
        self.assertNotIn("Lamp", self.remote())
        self.put_in_octopus(lamp)
        self.env["octopus.stock.event"]._enqueue_products(lamp)
        self.push()
        self.assertEqual(self.remote()["Lamp"], 4)

    def test_what_is_not_kept_in_stock_gets_no_level_and_stops_nothing(self):
        service = self.make_variants("Gift Wrap", is_storable=False)
        self.put_in_octopus(service)
        self.env["octopus.stock.event"]._enqueue_products(service)
        self.push()
        self.assertFalse(self.waiting())
        self.assertFalse(self.level(service))
        self.env["octopus.stock.event"]._enqueue_products(service)
        self.deliver(self.chair, 3)
        self.push()
        self.assertEqual(self.remote(), {"Chair": 7, "Table": 10})

    def test_nothing_goes_out_before_the_first_sync(self):
        self.account.auto_stock_sync = False
        self.deliver(self.chair, 1)
        self.push()
        self.assertEqual(self.calls(), 0)
        self.assertFalse(self.waiting())

    def test_switching_it_on_again_sends_what_was_missed(self):
        self.account.auto_stock_sync = False
        self.deliver(self.chair, 1)
        self.push()
        self.account.auto_stock_sync = True
        self.push()
        self.assertEqual(self.remote()["Chair"], 9)

    def test_more_changes_than_a_call_takes(self):
        self.patch(worker, "BULK_LIMIT", 2)
        self.patch(worker, "CHUNK", 4)
        lamps = self.make_variants(*(f"Lamp {number}" for number in range(5)))
        self.put_in_octopus(lamps)
        for number, lamp in enumerate(lamps):
            self.env["stock.quant"]._update_available_quantity(lamp, self.stock, number + 1)
        self.push()
        self.assertEqual(self.calls(), 3)
        self.assertEqual([self.remote()[lamp.name] for lamp in lamps], [1, 2, 3, 4, 5])

    # === LOCATIONS === #

    def test_every_location_gets_the_stock_of_its_warehouse(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        second = self.account.location_ids - self.location
        self.count(self.chair, 3, other.lot_stock_id)
        self.push()
        self.assertEqual(self.remote(second), {}, "an unmapped location is never written")
        second.warehouse_id = other
        self.push()
        self.assertEqual(self.remote(second), {}, "nobody has seen what that changes")
        self.sync("stock")
        self.assertEqual(self.remote(second), {"Chair": 3, "Table": 0})
        self.assertEqual(self.remote(), {"Chair": 10, "Table": 10})
        self.count(self.chair, 4, other.lot_stock_id)
        self.push()
        self.assertEqual(self.remote(second)["Chair"], 4)

    def test_a_location_that_is_mapped_again_waits_for_sync_stocks_and_corrects_all(self):
        self.account.last_stock_sync = fields.Datetime.now()
        warehouse = self.location.warehouse_id
        self.location.warehouse_id = False
        self.change_in_octopus(self.chair, 9)
        self.location.warehouse_id = warehouse
        self.assertTrue(self.location.is_first_sync_due)
        self.push()
        self.assertEqual(self.remote()["Chair"], 9)
        [todo] = [step for step in self.account.checklist if step["name"] == "stock"]
        self.assertIn(self.location.name, todo["text"])
        self.sync("stock")
        self.assertEqual(self.remote()["Chair"], 10, "the number that was sent before, too")
        self.assertFalse(self.location.is_first_sync_due)

    def test_a_location_that_is_no_longer_mapped_is_left_alone(self):
        self.deliver(self.chair, 1)
        self.location.warehouse_id = False
        self.push()
        self.assertEqual(self.calls(), 0)

    # === FAILURES === #

    def test_octopus_down_keeps_the_change_and_says_so(self):
        self.sandbox.set_faults([{"path": BULKSET, "status": 503}])
        self.deliver(self.chair, 1)
        self.push()
        self.assertTrue(self.level(self.chair).pending_ids)
        self.assertTrue(self.account.stock_message)
        self.assertGreater(self.account.stock_resume_at, fields.Datetime.now())
        self.push()
        self.assertEqual(self.calls(), 1, "the worker waits before it tries again")
        self.come_back()
        self.assertEqual(self.account.stock_attempts, 2)
        self.sandbox.clear_faults()
        self.come_back()
        self.assertEqual(self.remote()["Chair"], 9)
        self.assertFalse(self.account.stock_message)
        self.assertEqual(self.account.stock_attempts, 0)

    def test_a_change_is_kept_while_only_the_stock_of_octopus_is_down(self):
        """Octopus answers other calls, and nothing tells whether it is the one level's fault."""
        self.sandbox.set_faults([{"path": BULKSET, "status": 503}])
        self.deliver(self.chair, 1)
        for _time in range(4):
            self.come_back()
        self.assertTrue(self.level(self.chair).pending_ids)
        self.assertFalse(self.account.stock_error_count)
        self.sandbox.clear_faults()
        self.come_back()
        self.assertEqual(self.remote()["Chair"], 9)

    def test_an_hour_of_changes_while_octopus_is_down_is_one_number_per_level(self):
        self.patch(worker, "BULK_LIMIT", 3)
        lamps = self.make_variants(*(f"Lamp {number}" for number in range(5)))
        self.put_in_octopus(lamps)
        goods = self.chair + self.table + lamps
        for product in goods:
            self.count(product, 100)
        self.push()
        sent = []
        bulk_set_levels = OctopusClient.bulk_set_levels

        def spy(client, items):
            sent.append([item["inventory_item_id"] for item in items])
            return bulk_set_levels(client, items)

        self.patch(OctopusClient, "bulk_set_levels", spy)
        self.sandbox.kill()
        for minute in range(60):
            product = goods[minute % 6]  # the last lamp does not change
            self.env["stock.quant"]._update_available_quantity(product, self.stock, -1)
            if minute % 6 == 0:
                # Every change is taken; Octopus is asked again when the wait is over.
                self.come_back()
            else:
                self.push()
        self.assertFalse(self.waiting())
        self.assertEqual(self.account.stock_pending_count, 6)
        self.assertTrue(self.account.stock_message)
        self.sandbox.start()
        self.sandbox.forget_requests()
        sent.clear()
        self.come_back()
        self.assertEqual(self.calls(), 2, "six changed levels, three in a call")
        self.assertEqual(len(sum(sent, [])), 6)
        self.assertEqual(len(set(sum(sent, []))), 6)
        for product in goods[:6]:
            self.assertEqual(self.remote()[product.default_code], 90)
        self.assertEqual(self.remote()[goods[6].default_code], 100)
        self.assertFalse(self.account.stock_message)

    def test_a_lost_answer_is_sent_again_with_the_number_of_then(self):
        self.lose_answers()
        self.deliver(self.chair, 1)
        self.push()
        self.assertTrue(self.level(self.chair).pending_ids)
        self.deliver(self.chair, 1)
        self.come_back()
        self.assertEqual(self.remote()["Chair"], 8)

    def test_a_lost_answer_is_sent_again_even_with_the_number_of_before(self):
        self.lose_answers()
        self.receive(self.chair, 5)
        self.push()
        self.assertEqual(self.remote()["Chair"], 15, "Octopus took it, we do not know")
        self.deliver(self.chair, 5)
        self.come_back()
        self.assertEqual(self.remote()["Chair"], 10)
        self.sandbox.forget_requests()
        self.env["octopus.stock.event"]._enqueue_products(self.chair)
        self.push()
        self.assertEqual(self.calls(), 0, "from then on we do know")

    def test_a_lost_answer_of_a_run_that_was_stopped_is_not_forgotten(self):
        self.receive(self.chair, 5)
        self.forget_changes()
        self.lose_answers()
        run = self.sync("stock")
        self.assertEqual(run.state, "waiting")
        run.action_stop()
        self.deliver(self.chair, 5)
        self.push()
        self.assertEqual(self.remote()["Chair"], 10)

    def test_a_worker_that_dies_after_the_answer_sends_the_number_of_before(self):
        save_accepted = LevelStore.save_accepted
        self.patch(LevelStore, "save_accepted", lambda *_answer: 1 / 0)
        self.receive(self.chair, 5)
        with mute_logger(worker.__name__):
            self.push()
        self.assertEqual(self.remote()["Chair"], 15)
        self.patch(LevelStore, "save_accepted", save_accepted)
        self.deliver(self.chair, 5)
        self.come_back()
        self.assertEqual(self.remote()["Chair"], 10)

    def test_octopus_asks_to_go_slower(self):
        self.sandbox.set_faults(
            [{"path": BULKSET, "status": 429, "headers": {"Retry-After": "40"}, "times": 1}]
        )
        self.deliver(self.chair, 1)
        before = fields.Datetime.now()
        self.push()
        self.assertGreaterEqual(self.account.stock_resume_at, before + timedelta(seconds=39))
        self.assertEqual(self.account.stock_attempts, 0)
        self.come_back()
        self.assertEqual(self.remote()["Chair"], 9)

    def test_the_last_calls_of_a_minute_are_left_to_orders(self):
        self.sandbox.settings(rate_limit=3)
        self.deliver(self.chair, 1)
        self.push()
        self.assertEqual(self.remote()["Chair"], 9)
        self.assertTrue(self.account.stock_resume_at)
        self.deliver(self.chair, 1)
        self.push()
        self.assertEqual(self.remote()["Chair"], 9)

    def test_wrong_credentials_are_shown_and_a_good_test_goes_on_at_once(self):
        secret = self.account.access_id
        self.account.access_id = "wrong"
        self.deliver(self.chair, 1)
        self.push()
        self.assertEqual(self.account.state, "error")
        self.account.access_id = secret
        self.account.action_test_connection()
        self.push()
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self.remote()["Chair"], 9)

    def test_missing_credentials_are_asked_for(self):
        self.account.access_id = False
        self.deliver(self.chair, 1)
        with self.assertNoLogs(worker.__name__, "ERROR"):
            self.push()
        self.assertIn("Access ID", self.account.stock_message)
        self.assertGreater(self.account.stock_resume_at, fields.Datetime.now())
        self.assertTrue(self.level(self.chair).pending_ids)

    def test_one_refused_level_does_not_stop_the_others(self):
        self.env["octopus.variant"].search(
            [("product_id", "=", self.chair.id)]
        ).inventory_item_ref = "999999"
        self.deliver(self.chair, 1)
        self.deliver(self.table, 1)
        self.push()
        self.assertEqual(self.remote()["Table"], 9)
        level = self.level(self.chair)
        self.assertIn("not found", level.error)
        self.assertFalse(level.pending_ids)
        self.assertEqual(self.account.stock_error_count, 1)
        self.assertFalse(self.account.stock_resume_at)

    def test_a_call_that_is_refused_as_a_whole_is_taken_apart(self):
        self.env["octopus.variant"].search(
            [("product_id", "=", self.chair.id)]
        ).inventory_item_ref = "not-a-number"
        self.deliver(self.chair, 1)
        self.deliver(self.table, 1)
        self.push()
        self.assertEqual(self.remote()["Table"], 9)
        self.assertTrue(self.level(self.chair).error)

    def test_what_octopus_took_before_it_stopped_us_is_not_sent_again(self):
        """However many levels it refuses: each try gets further than the one before."""
        lamps = self.make_variants(*(f"Lamp {number}" for number in range(4)))
        self.put_in_octopus(lamps)
        self.env["octopus.variant"].search(
            [("product_id", "=", lamps[-1].id)]
        ).inventory_item_ref = "not-a-number"
        self.env["octopus.stock.event"]._enqueue_products(lamps)
        # All four are refused, the first two are taken, the last two refused.
        self.sandbox.set_faults([{"path": BULKSET, "after": 3, "status": 429, "times": 1}])
        self.push()
        self.assertTrue(self.account.stock_resume_at)
        self.assertEqual(self.account.stock_pending_count, 2)
        self.come_back()
        self.assertFalse(self.account.stock_pending_count)
        self.assertEqual(self.account.stock_error_count, 1)

    def test_octopus_that_refuses_everything_is_asked_a_few_times_only(self):
        lamps = self.make_variants(*(f"Lamp {number}" for number in range(12)))
        self.put_in_octopus(lamps)
        self.env["octopus.stock.event"]._enqueue_products(lamps)
        self.sandbox.set_faults([{"path": BULKSET, "status": 422}])
        self.push()
        self.assertLess(self.calls(), 12)
        self.assertTrue(self.account.stock_resume_at)
        self.assertEqual(self.account.stock_pending_count, 12)

    def test_bad_levels_in_front_hold_up_no_other(self):
        lamps = self.make_variants(*(f"Lamp {number}" for number in range(6)))
        self.put_in_octopus(lamps)
        bad = self.env["octopus.variant"].search([("product_id", "in", lamps[:5].ids)])
        for number, variant in enumerate(bad):
            variant.inventory_item_ref = f"not-a-number-{number}"
        self.env["octopus.stock.event"]._enqueue_products(lamps)
        self.push()
        self.assertIn("Lamp 5", self.remote())
        self.assertEqual(self.account.stock_error_count, 5)
        self.assertFalse(self.account.stock_pending_count)

    def test_levels_looked_for_one_by_one_leave_the_last_calls_to_orders(self):
        lamps = self.make_variants(*(f"Lamp {number}" for number in range(6)))
        self.put_in_octopus(lamps)
        self.env["octopus.variant"].search(
            [("product_id", "=", lamps[-1].id)]
        ).inventory_item_ref = "not-a-number"
        self.env["octopus.stock.event"]._enqueue_products(lamps)
        # All six are refused, the first three are taken.
        self.sandbox.settings(rate_limit=LANE_RESERVE["stock"] + 2)
        self.push()
        self.assertEqual(self.calls(), 2)
        self.assertTrue(self.account.stock_resume_at)
        self.assertFalse(self.account.stock_error_count)
        self.assertEqual(
            [(bool(level.pushed_at), len(level.pending_ids)) for level in map(self.level, lamps)],
            [(True, 0)] * 3 + [(False, 1)] * 3,
        )
        self.sandbox.settings(rate_limit=0)
        self.come_back()
        self.assertFalse(self.account.stock_pending_count)
        self.assertEqual(self.account.stock_error_count, 1)

    def test_a_failure_nobody_thought_of_keeps_the_change(self):
        self.deliver(self.chair, 1)
        self.patch(worker, "level_item", lambda *_args, **_values: 1 / 0)
        with mute_logger(worker.__name__):
            self.push()
        self.assertTrue(self.level(self.chair).pending_ids)
        self.assertTrue(self.account.stock_message)

    # === LOG === #

    def updates(self, product):
        found = self.env["octopus.stock.update"].search([("product_id", "=", product.id)])
        return [(update.previous, update.quantity, bool(update.run_id)) for update in found]

    def test_each_number_that_went_out_is_logged_and_found_by_product(self):
        first = [(0, 10, False)]
        self.assertEqual(self.updates(self.chair), first)
        self.deliver(self.chair, 3)
        self.push()
        self.assertEqual(self.updates(self.chair), [(10, 7, False), *first])
        self.assertEqual(self.updates(self.table), first, "it did not change")
        self.sync("stock")
        self.assertEqual(len(self.updates(self.chair)), 2, "the same number is nothing new")
        self.count(self.chair, 1)
        self.forget_changes()
        self.sync("stock")
        self.assertEqual(self.updates(self.chair)[0], (7, 1, True))

    def test_the_log_names_who_sent_a_number(self):
        log = self.env["octopus.stock.update"]
        self.assertEqual(log.search([], limit=1).sent_by, "Automatically")
        self.count(self.chair, 1)
        self.forget_changes()
        self.sync("stock")
        latest = log.search([("product_id", "=", self.chair.id)], limit=1)
        self.assertEqual(latest.sent_by, latest.run_id.display_name)
        latest.run_id.sudo().unlink()
        latest.invalidate_recordset()
        self.assertEqual(latest.sent_by, "Automatically", "the run is forgotten before the log")

    def test_the_log_of_long_ago_is_removed(self):
        updates = self.env["octopus.stock.update"].search([])
        old = updates[0]
        old.pushed_at = fields.Datetime.now() - timedelta(days=31)
        self.env["octopus.stock.update"]._gc_old_updates()
        self.assertFalse(old.exists())
        self.assertEqual(len(updates.exists()), len(updates) - 1)
