"""When and where a packing slip was printed, and whether orders arrive at all."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from ..support.screens import ScreensCase


class TestPosPrint(ScreensCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_till = cls.env["pos.config"].create({"name": "Till 2"})
        cls.account.pos_config_ids += cls.other_till
        cls.here, cls.there = cls.till.with_user(cls.cashier), cls.other_till.with_user(cls.cashier)

    def test_the_order_says_when_and_where_its_slip_was_printed_last(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.assertIs(self.here.get_octopus_order(order.id)["printed_at"], False)
        self.here.set_octopus_printed([order.id])
        detail = self.there.get_octopus_order(order.id)
        self.assertEqual(detail["printed_by"], "Till 1")
        self.assertTrue(detail["printed_at"])
        self.there.set_octopus_printed([order.id])
        self.assertEqual(self.here.get_octopus_order(order.id)["printed_by"], "Till 2")

    def test_another_pos_marks_nothing_as_printed(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        foreign = self.env["pos.config"].create({"name": "Counter"}).with_user(self.cashier)
        foreign.set_octopus_printed([order.id])
        slips = self.env["octopus.order.print"]
        self.assertFalse(slips.search([]))
        with self.assertRaises(AccessError):
            slips.with_user(self.cashier)._set_printed(self.here, order)

    def test_the_bar_says_since_when_octopus_is_disconnected(self):
        now = fields.Datetime.now()
        self.account.last_orders_sync = now - timedelta(minutes=5)
        self.assertIs(self.here.get_octopus_summary()["disconnected_since"], False)
        self.account.state = "error"
        since = fields.Datetime.to_string(self.account.last_orders_sync)
        self.assertEqual(self.here.get_octopus_summary()["disconnected_since"], since)
        self.account.write({"state": "connected", "last_orders_sync": now - timedelta(minutes=20)})
        since = fields.Datetime.to_string(self.account.last_orders_sync)
        self.assertEqual(self.here.get_octopus_summary()["disconnected_since"], since)
