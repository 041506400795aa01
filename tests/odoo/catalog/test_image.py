import base64
from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from odoo.addons.linga_octopus.lib import picture as pictures
from odoo.addons.linga_octopus.lib.picture import UnusablePicture
from odoo.addons.linga_octopus.models.catalog import image_queries, octopus_image

from ..support.common import OctopusCase
from ..support.pictures import picture


class TestOctopusImage(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chair = cls.make_product(image_1920=picture())

    def images(self):
        [product] = self.sandbox.state()["products"]
        return product["images"]

    def images_run(self):
        return self.env["octopus.sync.run"].search(
            [("account_id", "=", self.account.id), ("kind", "=", "images")], limit=1
        )

    def test_a_run_of_products_brings_pictures_along(self):
        assert self.sync("products").state == "done"
        run = self.images_run()
        assert (run.state, run.total, run.done) == ("done", 1, 1)
        [image] = self.images()
        assert (image["width"], image["height"], image["position"]) == (40, 30, 1)

    def test_unchanged_picture_costs_no_call(self):
        self.sync("products")
        self.sandbox.forget_requests()
        assert self.sync("images").state == "done"
        assert not self.sandbox.requests()

    def test_webp_which_odoo_itself_stores(self):
        self.chair.image_1920 = picture(kind="WEBP")
        self.sync("products")
        assert self.images_run().state == "done"
        [image] = self.images()
        assert image["filename"].endswith(".jpg")

    def test_replaced_ten_seconds_later_at_the_same_position(self):
        self.sync("products")
        [before] = self.images()
        self.chair.image_1920 = picture("blue")
        start = fields.Datetime.now()
        run = self.sync("images")
        assert run.state == "waiting"
        assert not self.images()
        assert self.chair.octopus_product_ids.state == "synced"
        [image] = self.env["octopus.image"].search([])
        assert (image.replace_after - start).total_seconds() > 10
        assert run.resume_at == image.replace_after
        self.sandbox.settings(image_replace_seconds=0)
        self.let_replacement_pass()
        self.resume(run)
        assert run.state == "done"
        assert (run.total, run.done, run.failed) == (1, 1, 0)
        [after] = self.images()
        assert after["position"] == before["position"]
        assert after["filename"] != before["filename"]

    def test_others_go_out_while_one_waits_for_its_place(self):
        self.sync("products")
        self.chair.image_1920 = picture("blue")
        self.make_product("Table", image_1920=picture("green"))
        run = self.sync("products")
        assert run.state == "done"
        run = self.images_run()
        assert (run.state, run.total, run.done) == ("waiting", 2, 1)
        images = {p["title"]: len(p["images"]) for p in self.sandbox.state()["products"]}
        assert images == {"Chair": 0, "Table": 1}

    def test_a_batch_compares_the_pictures_of_some_products_and_none_is_left_out(self):
        for number in range(4):
            self.make_product(f"Table {number}", image_1920=picture("green"))
        self.patch(image_queries, "WINDOW", 2)
        compare, compared = image_queries._changed, []

        def watched(scope, products=None):
            compared.append(products)
            return compare(scope, products)

        with patch.object(image_queries, "_changed", watched):
            self.sync("products")
        run = self.images_run()
        assert (run.state, run.total, run.done) == ("done", 5, 5)
        images = {p["title"]: len(p["images"]) for p in self.sandbox.state()["products"]}
        assert set(images.values()) == {1}
        windows = [products for products in compared if products is not None]
        assert [len(products) for products in windows] == [2, 2, 1]

    def test_a_picture_that_changed_behind_the_cursor_goes_out_in_the_same_run(self):
        self.make_product("Table", image_1920=picture("green"))
        self.patch(image_queries, "WINDOW", 1)
        self.sandbox.settings(image_replace_seconds=0)
        self.patch(octopus_image, "IMAGE_REPLACE_SECONDS", -1)
        send, sent = octopus_image.ImageRun._send, []

        def change_the_first(run, images, rows):
            sent.append(images.octopus_product_id.mapped("display_name"))
            if len(sent) == 2:
                run.images.search([], order="id", limit=1).checksum = "of another file"
            return send(run, images, rows)

        with patch.object(octopus_image.ImageRun, "_send", change_the_first):
            self.sync("products")
        assert self.images_run().state == "done"
        assert len(sent) == 4, sent  # each once; the first deleted, and sent again
        images = [len(product["images"]) for product in self.sandbox.state()["products"]]
        assert images == [1, 1]

    def let_replacement_pass(self):
        images = self.env["octopus.image"].search([("replace_after", "!=", False)])
        images.replace_after = fields.Datetime.now() - timedelta(seconds=1)

    def test_unusable_picture_does_not_take_the_place_of_a_good_one(self):
        self.sync("products")
        before = self.images()
        self.chair.image_1920 = picture("blue")
        self.break_picture()
        run = self.sync("images")
        assert (run.state, run.failed) == ("partial", 1)
        assert self.images() == before
        self.chair.image_1920 = picture()
        self.sandbox.forget_requests()
        assert self.sync("images").state == "done"
        assert not self.sandbox.requests()

    def break_picture(self):
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "product.template"), ("res_field", "=", "image_1920")]
            + [("res_id", "=", self.chair.id)]
        )
        attachment.raw = attachment.raw[:20]

    def test_removed_picture_is_removed(self):
        self.sync("products")
        self.chair.image_1920 = False
        assert self.sync("images").state == "done"
        assert not self.images()

    def test_damaged_picture_is_named_and_others_go_out(self):
        table = self.make_product("Table", image_1920=picture("green"))
        self.break_picture()
        self.sync("products")
        run = self.images_run()
        assert (run.state, run.failed, run.done) == ("partial", 1, 2)
        assert run.issue_ids.res_id == self.chair.id
        assert "Upload it again" in run.issue_ids.message
        [image] = self.env["octopus.image"].search([("state", "=", "synced")])
        assert image.octopus_product_id.product_tmpl_id == table

    def test_vector_picture_is_explained(self):
        self.chair.image_1920 = base64.b64encode(
            b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
        )
        self.sync("products")
        run = self.images_run()
        assert run.failed == 1
        assert "JPEG or PNG" in run.issue_ids.message

    def test_issue_of_a_picture_that_was_removed_is_over(self):
        self.test_vector_picture_is_explained()
        issue = self.images_run().issue_ids
        self.chair.image_1920 = False
        self.sync("products")
        assert issue.fixed_by == self.images_run()

    def test_issue_of_a_picture_whose_product_was_archived_is_over(self):
        self.test_vector_picture_is_explained()
        issue = self.images_run().issue_ids
        with self.transaction() as env:
            self.chair.with_env(env).active = False
        run = self.sync("products")
        assert issue.fixed_by == run

    def test_one_that_has_just_become_due_is_not_forgotten(self):
        self.sync("products")
        self.chair.image_1920 = picture("blue")
        run = self.sync("images")
        assert run.state == "waiting"
        # The second in which it becomes due passes between two looks at the clock.
        self.let_replacement_pass()
        self.env.cr.flush()
        with self.transaction() as env:
            assert octopus_image.ImageRun(run.with_env(env))._wait_for_replacements(
                octopus_image.ImageCursor()
            )

    def test_variant_picture_names_its_variant(self):
        self.chair.attribute_line_ids = self.attribute_line("Wood", "Oak", "Ash")
        oak = self.chair.product_variant_ids[0]
        oak.image_variant_1920 = picture("brown")
        self.sync("products")
        own, of_oak = self.images()
        assert own["variant_ids"] == []
        assert [str(ref) for ref in of_oak["variant_ids"]] == oak.octopus_variant_ids.mapped(
            "octopus_ref"
        )
        assert (own["position"], of_oak["position"]) == (1, 2)

    def lose_answer(self):
        self.sandbox.set_faults([{"path": "/products/*/images.json", "drop": True, "times": 1}])
        self.sync("products")
        assert len(self.images()) == 1
        assert self.images_run().state == "waiting"
        return self.images_run()

    def test_replaced_while_the_answer_was_missing(self):
        self.sandbox.settings(image_replace_seconds=0)
        run = self.lose_answer()
        [old] = self.images()
        self.chair.image_1920 = picture("blue")
        self.resume(run)
        assert run.state == "done", run.message
        [new] = self.images()
        assert new["filename"] != old["filename"]

    def test_removed_while_the_answer_was_missing(self):
        run = self.lose_answer()
        self.chair.image_1920 = False
        self.resume(run)
        assert run.state == "done", run.message
        assert not self.images()

    def test_made_unusable_while_the_answer_was_missing(self):
        run = self.lose_answer()
        with patch.object(pictures, "prepare_picture", side_effect=UnusablePicture("broken")):
            self.chair.image_1920 = picture("blue")
            self.resume(run)
        assert run.state == "partial", run.message
        assert self.env["octopus.image"].search([]).octopus_ref == str(self.images()[0]["id"])

    def test_answer_lost_makes_no_second_picture(self):
        self.sandbox.set_faults([{"path": "/products/*/images.json", "drop": True, "times": 1}])
        self.sync("products")
        run = self.images_run()
        assert run.state == "waiting"
        # Not even when the look for it meets the rate limit first.
        self.sandbox.set_faults([{"path": "*", "status": 429, "times": 1}])
        self.resume(run)
        assert run.state == "done"
        assert len(self.images()) == 1

    def test_a_shop_that_has_the_pictures_already_gets_none_twice(self):
        self.sync("products")
        [before] = self.images()
        for name in ("a new store", "another merchant and back"):
            with self.subTest(name):
                self.env["octopus.product"].search([]).unlink()
                self.account.is_catalog_matched = False
                self.sync("products")
                self.assertEqual(self.images(), [before])
        self.chair.image_1920 = picture("blue")
        self.assertEqual(self.sync("images").state, "waiting", "it is replaced, not doubled")
        self.assertFalse(self.images())
