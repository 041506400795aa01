from odoo.tests import new_test_user

from .common import OctopusCase
from .test_octopus_image import picture


class TestOctopusCatalogueCheck(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        groups = "base.group_user,linga_octopus.group_octopus_manager"
        cls.manager = new_test_user(cls.env, "octopus-manager", groups)

    def check(self):
        action = self.account.with_user(self.manager).action_check_catalogue()
        return self.env["octopus.catalogue.check"].browse(action["res_id"])

    def test_counts_before_and_after(self):
        self.env["pos.category"].create({"name": "Drinks"})
        chair = self.make_product(image_1920=picture())
        free = self.make_product("Free", list_price=0)
        check = self.check()
        assert check.category_create == 1
        assert (check.product_create, check.product_skip, check.picture_change) == (1, 1, 1)
        assert (check.calls, check.minutes) == (3, 1)
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

    def test_what_it_says_is_what_the_pass_does(self):
        for number in range(3):
            self.make_product(f"Chair {number}", image_1920=picture(f"#0{number}0000"))
        check = self.check()
        self.sandbox.forget_requests()
        self.sync("categories")
        self.sync("products")
        assert sum(self.writing_calls().values()) == check.calls
