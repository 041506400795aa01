"""What Octopus gets of a product, and what is found before anything is sent."""

from odoo.fields import Command

from odoo.addons.linga_octopus.models.catalog.product_product import (
    code_domain,
    generated_ids,
    sku_of,
)

from ..support.products import ProductCase


class TestOctopusProductMapping(ProductCase):
    def test_internal_reference_then_barcode_then_generated(self):
        for reference, barcode, sku in [
            (" R-1 ", "111", "R-1"),
            (" \t", " 111 ", "111"),
            (False, False, "ODOO-5"),
            ("", None, "ODOO-5"),
        ]:
            with self.subTest(reference=reference, barcode=barcode):
                self.assertEqual(sku_of(reference, barcode, 5), sku)

    def test_ids_of_generated_skus(self):
        skus = ["ODOO-5", "ODOO-", "ODOO-x", "R-1", "ODOO-12"]
        self.assertEqual(generated_ids(skus), [5, 12])

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

    def test_issues_are_found_before_sending(self):
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
        found = self.env["product.product"].search(code_domain([generated]))
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

    def test_vendor_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        sellers = [("Theirs", other), ("Ours", self.env.company)]
        self.make_product(
            seller_ids=[
                Command.create(
                    {
                        "partner_id": self.env["res.partner"].create({"name": name}).id,
                        "company_id": company.id,
                        "sequence": sequence,
                    }
                )
                for sequence, (name, company) in enumerate(sellers)
            ]
        )
        self.sync("products")
        assert self.remote()["Chair"]["vendor"] == "Ours"

    def test_values_that_only_old_variants_have(self):
        shirt = self.make_shirt()
        stock = self.warehouse.lot_stock_id
        size, colour = shirt.attribute_line_ids
        never = self.env["product.attribute"].create(
            {
                "name": "Care",
                "create_variant": "no_variant",
                "value_ids": [Command.create({"name": "Cold"}), Command.create({"name": "Hot"})],
            }
        )
        shirt.attribute_line_ids = [
            Command.create(
                {"attribute_id": never.id, "value_ids": [Command.set(never.value_ids.ids)]}
            )
        ]
        for variant in shirt.product_variant_ids:
            self.env["stock.quant"]._update_available_quantity(variant, stock, 1)
        # A value that something refers to is kept, but no longer chosen.
        size.product_template_value_ids[0].ptav_active = False
        shirt.attribute_line_ids[2].product_template_value_ids[1].ptav_active = False
        shirt.product_variant_ids.filtered(
            lambda variant: (
                not all(variant.product_template_attribute_value_ids.mapped("ptav_active"))
            )
        ).active = False
        assert self.sync("products").state == "done"
        product = self.remote()["Shirt"]
        assert [option["values"] for option in product["options"]] == [["M"], ["Red", "Blue"]]
        assert "Cold" in product["body_html"]
        assert "Hot" not in product["body_html"]

    def test_only_what_is_sold_at_the_point_of_sale(self):
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
