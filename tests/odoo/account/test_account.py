"""A store's account: connecting it, what it says when that fails, and who may do what."""

import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ..support.common import OctopusCase
from ..support.ports import closed_port


class TestOctopusAccount(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.manager = new_test_user(
            cls.env, "octopus-manager", "linga_octopus.group_octopus_manager,base.group_user"
        )
        cls.cashier = new_test_user(cls.env, "cashier-1", "point_of_sale.group_pos_user")

    def assert_refused(self, sentence):
        with self.assertRaises(UserError) as refused:
            self.account.action_test_connection()
        self.assertIn(sentence, str(refused.exception))
        self.assertNotIn(self.sandbox.access_id, str(refused.exception))

    # === CONNECTING === #

    def test_a_test_connects_and_learns_about_the_shop(self):
        account = self.env["octopus.account"].create(
            {
                "name": "Second Street",
                "company_id": self.other_company.id,
                "base_url": f"{self.sandbox.api_url}/ ",
                "merchant_name": f" {self.sandbox.merchant} ",
                "access_id": f"{self.sandbox.access_id}\n",
            }
        )
        account.action_subscribe()
        self.assertEqual(account.state, "subscribed")
        account.action_test_connection()
        self.assertEqual(account.state, "connected")
        self.assertEqual(account.shop_currency, "USD")
        self.assertEqual(account.merchant_name, self.sandbox.merchant, "blanks are no part of it")
        self.assertEqual(account.access_id, self.sandbox.access_id)
        remote = {str(place["id"]): place["name"] for place in self.sandbox.state()["locations"]}
        self.assertEqual({loc.octopus_ref: loc.name for loc in account.location_ids}, remote)
        self.assertEqual(len(account.location_ids.filtered("is_default")), 1)

    def test_the_only_warehouse_is_mapped_but_a_choice_is_left_to_the_user(self):
        self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        self.account.location_ids.unlink()
        self.account.action_test_connection()
        self.assertTrue(self.account.location_ids)
        self.assertFalse(self.account.location_ids.warehouse_id)

    def answer_locations(self, *locations):
        """Let Octopus have these locations from now on."""
        self.sandbox.set_faults(
            [
                {
                    "method": "GET",
                    "path": "/locations.json",
                    "status": 200,
                    "body": json.dumps({"locations": locations}),
                    "content_type": "application/json",
                }
            ]
        )

    def test_a_second_test_keeps_the_mapping_and_drops_what_is_gone(self):
        other = self.account.location_ids - self.location
        self.answer_locations(
            {"id": int(self.location.octopus_ref), "name": "Renamed", "active": True}
        )
        self.account.action_test_connection()
        self.assertEqual(self.location.name, "Renamed")
        self.assertEqual(self.location.warehouse_id, self.warehouse)
        self.assertFalse(other.active)

    def test_a_default_location_that_is_gone_hands_over_to_another(self):
        default = self.location
        other = (self.account.location_ids - default)[:1]
        stays = {"id": int(other.octopus_ref), "name": other.name, "active": True}
        closed = {"id": int(default.octopus_ref), "name": default.name, "active": False}
        for case, remote in (("gone", [stays]), ("inactive", [stays, closed])):
            with self.subTest(case=case):
                default.write({"active": True, "is_default": True})
                self.answer_locations(*remote)
                self.account.action_test_connection()
                self.account.action_test_connection()
                self.assertEqual(self.account.state, "connected")
                self.assertRecordValues(
                    default | other,
                    [
                        {"active": False, "is_default": False},
                        {"active": True, "is_default": True},
                    ],
                )

    def test_a_location_that_an_older_version_left_as_default_does_not_hinder(self):
        other = (self.account.location_ids - self.location)[:1]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE octopus_location SET active = FALSE WHERE id = %s", [self.location.id]
        )
        self.env.invalidate_all()
        other.is_default = True
        self.env.flush_all()
        self.assertFalse(self.location.is_default)

    def test_wrong_credentials(self):
        self.account.access_id = "not-the-access-id"
        self.assert_refused("does not accept the Merchant Name and Access ID")

    def test_missing_credentials(self):
        self.account.access_id = False
        self.assert_refused("Enter the Merchant Name and the Access ID")

    def test_access_not_allowed(self):
        self.sandbox.set_faults([{"path": "/shop.json", "status": 403}])
        self.assert_refused("does not allow this access")

    def test_octopus_unreachable(self):
        self.account.base_url = f"http://127.0.0.1:{closed_port()}/api"
        self.assert_refused("cannot be reached")

    def test_wrong_address(self):
        self.account.base_url = f"{self.sandbox.url}/nothing-here"
        self.assert_refused("There is no Octopus at")

    def test_a_page_that_is_not_octopus(self):
        self.sandbox.set_faults(
            [
                {
                    "path": "/shop.json",
                    "status": 200,
                    "body": "<html>Welcome</html>",
                    "content_type": "text/html",
                }
            ]
        )
        self.assert_refused("Octopus answered with a problem")

    def test_no_test_without_a_subscription(self):
        self.account.action_unsubscribe()
        self.assert_refused("Subscribe the store")

    def test_the_secret_never_travels_unencrypted(self):
        for address in (
            "ftp://example.com",
            "http://octopus.example.com",
            "http://127.0.0.1.me",
            "https://[",
        ):
            with self.assertRaises(ValidationError, msg=address):
                self.account.base_url = address
        self.account.base_url = "http://localhost:8170/admin/api/2020-01"

    def test_unsubscribing_stops_everything_and_keeps_the_history(self):
        run = self.env["octopus.sync.run"]._queue(self.account, "categories")
        self.account.action_unsubscribe()
        self.assertEqual(run.state, "stopped")
        with self.assertRaises(UserError):
            self.account.action_sync_categories()
        self.assertTrue(run.exists())

    def test_stock_needs_a_mapped_location(self):
        self.account.location_ids.warehouse_id = False
        with self.assertRaises(UserError) as refused:
            self.account.action_sync_stocks()
        self.assertIn("Choose a warehouse", str(refused.exception))

    # === ACCESS === #

    def test_a_manager_connects_without_being_a_system_administrator(self):
        self.account.location_ids.unlink()
        account = self.account.with_user(self.manager)
        account.action_test_connection()
        self.assertTrue(account.location_ids)

    def test_only_system_administrators_change_the_address(self):
        account = self.account.with_user(self.manager)
        account.name = "Renamed"
        account.base_url = self.account.base_url
        with self.assertRaises(AccessError):
            account.base_url = "https://attacker.example.com"
        with self.assertRaises(AccessError):
            account.create({"name": "New", "base_url": "https://attacker.example.com"})

    def test_cashiers_do_not_see_accounts(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.cashier).read(["name"])

    def test_secrets_are_not_copied(self):
        copy = self.account.copy()
        self.assertFalse(copy.access_id)
        self.assertFalse(copy.merchant_name)
        self.assertNotEqual(copy.webhook_token, self.account.webhook_token)
        self.assertEqual(copy.state, "unsubscribed")

    @mute_logger("odoo.models")
    def test_another_companys_manager_sees_nothing(self):
        self.env["octopus.sync.run"]._queue(self.account, "categories")
        stranger = new_test_user(
            self.env,
            "stranger",
            "linga_octopus.group_octopus_manager,base.group_user",
            company_id=self.other_company.id,
            company_ids=[(6, 0, self.other_company.ids)],
        )
        for model in ("octopus.account", "octopus.location", "octopus.sync.run"):
            self.assertTrue(self.env[model].with_user(self.manager).search([]), model)
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
        with self.assertRaises(AccessError):
            self.account.with_user(stranger).action_sync_categories()

    def test_a_renewed_webhook_address_replaces_the_old_one(self):
        old = self.account.webhook_url
        self.account.with_user(self.manager).action_renew_webhook_token()
        self.assertNotEqual(self.account.webhook_url, old)

    # === THE SAME SHOP === #

    def test_another_spelling_is_the_same_shop(self):
        self.account.is_catalog_matched = True
        self.account.merchant_name = self.account.merchant_name.title()
        self.account.base_url = f"{self.account.base_url}/"
        self.assertTrue(self.account.is_catalog_matched)
        self.account.merchant_name = "another"
        self.assertFalse(self.account.is_catalog_matched)

    def bind(self):
        """Let Octopus have two products, a category and a level, and Odoo an order."""
        account = {"account_id": self.account.id}
        for name in ("Chair", "Table"):
            product = self.make_product(name)
            binding = self.env["octopus.product"].create(
                {**account, "product_tmpl_id": product.id, "octopus_ref": name, "state": "synced"}
            )
        variant = self.env["octopus.variant"].create(
            {
                **account,
                "octopus_product_id": binding.id,
                "product_id": product.product_variant_id.id,
            }
        )
        self.env["octopus.stock.level"].create(
            {
                **account,
                "company_id": self.account.company_id.id,
                "variant_id": variant.id,
                "location_id": self.account.location_ids[:1].id,
            }
        )
        category = self.env["pos.category"].create({"name": "Furniture"})
        self.env["octopus.category"].create(
            {**account, "pos_categ_id": category.id, "octopus_ref": "7", "state": "synced"}
        )

    def test_another_shop_is_asked_about_with_what_it_costs(self):
        self.bind()
        account = self.account.with_user(self.manager)
        costs = "products: 2, categories: 1, stock levels: 1"
        with self.assertRaisesRegex(UserError, costs) as refused:
            account.write({"merchant_name": "another", "access_id": "the-other-secret"})
        self.assertNotIn("secret", str(refused.exception))
        self.assertEqual(self.env["octopus.product"].search_count([]), 2)
        question = account.get_shop_question({"merchant_name": "another"})
        self.assertIn("online orders stay (0)", question)
        self.assertIn(question, str(refused.exception))

        # The form says that it has asked.
        account.with_context(octopus_another_shop=True).merchant_name = "another"
        self.assertFalse(self.env["octopus.product"].search_count([]))
        self.assertFalse(account.get_shop_question({"merchant_name": "a third"}))
        account.merchant_name = "a third"

    def test_another_spelling_and_the_same_values_are_not_asked_about(self):
        self.bind()
        address = self.account.base_url
        for values in (
            {"merchant_name": f" {self.account.merchant_name.upper()} "},
            {"base_url": f"{address}/"},
            {"merchant_name": self.account.merchant_name, "base_url": address},
            {"name": "Side Street"},
        ):
            with self.subTest(**values):
                self.assertEqual(self.account.get_shop_question(values), "")
                self.account.write(values)
        self.assertEqual(self.env["octopus.product"].search_count([]), 2)

    def test_only_who_may_change_the_store_learns_what_it_has(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.cashier).get_shop_question({"merchant_name": "another"})
