"""What gets through counts: with single calls failing at random, runs go on by themselves and end
soon; with Octopus down they wait longer each time and give up."""

import logging
import os
from datetime import timedelta
from pathlib import Path

from odoo import fields

from odoo.addons.linga_octopus.const import RATE_LIMIT
from odoo.addons.linga_octopus.lib.back_off import RETRY_DELAYS
from odoo.addons.linga_octopus.lib.octopus_api.client import OctopusClient
from odoo.addons.linga_octopus.models.catalog import batch, product_run
from odoo.addons.linga_octopus.models.order import day_check, fetch
from odoo.addons.linga_octopus.models.stock import stock_run
from odoo.addons.linga_octopus.models.sync import bulk_sender

from ..support.clock import ClockMixin
from ..support.common import OctopusCase
from ..support.pictures import picture

_logger = logging.getLogger(__name__)

PICTURES = 73
# Pictures of a first sync. PROGRESS_PICTURES=2000 is the measurement of docs/reliability.md.
MANY_PICTURES = int(os.environ.get("PROGRESS_PICTURES", "100"))
# What a call takes at least: the calls that Octopus allows in a minute.
CALL_SECONDS = 60 / RATE_LIMIT
# A page of a proxy; the others are answers of Octopus, or none.
KINDS = (
    {"status": 500},
    {"status": 429, "headers": {"Retry-After": "2"}},
    {"status": 502, "body": "<html>Bad Gateway</html>", "content_type": "text/html"},
    {"drop": True},
)
SEEDS = range(int(os.environ.get("PROGRESS_SEEDS", "2")))
SHARES = (0.02, 0.1, 0.26) if os.environ.get("PROGRESS_TABLE") else (0.26,)


def failing(share, seed, path="*"):
    """Return fault rules: this share of all calls fails, in one way or another."""
    return [
        {"path": path, "share": share / len(KINDS), "seed": 10 * seed + number, **kind}
        for number, kind in enumerate(KINDS)
    ]


