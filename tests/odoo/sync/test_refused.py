"""Octopus refuses whole bulk calls, as when its limit of products is reached: each item is tried
alone, which takes many calls, and neither the run nor the lanes above it may suffer from that."""

from odoo.addons.linga_octopus.const import LANE_RESERVE

from ..support.common import OctopusCase

COUNT = 12
DEPTH = 4  # calls until the first of so many items is alone
BULK_PRODUCTS = "/BulkProduct/bulkpost.json"


class TestOctopusRefused(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.products = cls.make_products(f"Chair {number}" for number in range(COUNT))

    def refuse(self, path):
        self.sandbox.set_faults([{"method": "POST", "path": path, "status": 422}])

    def go_on(self, kind, limit):
        """Do a run at so many calls a minute; return it, and the calls left in each minute."""
        self.sandbox.settings(rate_limit=limit)
        run, left = self.sync(kind), []
        while run.state == "waiting":
            left.append(run.rate_remaining)
            self.assertLess(len(left), 3 * COUNT, "it does not get on")
            self.sandbox.settings(rate_limit=limit)
            run.resume_at = run.create_date
            self.work()
        self.sandbox.settings(rate_limit=0)
        return run, left

    def assert_all_refused(self, run, records):
        self.assertEqual((run.state, run.done, run.failed), ("partial", COUNT, COUNT))
        self.assertEqual(set(run.issue_ids.mapped("res_id")), set(records.ids))
        self.assertEqual(set(run.issue_ids.mapped("times_seen")), {1}, "each was tried once")

    def test_products_leave_the_lanes_above_their_calls(self):
        self.refuse(BULK_PRODUCTS)
        reserve = LANE_RESERVE["products"]
        run, left = self.go_on("products", reserve + COUNT)
        self.assert_all_refused(run, self.products)
        self.assertTrue(left)
        self.assertGreaterEqual(min(left), reserve - DEPTH)

    def test_products_get_on_however_few_the_calls_are(self):
        self.refuse(BULK_PRODUCTS)
        run, _left = self.go_on("products", COUNT)
        self.assert_all_refused(run, self.products)
        self.assertFalse(self.env["octopus.variant"].search([("attempted_at", "!=", False)]))
        self.sandbox.clear_faults()
        self.assertEqual(self.sync("products").state, "done")
        self.assertEqual(len(self.sandbox.state()["products"]), COUNT)

    def test_archiving_gets_on(self):
        self.sync("products")
        with self.transaction() as env:
            self.products.with_env(env).octopus_excluded = True
        self.refuse(BULK_PRODUCTS)
        run, _left = self.go_on("products", COUNT)
        self.assert_all_refused(run, self.products)

    def test_categories_get_on(self):
        categories = self.env["pos.category"].create(
            [{"name": f"Category {number}"} for number in range(COUNT)]
        )
        self.refuse("/bulkcustom_collections.json")
        run, _left = self.go_on("categories", COUNT)
        self.assert_all_refused(run, categories)
        attempted = [("attempted_at", "!=", False), ("octopus_ref", "=", False)]
        self.assertFalse(self.env["octopus.category"].search([*attempted, ("error", "=", False)]))
        self.sandbox.clear_faults()
        self.assertEqual(self.sync("categories").state, "done")
        self.assertEqual(len(self.sandbox.state()["collections"]), COUNT)

    def test_products_in_categories_get_on(self):
        category = self.env["pos.category"].create({"name": "Furniture"})
        self.sync("categories")
        self.sync("products")
        with self.transaction() as env:
            self.products.with_env(env).pos_categ_ids = category.ids
        self.refuse("/bulkcollects.json")
        run, _left = self.go_on("products", COUNT)
        self.assertEqual((run.state, run.failed), ("partial", COUNT))
        last = self.products[-1]
        with self.transaction() as env:
            last.with_env(env).pos_categ_ids = False
        self.assertFalse(self.env["octopus.collect"].search([("attempted_at", "!=", False)]))
        self.sandbox.clear_faults()
        again = self.sync("products")
        self.assertEqual(again.state, "done")
        self.assertEqual(run.issue_ids.fixed_by, again)
        self.assertTrue(all(issue.fixed_by for issue in run.issue_ids))
        collects = [len(product["collects"]) for product in self.sandbox.state()["products"]]
        self.assertEqual(sorted(collects), [0] + [1] * (COUNT - 1))
