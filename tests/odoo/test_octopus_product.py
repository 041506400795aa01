from odoo.fields import Command

from .common import OctopusCase


class TestOctopusProduct(OctopusCase):
    def remote(self):
        """Return the products of the sandbox by title."""
        return {product["title"]: product for product in self.sandbox.state()["products"]}

    def make_shirt(self, name="Shirt"):
        return self.make_product(
            name,
            attribute_line_ids=self.attribute_line("Size", "S", "M")
            + self.attribute_line("Colour", "Red", "Blue"),
        )

    def test_simple_product(self):
        chair = self.make_product(
            default_code="CH-1",
            categ_id=self.env["product.category"].create({"name": "Seats"}).id,
            barcode="5901234123457",
            list_price=9.99,
            standard_price=4,
            weight=1.5,
            public_description="<p>Sit <b>down</b></p>",
            product_tag_ids=[
                Command.create({"name": "New"}),
                Command.create({"name": "Oak, solid"}),
            ],
        )
        run = self.sync("products")
        assert (run.state, run.total, run.done, run.failed) == ("done", 1, 1, 0)
        product = self.remote()["Chair"]
        assert product["body_html"] == "<p>Sit <b>down</b></p>"
        assert product["product_type"] == "Seats"
        assert product["status"] == "active"
        assert product["tags"] == "New, Oak  solid"
        [variant] = product["variants"]
        assert variant["sku"] == "CH-1"
        assert float(variant["price"]) == 9.99
        assert float(variant["cost_price"]) == 4
        assert float(variant["weight"]) == 1.5
        assert variant["weight_unit"] == "kg"
        assert variant["barcode"] == "5901234123457"
        assert variant["inventory_management"] == "octopus"
        assert variant["inventory_policy"] == "continue"
        binding = chair.octopus_product_ids
        assert binding.state == "synced"
        assert binding.octopus_ref == str(product["id"])
        assert binding.variant_ids.octopus_ref == str(variant["id"])
        assert binding.variant_ids.inventory_item_ref == str(variant["inventory_item_id"])

    def test_variants_and_options(self):
        shirt = self.make_shirt()
        run = self.sync("products")
        assert run.state == "done", run.issue_ids.mapped("message")
        product = self.remote()["Shirt"]
        assert [(o["name"], o["values"]) for o in product["options"]] == [
            ("Size", ["S", "M"]),
            ("Colour", ["Red", "Blue"]),
        ]
        assert {(v["option1"], v["option2"]) for v in product["variants"]} == {
            ("S", "Red"),
            ("S", "Blue"),
            ("M", "Red"),
            ("M", "Blue"),
        }
        assert len(shirt.octopus_product_ids.variant_ids.filtered("inventory_item_ref")) == 4

    def test_nothing_changed_calls_nobody(self):
        self.make_product()
        self.sync("products")
        self.sandbox.forget_requests()
        run = self.sync("products")
        assert (run.state, run.total, run.done) == ("done", 1, 1)
        assert not self.sandbox.requests()
        self.account.catalogue_signature = False
        assert self.sync("products").state == "done"
        assert not self.sandbox.requests()

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

    def test_excluded_and_deleted_are_archived(self):
        chair, table = self.make_product(), self.make_product("Table")
        self.sync("products")
        chair.octopus_excluded = True
        table.unlink()
        run = self.sync("products")
        assert run.state == "done"
        assert {p["status"] for p in self.remote().values()} == {"archived"}
        assert len(self.remote()) == 2

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

    def test_problems_are_found_before_sending(self):
        free = self.make_product("Free", list_price=0)
        self.make_product("One", default_code="SAME")
        two = self.make_product("Two", default_code="SAME")
        self.make_product("T" * 256)
        self.make_product("Good")
        run = self.sync("products")
        assert (run.state, run.failed) == ("partial", 4)
        assert list(self.remote()) == ["Good"]
        assert "price" in free.octopus_product_ids.error
        assert "SAME" in two.octopus_product_ids.error
        with self.transaction() as env:
            two.with_env(env).default_code = "OTHER"
        run = self.sync("products")
        assert run.failed == 2
        assert two.octopus_product_ids.state == "synced"

    def test_sku_is_the_reference_else_the_barcode_else_generated_and_kept(self):
        one = self.make_product("One", default_code=" R-1 ", barcode="111")
        two = self.make_product("Two", barcode="222")
        three = self.make_product("Three")
        self.sync("products")
        skus = {name: p["variants"][0]["sku"] for name, p in self.remote().items()}
        generated = f"ODOO-{three.product_variant_id.id}"
        assert skus == {"One": "R-1", "Two": "222", "Three": generated}
        assert three.octopus_product_ids.variant_ids.sku == generated
        found = self.env["product.product"].search(
            self.env["product.product"]._octopus_code_domain([generated])
        )
        assert found == three.product_variant_id
        with self.transaction() as env:
            (one + two + three).with_env(env).write({"list_price": 99})
        self.sync("products")
        assert {name: p["variants"][0]["sku"] for name, p in self.remote().items()} == skus

    def test_more_that_is_found_before_sending(self):
        attributes = [self.attribute_line(f"A{n}", "x", "y")[0] for n in range(4)]
        many = self.make_product("Many", attribute_line_ids=attributes)
        long = self.make_product("Long", default_code="s" * 101)
        blank = self.make_product("Blank")
        blank.name = " "
        shirt = self.make_shirt("Twins")
        shirt.product_variant_ids[1].default_code = "TWIN"
        shirt.product_variant_ids[2].default_code = "TWIN"
        run = self.sync("products")
        assert (run.state, run.failed) == ("partial", 4)
        assert not self.writing_calls()
        assert "4 attributes" in many.octopus_product_ids.error
        assert "101 characters" in long.octopus_product_ids.error
        assert "no name" in blank.octopus_product_ids.error
        assert "TWIN" in shirt.octopus_product_ids.error
        assert set(run.issue_ids.mapped("res_id")) == set((many + long + blank + shirt).ids)

    def test_what_makes_no_option_is_described(self):
        shirt = self.make_product(
            attribute_line_ids=[
                *self.attribute_line("Size", "S", "M"),
                *self.attribute_line("Colour", "Red", "Blue"),
                *self.attribute_line("Cut", "Slim", "Wide"),
                *self.attribute_line("Fabric", "Wool & <Silk>"),
            ]
        )
        engraving = self.env["product.attribute"].create(
            {
                "name": "Engraving",
                "create_variant": "no_variant",
                "value_ids": [Command.create({"name": name}) for name in ("Name", "Date")],
            }
        )
        shirt.attribute_line_ids = [
            Command.create(
                {"attribute_id": engraving.id, "value_ids": [Command.set(engraving.value_ids.ids)]}
            )
        ]
        run = self.sync("products")
        assert run.state == "done", run.issue_ids.mapped("message")
        product = self.remote()["Chair"]
        assert [option["name"] for option in product["options"]] == ["Size", "Colour", "Cut"]
        assert "Fabric: Wool &amp; &lt;Silk&gt;" in product["body_html"]
        assert "Engraving: Name, Date" in product["body_html"]
        assert len(product["variants"]) == 8

    def test_vendor_taxes_and_pounds(self):
        self.env["ir.config_parameter"].set_param("product.weight_in_lbs", "1")
        vendor = self.env["res.partner"].create({"name": "Wood & Co"})
        tax = self.env["account.tax"].create({"name": "VAT", "amount": 20})
        self.make_product(
            weight=3, taxes_id=tax.ids, seller_ids=[Command.create({"partner_id": vendor.id})]
        )
        self.sync("products")
        product = self.remote()["Chair"]
        assert product["vendor"] == "Wood & Co"
        [variant] = product["variants"]
        assert variant["taxable"] is True
        assert (float(variant["weight"]), variant["weight_unit"]) == (3, "lb")

    def test_only_what_is_sold_at_the_till(self):
        self.make_product("Not Sold", sale_ok=False)
        self.make_product("Not At The Till", available_in_pos=False)
        self.make_product("Archived", active=False)
        self.make_product("Excluded", octopus_excluded=True)
        self.make_product("Delivery", type="service", is_storable=False)
        run = self.sync("products")
        assert run.total == 1
        assert list(self.remote()) == ["Delivery"]

    def test_products_are_left_out_by_mass_edit(self):
        view = self.env["product.template"].get_view(
            self.env.ref("product.product_template_tree_view").id, "list"
        )
        assert 'multi_edit="1"' in view["arch"]
        assert 'name="octopus_excluded"' in view["arch"]

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

    def test_excluded_while_the_answer_to_its_create_was_missing(self):
        chair = self.make_product()
        self.sandbox.set_faults([{"path": "/BulkProduct/*", "drop": True, "times": 1}])
        run = self.sync("products")
        assert run.state == "waiting"
        run.action_stop()
        with self.transaction() as env:
            chair.with_env(env).octopus_excluded = True
        self.account.is_catalogue_matched = True
        assert self.sync("products").state == "done"
        assert self.remote()["Chair"]["status"] == "archived"
        assert chair.octopus_product_ids.is_archived

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
        items = [
            {
                "SV_Temp_ProductId": n,
                "title": n,
                "variants": [{"sku": f"R-{n}", "price": "1", "barcode": barcode}],
            }
            for n, barcode in (("a", ""), ("b", "4006381333931"), ("c", ""))
        ]
        self.sandbox.api(
            "POST",
            "BulkProduct/bulkpost.json",
            json={"entity_type": "Products", "entity_count": 3, "items": items},
        )
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
        item = {"SV_Temp_ProductId": "x", "title": "x", "variants": [{"sku": "NEW", "price": "1"}]}
        self.sandbox.api(
            "POST",
            "BulkProduct/bulkpost.json",
            json={"entity_type": "Products", "entity_count": 1, "items": [item]},
        )
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
