import base64

from odoo.tests import new_test_user

from ..support.common import OctopusCase
from ..support.pictures import picture


class TestOctopusCatalogPreview(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        groups = "base.group_user,linga_octopus.group_octopus_manager"
        cls.manager = new_test_user(cls.env, "octopus-manager", groups)

    def check(self):
        action = self.account.with_user(self.manager).action_preview_catalog()
        return self.env["octopus.catalog.preview"].browse(action["res_id"])

    def test_counts_before_and_after(self):
        self.env["pos.category"].create({"name": "Drinks"})
        chair = self.make_product(image_1920=picture())
        free = self.make_product("Free", list_price=0)
        check = self.check()
        assert check.category_create == 1
        assert (check.product_create, check.product_skip, check.picture_change) == (1, 1, 1)
        # Categories and products: a look at what Octopus has, and a bulk call. A picture.
        assert (check.calls, check.minutes) == (5, 1)
        assert check.line_ids.res_id == free.id
        assert check.line_ids.action_open_record()["res_id"] == free.id
        assert not self.writing_calls()
        self.sync("categories")
        self.sync("products")
        check = self.check()
        assert (check.product_create, check.product_unchanged, check.calls) == (0, 1, 0)
        with self.transaction() as env:
            chair.with_env(env).name = "Armchair"
        assert self.check().product_change == 1
        chair.active = False
        assert self.check().product_archive == 1

    def test_it_names_each_record_and_what_changes(self):
        drinks = self.env["pos.category"].create({"name": "Drinks"})
        chair, lamp, table = (
            self.make_product(name, default_code=name.upper())
            for name in ("Chair", "Lamp", "Table")
        )
        first = self.check()
        assert {(line.res_model, line.res_id, line.change) for line in first.change_ids} == {
            (record._name, record.id, "create") for record in (drinks, chair, lamp, table)
        }
        assert first.has_changes
        first.action_sync_now()
        self.work()
        self.work()
        assert not self.check().change_ids

        with self.transaction() as env:
            drinks.with_env(env).name = "Beverages"
            chair.with_env(env).write({"name": "Armchair", "list_price": 99})
            lamp.with_env(env).weight = 3
            table.with_env(env).active = False
        shown = {line.name: (line.change, line.message) for line in self.check().change_ids}
        assert shown["Beverages"] == ("change", "Title: Drinks → Beverages")
        change, text = shown["[CHAIR] Armchair"]
        assert change == "change"
        assert "Title: Chair → Armchair" in text
        assert "Price of CHAIR:" in text
        assert shown["[LAMP] Lamp"] == ("change", "Description, attributes, tax or other details")
        assert shown["[TABLE] Table"][0] == "archive"

    def test_what_it_says_is_what_the_run_does(self):
        for number in range(3):
            self.make_product(f"Chair {number}", image_1920=picture(f"#0{number}0000"))
        check = self.check()
        self.sandbox.forget_requests()
        self.sync("categories")
        self.sync("products")
        assert sum(self.sandbox.requests().values()) == check.calls

    def all_calls(self):
        return sum(self.sandbox.requests().values())

    def work_on(self):
        for _time in range(3):
            images = self.env["octopus.image"].search([("replace_after", "!=", False)])
            images.replace_after = self.account.create_date
            waiting = self.env["octopus.sync.run"].search([("state", "=", "waiting")])
            waiting.resume_at = self.account.create_date
            self.work()

    def test_calls_and_minutes_of_a_first_and_of_a_later_day(self):
        """All calls count against the limit of the merchant, reading ones as well."""
        self.sandbox.settings(image_replace_seconds=0)
        drinks, food, old = self.env["pos.category"].create(
            [{"name": "Drinks"}, {"name": "Food"}, {"name": "Old"}]
        )
        chair, lamp = (
            self.make_product(name, image_1920=picture(colour), pos_categ_ids=(drinks + food).ids)
            for name, colour in (("Chair", "red"), ("Lamp", "green"))
        )
        self.make_product("Free", list_price=0, image_1920=picture(), pos_categ_ids=food.ids)
        shirt = self.make_product(
            "Shirt", attribute_line_ids=self.attribute_line("Size", "S", "M", "L")
        )
        shirt.product_variant_ids[0].image_variant_1920 = picture("blue")
        first = self.check()
        self.assertEqual((first.picture_change, first.product_create), (3, 3))
        self.sandbox.forget_requests()
        self.sync("categories")
        self.sync("products")
        self.assertEqual(self.all_calls(), first.calls)

        with self.transaction() as env:
            food.with_env(env).name = "Meals"
            old.with_env(env).unlink()
            env["pos.category"].create({"name": "New"})
            chair.with_env(env).write(
                {"image_1920": picture("black"), "pos_categ_ids": drinks.ids, "list_price": 12}
            )
            lamp.with_env(env).octopus_excluded = True
            line = shirt.with_env(env).attribute_line_ids
            line.value_ids = [(3, line.value_ids[1].id)]
            env["product.template"].create(
                {"name": "Stool", "list_price": 1, "available_in_pos": True}
            )
        later = self.check()
        self.assertEqual(
            (later.category_create, later.category_change, later.category_remove), (1, 1, 1)
        )
        self.assertEqual(
            (later.product_create, later.product_change, later.product_archive), (1, 2, 1)
        )
        self.assertEqual((later.product_excluded, later.product_skip), (1, 1))
        self.sandbox.forget_requests()
        self.sync("categories")
        self.sync("products")
        self.work_on()
        self.assertEqual(self.all_calls(), later.calls, self.sandbox.requests())
        self.assertEqual((self.check().calls, self.check().minutes), (0, 0))

    def test_a_drawing_is_found_before_sending(self):
        drawing = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg" width="9"/>')
        chair = self.make_product(image_1920=drawing)
        check = self.check()
        self.assertEqual((check.picture_change, check.product_create), (0, 1))
        self.assertEqual(check.line_ids.res_id, chair.id)
        self.assertIn("JPEG or PNG", check.line_ids.message)
        self.sync("categories")
        self.sync("products")
        self.assertEqual(self.all_calls(), check.calls)

    def test_minutes_follow_the_limit_of_the_merchant(self):
        for number in range(30):
            self.make_product(f"Chair {number}", image_1920=picture(f"#0000{number:02}"))
        self.assertEqual(self.check().minutes, 1)
        self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "orders", "state": "done", "rate_limit": 90}
        )
        self.assertEqual(self.check().minutes, 4)
