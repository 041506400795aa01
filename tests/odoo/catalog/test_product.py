from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.const import CALLS_PER_BATCH
from odoo.addons.linga_octopus.models.catalog import product_run
from odoo.addons.linga_octopus.models.catalog.scope import CatalogScope

from ..support.products import ProductCase


class TestOctopusProduct(ProductCase):
    def test_nothing_changed_calls_nobody(self):
        self.make_product()
        self.sync("products")
        self.sandbox.forget_requests()
        run = self.sync("products")
        assert (run.state, run.total, run.done) == ("done", 1, 1)
        assert not self.sandbox.requests()
        self.account.catalog_signature = False
        assert self.sync("products").state == "done"
        assert not self.sandbox.requests()

    def test_nothing_changed_is_known_after_one_look_at_all_products(self):
        self.make_product()
        self.sync("products")
        looks = []
        candidates = product_run.next_candidates

        def look(*arguments, **options):
            looks.append(options)
            return candidates(*arguments, **options)

        with patch.object(product_run, "next_candidates", look):
            assert self.sync("products").state == "done"
        assert not looks

    def test_products_are_compared_alike_together_and_one_by_one(self):
        seller = self.env["res.partner"].create({"name": "Seller"})
        color = self.env["product.attribute"].create(
            {"name": "Color", "value_ids": [Command.create({"name": name}) for name in "RG"]}
        )
        line = {"attribute_id": color.id, "value_ids": color.value_ids.ids}
        products = self.make_product("Table") + self.make_product(
            seller_ids=[Command.create({"partner_id": seller.id})],
            attribute_line_ids=[Command.create(line)],
        )
        scope = CatalogScope(self.account)
        together = product_run.next_candidates(scope, after=0, is_full=True, limit=10)
        after = products[0].id - 1
        one_by_one = product_run.next_candidates(scope, after=after, is_full=True, limit=10)
        assert together == one_by_one
        assert [product_id for product_id, _stamp in together] == products.ids

    def test_change_goes_out_in_one_call(self):
        chairs = self.env["product.template"].browse(
            [self.make_product(f"Chair {n}").id for n in range(5)]
        )
        self.sync("products")
        self.sandbox.forget_requests()
        with self.transaction() as env:
            chairs[1:3].with_env(env).list_price = 12
        run = self.sync("products")
        assert run.state == "done"
        assert self.writing_calls() == {"POST /BulkProduct/bulkpost.json": 1}
        assert len(self.remote()) == 5
        assert float(self.remote()["Chair 1"]["variants"][0]["price"]) == 12

    def test_archived_and_back(self):
        chair = self.make_product()
        self.sync("products")
        with self.transaction() as env:
            chair.with_env(env).active = False
        self.sync("products")
        assert self.remote()["Chair"]["status"] == "archived"
        assert chair.octopus_product_ids.is_archived
        with self.transaction() as env:
            chair.with_env(env).active = True
        self.sync("products")
        assert self.remote()["Chair"]["status"] == "active"
        assert not chair.octopus_product_ids.is_archived

    def test_published_for_a_time_only(self):
        now = fields.Datetime.now()
        chair = self.make_product(octopus_publish_from=now + timedelta(1))
        self.sync("products")
        assert not self.remote()
        self.env.invalidate_all()
        assert chair.octopus_state == "none"
        assert "It is published from" in chair.octopus_reason

        self.change(chair, octopus_publish_from=now - timedelta(1))
        assert product_run.has_changes(CatalogScope(self.account))
        self.sync("products")
        assert self.remote()["Chair"]["status"] == "active"
        self.env.invalidate_all()
        assert chair.octopus_state == "synced"

        # Nobody touches the product: just the time passes.
        self.env.cr.execute(
            "UPDATE product_template SET octopus_publish_until = %s WHERE id = %s",
            [now - timedelta(hours=1), chair.id],
        )
        self.env.invalidate_all()
        assert product_run.has_changes(CatalogScope(self.account))
        self.sync("products")
        assert self.remote()["Chair"]["status"] == "archived"
        self.env.invalidate_all()
        assert chair.octopus_state == "archived"
        assert "It was published until" in chair.octopus_reason

        self.change(chair, octopus_publish_until=False)
        self.sync("products")
        assert self.remote()["Chair"]["status"] == "active"

    def test_a_product_is_published_before_it_ends(self):
        now = fields.Datetime.now()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.make_product(octopus_publish_from=now, octopus_publish_until=now - timedelta(1))

    def test_draft_until_the_tick_is_taken_off(self):
        chair = self.make_product(octopus_draft=True)
        self.sync("products")
        assert self.remote()["Chair"]["status"] == "draft"
        self.env.invalidate_all()
        assert "draft" in chair.octopus_reason
        self.change(chair, octopus_draft=False)
        self.sync("products")
        assert self.remote()["Chair"]["status"] == "active"
        self.env.invalidate_all()
        assert not chair.octopus_reason

    def test_excluded_and_deleted_are_archived(self):
        chair, table = self.make_product(), self.make_product("Table")
        self.sync("products")
        chair.octopus_excluded = True
        table.unlink()
        run = self.sync("products")
        assert run.state == "done"
        assert {p["status"] for p in self.remote().values()} == {"archived"}
        assert len(self.remote()) == 2

    def test_former_skus_are_kept(self):
        product = self.make_product("Chair", default_code="FIRST")
        for code in "FIRST", "SECOND", "THIRD", "SECOND":
            with self.transaction() as env:
                product.with_env(env).default_code = code
            self.sync("products")
        binding = self.env["octopus.variant"].search(
            [("product_id", "=", product.product_variant_id.id)]
        )
        self.assertRecordValues(binding, [{"sku": "SECOND", "former_skus": "THIRD\nFIRST"}])

    def test_new_variant_and_removed_variant(self):
        shirt = self.make_shirt()
        self.sync("products")
        line = shirt.attribute_line_ids[0]
        red = line.attribute_id.value_ids[0]
        with self.transaction() as env:
            value = env["product.attribute.value"].create(
                {"name": "L", "attribute_id": line.attribute_id.id}
            )
            line.with_env(env).value_ids = [Command.link(value.id), Command.unlink(red.id)]
        run = self.sync("products")
        assert run.state == "done", run.issue_ids.mapped("message")
        assert sorted(v["option1"] for v in self.remote()["Shirt"]["variants"]) == list("LLMM")

    def test_all_variants_replaced(self):
        chair = self.make_product()
        self.sync("products")
        ref = chair.octopus_product_ids.octopus_ref
        with self.transaction() as env:
            chair.with_env(env).attribute_line_ids = self.attribute_line("Wood", "Oak", "Ash")
        run = self.sync("products")
        assert run.state == "done", run.issue_ids.mapped("message")
        product = self.remote()["Chair"]
        assert str(product["id"]) == ref
        assert sorted(v["option1"] for v in product["variants"]) == ["Ash", "Oak"]

    def test_archived_has_no_stock_and_is_never_deleted(self):
        chair = self.make_product()
        self.env["stock.quant"]._update_available_quantity(
            chair.product_variant_id, self.warehouse.lot_stock_id, 5
        )
        self.sync("products")
        self.sync("stock")
        assert [level["available"] for level in self.sandbox.state()["levels"]] == [5]
        for value in (False, True):
            with self.transaction() as env:
                chair.with_env(env).active = value
            self.sync("products")
            self.work()
            levels = [level["available"] for level in self.sandbox.state()["levels"]]
            assert levels == ([5] if value else [0])
        chair.octopus_excluded = True
        self.sync("products")
        self.work()
        assert [level["available"] for level in self.sandbox.state()["levels"]] == [0]
        assert "DELETE /products/{id}.json" not in self.sandbox.requests()

    def test_new_variant_has_its_stock_sent_by_sync_products_alone(self):
        shirt = self.make_shirt()
        self.account.with_context(octopus_run=True).auto_stock_sync = True
        self.sync("products")
        line = shirt.attribute_line_ids[0]
        with self.transaction() as env:
            value = env["product.attribute.value"].create(
                {"name": "L", "attribute_id": line.attribute_id.id}
            )
            line.with_env(env).value_ids = [Command.link(value.id)]
        large = shirt.product_variant_ids.filtered(
            lambda variant: "L" in variant.product_template_attribute_value_ids.mapped("name")
        )
        assert len(large) == 2
        for variant in large:
            stock = self.warehouse.lot_stock_id
            self.env["stock.quant"]._update_available_quantity(variant, stock, 5)
        # That change comes before Octopus has the variants, and cannot be sent.
        self.work()
        assert not self.env["octopus.stock.event"].search([])
        assert self.sync("products").state == "done"
        items = large.octopus_variant_ids.mapped("inventory_item_ref")
        levels = {str(v["inventory_item_id"]): v for v in self.sandbox.state()["levels"]}
        assert [levels[item]["available"] for item in items] == [5, 5]

    def test_excluded_while_the_answer_to_its_create_was_missing(self):
        chair = self.make_product()
        self.sandbox.set_faults([{"path": "/BulkProduct/*", "drop": True, "times": 1}])
        run = self.sync("products")
        assert run.state == "waiting"
        run.action_stop()
        with self.transaction() as env:
            chair.with_env(env).octopus_excluded = True
        self.account.is_catalog_matched = True
        assert self.sync("products").state == "done"
        assert self.remote()["Chair"]["status"] == "archived"
        assert chair.octopus_product_ids.is_archived

    def lose_answer(self):
        """Have products made in Octopus that we do not know of."""
        self.account.is_catalog_matched = True
        self.sandbox.set_faults([{"path": "/BulkProduct/*", "drop": True, "times": 1}])
        run = self.sync("products")
        assert run.state == "waiting"
        return run

    def test_archived_while_many_answers_were_missing(self):
        chairs = [self.make_product(f"Chair {number}") for number in range(CALLS_PER_BATCH + 3)]
        run = self.lose_answer()
        self.change(chairs[0], active=False)
        self.change(chairs[1], active=False)
        with self.transaction() as env:
            chairs[1].with_env(env).unlink()
        self.resume(run)
        assert run.state == "done", run.message
        remote = self.remote()
        assert len(remote) == len(chairs)
        archived = [name for name, product in remote.items() if product["status"] == "archived"]
        assert sorted(archived) == ["Chair 0", "Chair 1"]

    def test_deleted_while_the_answer_to_its_create_was_missing(self):
        table = self.make_product("Table", default_code="T")
        run = self.lose_answer()
        with self.transaction() as env:
            table.with_env(env).unlink()
        self.resume(run)
        assert run.state == "done", run.message
        assert self.remote()["Table"]["status"] == "archived"

    def test_variants_replaced_while_the_answer_to_the_create_was_missing(self):
        chair = self.make_product()
        shirt = self.make_product("Cup", attribute_line_ids=self.attribute_line("Size", "S", "L"))
        run = self.lose_answer()
        with self.transaction() as env:
            chair.with_env(env).attribute_line_ids = self.attribute_line("Wood", "Oak", "Ash")
            line = shirt.with_env(env).attribute_line_ids
            line.value_ids = [Command.unlink(line.value_ids[0].id)]
        self.resume(run)
        assert run.state == "done", run.message
        assert len(self.sandbox.state()["products"]) == 2
        variants = {
            name: sorted(variant["option1"] for variant in product["variants"])
            for name, product in self.remote().items()
        }
        assert (variants["Chair"], variants["Cup"]) == (["Ash", "Oak"], ["L"])

    def test_combo_is_explained(self):
        combo = self.env["product.combo"].create(
            {
                "name": "Pick",
                "combo_item_ids": [
                    Command.create({"product_id": self.make_product().product_variant_id.id})
                ],
            }
        )
        menu = self.make_product("Menu", type="combo", is_storable=False, combo_ids=combo.ids)
        run = self.sync("products")
        assert run.state == "done"
        assert run.issue_ids.res_id == menu.id
        assert run.issue_ids.severity == "warning"

    def test_first_contact_matches_by_sku_and_barcode(self):
        for n, barcode in (("a", ""), ("b", "4006381333931"), ("c", "")):
            self.put(n, {"sku": f"R-{n}", "barcode": barcode})
        before = {p["title"]: p["id"] for p in self.sandbox.state()["products"]}
        chair = self.make_product(default_code="R-a")
        table = self.make_product("Table", default_code="T-1", barcode="4006381333931")
        self.sync("products")
        after = self.remote()
        assert sorted(after) == ["Chair", "Table", "c"]
        assert after["Chair"]["id"] == before["a"]
        assert after["Table"]["id"] == before["b"]
        assert chair.octopus_product_ids.octopus_ref == str(before["a"])
        assert table.octopus_product_ids.variant_ids.sku == "T-1"

    def test_later_product_is_looked_up_before_it_is_created(self):
        self.make_product()
        self.sync("products")
        self.put("x", {"sku": "NEW"})
        self.make_product("Lamp", default_code="NEW")
        self.sync("products")
        assert sorted(self.remote()) == ["Chair", "Lamp"]

    def test_collects_follow_the_categories(self):
        one, two = self.env["pos.category"].create([{"name": "One"}, {"name": "Two"}])
        chair = self.make_product(pos_categ_ids=one.ids)
        self.sync("products")
        assert not self.remote()["Chair"]["collects"]
        self.sync("categories")
        self.sync("products")
        [collect] = self.remote()["Chair"]["collects"]
        assert str(collect["collection_id"]) == one.octopus_category_ids.octopus_ref
        with self.transaction() as env:
            chair.with_env(env).pos_categ_ids = two.ids
        self.sync("products")
        [collect] = self.remote()["Chair"]["collects"]
        assert str(collect["collection_id"]) == two.octopus_category_ids.octopus_ref

    def test_product_removed_in_octopus_is_made_again(self):
        chair = self.make_product()
        self.sync("products")
        self.sandbox.api("DELETE", f"products/{chair.octopus_product_ids.octopus_ref}.json")
        with self.transaction() as env:
            chair.with_env(env).list_price = 20
        run = self.sync("products")
        assert run.state == "done", run.issue_ids.mapped("message")
        assert list(self.remote()) == ["Chair"]
