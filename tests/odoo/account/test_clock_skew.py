"""The clock of the server is wrong: orders are neither missed nor taken from before the store was
connected, and nobody waits longer than Octopus asks for."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase

from ..support.orders import OrdersMixin


class TestClockSkew(OrdersMixin, TransactionCase):
    def connect_at(self, skew):
        """Return a store that is connected while our clock is wrong by `skew`."""
        with freeze_time(skew, tick=True):
            account = self.connect(name="Wrong clock", merchant_name="demo ")
            # The database's clock is the same machine's.
            self.env.cr.execute(
                "UPDATE octopus_account SET create_date = %s WHERE id = %s",
                [fields.Datetime.now(), account.id],
            )
            account.invalidate_recordset()
            account.write({"orders_since": account.create_date, "shop_name": False})
            account.action_test_connection()
        return account

    @classmethod
    def connect(cls, **values):
        cls.env["octopus.account"].search([]).active = False
        return super().connect(**{**values, "merchant_name": "demo"})

    def poll(self, account, skew):
        with freeze_time(skew, tick=True):
            account._queue_run("orders")
            self.work()
        self.env.invalidate_all()

    def test_an_order_whose_webhook_got_lost_is_found_and_deducted(self):
        for hours in (2, -2):
            with self.subTest(hours=hours):
                skew = timedelta(hours=hours)
                self.sandbox.reset()
                account = self.connect_at(skew)
                remote = self.place({"CHAIR": 1})
                self.poll(account, skew)
                order = self.orders.search([("account_id", "=", account.id)])
                self.assertEqual(order.aggregator_order_no, str(remote["id"]))
                self.assertEqual(order.stock_state, "waiting")
                # And one that comes later, when the watermark has moved.
                self.place({"TABLE": 1})
                self.poll(account, skew)
                self.assertEqual(self.orders.search_count([("account_id", "=", account.id)]), 2)

    def test_the_beginning_is_octopuss(self):
        """Our clock is slow: by it, the store was connected before the order was placed."""
        account = self.connect_at(timedelta(hours=-2))
        self.assertLess(abs(account.orders_since - fields.Datetime.now()), timedelta(minutes=2))

    def test_a_moment_that_somebody_chose_stays(self):
        with freeze_time(timedelta(hours=2), tick=True):
            account = self.connect(name="Chosen")
        chosen = fields.Datetime.now() - timedelta(days=7)
        account.write({"orders_since": chosen, "shop_name": False})
        with freeze_time(timedelta(hours=2), tick=True):
            account.action_test_connection()
        self.assertEqual(account.orders_since, chosen)
