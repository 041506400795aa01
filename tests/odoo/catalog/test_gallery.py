"""The extra pictures of eCommerce. Where it is not installed, the tests make its table, which is
all that the addon reads of it; `tests/soak/test_gallery.py` has the real one."""

from unittest.mock import patch

from odoo.addons.linga_octopus.models.catalog import image_queries
from odoo.addons.linga_octopus.models.catalog.scope import CatalogScope

from ..support.pictures import picture
from ..support.products import ProductCase

TABLE = """
    CREATE TABLE product_image (id serial PRIMARY KEY, sequence integer,
        product_tmpl_id integer, product_variant_id integer)
"""


class TestOctopusWithoutGallery(ProductCase):
    def test_nothing_is_known_of_galleries_without_ecommerce(self):
        self.account.send_galleries = True
        self.make_product("Chair", image_1920=picture("red"))
        assert self.sync("products").state == "done"
        assert [image["position"] for image in self.remote()["Chair"]["images"]] == [1]
        assert self.account.action_preview_catalog()["res_id"]


class TestOctopusGallery(ProductCase):
    def setUp(self):
        super().setUp()
        self.is_real = "product.image" in self.env
        if not self.is_real:
            self.env.cr.execute(TABLE)
            self.startPatcher(patch.object(image_queries, "has_galleries", lambda _env: True))
        self.account.send_galleries = True
        self.chair = self.make_product("Chair", image_1920=picture("red"))

    def add(self, colour, sequence, template=None, variant=None):
        """Add an extra image to a gallery; return its id."""
        if self.is_real:
            values = {"name": colour, "sequence": sequence, "image_1920": picture(colour)}
            values |= {"product_tmpl_id": template.id} if template else {}
            values |= {"product_variant_id": variant.id} if variant else {}
            return self.env["product.image"].create(values).id
        self.env.cr.execute(
            """INSERT INTO product_image (sequence, product_tmpl_id, product_variant_id)
               VALUES (%s, %s, %s) RETURNING id""",
            [sequence, template and template.id, variant and variant.id],
        )
        [(image_id,)] = self.env.cr.fetchall()
        self.env["ir.attachment"].create(
            {
                "name": "image_1920",
                "res_model": "product.image",
                "res_field": "image_1920",
                "res_id": image_id,
                "datas": picture(colour),
            }
        )
        return image_id

    def bindings(self):
        return self.env["octopus.image"].search([], order="position")

    def galleries(self):
        """Return the galleries of the pictures that Octopus has, in its order."""
        [product] = self.sandbox.state()["products"]
        refs = [str(image["id"]) for image in product["images"]]
        by_ref = {image.octopus_ref: image.gallery_ref for image in self.bindings()}
        return [by_ref[ref] for ref in refs]

    def positions(self):
        return [image["position"] for image in self.remote()["Chair"]["images"]]

    def test_a_store_that_did_not_choose_them_sends_none(self):
        self.account.send_galleries = False
        self.add("blue", 1, self.chair)
        self.sync("products")
        assert self.positions() == [1]

    def test_in_their_order_and_each_once(self):
        late = self.add("blue", 20, self.chair)
        early = self.add("green", 10, self.chair)
        self.add("red", 5, self.chair)  # the same as the image of the product
        self.add("green", 30, self.chair)
        check = self.account.action_preview_catalog()["res_id"]
        assert self.env["octopus.catalog.preview"].browse(check).picture_change == 3
        self.sync("products")
        assert self.galleries() == [0, early, late]
        assert self.positions() == [1, 2, 3]
        self.sandbox.forget_requests()
        assert self.sync("images").state == "done"
        assert not self.sandbox.requests()
        check = self.account.action_preview_catalog()["res_id"]
        assert self.env["octopus.catalog.preview"].browse(check).picture_change == 0

    def test_the_gallery_of_a_variant_names_it(self):
        self.chair.attribute_line_ids = self.attribute_line("Wood", "Oak", "Ash")
        oak = self.chair.product_variant_ids[0]
        extra = self.add("brown", 1, variant=oak)
        shared = self.add("blue", 1, self.chair)
        self.sync("products")
        assert self.galleries() == [0, shared, extra]
        own, of_all, of_oak = self.remote()["Chair"]["images"]
        assert own["variant_ids"] == of_all["variant_ids"] == []
        refs = oak.octopus_variant_ids.mapped("octopus_ref")
        assert [str(ref) for ref in of_oak["variant_ids"]] == refs

    def test_another_order_moves_them_and_sends_none_again(self):
        first, second = self.add("blue", 1, self.chair), self.add("green", 2, self.chair)
        self.sync("products")
        assert self.galleries() == [0, first, second]
        self.env.cr.execute("UPDATE product_image SET sequence = 0 WHERE id = %s", [second])
        assert image_queries.has_changes(CatalogScope(self.account))
        self.sandbox.forget_requests()
        assert self.sync("images").state == "done"
        assert self.galleries() == [0, second, first]
        assert list(self.writing_calls().values()) == [2], "two are moved, none is sent again"
        assert not image_queries.has_changes(CatalogScope(self.account))

    def test_one_that_was_removed_is_removed(self):
        gone, kept = self.add("blue", 1, self.chair), self.add("green", 2, self.chair)
        self.sync("products")
        self.env.cr.execute("DELETE FROM product_image WHERE id = %s", [gone])
        self.sync("images")
        assert self.galleries() == [0, kept]
        self.account.send_galleries = False
        self.sync("images")
        assert self.galleries() == [0]

    def test_the_issue_of_one_lasts_while_the_others_are_fine(self):
        broken = self.add("blue", 1, self.chair)
        self.add("green", 2, self.chair)
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "product.image"),
                ("res_field", "=", "image_1920"),
                ("res_id", "=", broken),
            ]
        )
        attachment.raw = b"\x89PNG broken"
        self.sync("products")
        [issue] = self.env["octopus.sync.issue"].search([("fixed_by", "=", False)])
        assert "damaged" in issue.message
        attachment.datas = picture("yellow")
        self.sync("images")
        assert not self.env["octopus.sync.issue"].search([("fixed_by", "=", False)])
        assert len(self.galleries()) == 3

    def test_a_shop_that_has_them_already_gets_none_twice(self):
        self.add("blue", 1, self.chair)
        self.sync("products")
        before = self.remote()["Chair"]["images"]
        self.env["octopus.product"].search([]).unlink()
        self.account.is_catalog_matched = False
        self.sync("products")
        assert self.remote()["Chair"]["images"] == before
        assert len(self.bindings()) == 2
