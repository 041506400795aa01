"""The demo data of the addon: a store that calls nobody, and twenty orders of its channels."""

from odoo.tests import TransactionCase
from odoo.tools.convert import convert_file

MODULE = "linga_octopus"
DEMO = ("demo/octopus_account_demo.xml", "demo/octopus_order_demo.xml")


class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        goods = {"FURN_7777": "Office Chair", "E-COM07": "Large Cabinet", "FURN_8855": "Drawer"}
        for code, name in goods.items():  # some of those that Odoo's demo data bring
            product = {"name": name, "default_code": code, "is_storable": True}
            cls.env["product.product"].create(product)
        for file in DEMO:
            convert_file(cls.env, MODULE, file, {}, mode="init", noupdate=True)
        cls.account = cls.env.ref(f"{MODULE}.octopus_account_demo")
        cls.orders = cls.env["octopus.order"].search([("account_id", "=", cls.account.id)])

    def test_the_store_cannot_call_octopus(self):
        self.assertEqual(self.account.state, "subscribed")
        self.assertFalse(self.account.merchant_name or self.account.access_id)
        self.assertTrue(self.account.location_ids.warehouse_id)

    def test_twenty_orders_of_many_channels_in_every_status(self):
        self.assertEqual(len(self.orders), 20)
        self.assertGreaterEqual(len(self.account.channel_ids), 8)
        self.assertEqual(
            set(self.orders.mapped("status")), {"take_action", "completed", "cancelled"}
        )
        self.assertGreaterEqual(
            len(self.orders.filtered(lambda order: order.status == "take_action")), 5
        )

    def test_their_times_are_those_of_the_last_days(self):
        times = self.orders.mapped("transaction_time")
        now = self.env.cr.now()
        self.assertLess(max(times), now)
        self.assertLess((now - max(times)).days, 1)
        self.assertLess((now - min(times)).days, 8)

    def test_they_are_read_without_a_notice(self):
        self.assertFalse(self.orders.filtered("unread"))
        self.assertTrue(self.orders.line_ids.filtered("product_id"))
