"""What the settings page of a store shows besides the store's own fields."""

import json

from lxml import etree

from ..support.common import StoreCase


class TestSettingsPage(StoreCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.make_product()

    def test_each_kind_shows_its_latest_run_and_open_issues(self):
        self.assertFalse(self.account.sync_status)
        runs = self.env["octopus.sync.run"]
        first = runs.create({"account_id": self.account.id, "kind": "products", "state": "partial"})
        first._add_issue(self.product, "No price.")
        first._add_issue(self.product, "A hint only.", severity="warning")
        second = runs.create(
            {"account_id": self.account.id, "kind": "products", "total": 10, "done": 4}
        )
        self.account.invalidate_recordset(["sync_status", "open_issue_count"])
        status = self.account.sync_status["products"]
        self.assertEqual(status["id"], second.id)
        self.assertEqual(
            (status["state_label"], status["done"], status["total"]), ("Queued", 4, 10)
        )
        self.assertEqual((status["issues"], self.account.open_issue_count), (1, 1))
        self.assertEqual(status["kind_label"], "Products")
        self.assertNotIn("stock", self.account.sync_status)

    def test_stores_do_not_show_each_others_runs(self):
        other = self.env["octopus.account"].create({"name": "Airport"})
        self.env["octopus.sync.run"].create({"account_id": self.account.id, "kind": "stock"})
        accounts = self.account | other
        accounts.invalidate_recordset(["sync_status"])
        self.assertEqual([list(account.sync_status or ()) for account in accounts], [["stock"], []])

    def test_the_button_of_orders_to_act_on_opens_these(self):
        arch = etree.fromstring(self.env["octopus.account"].get_view(view_type="form")["arch"])
        [button] = arch.xpath("//button[field[@name='orders_to_act_count']]")
        action = getattr(self.account, button.get("name"))()
        self.assertEqual(
            action["context"],
            {"search_default_open": 1, "search_default_account_id": self.account.id},
        )

    def test_issues_open_narrowed_to_the_kind_of_run(self):
        action = self.account.with_context(octopus_run_kind="stock").action_open_issues()
        self.assertEqual(action["context"]["search_default_kind"], "stock")

    def test_open_pages_are_told_once_that_a_run_moved(self):
        run = self.env["octopus.sync.run"].create({"account_id": self.account.id, "kind": "stock"})
        run.total = 20
        run.done = 10
        self.assertEqual(self.told(), [{"account_ids": [self.account.id]}])

    def test_open_pages_are_told_about_once_a_second_how_far_a_run_is(self):
        run = self.env["octopus.sync.run"].create({"account_id": self.account.id, "kind": "stock"})
        self.assertTrue(self.told())
        run.done = 10
        self.assertFalse(self.told())
        self.env.flush_all()
        self.env.cr.execute("UPDATE octopus_sync_run SET write_date = write_date - interval '1s'")
        run.invalidate_recordset()
        run.done = 20
        self.assertTrue(self.told())
        run.state = "done"
        self.assertTrue(self.told())

    def told(self):
        """Return what open pages are told at the end of the transaction."""
        bus = self.env["bus.bus"].sudo()
        latest = bus.search([], order="id desc", limit=1).id
        self.env.cr.precommit.run()
        messages = [json.loads(row.message) for row in bus.search([("id", ">", latest)])]
        return [
            message["payload"]
            for message in messages
            if message["type"] == "linga_octopus/sync_runs"
        ]

    def test_choosing_another_default_location_is_one_change(self):
        other = (
            self.env["octopus.location"]
            .sudo()
            .create({"account_id": self.account.id, "octopus_ref": "other", "name": "Other"})
        )
        other.is_default = True
        self.assertEqual(self.account.location_ids.filtered("is_default"), other)
