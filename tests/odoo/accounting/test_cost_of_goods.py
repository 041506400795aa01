"""The cost of goods with real-time valuation: once for each move, with its own value."""

from odoo.tests import TransactionCase

from ..support.books import BooksMixin


class TestCostOfGoods(BooksMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = {
            "property_account_expense_categ_id": cls.make_account("COGS", "expense_direct_cost"),
            "property_stock_valuation_account_id": cls.make_account("Stock", "asset_current"),
            "property_account_income_categ_id": cls.make_account("Goods Income", "income"),
        }
        category = cls.env["product.category"].create(
            {
                "name": "Valued",
                "property_cost_method": "average",
                "property_valuation": "real_time",
                **{name: account.id for name, account in accounts.items()},
            }
        )
        cls.category = category
        cls.lamp = cls.make_goods("LAMP", categ_id=category.id, standard_price=10)
        cls.env["stock.quant"]._update_available_quantity(cls.lamp, cls.stock_location, 5)

    def sold(self, quantity=1, **fields):
        payload = self.payload({"LAMP": quantity}, **fields)
        order = self.ingest(payload)
        self.deduct()
        self.touch(order)
        return payload, order

    def test_the_cost_is_booked_once(self):
        _payload, order = self.sold()
        self.set_up(order)
        self.book()
        self.touch(order)
        self.book()
        self.days.search([]).sudo().action_book()
        sums = self.sums(self.moves())
        self.assertEqual((sums["COGS"], sums["Stock"]), (10, -10))

    def test_a_refund_with_restock_takes_the_cost_back_and_without_does_not(self):
        for restock, cost in ((True, None), (False, 10)):
            with self.subTest(restock=restock):
                payload, order = self.sold(source=f"SHOP {restock}")
                self.set_up(order)
                refund = self.with_refund(
                    payload, "10.00", restock=restock, financial_status="refunded"
                )
                self.ingest(refund, is_new=False)
                self.deduct()
                self.touch(order)
                self.book()
                self.days.search([("channel_id", "=", order.channel_id.id)]).sudo().action_book()
                self.assertEqual(self.sums(self.moves(order)).get("COGS"), cost)

    def test_an_invoice_later_books_no_cost_again(self):
        _payload, order = self.sold()
        self.set_up(order)
        self.book()
        self.days.search([]).sudo().action_book()
        order.action_create_invoice()
        self.assertEqual(order.invoice_id.amount_total, 10)
        self.assertEqual(order.invoice_id.payment_state, "paid")
        self.days.search([]).sudo().action_book()
        everything = self.moves() | order.invoice_id
        everything |= order.invoice_id._get_reconciled_amls().move_id
        self.assertEqual(
            self.sums(everything),
            {"Clearing": 10, "Goods Income": -10, "COGS": 10, "Stock": -10},
        )

    def test_goods_that_were_delivered_the_day_before_are_booked_on_that_day(self):
        _payload, order = self.sold(created_at="2026-11-20T10:00:00-05:00")
        order.line_ids.move_ids.date = "2026-11-19 12:00:00"
        self.set_up(order)
        self.book()
        by_day = {str(move.date): self.sums(move) for move in self.moves()}
        self.assertEqual(
            by_day,
            {
                "2026-11-19": {"COGS": 10, "Stock": -10},
                "2026-11-20": {"Clearing": 10, "Goods Income": -10},
            },
        )
        self.touch(order)
        self.book()
        self.assertEqual(len(self.moves()), 2)

    # === A PRICE THAT NO CENT DIVIDES === #

    def receive(self, quantity, worth):
        """Return a new product of which so many pieces came in for this amount together."""
        product = self.make_goods("BULB", categ_id=self.category.id)
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_location.id,
            }
        )
        move._action_confirm()
        move.write({"quantity": quantity, "picked": True})
        move._action_done()
        move.value_manual = worth
        return product

    def sell(self, quantity):
        payload = self.payload({"BULB": quantity})
        order = self.ingest(payload)
        self.deduct()
        self.touch(order)
        return payload, order

    def test_three_pieces_worth_ten_cost_what_their_moves_are_worth(self):
        self.receive(3, 10)
        payload, first = self.sell(1)
        self.set_up(first)
        refund = self.with_refund(payload, "10.00", restock=True, financial_status="refunded")
        self.ingest(refund, is_new=False)
        self.deduct()
        self.touch(first)
        _payload, second = self.sell(2)
        self.book()
        self.days.search([]).sudo().action_book()
        sums = self.sums(self.moves())
        # Sold 3.33, returned 3.33, sold 6.66: the cent that an average leaves is for the closing.
        self.assertEqual((sums["COGS"], sums["Stock"]), (6.66, -6.66))
        moves = (first | second).line_ids.move_ids
        self.assertEqual(sorted(moves.mapped("value")), [3.33, 3.33, 6.66])
        costs = (first | second).ledger_line_ids.filtered(lambda line: line.kind == "cost")
        self.assertEqual(len(costs), 3)
