"""A neutralized copy of the database is cut off from Octopus."""

from odoo.exceptions import UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import TransactionCase

from ..support.orders import OrdersMixin


class TestNeutralize(OrdersMixin, TransactionCase):
    def neutralize(self):
        queries = list(get_neutralization_queries(["linga_octopus"]))
        self.assertTrue(queries, "Odoo does not find the file")
        self.env.flush_all()
        for query in queries:
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.sandbox.forget_requests()

    def test_a_copy_cannot_reach_octopus_nor_be_reached(self):
        run = self.env["octopus.sync.run"]._queue(self.account, "categories")
        self.neutralize()
        self.assertFalse(self.account.access_id)
        self.assertFalse(self.account.webhook_token)
        self.assertFalse(self.account.auto_stock_sync)
        self.assertEqual(self.account.state, "subscribed")
        self.assertEqual(run.state, "stopped")
        with self.assertRaises(UserError):
            self.account.action_test_connection()
        with self.assertRaises(UserError):
            self.account.action_sync_categories()

    def test_not_even_with_the_credentials(self):
        access_id = self.account.access_id
        self.neutralize()
        self.account.access_id = access_id
        with self.assertRaisesRegex(UserError, "neutralized.invalid"):
            self.account.action_test_connection()
        self.assertFalse(self.sandbox.requests())

    def test_not_even_a_store_of_its_own(self):
        self.neutralize()
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        store = self.env["octopus.account"].create(
            {"name": "Of the copy", "merchant_name": "m", "access_id": "of-the-original"}
        )
        store.action_subscribe()
        with self.assertRaisesRegex(UserError, "neutralized copy"):
            store.action_test_connection()

    def test_what_the_original_has_to_send_is_not_the_copys(self):
        """The copy is connected to a sandbox of its own, and sends nothing of the past there."""
        address, access_id = self.account.base_url, self.account.access_id
        remote = self.place({"CHAIR": 1})
        order = self.ingest(remote)
        order.status = "cancelled"
        self.env["octopus.order.notification"]._enqueue(self.account, "1")
        self.env["octopus.stock.event"]._enqueue_products(self.chair)
        self.neutralize()
        self.assertFalse(order.push_status)
        self.assertFalse(self.env["octopus.order.notification"].search([]))
        self.assertFalse(self.env["octopus.stock.event"].search([]))
        self.account.write({"base_url": address, "access_id": access_id})
        self.account.action_test_connection()
        self.sandbox.forget_requests()
        self.work()
        with self.transaction() as env:
            env["octopus.order"]._cron_push_status()
            env["octopus.order.notification"]._cron_read_back()
        self.assertFalse(self.sandbox.requests())
