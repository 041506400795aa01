"""What goes with a product besides its price: other prices, custom attributes, texts."""

from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command

from odoo.addons.linga_octopus.models.catalog.payload import ProductPayload
from odoo.addons.linga_octopus.models.catalog.scope import CatalogScope

from ..support.products import ProductCase


class TestOctopusProductDetails(ProductCase):
    def setUp(self):
        super().setUp()
        self.chair = self.make_product("Chair", list_price=100, default_code="CHAIR")

    def pricelist(self, name, percent, **values):
        rule = {"compute_price": "percentage", "percent_price": percent, **values}
        return self.env["product.pricelist"].create(
            {"name": name, "item_ids": [Command.create(rule)]}
        )

    def variant(self, title="Chair"):
        """Return the variant that Octopus has after a sync."""
        run = self.sync("products")
        assert run.state == "done", (run.message, run.issue_ids.mapped("message"))
        return self.remote()[title]["variants"][0]

    def prices(self, *names):
        variant = self.variant()
        return [float(variant[name]) if variant[name] != "" else "" for name in names]

    def attributes(self, title="Chair"):
        return {
            entry["attribute_name"]: entry["attribute_value"]
            for entry in self.variant(title)["custom_attributes"]
        }

    def item(self, template):
        prepared = ProductPayload(CatalogScope(self.account), template).prepare()
        return prepared[template.id].item.to_json()

    def preview(self):
        action = self.account.action_preview_catalog()
        return self.env["octopus.catalog.preview"].browse(action["res_id"]).change_ids

    # === AS BEFORE === #

    def test_a_store_without_settings_sends_what_it_sent_before(self):
        self.chair.description_sale = "Sturdy"
        item = self.item(self.chair)
        assert item["body_html"] == "<p>Sturdy</p>"
        assert item["variants"][0].keys() == {
            *("SV_Temp_variantId", "sku", "price", "cost_price", "barcode", "taxable"),
            *("weight", "weight_unit", "inventory_management", "inventory_policy"),
            *("option1", "option2", "option3"),
        }

    # === PRICES === #

    def test_prices_from_the_pricelists_of_the_store(self):
        self.account.write(
            {
                "msrp_pricelist_id": self.pricelist("MSRP", -20).id,
                "list_pricelist_id": self.pricelist("List", -10).id,
                "a_pricelist_id": self.pricelist("Wholesale", 40).id,
                "b_pricelist_id": self.pricelist("Club", 5).id,
                "c_pricelist_id": self.pricelist("Staff", 100).id,
            }
        )
        names = ("price", "msrp", "list_price", "price_a", "price_b", "price_c")
        assert self.prices(*names) == [100, 120, 110, 60, 95, ""], "a price of 0 is none"

    def test_the_compare_at_price_is_the_list_price_while_a_lower_price_holds(self):
        self.account.compare_at_source = "list"
        assert self.prices("price", "compare_at_price") == [100, ""]
        pricelist = self.pricelist("Online", 10)
        self.account.pricelist_id = pricelist
        assert self.prices("price", "compare_at_price") == [90, 100]
        with self.transaction() as env:
            pricelist.with_env(env).item_ids.percent_price = -10
        assert self.prices("price", "compare_at_price") == [110, 110], "it has no effect"

    def test_the_compare_at_price_goes_with_a_sale_and_ends_with_it(self):
        now = fields.Datetime.now()
        self.account.compare_at_source = "list"
        self.account.pricelist_id = pricelist = self.pricelist(
            "Online", 30, date_start=now + timedelta(1), date_end=now + timedelta(5)
        )
        names = ("price", "sales_price", "compare_at_price")
        assert self.prices(*names) == [100, 70, ""], "the sale is still to come"
        self.env.cr.execute(
            "UPDATE product_pricelist_item SET date_start = %s WHERE pricelist_id = %s",
            [now - timedelta(1), pricelist.id],
        )
        self.env.invalidate_all()
        assert self.prices(*names) == [100, 70, 100]
        self.env.cr.execute(
            "UPDATE product_pricelist_item SET date_end = %s WHERE pricelist_id = %s",
            [now - timedelta(hours=1), pricelist.id],
        )
        self.env.invalidate_all()
        assert self.prices("price", "compare_at_price") == [100, 100], "it has no effect"

    def test_the_compare_at_price_of_a_pricelist(self):
        self.account.compare_at_source = "pricelist"
        self.account.compare_at_pricelist_id = self.pricelist("Before", -50)
        assert self.prices("compare_at_price") == [150]

    def test_a_price_that_is_sent_no_longer_becomes_the_one_that_holds(self):
        self.account.msrp_pricelist_id = self.pricelist("MSRP", -20)
        assert self.prices("msrp") == [120]
        self.account.msrp_pricelist_id = False
        assert self.prices("msrp") == [100]
        self.sandbox.forget_requests()
        assert self.prices("msrp") == [100]
        assert not self.writing_calls()

    def test_taxes_are_those_of_the_shop(self):
        tax = self.env["account.tax"].create(
            {"name": "VAT", "amount": 25, "price_include_override": "tax_excluded"}
        )
        self.chair.taxes_id = tax.ids
        self.account.shop_taxes_included = True
        self.account.msrp_pricelist_id = self.pricelist("MSRP", -20)
        assert self.prices("price", "msrp") == [125, 150]

    # === CUSTOM ATTRIBUTES === #

    def choose(self, **values):
        self.account.write(values)

    def test_attributes_tags_and_properties_that_were_chosen(self):
        vegan, new = self.env["product.tag"].create([{"name": "Vegan"}, {"name": "New"}])
        category = self.env["product.category"].create(
            {
                "name": "Seats",
                "product_properties_definition": [
                    {"name": "0a0a", "string": "Care", "type": "char"},
                    {"name": "0b0b", "string": "Secret", "type": "char"},
                ],
            }
        )
        shirt = self.make_product(
            "Shirt",
            categ_id=category.id,
            product_tag_ids=(vegan | new).ids,
            product_properties={"0a0a": "Wash cold", "0b0b": "x"},
            attribute_line_ids=self.attribute_line("Size", "S", "M")
            + self.attribute_line("Material", "Cotton"),
        )
        chosen = shirt.attribute_line_ids.attribute_id
        self.choose(
            detail_attribute_ids=chosen.ids,
            detail_tag_ids=vegan.ids,
            detail_properties="care, Missing",
        )
        self.sync("products")
        told = [
            {entry["attribute_name"]: entry["attribute_value"] for entry in v["custom_attributes"]}
            for v in self.remote()["Shirt"]["variants"]
        ]
        common = {"Material": "Cotton", "care": "Wash cold", "Vegan": "Yes"}
        assert told == [{"Size": "S", **common}, {"Size": "M", **common}]
        assert self.remote()["Chair"]["variants"][0]["custom_attributes"] == []

    def test_a_changed_value_goes_out_and_no_choice_removes_all(self):
        tag = self.env["product.tag"].create({"name": "Vegan"})
        self.choose(detail_tag_ids=tag.ids)
        assert self.attributes() == {}
        self.change(self.chair, product_tag_ids=tag.ids)
        assert self.attributes() == {"Vegan": "Yes"}
        self.choose(detail_tag_ids=False)
        assert self.attributes() == {}
        self.sandbox.forget_requests()
        assert self.attributes() == {}
        assert not self.writing_calls()

    def test_octopus_takes_twenty_names(self):
        self.account.detail_properties = ", ".join(f"P{number}" for number in range(20))
        with self.assertRaisesRegex(ValidationError, "20 custom attributes; 21 are chosen"):
            self.account.detail_tag_ids = self.env["product.tag"].create({"name": "Vegan"})

    def test_a_batch_needs_no_query_for_each_product(self):
        tag = self.env["product.tag"].create({"name": "Vegan"})
        lines = self.attribute_line("Size", "S", "M")
        attribute = self.env["product.attribute"].browse(lines[0][2]["attribute_id"])

        def queries(count):
            products = self.env["product.template"].concat(
                *(
                    self.make_product(f"{count}-{number}", attribute_line_ids=lines)
                    for number in range(count)
                )
            )
            self.env.flush_all()
            self.env.invalidate_all()
            found = []
            execute = type(self.env.cr).execute

            def record(cursor, query, *args, **options):
                found.append(str(getattr(query, "code", query))[:300])
                return execute(cursor, query, *args, **options)

            with patch.object(type(self.env.cr), "execute", record):
                ProductPayload(CatalogScope(self.account), products).prepare()
            return Counter(found)

        queries(1)
        without = queries(20).total() - queries(2).total()
        self.choose(
            detail_attribute_ids=attribute.ids,
            detail_tag_ids=tag.ids,
            detail_properties="Care",
            msrp_pricelist_id=self.pricelist("MSRP", -20).id,
            compare_at_source="list",
        )
        queries(1)
        assert queries(20).total() - queries(2).total() <= without

    # === TEXTS === #

    def test_the_description_that_was_chosen(self):
        self.chair.write({"public_description": "<p>Counter</p>", "description_sale": "Quote"})
        assert self.item(self.chair)["body_html"] == "<p>Counter</p>"
        self.account.description_source = "sales"
        assert self.item(self.chair)["body_html"] == "<p>Quote</p>"
        self.account.description_source = "shop"
        assert self.item(self.chair)["body_html"] == "<p>Counter</p>", "there is no eCommerce"

    def test_the_vendor_is_the_supplier_or_the_brand(self):
        acme = self.env["res.partner"].create({"name": "Acme Supplies"})
        lines = self.attribute_line("Brand", "Thonet")
        self.chair.write(
            {"seller_ids": [Command.create({"partner_id": acme.id})], "attribute_line_ids": lines}
        )
        assert self.item(self.chair)["vendor"] == "Acme Supplies"
        self.account.write(
            {
                "vendor_source": "brand",
                "brand_attribute_id": self.chair.attribute_line_ids.attribute_id.id,
            }
        )
        assert self.item(self.chair)["vendor"] == "Thonet"

    def test_tags_of_the_shop_floor_stay_here(self):
        shown, hidden = self.env["product.tag"].create(
            [
                {"name": "New", "visible_to_customers": True},
                {"name": "Shelf 7", "visible_to_customers": False},
            ]
        )
        self.chair.product_tag_ids = shown | hidden
        assert set(self.item(self.chair)["tags"].split(", ")) == {"New", "Shelf 7"}
        self.account.tag_source = "visible"
        assert self.item(self.chair)["tags"] == "New"
        self.account.tag_source = "none"
        assert self.item(self.chair)["tags"] == ""

    # === PREVIEW === #

    def test_the_preview_names_prices_and_attributes(self):
        tag = self.env["product.tag"].create({"name": "Vegan"})
        self.chair.product_tag_ids = tag
        pricelist = self.pricelist("MSRP", -20)
        self.choose(msrp_pricelist_id=pricelist.id, detail_tag_ids=tag.ids)
        [new] = self.preview()
        assert new.message.splitlines() == [
            "CHAIR",
            "MSRP of CHAIR: 120.00",
            "Vegan of CHAIR: Yes",
        ]
        self.sync("products")
        assert not self.preview()
        with self.transaction() as env:
            pricelist.with_env(env).item_ids.percent_price = -30
        self.choose(detail_tag_ids=False)
        [changed] = self.preview()
        assert changed.message.splitlines() == [
            "MSRP of CHAIR: 120.00 → 130.00",
            "Vegan of CHAIR: Yes → –",
        ]

    def test_the_button_opens_the_settings(self):
        action = self.account.action_open_catalog_details()
        assert (action["res_id"], action["target"]) == (self.account.id, "new")
        arch = self.env[action["res_model"]].get_view(action["views"][0][0], "form")["arch"]
        assert "detail_attribute_ids" in arch
