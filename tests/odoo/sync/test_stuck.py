"""Octopus fails at whole bulk calls (500, 404) because of one record in them: that one is found and
named, the others are sent, nothing is there twice. When Octopus itself is down the run waits."""

from unittest.mock import patch

from odoo.addons.linga_octopus.const import BISECT_AFTER_ATTEMPTS, CALLS_PER_BATCH
from odoo.addons.linga_octopus.lib.back_off import RETRY_DELAYS
from odoo.addons.linga_octopus.lib.octopus_api.client import OctopusClient
from odoo.addons.linga_octopus.lib.octopus_api.errors import OctopusNotFound, OctopusServerError

from ..support.common import OctopusCase
from ..support.stock import StockCase

COUNT = CALLS_PER_BATCH + 5
BULK_PRODUCTS = "POST /BulkProduct/bulkpost.json"


class StuckMixin:
    def poison(self, call, is_bad, error=OctopusServerError, *, is_done=False):
        """Let Octopus fail at bulk calls with a bad item in them.

        :param is_done: whether it does the work in spite of that, as far as the bad item
        """
        original = getattr(OctopusClient, call)

        def poisoned(client, items):
            items = list(items)
            bad = [number for number, item in enumerate(items) if is_bad(item)]
            if not bad:
                return original(client, items)
            if is_done and bad[0]:
                original(client, items[: bad[0]])
            maybe_done = error is OctopusServerError
            raise error("Poison. (HTTP 500)", status=500, maybe_done=maybe_done)

        return patch.object(OctopusClient, call, poisoned)


