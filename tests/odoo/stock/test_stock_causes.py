"""Stock follows sales at the Point of Sale, at once or at its closing, online orders, and the
moments at which a product is published."""

import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields

from ..support.clock import ClockMixin
from ..support.orders import OrdersMixin
from ..support.stock import StockCase


class TestOctopusStockTill(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.env.company, install_demo=False
            )
        cls.till = cls.env["pos.config"].create({"name": "Till"})

    def setUp(self):
        super().setUp()
        self.count(self.chair, 10)
        self.count(self.table, 10)
        self.push()

    def open_till(self, update_stock):
        """Return a session of the till that takes goods out of stock then."""
        self.env.company.point_of_sale_update_stock_quantities = update_stock
        self.till.open_ui()
        session = self.till.current_session_id
        session.set_opening_control(0, None)
        return session

    def sell(self, session, *products):
        """Sell one of each product for cash."""
        cash = session.payment_method_ids.filtered("is_cash_count")[:1]
        total = 10 * len(products)
        order = {
            "amount_paid": total,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": total,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "pricelist_id": session.config_id.pricelist_id.id,
            "name": "Order",
            "last_order_preparation_change": "{}",
            "lines": [
                Command.create(
                    {
                        "id": product.id,
                        "pack_lot_ids": [],
                        "price_unit": 10,
                        "product_id": product.id,
                        "price_subtotal": 10,
                        "price_subtotal_incl": 10,
                        "qty": 1,
                        "tax_ids": [Command.set([])],
                    }
                )
                for product in products
            ],
            "partner_id": False,
            "session_id": session.id,
            "payment_ids": [
                Command.create(
                    {
                        "amount": total,
                        "name": fields.Datetime.now(),
                        "payment_method_id": cash.id,
                    }
                )
            ],
            "uuid": str(uuid.uuid4()),
            "user_id": self.env.uid,
            "to_invoice": False,
        }
        self.env["pos.order"].sync_from_ui([order])

    def test_a_sale_in_real_time(self):
        session = self.open_till("real")
        self.sell(session, self.chair, self.table)
        self.assertEqual(set(self.waiting()), {self.chair, self.table})
        self.push()
        self.assertEqual(self.remote(), {"Chair": 9, "Table": 9})

    def test_sales_of_a_point_of_sale_that_updates_stock_when_it_is_closed(self):
        session = self.open_till("closing")
        self.sell(session, self.chair)
        self.sell(session, self.chair, self.table)
        self.assertFalse(self.waiting())
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        self.assertEqual(set(self.waiting()), {self.chair, self.table})
        self.push()
        self.assertEqual(self.remote(), {"Chair": 8, "Table": 9})


class TestOctopusStockOnlineOrder(OrdersMixin, StockCase):
    def setUp(self):
        super().setUp()
        self.env["octopus.stock.event"]._enqueue_products(self.chair + self.table)
        self.push()
        self.assertEqual(self.remote(), {"CHAIR": 10, "TABLE": 5})

    def test_an_online_order_and_its_cancellation(self):
        order = self.order({"CHAIR": 2, "TABLE": 1})
        self.assertEqual(set(self.waiting()), {self.chair, self.table})
        self.push()
        self.assertEqual(self.remote(), {"CHAIR": 8, "TABLE": 4})
        order.status = "cancelled"
        self.push()
        self.assertEqual(self.remote(), {"CHAIR": 10, "TABLE": 5})

    def test_an_order_below_zero_is_shown_as_zero_until_goods_come(self):
        self.order({"TABLE": 8})
        self.push()
        self.assertEqual(self.remote()["TABLE"], 0)
        suppliers = self.env.ref("stock.stock_location_suppliers")
        self.deliver(self.table, 4, suppliers, self.stock)
        self.push()
        self.assertEqual(self.remote()["TABLE"], 1)


class TestOctopusStockPeriods(ClockMixin, StockCase):
    """Nobody touches the product: just the time passes."""

    def setUp(self):
        super().setUp()
        self.count(self.chair, 10)
        self.count(self.table, 5)
        self.push()

    def test_the_moments_of_a_product_change_its_stock(self):
        with self.turned_clock() as clock:
            now = fields.Datetime.now()
            self.chair.octopus_publish_until = now + timedelta(hours=2)
            self.table.octopus_publish_from = now + timedelta(hours=1)
            self.push()
            self.assertEqual(self.remote(), {"Chair": 10, "Table": 0})
            clock.tick(timedelta(hours=1))
            self.push()
            self.assertEqual(self.remote(), {"Chair": 10, "Table": 5})
            clock.tick(timedelta(hours=1))
            self.push()
            self.assertEqual(self.remote(), {"Chair": 0, "Table": 5})
            # A moment is looked for once.
            clock.tick(timedelta(minutes=1))
            with patch.object(
                type(self.env["octopus.stock.event"]), "_enqueue_products"
            ) as enqueue:
                self.push()
            enqueue.assert_not_called()
