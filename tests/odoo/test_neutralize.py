"""A neutralized copy of the database is cut off from Octopus."""

from odoo.exceptions import UserError
from odoo.modules.neutralize import get_neutralization_queries

from .common import OctopusCase


class TestNeutralize(OctopusCase):
    def test_a_copy_cannot_reach_octopus_nor_be_reached(self):
        run = self.env["octopus.sync.run"]._queue(self.account, "categories")
        queries = list(get_neutralization_queries(["linga_octopus"]))
        self.assertTrue(queries, "Odoo does not find the file")
        self.env.flush_all()
        for query in queries:
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.account.access_id)
        self.assertFalse(self.account.webhook_token)
        self.assertFalse(self.account.auto_stock_sync)
        self.assertEqual(self.account.state, "subscribed")
        self.assertEqual(run.state, "stopped")
        with self.assertRaises(UserError):
            self.account.action_test_connection()
        with self.assertRaises(UserError):
            self.account.action_sync_categories()