class TestOctopusStuck(StuckMixin, OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.products = cls.make_products(f"Chair {number}" for number in range(COUNT))
        cls.bad = cls.products[COUNT // 2]

    def is_bad(self, item):
        return item["title"] == self.bad.name

    def assert_bad_named(self, run):
        self.assertEqual((run.state, run.failed), ("partial", 1), run.message)
        self.assertEqual(run.issue_ids.res_id, self.bad.id)
        self.assertIn("Poison", run.issue_ids.message)
        self.assertEqual(self.bad.octopus_product_ids.state, "error")

    def titles(self):
        return sorted(product["title"] for product in self.sandbox.state()["products"])

    def test_new_products(self):
        with self.poison("bulk_products", self.is_bad, is_done=True):
            run = self.sync("products")
            self.assertEqual((run.state, run.attempts), ("waiting", 1))
            self.resume(run)
        self.assert_bad_named(run)
        self.assertEqual(self.titles(), sorted((self.products - self.bad).mapped("name")))
        self.assertEqual(
            (run.bulk_limit > 0, run.poison_count, run.attempts),
            (True, 0, BISECT_AFTER_ATTEMPTS),
        )
        again = self.sync("products")
        self.assertEqual(again.state, "done")
        self.assertEqual(self.titles(), sorted(self.products.mapped("name")))

    def test_known_products(self):
        self.sync("products")
        with self.transaction() as env:
            self.products.with_env(env).list_price = 12
        with self.poison("bulk_products", self.is_bad):
            run = self.sync("products")
            self.resume(run)
        self.assert_bad_named(run)
        prices = [product["variants"][0]["price"] for product in self.sandbox.state()["products"]]
        self.assertEqual(sorted(map(float, prices)), [10] + [12] * (COUNT - 1))

    def test_a_single_product(self):
        with self.transaction() as env:
            (self.products - self.bad).with_env(env).octopus_excluded = True
        with self.poison("bulk_products", self.is_bad):
            run = self.sync("products")
            self.resume(run)
        self.assert_bad_named(run)
        self.assertTrue(self.bad.octopus_product_ids.variant_ids.attempted_at, "looked up again")

    def test_not_found(self):
        with self.poison("bulk_products", self.is_bad, OctopusNotFound):
            run = self.sync("products")
        self.assert_bad_named(run)

    def test_nobody_is_blamed_while_octopus_takes_no_calls(self):
        """Whether it is the record or Octopus is asked once more, when there are calls."""
        with self.transaction() as env:
            (self.products - self.bad).with_env(env).octopus_excluded = True
        self.account.is_catalog_matched = True
        slower = {"path": "/shop.json", "status": 429, "headers": {"Retry-After": "40"}}
        self.sandbox.set_faults([slower])
        with self.poison("bulk_products", self.is_bad, OctopusNotFound):
            run = self.sync("products")
            self.assertEqual((run.state, run.failed), ("waiting", 0), run.message)
            self.assertFalse(run.issue_ids)
            self.sandbox.clear_faults()
            self.resume(run)
        self.assert_bad_named(run)

    def test_archiving(self):
        self.sync("products")
        with self.transaction() as env:
            self.products.with_env(env).octopus_excluded = True
        with self.poison("bulk_products", self.is_bad):
            run = self.sync("products")
            self.resume(run)
        self.assert_bad_named(run)

    def test_products_in_categories(self):
        category = self.env["pos.category"].create({"name": "Furniture"})
        self.sync("categories")
        self.sync("products")
        with self.transaction() as env:
            self.products.with_env(env).pos_categ_ids = category.ids
        bad_ref = self.bad.octopus_product_ids.octopus_ref
        with self.poison("bulk_collects", lambda item: item["product_id"] == bad_ref, is_done=True):
            run = self.sync("products")
            self.resume(run)
        self.assertEqual((run.state, run.failed), ("partial", 1), run.message)
        self.assertEqual(run.issue_ids.res_id, self.bad.id)
        product = self.bad.octopus_product_ids
        self.assertEqual((product.state, category.octopus_category_ids.state), ("synced",) * 2)
        collects = [len(product["collects"]) for product in self.sandbox.state()["products"]]
        self.assertEqual(sorted(collects), [0] + [1] * (COUNT - 1))

    def test_categories(self):
        categories = self.env["pos.category"].create([{"name": f"C{n}"} for n in range(5)])
        with self.poison("bulk_collections", lambda item: item["title"] == "C3", is_done=True):
            run = self.sync("categories")
            self.resume(run)
        self.assertEqual((run.state, run.failed), ("partial", 1), run.message)
        self.assertEqual(run.issue_ids.res_id, categories[3].id)
        titles = [collection["title"] for collection in self.sandbox.state()["collections"]]
        self.assertEqual(sorted(titles), ["C0", "C1", "C2", "C4"])

    def test_octopus_that_is_down_makes_the_run_wait_and_is_asked_a_few_times_only(self):
        self.account.is_catalog_matched = True
        self.sync("products")
        with self.transaction() as env:
            self.products.with_env(env).list_price = 12
        self.sandbox.set_faults([{"path": "*", "status": 503}])
        self.sandbox.forget_requests()
        run = self.sync("products")
        for _delay in RETRY_DELAYS:
            self.assertEqual(run.state, "waiting")
            run.resume_at = run.create_date
            self.work()
        self.assertEqual((run.state, run.failed), ("failed", 0))
        self.assertLess(self.sandbox.requests()[BULK_PRODUCTS], 2 * len(RETRY_DELAYS))

    def test_a_bulk_call_that_always_fails_ends_the_run(self):
        """Octopus answers the other calls, so some records are suspected; not all of them."""
        self.sandbox.set_faults([{"path": "/BulkProduct/*", "status": 500}])
        run = self.sync("products")
        self.resume(run)
        self.assertEqual(run.state, "failed")
        self.assertEqual(run.failed, 10)
        self.assertLess(self.sandbox.requests()[BULK_PRODUCTS], 40)
        self.sandbox.clear_faults()
        self.assertEqual(self.sync("products").state, "done")
        self.assertEqual(self.titles(), sorted(self.products.mapped("name")))

    def test_a_wrong_address_is_no_fault_of_a_record(self):
        self.sandbox.set_faults([{"path": "*", "status": 404}])
        self.account.is_catalog_matched = True
        run = self.sync("products")
        self.assertEqual((run.state, run.failed), ("failed", 0))
        self.assertIn("There is no Octopus at", run.message)


class TestOctopusStuckStock(StuckMixin, StockCase):
    def setUp(self):
        super().setUp()
        self.lamps = self.make_variants(*(f"Lamp {number}" for number in range(6)))
        self.put_in_octopus(self.lamps)
        self.goods = self.chair + self.table + self.lamps
        bad = self.env["octopus.variant"].search([("product_id", "=", self.lamps[2].id)])
        self.bad_ref = bad.inventory_item_ref

    def is_bad(self, item):
        return str(item["inventory_item_id"]) == self.bad_ref

    def come_back(self):
        self.account.stock_resume_at = False
        self.push()

    def fail_until_bisected(self):
        """Come back, after the first failure, until the next try halves the call."""
        for _time in range(BISECT_AFTER_ATTEMPTS - 1):
            self.come_back()

    def count_all(self):
        for product in self.goods:
            self.count(product, 5)

    def test_changed_levels(self):
        with self.poison("bulk_set_levels", self.is_bad):
            self.count_all()
            self.push()
            self.fail_until_bisected()
            self.assertNotIn("Chair", self.remote())
            self.come_back()
        self.assertEqual(self.account.stock_attempts, 0)
        remote = self.remote()
        self.assertEqual(
            [remote[product.default_code] for product in self.goods - self.lamps[2]], [5] * 7
        )
        self.assertIn("Poison", self.level(self.lamps[2]).error)

    def test_a_run(self):
        self.count_all()
        with self.poison("bulk_set_levels", self.is_bad):
            run = self.sync("stock")
            self.resume(run)
        self.assertEqual((run.state, run.failed), ("partial", 1), run.message)
        self.assertEqual(run.issue_ids.res_id, self.lamps[2].id)

    def test_octopus_that_goes_down_while_the_bad_one_is_looked_for(self):
        with self.poison("bulk_set_levels", self.is_bad):
            self.count_all()
            self.push()
            self.fail_until_bisected()
            self.sandbox.forget_requests()
            self.sandbox.set_faults([{"path": "*", "status": 503, "after": 1}])
            self.come_back()
        self.assertEqual(len(self.remote()), 4, "what was taken before it went down")
        self.assertFalse(self.env["octopus.stock.level"].search([("error", "!=", False)]))
        self.sandbox.clear_faults()
        self.come_back()
        self.assertEqual([self.remote()[product.default_code] for product in self.goods], [5] * 8)

    def test_no_level_is_blamed_while_octopus_takes_no_calls(self):
        self.count_all()
        slower = {"path": "/shop.json", "status": 429, "headers": {"Retry-After": "40"}}
        self.sandbox.set_faults([slower])
        with self.poison("bulk_set_levels", self.is_bad, OctopusNotFound):
            self.push()
            self.assertFalse(self.env["octopus.stock.level"].search([("error", "!=", False)]))
            self.assertEqual(self.account.stock_attempts, 0, "Octopus asks to go slower")
            self.assertTrue(self.account.stock_resume_at)
            self.assertTrue(self.level(self.lamps[2]).pending_ids)
            self.sandbox.clear_faults()
            self.come_back()
        self.assertIn("Poison", self.level(self.lamps[2]).error)
        self.assertEqual(self.remote()["Chair"], 5)

    def test_one_level_waits_while_octopus_is_down(self):
        self.sandbox.set_faults([{"path": "*", "status": 503}])
        self.count(self.chair, 5)
        self.push()
        for _time in range(BISECT_AFTER_ATTEMPTS + 1):
            self.come_back()
        self.assertTrue(self.level(self.chair).pending_ids)
        self.assertFalse(self.level(self.chair).error)
        self.sandbox.clear_faults()
        self.come_back()
        self.assertEqual(self.remote()["Chair"], 5)

    def test_not_found(self):
        with self.poison("bulk_set_levels", self.is_bad, OctopusNotFound):
            self.count_all()
            self.push()
        self.assertIn("Poison", self.level(self.lamps[2]).error)
        self.assertEqual(self.remote()["Chair"], 5)