class TestProgress(ClockMixin, OctopusCase):
    def make_things(self, count):
        return self.make_products(f"Thing {number}" for number in range(count))

    def give_pictures(self, products):
        """Give each product a picture without the smaller copies that writing the field makes."""
        attachments = self.env["ir.attachment"]
        picture_of = {"res_model": products._name, "res_field": "image_1920"}
        attachments.search([(name, "=", value) for name, value in picture_of.items()]).unlink()
        values = {"name": "image_1920", "datas": picture(), **picture_of}
        attachments.create([{**values, "res_id": product_id} for product_id in products.ids])

    def end_of(self, kind, share, seed):
        """Run a kind while a share of all calls fails; return the run and the time it took."""
        if share:
            self.sandbox.set_faults(failing(share, seed))
        with self.turned_clock():
            self.account._queue_run(kind)
            passed = self.work_until_settled(timedelta(hours=3))
        self.sandbox.clear_faults()
        return self.env["octopus.sync.run"].search([("kind", "=", kind)], limit=1), passed

    def test_pictures_with_a_quarter_of_all_calls_failing(self):
        products = self.make_things(PICTURES)
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.sandbox.reset()
                self.env["octopus.product"].search([]).unlink()
                self.account.is_catalog_matched = False
                products.image_1920 = False
                self.assertEqual(self.sync("products").state, "done")
                products.image_1920 = picture()
                run, passed = self.end_of("images", 0.26, seed)
                self.assertRecordValues(run, [{"state": "done", "done": PICTURES, "failed": 0}])
                self.assertLessEqual(passed, timedelta(minutes=5))
                counts = [len(product["images"]) for product in self.sandbox.state()["products"]]
                self.assertEqual(counts, [1] * PICTURES, "each once")

    def test_many_pictures_with_a_few_calls_failing(self):
        """2 % of failing calls take at most a fifth longer than none, calls and waits together."""
        products = self.make_things(MANY_PICTURES)
        self.assertEqual(self.sync("products").state, "done")
        request = OctopusClient.request

        def slow_request(*args, **options):
            self.clock.tick(CALL_SECONDS)
            return request(*args, **options)

        self.patch(OctopusClient, "request", slow_request)
        seconds = {}
        for share in (0.02, 0):
            self.env["octopus.image"].search([]).unlink()
            self.give_pictures(products)
            run, passed = self.end_of("images", share, 3)
            self.assertRecordValues(run, [{"state": "done", "done": MANY_PICTURES, "failed": 0}])
            seconds[share] = passed.total_seconds()
            _logger.info("%s pictures, %s of the calls fail: %s", MANY_PICTURES, share, passed)
        self.assertLessEqual(seconds[0.02], 1.2 * seconds[0])

    def test_categories_with_a_quarter_of_all_calls_failing(self):
        categories = self.env["pos.category"].create([{"name": f"C {n}"} for n in range(40)])
        self.assertEqual(self.sync("categories").state, "done")
        for category in categories:
            category.name = f"{category.name} renamed"
        run, passed = self.end_of("categories", 0.26, 1)
        self.assertEqual((run.state, run.failed), ("done", 0))
        self.assertLessEqual(passed, timedelta(minutes=10))
        titles = {item["title"] for item in self.sandbox.state()["collections"]}
        self.assertLessEqual(set(categories.mapped("name")), titles)

    def prepare(self, kind):
        """Make Octopus and the store new, with work for a run of this kind."""
        self.sandbox.reset()
        self.env["octopus.product"].search([]).unlink()
        self.env["octopus.category"].search([]).unlink()
        self.account.write({"is_catalog_matched": False, "order_watermark": False})
        line = {"sku": "X", "title": "X", "quantity": 1, "price": "1.00"}
        if kind in ("orders", "order_check"):
            for _number in range(40):
                self.sandbox.place_order([line], webhook=False)
        if kind == "order_check":
            day = fields.Date.context_today(self.account)
            self.account.action_check_orders(day)
        if kind == "stock":
            self.assertEqual(self.sync("products").state, "done")
        if kind == "categories":
            self.assertEqual(self.sync("categories").state, "done")
            for category in self.env["pos.category"].search([]):
                category.name = f"{category.name}, renamed"

    def test_every_kind_of_run_ends_soon_while_single_calls_fail(self):
        """PROGRESS_TABLE=file writes the table of docs/reliability.md."""
        self.make_things(60)
        self.env["pos.category"].create([{"name": f"C {n}"} for n in range(40)])
        # Dozens of calls of each run.
        for module, limit in ((fetch, "PAGE_LIMIT"), (day_check, "PAGE_LIMIT")):
            self.patch(module, limit, 2)
        for module in (batch, bulk_sender, product_run, stock_run):
            self.patch(module, "BULK_LIMIT", 3)
        times = {}
        for kind in ("categories", "products", "stock", "orders", "order_check"):
            for share in SHARES:
                for seed in SEEDS:
                    with self.subTest(kind=kind, share=share, seed=seed):
                        self.prepare(kind)
                        run, passed = self.end_of(kind, share, seed)
                        self.assertIn(run.state, ("done", "partial"), run.message)
                        self.assertEqual(run.failed, 0)
                        self.assertLessEqual(passed, timedelta(minutes=30))
                        times[kind, share] = max(passed, times.get((kind, share), passed))
        if path := os.environ.get("PROGRESS_TABLE"):
            lines = [
                f"| {kind} | "
                + " | ".join(f"{times[kind, share].total_seconds():.0f} s" for share in SHARES)
                + " |"
                for kind in dict.fromkeys(kind for kind, _share in times)
            ]
            Path(path).write_text("\n".join(lines) + "\n")

    def test_a_picture_that_always_fails_holds_up_no_other(self):
        products = self.make_things(5)
        self.sync("products")
        products.image_1920 = picture()
        bad = products.octopus_product_ids[0].octopus_ref
        self.sandbox.set_faults([{"path": f"*/products/{bad}/images*", "status": 500}])
        with self.turned_clock():
            self.account._queue_run("images")
            self.work()
            run = self.env["octopus.sync.run"].search([("kind", "=", "images")], limit=1)
            self.assertEqual((run.state, run.done), ("waiting", 4))
            self.work_until_settled(timedelta(hours=5))
        self.assertEqual(run.state, "failed")

    def test_octopus_down_is_given_up_after_the_table_of_delays(self):
        products = self.make_things(5)
        self.sync("products")
        products.image_1920 = picture()
        self.sandbox.set_faults([{"path": "*", "status": 503}])
        with self.turned_clock():
            self.account._queue_run("images")
            passed = self.work_until_settled(timedelta(hours=5))
        run = self.env["octopus.sync.run"].search([("kind", "=", "images")], limit=1)
        self.assertEqual(run.state, "failed")
        self.assertGreaterEqual(passed, timedelta(seconds=sum(RETRY_DELAYS)))
