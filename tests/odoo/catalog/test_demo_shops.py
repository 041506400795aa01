"""Odoo's own demo shops, compared with Octopus field by field."""

from odoo.tools import convert, html2plaintext

from ..support.common import OctopusCase

# What the restaurant's scenario brings along; its app itself (tables, kitchen) sells nothing.
RESTAURANT = ("restaurant_category_data.xml", "restaurant_demo_data.xml")


class TestOctopusDemoShops(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        configs = cls.env["pos.config"]
        configs.load_onboarding_furniture_scenario()
        configs.load_onboarding_clothes_scenario()
        configs.load_onboarding_bakery_scenario()
        for name in RESTAURANT:
            path = f"data/scenarios/{name}"
            convert.convert_file(
                cls.env, "pos_restaurant", path, idref=None, mode="init", noupdate=True
            )
        cls.account.shop_currency = cls.env.company.currency_id.name

    def test_octopus_has_what_odoo_has_or_the_run_says_why(self):
        categories = self.sync("categories")
        run = self.sync("products")
        images = self.env["octopus.sync.run"].search([("kind", "=", "images")], limit=1)
        assert (categories.state, run.state, images.state) == ("done", "done", "done"), (
            categories | run | images
        ).issue_ids.mapped("message")
        state = self.sandbox.state()
        self.assert_categories(state["collections"])
        sold = self.env["product.template"].search(
            [("available_in_pos", "=", True), ("sale_ok", "=", True)]
        )
        sold -= self.env["pos.config"]._get_special_products().product_tmpl_id
        explained = sold.browse(run.issue_ids.mapped("res_id"))
        assert len(sold) > 30
        assert set((sold - explained).mapped("name")) == {p["title"] for p in state["products"]}
        self.assert_combos(sold.filtered(lambda template: template.type == "combo"), run)
        remote = {str(product["id"]): product for product in state["products"]}
        for template in sold - explained:
            self.assert_same(template, remote[template.octopus_product_ids.octopus_ref])

    def assert_combos(self, combos, run):
        """Each combo is explained, nothing else needs to be, and what it consists of is sent."""
        assert len(combos) >= 2
        assert set(run.issue_ids.mapped("res_id")) == set(combos.ids)
        assert set(run.issue_ids.mapped("severity")) == {"warning"}
        messages = run.issue_ids.mapped("message")
        assert all("published individually" in message for message in messages)
        parts = combos.combo_ids.combo_item_ids.product_id.product_tmpl_id
        assert parts
        assert all(parts.octopus_product_ids.mapped("octopus_ref")), parts.mapped("name")
        assert len(parts.octopus_product_ids) == len(parts)

    def assert_categories(self, collections):
        titles = {category._octopus_title() for category in self.env["pos.category"].search([])}
        assert {collection["title"] for collection in collections} == titles

    def assert_same(self, template, product):
        """Compare one product with what Odoo itself shows of it."""
        name = template.name
        assert product["status"] == "active", name
        assert product["product_type"] == (template.categ_id.complete_name or ""), name
        assert product["vendor"] == (template.seller_ids[:1].partner_id.name or ""), name
        assert product["tags"] == ", ".join(template.product_tag_ids.mapped("name")), name
        description = html2plaintext(template.public_description or "")
        description = description or template.description_sale or ""
        assert html2plaintext(product["body_html"]).startswith(description.strip()), name
        refs = template.pos_categ_ids.octopus_category_ids.mapped("octopus_ref")
        assert {str(c["collection_id"]) for c in product["collects"]} == set(refs), name
        own_pictures = template.product_variant_ids.filtered("image_variant_1920")
        pictures = len(own_pictures) + bool(template.image_1920)
        assert len(product["images"]) == pictures, name
        lines = template.attribute_line_ids.filtered(
            lambda line: line.attribute_id.create_variant != "no_variant"
        )
        options = [
            (line.attribute_id.name, line.product_template_value_ids.mapped("name"))
            for line in lines
        ]
        found = [(option["name"], option["values"]) for option in product["options"]]
        assert found == (options or [("Title", ["Default Title"])]), name
        for line in template.attribute_line_ids - lines:
            for text in (line.attribute_id.name, *line.value_ids.mapped("name")):
                assert text in product["body_html"], (name, text)
        variants = {str(variant["id"]): variant for variant in product["variants"]}
        assert len(variants) == len(template.product_variant_ids), name
        for variant in template.product_variant_ids:
            self.assert_same_variant(variant, variants[variant.octopus_variant_ids.octopus_ref])

    def assert_same_variant(self, variant, found):
        name = variant.display_name
        assert float(found["price"]) == round(variant.lst_price, 2), name
        assert float(found["cost_price"] or 0) == round(variant.standard_price, 2), name
        assert found["barcode"] == (variant.barcode or ""), name
        assert float(found["weight"]) == round(variant.weight, 2), name
        assert found["taxable"] == bool(variant.taxes_id), name
        assert (found["inventory_management"] == "octopus") == variant.is_storable, name
        chosen = variant.product_template_attribute_value_ids.mapped("name")
        assert [
            found[option]
            for option in ("option1", "option2", "option3")
            if found[option] not in (None, "Default Title")
        ] == chosen, name
        if variant.default_code:
            assert found["sku"] == variant.default_code, name
