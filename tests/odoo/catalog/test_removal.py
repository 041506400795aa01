"""What is gone here goes in Octopus too; what Octopus will not let go stops nobody."""

from odoo.fields import Command

from ..support.pictures import picture
from ..support.products import ProductCase


class TestOctopusRemoval(ProductCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()

    def refuse_removal(self, path, **options):
        self.sandbox.set_faults([{"method": "DELETE", "path": path, "status": 422, **options}])

    def make_table(self, name="Table", woods=("Oak", "Ash")):
        line = self.attribute_line(name, *woods)
        return self.make_product(name, attribute_line_ids=line)

    def drop(self, template, *positions):
        """Take some of its values from a product."""
        with self.transaction() as env:
            line = template.with_env(env).attribute_line_ids
            values = line.value_ids
            line.value_ids = [Command.unlink(values[position].id) for position in positions]

    def woods(self, title="Table"):
        return sorted(variant["option1"] for variant in self.remote()[title]["variants"])

    def assert_named_then_fixed(self, kind, record):
        """One record is named as a problem, and the next run is without."""
        run = self.env["octopus.sync.run"].search([("kind", "=", kind)], limit=1)
        assert (run.state, run.failed) == ("partial", 1), (run.state, run.message)
        assert (run.issue_ids.res_model, run.issue_ids.res_id) == (record._name, record.id)
        assert run.done == run.total
        self.sandbox.clear_faults()
        later = self.sync(kind)
        assert later.state == "done", later.issue_ids.mapped("message")
        assert run.issue_ids.fixed_by == later

    # === VARIANTS === #

    def test_refused_variant_stops_no_product(self):
        table, chair = self.make_table(), self.make_product()
        self.sync("products")
        self.drop(table, 0)
        self.change(table, list_price=30)
        self.change(chair, list_price=20)
        self.refuse_removal("/products/*/variants/*")
        self.sync("products")
        assert float(self.remote()["Chair"]["variants"][0]["price"]) == 20
        assert table.octopus_product_ids.state == "error"
        self.assert_named_then_fixed("products", table)
        assert self.woods() == ["Ash"]

    def test_the_last_variant_there_takes_the_place_of_a_deleted_one(self):
        table = self.make_table()
        self.sync("products")
        oak = next(v for v in self.remote()["Table"]["variants"] if v["option1"] == "Oak")
        self.sandbox.api("DELETE", f"products/{oak['product_id']}/variants/{oak['id']}.json")
        self.drop(table, 1)
        run = self.sync("products")
        assert run.state == "done", run.issue_ids.mapped("message")
        assert self.woods() == ["Oak"]

    def test_removing_many_takes_several_batches(self):
        tables = [self.make_table(f"Table {n}", ("A", "B", "C")) for n in range(14)]
        self.sync("products")
        for table in tables:
            self.drop(table, 0, 1)
        self.sandbox.forget_requests()
        self.account._queue_run("products")
        run = self.env["octopus.sync.run"].search([("state", "=", "queued")])
        with self.transaction() as env:
            run.with_env(env)._work_batch({})
        removed = "DELETE /products/{pid}/variants/{id}.json"
        assert self.sandbox.requests()[removed] == 24
        self.work()
        assert self.sandbox.requests()[removed] == 28
        assert (run.state, run.done, run.total) == ("done", 14, 14)
        assert {len(product["variants"]) for product in self.remote().values()} == {1}

    def test_new_variant_in_the_place_of_an_old_one_gets_its_stock(self):
        chair = self.make_product()
        stock = self.warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(chair.product_variant_id, stock, 5)
        self.sync("products")
        self.sync("stock")
        with self.transaction() as env:
            chair.with_env(env).attribute_line_ids = self.attribute_line("Wood", "Oak", "Ash")
        self.work()
        oak = chair.product_variant_ids[0]
        self.env["stock.quant"]._update_available_quantity(oak, stock, 6)
        self.work()
        self.sync("products")
        self.work()
        item = self.env["octopus.variant"].search([("product_id", "=", oak.id)]).inventory_item_ref
        levels = self.sandbox.state()["levels"]
        assert [v["available"] for v in levels if str(v["inventory_item_id"]) == item] == [6]

    def test_picture_goes_with_its_variant(self):
        table = self.make_table()
        table.image_1920 = picture("blue")
        table.product_variant_ids[0].image_variant_1920 = picture("red")
        self.sync("products")
        assert len(self.remote()["Table"]["images"]) == 2
        self.drop(table, 0)
        assert self.sync("products").state == "done"
        [image] = self.remote()["Table"]["images"]
        assert not image["variant_ids"]

    # === CATEGORIES AND PICTURES === #

    def test_refused_category_stops_no_other(self):
        one, two = self.env["pos.category"].create([{"name": "One"}, {"name": "Two"}])
        self.sync("categories")
        binding = one.octopus_category_ids
        (one + two).unlink()
        self.refuse_removal("/custom_collections/{id}.json", times=1)
        self.sync("categories")
        assert [c["title"] for c in self.sandbox.state()["collections"]] == ["One"]
        self.assert_named_then_fixed("categories", binding)
        assert not self.sandbox.state()["collections"]

    def test_refused_removal_from_a_category_stops_no_other(self):
        category = self.env["pos.category"].create({"name": "One"})
        self.sync("categories")
        chair = self.make_product(pos_categ_ids=category.ids)
        lamp = self.make_product("Lamp", pos_categ_ids=category.ids)
        self.sync("products")
        for product in (chair, lamp):
            self.change(product, pos_categ_ids=False)
        self.refuse_removal("/collects/{id}.json", times=1)
        self.sync("products")
        assert [len(self.remote()[name]["collects"]) for name in ("Chair", "Lamp")] == [1, 0]
        self.assert_named_then_fixed("products", chair)
        assert not self.remote()["Chair"]["collects"]

    def test_refused_picture_stops_no_other(self):
        for change in ("blue", None):
            with self.subTest(change):
                self.sandbox.reset()
                self.sandbox.settings(image_replace_seconds=0)
                chair = self.make_product(image_1920=picture("red"))
                lamp = self.make_product("Lamp", image_1920=picture("green"))
                self.sync("products")
                for product in (chair, lamp):
                    product.image_1920 = change and picture(change)
                self.refuse_removal("/products/*/images/*", times=1)
                self.finish(self.sync("images"))
                kept = chair.octopus_product_ids.image_ids
                assert kept.octopus_ref == str(self.remote()["Chair"]["images"][0]["id"])
                assert lamp.octopus_product_ids.image_ids.octopus_ref != kept.octopus_ref
                assert kept.state == "error"
                self.sandbox.clear_faults()
                self.finish(self.sync("images"))
                expected = int(bool(change))
                assert {len(p["images"]) for p in self.remote().values()} == {expected}
                (chair + lamp).octopus_excluded = True
                self.account._reset_catalog()

    def finish(self, run):
        """Let the pictures that wait for their place go out."""
        for _time in range(3):
            images = self.env["octopus.image"].search([("replace_after", "!=", False)])
            images.replace_after = self.account.create_date
            run.filtered("resume_at").resume_at = self.account.create_date
            self.work()

    # === REMOVED BY SOMEBODY ELSE === #

    def test_product_that_a_picture_finds_missing_is_made_again(self):
        chair = self.make_product()
        self.sync("products")
        self.sandbox.api("DELETE", f"products/{chair.octopus_product_ids.octopus_ref}.json")
        with self.transaction() as env:
            chair.with_env(env).image_1920 = picture()
            # Pictures are looked at when products are; only the picture has changed.
            chair.with_env(env).octopus_product_ids.source_stamp = False
        run = self.sync("images")
        assert "Sync the products again" in run.issue_ids.message
        assert self.sync("products").state == "done"
        assert len(self.remote()["Chair"]["images"]) == 1

    def test_category_that_a_product_finds_missing_is_made_again(self):
        category = self.env["pos.category"].create({"name": "One"})
        self.sync("categories")
        self.make_product(pos_categ_ids=category.ids)
        self.sync("products")
        ref = category.octopus_category_ids.octopus_ref
        self.sandbox.api("DELETE", f"custom_collections/{ref}.json")
        lamp = self.make_product("Lamp", pos_categ_ids=category.ids)
        run = self.sync("products")
        assert (run.state, run.issue_ids.res_id) == ("partial", lamp.id)
        assert self.sync("categories").state == "done"
        later = self.sync("products")
        assert later.state == "done"
        assert run.issue_ids.fixed_by == later
        assert {len(product["collects"]) for product in self.remote().values()} == {1}

    def test_collect_that_is_refused_for_good_sends_nothing_else_again(self):
        category = self.env["pos.category"].create({"name": "One"})
        self.sync("categories")
        self.make_product(pos_categ_ids=category.ids)
        self.sandbox.set_faults([{"path": "/bulkcollects.json", "status": 422}])
        for _time in range(2):
            self.sync("products")
            self.sync("categories")
        self.sandbox.forget_requests()
        self.sync("products")
        self.sync("categories")
        assert self.writing_calls() == {"POST /bulkcollects.json": 1}
