"""Sync Stocks: all levels of mapped locations, and automatic from then on."""

from odoo.addons.linga_octopus.const import LANE_RESERVE
from odoo.addons.linga_octopus.models.stock import stock_run
from odoo.addons.linga_octopus.models.stock.worker import StockWorker

from ..support.stock import StockCase

BULK_PRODUCTS = "POST /BulkProduct/bulkpost.json"


class TestOctopusStockPass(StockCase):
    def setUp(self):
        super().setUp()
        self.account.auto_stock_sync = False
        self.count(self.chair, 10)
        self.count(self.table, 2.9)
        self.forget_changes()

    def test_all_levels_go_out_and_later_changes_follow(self):
        run = self.sync("stock")
        self.assertEqual((run.state, run.done, run.total), ("done", 2, 2), run.message)
        self.assertEqual(self.remote(), {"Chair": 10, "Table": 2})
        self.assertEqual(self.level(self.chair).run_id, run)
        self.assertTrue(self.account.auto_stock_sync)
        self.assertTrue(self.account.last_stock_sync)
        self.deliver(self.chair, 1)
        self.push()
        self.assertEqual(self.remote()["Chair"], 9)
        self.assertFalse(self.level(self.chair).run_id)

    def test_a_change_between_press_and_run_is_not_lost(self):
        self.account.action_sync_stocks()
        self.deliver(self.chair, 4)
        self.work()
        self.assertEqual(self.remote()["Chair"], 6)

    def test_pressing_again_repairs_what_octopus_has_wrong(self):
        self.sync("stock")
        self.sandbox.api(
            "POST",
            "inventory_levels/set.json",
            json={
                "location_id": self.location.octopus_ref,
                "inventory_item_id": self.level(self.chair).variant_id.inventory_item_ref,
                "available": 99,
            },
        )
        self.sync("stock")
        self.assertEqual(self.remote(), {"Chair": 10, "Table": 2})

    def test_products_that_octopus_lacks_are_counted(self):
        self.make_variants("Lamp", "Rug")
        run = self.sync("stock")
        self.assertEqual(run.state, "done")
        self.assertEqual(run.issue_ids.mapped("severity"), ["warning"])
        self.assertIn("2 products", run.issue_ids.message)
        self.assertEqual(self.account.stock_waiting_count, 2)
        action = self.account.action_open_stock_waiting()
        waiting = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(waiting.mapped("name")), {"Lamp", "Rug"})
        note = run.issue_ids
        self.put_in_octopus(waiting)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.stock_waiting_count, 0)
        self.assertFalse(note.fixed_by)
        again = self.sync("stock")
        self.assertEqual(note.fixed_by, again)

    def test_products_that_octopus_lacked_are_noted_until_sync_products(self):
        lamp = self.make_variants("Lamp")
        note = self.sync("stock").issue_ids
        lamp.product_tmpl_id.list_price = 0
        self.sync("products")
        self.assertFalse(note.fixed_by, "a product without a price is not sent")
        lamp.product_tmpl_id.list_price = 10
        run = self.sync("products")
        note.invalidate_recordset()
        self.assertEqual(note.fixed_by, run)

    def test_a_refused_level_is_an_issue_of_the_run_until_one_succeeds(self):
        variant = self.env["octopus.variant"].search([("product_id", "=", self.chair.id)])
        ref = variant.inventory_item_ref
        variant.inventory_item_ref = "999999"
        run = self.sync("stock")
        self.assertEqual((run.state, run.done, run.failed), ("partial", 1, 1))
        self.assertEqual(run.issue_ids.record, self.chair)
        variant.inventory_item_ref = ref
        again = self.sync("stock")
        self.assertEqual(again.state, "done")
        self.assertEqual(run.issue_ids.fixed_by, again)
        self.assertFalse(self.level(self.chair).error)

    def test_a_run_that_octopus_interrupts_goes_on_where_it_was(self):
        self.patch(stock_run, "BULK_LIMIT", 2)
        self.put_in_octopus(self.make_variants("Lamp", "Rug", "Shelf"))
        self.sandbox.set_faults(
            [{"path": "/bulkinventory_levels/bulkset.json", "status": 503, "after": 1, "times": 1}]
        )
        run = self.sync("stock")
        self.assertEqual((run.state, run.done), ("waiting", 2))
        self.account._queue_run("stock")
        self.work()
        self.assertEqual((run.state, run.done), ("done", 5))
        self.assertEqual(self.calls(), 4)

    def make_bad(self, products):
        """Give variants a number that makes Octopus refuse the whole call."""
        variants = self.env["octopus.variant"].search([("product_id", "in", products.ids)])
        for number, variant in enumerate(variants):
            variant.inventory_item_ref = f"not-a-number-{number}"

    def test_levels_looked_for_one_by_one_leave_the_last_calls_to_orders(self):
        """In the run as in what goes out by itself; it goes on where it was."""
        goods = self.make_variants(*(f"Lamp {number}" for number in range(12)))
        self.put_in_octopus(goods)
        service = self.make_variants("Advice", is_storable=False)
        self.put_in_octopus(service)
        self.make_bad(goods[-5:])
        reserve = LANE_RESERVE["stock"]
        self.sandbox.settings(rate_limit=reserve + 4)
        run, left = self.sync("stock"), []
        while run.state == "waiting":
            left.append(run.rate_remaining)
            self.assertLess(len(left), 12, "it does not get on")
            self.sandbox.settings(rate_limit=reserve + 4)
            run.resume_at = run.create_date
            self.work()
        self.assertTrue(left)
        self.assertGreaterEqual(min(left), reserve - 3, "as many calls as until one is alone")
        self.assertEqual((run.state, run.total, run.done, run.failed), ("partial", 14, 9, 5))
        self.assertEqual(set(run.issue_ids.mapped("res_id")), set(goods[-5:].ids))
        self.assertEqual(set(run.issue_ids.mapped("times_seen")), {1}, "each was tried once")
        self.assertEqual(len(self.remote()), 9)

    def test_a_run_that_is_stopped_forgets_no_change_that_it_has_not_sent(self):
        self.sync("stock")
        lamps = self.make_variants("Lamp", "Rug")
        self.put_in_octopus(lamps)
        self.count(self.chair, 7)
        self.count(lamps[1], 3)
        self.env.cr.flush()
        StockWorker(self.env).take()
        self.env.flush_all()
        # All four are refused, the first two are taken, and then Octopus is away.
        path = "/bulkinventory_levels/bulkset.json"
        self.sandbox.set_faults(
            [
                {"path": path, "status": 422, "times": 1},
                {"path": path, "status": 503, "after": 2, "times": 1},
            ]
        )
        self.account.stock_resume_at = "2100-01-01"  # the run comes first
        run = self.sync("stock")
        self.assertEqual((run.state, self.remote()["Chair"]), ("waiting", 7))
        run.action_stop()
        self.account.stock_resume_at = False
        self.push()
        self.assertEqual(self.remote()["Rug"], 3)

    def test_products_that_are_not_kept_in_stock_are_left_out(self):
        self.chair.is_storable = False
        self.sync("stock")
        self.assertEqual(self.remote(), {"Table": 2})
        self.assertFalse(self.level(self.chair))

    def test_another_merchant_begins_anew(self):
        self.sync("stock")
        self.account.with_context(octopus_another_shop=True).merchant_name = "another"
        self.assertFalse(self.account.auto_stock_sync)
        self.assertFalse(self.account.last_stock_sync)
        self.assertFalse(self.level(self.chair))

    def test_a_product_that_was_deleted_in_octopus_is_made_anew_with_its_level(self):
        self.sync("products")
        self.sync("stock")
        [remote] = [item for item in self.sandbox.state()["products"] if item["title"] == "Chair"]
        self.sandbox.api("DELETE", f"/products/{remote['id']}.json")
        run = self.sync("stock")
        [issue] = run.issue_ids.filtered(lambda found: found.severity == "error")
        self.assertIn("not found", issue.message)
        issue.action_octopus_retry()
        self.work()
        self.work()
        titles = [item["title"] for item in self.sandbox.state()["products"]]
        self.assertEqual(titles.count("Chair"), 1)
        self.assertEqual(self.remote()["Chair"], 10)
        self.assertFalse(self.level(self.chair).error)

    def test_a_level_that_octopus_always_refuses_has_its_product_sent_once(self):
        self.sync("products")
        unknown = {"account_id": self.account.id, "octopus_ref": "999", "name": "Elsewhere"}
        self.env["octopus.location"].create({**unknown, "warehouse_id": self.warehouse.id})
        self.sandbox.forget_requests()
        for _press in range(3):
            run = self.sync("stock")
            self.sync("products")
        self.assertEqual(run.failed, 2)
        self.assertEqual(self.sandbox.requests().get(BULK_PRODUCTS), 1)
        # A user who asks for it may know that somebody deleted the product.
        issues = run.issue_ids.filtered(lambda found: found.severity == "error")
        issues.action_octopus_retry()
        self.work()
        self.assertEqual(self.sandbox.requests().get(BULK_PRODUCTS), 2)
