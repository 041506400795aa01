"""A shop that kept its products in Octopus until now begins with them in Odoo."""

import base64
import io
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import image, mute_logger

from odoo.addons.linga_octopus.lib.octopus_api import pictures
from odoo.addons.linga_octopus.models.catalog.scope import reset_catalog

from ..support.pictures import picture
from ..support.products import ProductCase


class TestOctopusOpeningCatalog(ProductCase):
    def find(self):
        self.env["octopus.remote.product"].action_find_products()
        run = self.env["octopus.sync.run"].search([("kind", "=", "opening")], limit=1)
        self.work()
        assert run.state == "done", (run.message, run.issue_ids.mapped("message"))
        self.env.invalidate_all()
        return self.env["octopus.remote.product"].search([])

    def create(self, rows):
        rows.action_create()
        self.work()
        self.env.invalidate_all()

    def put_shirt(self, *prices, **values):
        sizes = ("S", "M", "L")
        variants = [
            {"sku": f"SHIRT-{size}", "option1": size, "price": price}
            for size, price in zip(sizes, prices, strict=False)
        ]
        options = [{"name": "Size", "position": 1, "values": sizes[: len(prices)]}]
        return self.put("Shirt", *variants, options=options, **values)

    def put_picture(self, product, **values):
        with self.account._get_client() as client:
            client.create_image(
                str(product["id"]),
                content=base64.b64decode(picture()),
                filename="red.png",
                position=1,
            )

    # === LISTING === #

    def test_only_what_odoo_does_not_have_is_listed(self):
        self.make_product("Chair", default_code="CHAIR")
        self.put("Chair", {"sku": "CHAIR"})
        self.put("Lamp", {"sku": "LAMP", "price": "12.50"})
        self.put("Old", {"sku": "OLD"}, status="archived")
        self.sandbox.forget_requests()
        lamp = self.find()
        self.assertRecordValues(
            lamp,
            [
                {
                    "name": "Lamp",
                    "skus": "LAMP",
                    "price": "12.50",
                    "state": "open",
                    "has_image": False,
                }
            ],
        )
        self.make_product("Here", default_code="LAMP")
        assert not self.find()
        assert not self.writing_calls()

    def test_what_was_dismissed_stays_so(self):
        self.put("Lamp", {"sku": "LAMP"})
        self.find().action_dismiss()
        assert self.find().state == "dismissed"

    def test_another_merchant_is_another_shop(self):
        self.put("Lamp", {"sku": "LAMP"})
        assert self.find()
        reset_catalog(self.account)
        assert not self.env["octopus.remote.product"].search([])

    # === CREATING === #

    def test_a_product_with_its_picture_and_nothing_is_sent_back(self):
        lamp = self.put(
            "Lamp",
            {
                "sku": "LAMP",
                "barcode": "4006381333931",
                "price": "12.50",
                "cost_price": "7",
                "weight": "500",
                "weight_unit": "g",
                "inventory_management": "octopus",
            },
            body_html="<p>Bright</p>",
        )
        self.put_picture(lamp)
        row = self.find()
        self.create(row)
        self.assertRecordValues(row, [{"state": "done", "error": False}])
        product = row.product_tmpl_id
        self.assertRecordValues(
            product,
            [
                {
                    "name": "Lamp",
                    "default_code": "LAMP",
                    "barcode": "4006381333931",
                    "list_price": 12.5,
                    "standard_price": 7,
                    "weight": 0.5,
                    "is_storable": True,
                    "available_in_pos": True,
                    "company_id": self.account.company_id.id,
                }
            ],
        )
        assert "Bright" in product.public_description
        with Image.open(io.BytesIO(base64.b64decode(product.image_1920))) as shown:
            assert shown.size == (40, 30)
        self.sync("products")
        [remote] = self.remote().values()
        assert remote["id"] == lamp["id"], "it is bound, and not created twice"
        assert len(remote["images"]) == 1
        assert [level["sku"] for level in remote["variants"]] == ["LAMP"]

    def test_variants_with_their_prices(self):
        self.put_shirt("10", "12", "10")
        row = self.find()
        self.create(row)
        variants = row.product_tmpl_id.product_variant_ids
        assert {v.default_code: v.lst_price for v in variants} == {
            "SHIRT-S": 10,
            "SHIRT-M": 12,
            "SHIRT-L": 10,
        }
        before = {v["sku"]: v["id"] for v in self.remote()["Shirt"]["variants"]}
        self.sync("products")
        assert {v["sku"]: v["id"] for v in self.remote()["Shirt"]["variants"]} == before

    def test_an_attribute_that_odoo_has_is_used(self):
        self.make_shirt("Another")
        self.put_shirt("10", "10", "10")
        row = self.find()
        self.create(row)
        assert row.state == "done", row.error
        attributes = self.env["product.attribute"].search([("name", "=", "Size")])
        assert len(attributes) == 1
        assert attributes.value_ids.mapped("name") == ["S", "M", "L"]

    def test_prices_with_taxes_become_prices_without(self):
        tax = self.env["account.tax"].create(
            {"name": "20", "amount": 20, "price_include_override": "tax_excluded"}
        )
        self.env.company.account_sale_tax_id = tax
        self.account.shop_taxes_included = True
        self.put("Lamp", {"sku": "LAMP", "price": "12"})
        row = self.find()
        self.create(row)
        assert row.product_tmpl_id.list_price == 10

    # === WHAT FAILS === #

    def test_one_that_cannot_be_made_does_not_stop_the_others(self):
        self.make_product("Hidden", default_code="LAMP", available_in_pos=False)
        self.put("Lamp", {"sku": "LAMP"})
        self.put("Table", {"sku": "TABLE"})
        rows = self.find()
        self.create(rows)
        lamp, table = rows
        assert (lamp.state, table.state) == ("error", "done")
        assert "Hidden" in lamp.error
        issue = self.env["octopus.sync.issue"].search([("kind", "=", "opening")])
        assert issue.message == "1 products could not be created completely; see Opening Catalog."
        assert issue.action_open_record()["res_model"] == lamp._name
        self.env["product.product"].search([("default_code", "=", "LAMP")]).default_code = "X"
        self.create(lamp)
        assert (lamp.state, bool(issue.fixed_by)) == ("done", True)

    def test_a_picture_that_cannot_be_fetched_is_tried_again(self):
        self.put_picture(self.put("Lamp", {"sku": "LAMP"}))
        row = self.find()
        self.patch(pictures, "MAX_PICTURE_BYTES", 10)
        self.create(row)
        product = row.product_tmpl_id
        assert (row.state, bool(product.image_1920)) == ("error", False)
        assert "too large" in row.error
        self.patch(pictures, "MAX_PICTURE_BYTES", 10_000)
        self.create(row)
        assert (row.state, row.product_tmpl_id) == ("done", product)
        assert product.image_1920

    def test_a_picture_that_odoo_refuses_stops_nothing(self):
        self.put_picture(self.put("Lamp", {"sku": "LAMP"}))
        self.put("Table", {"sku": "TABLE"})
        rows = self.find()
        logger = "odoo.addons.linga_octopus.models.catalog.opening_catalog"
        with mute_logger(logger), patch.object(image, "IMAGE_MAX_RESOLUTION", 10):
            self.create(rows)
        lamp, table = rows
        assert (lamp.state, table.state) == ("error", "done")
        assert "its image is not" in lamp.error
        assert not lamp.product_tmpl_id.image_1920
        self.create(lamp)
        assert (lamp.state, bool(lamp.product_tmpl_id.image_1920)) == ("done", True)

    # === LINKING === #

    def test_a_product_that_is_called_otherwise_is_linked(self):
        chair = self.make_product("Chair", default_code="CHAIR")
        remote = self.put("Seat", {"sku": "SEAT"})
        row = self.find()
        with self.assertRaisesRegex(UserError, "Choose a product under Link With"):
            row.action_link()
        row.link_tmpl_id = chair
        row.action_link()
        self.assertRecordValues(row, [{"state": "done", "product_tmpl_id": chair.id}])
        self.env.cr.flush()
        self.sync("products")
        [product] = self.remote().values()
        assert (product["id"], product["title"]) == (remote["id"], "Chair")
        assert not self.find().filtered(lambda each: each.state != "done")

    def test_a_product_with_other_variants_is_not_linked(self):
        self.put_shirt("10", "12")
        row = self.find()
        row.link_tmpl_id = self.make_product("Chair", default_code="CHAIR")
        with self.assertRaisesRegex(UserError, "same SKUs or barcodes"):
            row.action_link()

    def test_whoever_may_not_change_the_store_decides_nothing(self):
        self.put("Lamp", {"sku": "LAMP"})
        row = self.find()
        cashier = new_test_user(self.env, "cashier", "point_of_sale.group_pos_user")
        for action in ("action_find_products", "action_create", "action_link", "action_dismiss"):
            with self.assertRaises(AccessError):
                getattr(row.with_user(cashier), action)()
