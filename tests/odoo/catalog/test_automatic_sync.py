import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ..support.clock import ClockMixin
from ..support.common import OctopusCase
from ..support.pictures import picture


class TestOctopusAccountCatalog(ClockMixin, OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.chair = cls.make_product()

    # === SENDING CHANGES AUTOMATICALLY === #

    def let_cron_look(self):
        """Let the scheduled action look for changes; return the kinds of runs that it queued."""
        with self.transaction() as env:
            env["octopus.product"]._cron_sync_catalog()
        queued = self.env["octopus.sync.run"].search([("state", "=", "queued")])
        return sorted(queued.mapped("kind"))

    def test_changes_go_out_by_themselves_only_where_wanted(self):
        assert self.let_cron_look() == []
        self.account.auto_catalog_sync = True
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
        self.account.auto_catalog_sync = True
        with self.transaction() as env:
            self.chair.with_env(env).list_price = 0
        self.let_cron_look()
        self.work()
        assert self.chair.octopus_product_ids.state == "error"
        assert self.let_cron_look() == []
        with self.transaction() as env:
            self.chair.with_env(env).list_price = 5
        assert self.let_cron_look() == ["products"]

    def look_and_work(self, *expected):
        """Let the scheduled action look and the worker work, until there is nothing to do."""
        for kinds in (*expected, []):
            assert self.let_cron_look() == kinds
            self.work()

    def test_the_moments_of_a_product_come_by_themselves(self):
        self.account.auto_catalog_sync = True
        with self.turned_clock() as clock:
            now = fields.Datetime.now()
            with self.transaction() as env:
                self.chair.with_env(env).write(
                    {
                        "octopus_publish_from": now + timedelta(hours=1),
                        "octopus_publish_until": now + timedelta(hours=2),
                    }
                )
            self.look_and_work(["products"])  # what all products depend on, for the first time
            assert not self.sandbox.state()["products"]
            for status in ("active", "archived"):
                clock.tick(timedelta(hours=1))
                self.look_and_work(["products"])
                [product] = self.sandbox.state()["products"]
                assert product["status"] == status

    def test_a_rate_that_was_entered_in_advance_comes_by_itself(self):
        self.account.auto_catalog_sync = True
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.env.company.currency_id.id)], limit=1)
        )
        currency.active = True
        with self.turned_clock() as clock:
            today = fields.Date.today()
            self.account.pricelist_id = self.env["product.pricelist"].create(
                {"name": "Abroad", "currency_id": currency.id}
            )
            self.account.shop_currency = currency.name
            for days, rate in ((-1, 2), (1, 3)):
                self.env["res.currency.rate"].create(
                    {
                        "currency_id": currency.id,
                        "company_id": self.env.company.id,
                        "name": today + timedelta(days),
                        "rate": rate,
                    }
                )
            self.look_and_work(["products"])
            [product] = self.sandbox.state()["products"]
            assert float(product["variants"][0]["price"]) == 20
            clock.tick(timedelta(days=1))
            self.env.invalidate_all()
            self.look_and_work(["products"])
            [product] = self.sandbox.state()["products"]
            assert float(product["variants"][0]["price"]) == 30

    def test_links_to_categories_of_the_other_kind_are_made(self):
        self.account.auto_catalog_sync = True
        self.chair.categ_id = self.env["product.category"].create({"name": "Seats"})
        self.look_and_work(["products"])
        self.account.category_source = "product"
        self.look_and_work(["categories"], ["products"])
        [product] = self.sandbox.state()["products"]
        assert len(product["collects"]) == 1

    def test_link_that_an_outage_kept_back_is_made(self):
        self.account.auto_catalog_sync = True
        category = self.env["pos.category"].create({"name": "Drinks"})
        self.chair.pos_categ_ids = category
        self.sandbox.set_faults([{"path": "/bulkcollects.json", "status": 403, "times": 1}])
        self.let_cron_look()
        self.work()
        self.account.action_test_connection()
        self.look_and_work(["products"])
        [product] = self.sandbox.state()["products"]
        assert len(product["collects"]) == 1

    def test_refused_link_is_not_tried_again(self):
        self.account.auto_catalog_sync = True
        category = self.env["pos.category"].create({"name": "Drinks"})
        self.chair.pos_categ_ids = category
        self.sandbox.set_faults([{"path": "/bulkcollects.json", "status": 422}])
        # Once more: are the product and the category still there?
        self.look_and_work(["categories", "products"], ["categories", "products"])
        assert self.env["octopus.collect"].search([]).state == "error"

    def test_category_that_is_refused_is_not_tried_again_until_it_changes(self):
        self.account.auto_catalog_sync = True
        self.look_and_work(["products"])
        category = self.env["pos.category"].create({"name": "x" * 300})
        self.look_and_work(["categories"])
        category.name = "Drinks"
        self.look_and_work(["categories"])
        self.sandbox.set_faults([{"method": "PUT", "path": "/custom_coll*", "status": 422}])
        category.name = "Beverages"
        self.look_and_work(["categories"])
        self.sandbox.clear_faults()
        category.name = "Beer"
        self.look_and_work(["categories"])
        assert [c["title"] for c in self.sandbox.state()["collections"]] == ["Beer"]

    def test_what_octopus_keeps_is_not_removed_again_and_again(self):
        self.account.auto_catalog_sync = True
        category, other = self.env["pos.category"].create([{"name": "Drinks"}, {"name": "Food"}])
        self.chair.write({"image_1920": picture(), "pos_categ_ids": (category + other).ids})
        lamp = self.make_product("Lamp")
        self.look_and_work(["categories", "products"])
        bulk = {"method": "POST", "path": "/BulkProduct*", "status": 422}
        self.sandbox.set_faults([{"method": "DELETE", "path": "*", "status": 422}, bulk])
        with self.transaction() as env:
            self.chair.with_env(env).write({"image_1920": False, "pos_categ_ids": category.ids})
            lamp.with_env(env).active = False
        self.let_cron_look()
        self.work()
        assert self.let_cron_look() == []
        category.unlink()
        self.look_and_work(["categories", "products"])
        self.sandbox.clear_faults()
        for kind in ("categories", "products", "images"):
            assert self.sync(kind).state == "done"
        products = {product["title"]: product for product in self.sandbox.state()["products"]}
        assert products["Lamp"]["status"] == "archived"
        assert (products["Chair"]["collects"], products["Chair"]["images"]) == ([], [])
        assert [c["title"] for c in self.sandbox.state()["collections"]] == ["Food"]

    def test_what_failed_is_removed_when_it_leaves(self):
        self.account.auto_catalog_sync = True
        category = self.env["pos.category"].create({"name": "Drinks"})
        self.look_and_work(["categories", "products"])
        category.name = "x" * 300
        with self.transaction() as env:
            self.chair.with_env(env).list_price = 0
        self.look_and_work(["categories", "products"])
        category.unlink()
        with self.transaction() as env:
            self.chair.with_env(env).active = False
        self.look_and_work(["categories", "products"])
        assert self.sandbox.state()["products"][0]["status"] == "archived"
        assert not self.sandbox.state()["collections"]

    def test_pictures_that_an_outage_kept_back_go_out_by_themselves(self):
        self.account.auto_catalog_sync = True
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
        self.account.auto_catalog_sync = True
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
        self.account.with_context(octopus_another_shop=True).merchant_name = "other"
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
            self.account.with_user(cashier).action_preview_catalog()

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
