import base64

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import OctopusCase
from .test_octopus_image import picture


class TestOctopusAccountCatalogue(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.chair = cls.make_product()

    # === SENDING CHANGES AUTOMATICALLY === #

    def let_cron_look(self):
        """Let the scheduled action look for changes; return the kinds of passes that it queued."""
        with self.transaction() as env:
            env["octopus.account"]._cron_sync_catalogue()
        queued = self.env["octopus.sync.run"].search([("state", "=", "queued")])
        return sorted(queued.mapped("kind"))

    def test_changes_go_out_by_themselves_only_where_wanted(self):
        assert self.let_cron_look() == []
        self.account.auto_catalogue_sync = True
        assert self.let_cron_look() == ["products"]
        self.work()
        assert self.let_cron_look() == []
        with self.transaction() as env:
            self.chair.with_env(env).name = "Armchair"
        assert self.let_cron_look() == ["products"]
        self.work()
        self.env["pos.category"].create({"name": "Drinks"})
        assert self.let_cron_look() == ["categories"]

    def test_what_fails_is_not_tried_again_until_it_changes(self):
        self.account.auto_catalogue_sync = True
        with self.transaction() as env:
            self.chair.with_env(env).list_price = 0
        self.let_cron_look()
        self.work()
        assert self.chair.octopus_product_ids.state == "error"
        assert self.let_cron_look() == []
        with self.transaction() as env:
            self.chair.with_env(env).list_price = 5
        assert self.let_cron_look() == ["products"]

    def test_pictures_that_an_outage_kept_back_go_out_by_themselves(self):
        self.account.auto_catalogue_sync = True
        self.chair.image_1920 = picture()
        self.sandbox.set_faults([{"path": "/products/*/images.json", "status": 403}])
        self.let_cron_look()
        self.work()
        run = self.env["octopus.sync.run"].search([("kind", "=", "images")])
        assert run.state == "failed"
        self.sandbox.clear_faults()
        self.account.action_test_connection()
        assert self.let_cron_look() == ["images"]
        self.work()
        [product] = self.sandbox.state()["products"]
        assert len(product["images"]) == 1
        assert self.let_cron_look() == []

    def test_picture_of_no_use_is_not_tried_again_until_it_changes(self):
        self.account.auto_catalogue_sync = True
        self.chair.image_1920 = base64.b64encode(
            b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
        )
        self.let_cron_look()
        self.work()
        assert self.env["octopus.image"].search([]).state == "error"
        assert self.let_cron_look() == []
        with self.transaction() as env:
            self.chair.with_env(env).image_1920 = picture()
        self.let_cron_look()
        self.work()
        assert self.env["octopus.image"].search([]).state == "synced"

    # === ANOTHER MERCHANT === #

    def test_another_merchant_is_another_shop(self):
        self.sync("products")
        ref = self.chair.octopus_product_ids.octopus_ref
        self.account.merchant_name = "other"
        assert not self.chair.octopus_product_ids
        self.account.merchant_name = self.sandbox.merchant
        self.sync("products")
        # Found again by its SKU, not made twice.
        assert self.chair.octopus_product_ids.octopus_ref == ref
        assert len(self.sandbox.state()["products"]) == 1

    # === COMPANIES AND USERS === #

    def test_products_of_other_companies_stay_here(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.make_product("Foreign", company_id=other.id)
        own = self.make_product("Own", company_id=self.account.company_id.id)
        self.sync("products")
        titles = {product["title"] for product in self.sandbox.state()["products"]}
        assert titles == {"Chair", own.name}

    def test_managers_see_bindings_of_their_companies_only(self):
        self.sync("products")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        groups = "base.group_user,linga_octopus.group_octopus_manager"
        own, foreign = (
            new_test_user(self.env, login, groups, company_id=company.id, company_ids=company.ids)
            for login, company in (("own", self.account.company_id), ("foreign", other))
        )
        for model in ("octopus.product", "octopus.variant"):
            assert self.env[model].with_user(own).search_count([]) == 1
            assert self.env[model].with_user(foreign).search_count([]) == 0

    def test_cashiers_neither_read_nor_press(self):
        self.sync("products")
        cashier = new_test_user(
            self.env, "cashier-x", "base.group_user,point_of_sale.group_pos_user"
        )
        with self.assertRaises(AccessError):
            self.chair.octopus_product_ids.with_user(cashier).read(["octopus_ref"])
        with self.assertRaises(AccessError):
            self.account.with_user(cashier).action_check_catalogue()

    def test_managers_cannot_write_bindings_but_retry(self):
        with self.transaction() as env:
            self.chair.with_env(env).list_price = 0
        self.sync("products")
        groups = "base.group_user,linga_octopus.group_octopus_manager"
        manager = new_test_user(self.env, "manager-x", groups)
        binding = self.chair.octopus_product_ids.with_user(manager)
        with self.assertRaises(AccessError):
            binding.octopus_ref = "1"
        with self.transaction() as env:
            self.chair.with_env(env).list_price = 5
        binding.action_octopus_retry()
        self.work()
        assert self.chair.octopus_product_ids.state == "synced"
