"""A record that cannot be sent is one problem, however often it is met, until it goes through."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..support.common import OctopusCase
from ..support.pictures import picture


class TestOctopusSyncIssue(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.free = cls.make_product("Free", list_price=0)

    def issues(self):
        return self.env["octopus.sync.issue"].search([("account_id", "=", self.account.id)])

    def change(self, **values):
        with self.transaction() as env:
            self.free.with_env(env).write(values)

    def test_met_again_is_the_same_issue(self):
        self.sync("products")
        first = self.issues()
        self.assertEqual((first.record, first.times_seen), (self.free, 1))
        found = first.create_date
        second = self.sync("products")
        self.assertEqual(self.issues(), first)
        self.assertEqual((first.times_seen, first.run_id), (2, second))
        self.assertEqual(first.create_date, found)
        self.assertEqual(self.account.open_issue_count, 1)

    def test_another_reason_is_told_and_the_issue_stays_one(self):
        self.sync("products")
        self.change(list_price=5, name="x" * 300)
        self.sync("products")
        issue = self.issues()
        self.assertEqual(len(issue), 1)
        self.assertIn("Shorten", issue.message)

    def test_closed_when_the_record_goes_through(self):
        self.sync("products")
        self.sync("products")
        self.change(list_price=5)
        run = self.sync("products")
        self.assertEqual(self.issues().fixed_by, run)
        self.change(list_price=0)
        self.sync("products")
        self.assertEqual(len(self.issues()), 2, "a closed problem that comes back is a new one")
        self.assertEqual(len(self.issues().filtered(lambda issue: not issue.fixed_by)), 1)

    def test_it_opens_its_record(self):
        self.sync("products")
        action = self.issues().action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), (self.free._name, self.free.id))

    def test_that_of_a_stock_check_opens_the_differences_which_it_found(self):
        run = self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "stock_check"}
        )
        run._add_issue(self.account, "6 stock levels differ in Octopus.", severity="warning")
        action = self.issues().action_open_record()
        self.assertEqual(action["res_model"], "octopus.stock.difference")
        self.assertEqual(action["context"]["search_default_run_id"], run.id)

    def test_every_record_has_its_own(self):
        other = self.make_product("Also Free", list_price=0)
        for _time in range(2):
            self.sync("products")
        self.assertEqual(sorted(self.issues().mapped("res_id")), sorted((self.free + other).ids))

    def test_left_out_of_the_catalog_is_no_issue_any_more(self):
        for take_out in (
            lambda: self.change(octopus_excluded=True),
            lambda: self.change(octopus_excluded=False, active=False),
            lambda: self.change(active=True) or self.free.unlink(),
        ):
            self.sync("products")
            self.assertFalse(self.issues()[0].fixed_by)
            take_out()
            run = self.sync("products")
            self.assertEqual(self.issues()[0].fixed_by, run)
            self.assertFalse(self.env["octopus.product"].search([("state", "=", "error")]))
            if self.free.exists():
                self.change(active=True, octopus_excluded=False)

    def test_a_combo_is_one_note(self):
        self.free.unlink()
        combo = self.env["product.combo"].create(
            {
                "name": "Pick",
                "combo_item_ids": [
                    (0, 0, {"product_id": self.make_product().product_variant_id.id})
                ],
            }
        )
        self.make_product("Menu", type="combo", is_storable=False, combo_ids=combo.ids)
        for _time in range(3):
            self.sync("products")
        self.assertEqual((len(self.issues()), self.issues().times_seen), (1, 3))

    def test_errors_of_the_store_itself_are_events_and_its_notes_are_not(self):
        run = self.env["octopus.sync.run"].create({"account_id": self.account.id, "kind": "orders"})
        for number in (1, 2, 2):
            run._add_issue(self.account, f"Order {number} cannot be read.")
        later = run.copy({"state": "done"})
        later._add_issue(self.account, "Order 3 cannot be read.")
        self.assertEqual(len(self.issues()), 3)
        for number, pass_ in ((5, run), (7, later)):
            pass_._add_issue(self.account, f"{number} are missing.", "warning")
        note = self.issues().filtered(lambda issue: issue.severity == "warning")
        self.assertEqual(note.message, "7 are missing.")

    # === TRYING AGAIN === #

    def test_one_or_all_are_tried_again_by_a_manager(self):
        category = self.env["pos.category"].create({"name": "x" * 300})
        self.sync("categories")
        self.sync("products")
        groups = "base.group_user,linga_octopus.group_octopus_manager"
        manager = new_test_user(self.env, "manager-issues", groups)
        of_product = self.issues().filtered(lambda issue: issue.kind == "products")
        self.change(list_price=5)
        of_product.with_user(manager).action_octopus_retry()
        self.assertEqual(self.queued(), ["products"])
        self.work()
        self.assertTrue(of_product.fixed_by)
        category.name = "Short"
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreigner = new_test_user(
            self.env,
            "foreign-issues",
            groups,
            company_id=elsewhere.id,
            company_ids=elsewhere.ids,
        )
        self.issues().browse().with_user(foreigner).action_octopus_retry_all()
        self.assertEqual(self.queued(), [], "only of one's own companies")
        self.issues().browse().with_user(manager).action_octopus_retry_all()
        self.assertEqual(self.queued(), ["categories"])
        self.work()
        self.assertFalse(self.issues().filtered(lambda issue: not issue.fixed_by))

    def queued(self):
        return self.env["octopus.sync.run"].search([("state", "=", "queued")]).mapped("kind")

    def test_products_with_an_issue_are_found_by_a_filter(self):
        self.change(list_price=5, image_1920=picture())
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "product.template"), ("res_field", "=", "image_1920")]
            + [("res_id", "=", self.free.id)]
        )
        attachment.raw = attachment.raw[:20]
        self.sync("products")
        binding = self.free.octopus_product_ids
        self.assertEqual(binding.state, "synced", "the product itself went out")
        self.assertIn("Upload it again", binding.problem)
        view = self.env.ref("linga_octopus.product_template_search_view")
        self.assertIn("octopus_product_ids.image_ids.state", view.arch)
        problem = ["|", ("octopus_product_ids.state", "=", "error")] + [
            ("octopus_product_ids.image_ids.state", "=", "error")
        ]
        self.assertEqual(self.env["product.template"].search(problem), self.free)
        self.change(image_1920=picture("blue"))
        binding.action_octopus_retry()
        self.work()
        self.assertFalse(binding.problem)

    def test_what_is_dismissed_comes_back_only_when_it_changes(self):
        self.sync("products")
        self.issues().action_dismiss()
        self.assertEqual(self.issues().dismissed_by, self.env.user)
        self.assertEqual(self.account.open_issue_count, 0)
        self.sync("products")
        self.assertEqual(self.account.open_issue_count, 0)
        self.assertEqual(len(self.issues()), 1)
        self.change(list_price=5, name="x" * 300)
        self.sync("products")
        self.assertFalse(self.issues().dismissed_by)
        self.assertEqual(self.account.open_issue_count, 1)

    def test_only_who_may_change_the_store_dismisses(self):
        self.sync("products")
        cashier = new_test_user(self.env, "cashier-issues", "point_of_sale.group_pos_user")
        with self.assertRaises(AccessError):
            self.issues().with_user(cashier).action_dismiss()

    def test_trying_an_order_again_fetches_this_order(self):
        order = self.sandbox.place_order(
            [{"sku": "FREE", "title": "Free", "quantity": 1, "price": "10.00"}], webhook=False
        )
        run = self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "orders", "state": "partial"}
        )
        orders = self.env["octopus.order"]
        self.env["octopus.sync.issue"]._log_missing(run, orders, str(order["id"]), "Odd.")
        # The poll would not find it: it was changed long ago.
        self.account.order_watermark = fields.Datetime.now() + timedelta(hours=1)
        self.issues().action_octopus_retry()
        self.work()
        self.assertEqual(orders.search([]).aggregator_order_no, str(order["id"]))
        self.assertTrue(self.issues().fixed_by)

    def test_trying_all_again_leaves_out_stores_that_are_not_connected(self):
        self.sync("products")
        gone = self.env["octopus.account"].create({"name": "Gone", "merchant_name": "gone"})
        run = self.env["octopus.sync.run"].create({"account_id": gone.id, "kind": "products"})
        run._add_issue(self.free, "Odd.")
        issues = self.env["octopus.sync.issue"]
        issues.action_octopus_retry_all()
        open_runs = self.env["octopus.sync.run"].search([("state", "=", "queued")]) - run
        self.assertEqual(open_runs.account_id, self.account)
        with self.assertRaisesRegex(UserError, "Connect the store first"):
            run.issue_ids.action_octopus_retry()
