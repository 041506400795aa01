"""The figures of the Belgian tax report, with Odoo's own taxes and grids."""

from odoo.tests import TransactionCase

from ..support.belgium import BelgiumMixin
from ..support.books import MANY_DECIMALS, BooksMixin


class TestTaxGrids(BooksMixin, BelgiumMixin, TransactionCase):
    def booked(self, *payloads, **taxes):
        """Return the entries of these orders, whose taxes are those of the chart.

        :param taxes: reference of a tax of the chart by the percentage of the channel's
        """
        chosen = {name: self.chart_tax(ref) for name, ref in taxes.items()}
        orders = [self.ingest(payload) for payload in payloads]
        booking_map = self.set_up(
            orders[0], taxes=False, income_account_id=self.chart_account("a7000")
        )
        for tax in booking_map.tax_map_ids:
            tax.tax_id = chosen[f"of_{tax.percentage.rstrip('%')}"]
        self.book()
        self.assert_balanced()
        return self.moves()

    def test_sales_of_two_rates_and_a_refund(self):
        taxed = self.taxed([("CHAIR", 2, "50.00", "21.00"), ("TABLE", 1, "7.02", "1.47")])
        reduced = self.taxed([("CHAIR", 1, "10.60", "0.60")], "0.06", included=True)
        moves = self.booked(taxed, reduced, of_21="21-L", of_6="06-L")
        self.assertEqual(self.grids(moves), {"03": 107.02, "01": 10, "54": 23.07})
        self.assertEqual(
            self.sums(moves),
            {
                "Clearing": 140.09,
                "Sales of Goods in Belgium": -117.02,
                "VAT Payable": -23.07,
            },
        )
        self.ingest(self.with_refund(taxed, "50.00", "10.50"), is_new=False)
        self.book()
        refund = self.moves() - moves
        self.assertEqual(self.grids(refund), {"49": 50, "64": 10.5})
        self.assertEqual(self.grids(moves), {"03": 107.02, "01": 10, "54": 23.07})

    def later(self, payload, *, is_open=False):
        """Return the figures of the entries that a changed order makes."""
        known = self.moves()
        self.ingest(payload, is_new=False)
        self.book()
        if is_open:
            self.days.search([("state", "=", "open")]).sudo().action_book()
        self.assert_balanced()
        return self.grids(self.moves() - known)

    # === THE CASES OF TEST_CASES, WITH TAXES === #

    def test_round_globally_with_many_decimals(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        moves = self.booked(*map(self.taxed, MANY_DECIMALS), of_21="21-L")
        self.assertEqual(self.grids(moves), {"03": 228.05, "54": 47.88})
        self.assertEqual(self.sums(moves)["Clearing"], 275.93)

    def test_a_total_of_500_that_becomes_350(self):
        payload = self.taxed([("CHAIR", 10, "50.00", "105.00")])
        moves = self.booked(payload, of_21="21-L")
        smaller = self.taxed([("CHAIR", 7, "50.00", "73.50")])
        names = ("line_items", "total_tax", "total_price")
        changed = self.changed(payload, **{name: smaller[name] for name in names})
        self.assertEqual(self.later(changed, is_open=True), {"49": 150, "64": 31.5})
        self.assertEqual(self.grids(moves), {"03": 500, "54": 105})

    def test_a_discount_over_two_lines_of_which_one_is_cancelled(self):
        payload = self.taxed(
            [("CHAIR", 1, "60.00", "11.34"), ("TABLE", 1, "40.00", "7.56")],
            total_discounts="10.00",
            total_price="108.90",
        )
        moves = self.booked(payload, of_21="21-L")
        self.assertEqual(self.grids(moves), {"03": 90, "54": 18.9})
        refund = self.with_refund(payload, "36.00", "7.56", line=1)
        self.assertEqual(self.later(refund), {"49": 36, "64": 7.56})

    def test_shipping_that_is_discounted_to_nothing(self):
        ways = [{"title": "Standard", "price": "10.00", "discounted_price": "0.00"}]
        moves = self.booked(
            self.taxed(
                [("CHAIR", 5, "10.00", "10.50")],
                shipping_lines=ways,
                total_discounts="10.00",
                total_price="60.50",
            ),
            of_21="21-L",
        )
        self.assertEqual(self.sums(moves)["Clearing"], 60.5)
        self.assertEqual(self.grids(moves)["54"], 10.5)

    def test_a_gift_card_stands_in_no_grid_before_it_is_used(self):
        card = {"id": 9, "title": "Gift card", "gift_card": True, "quantity": 1, "price": "50.00"}
        sold = self.payload({}, line_items=[{**card, "requires_shipping": False}])
        self.assertEqual(self.grids(self.booked({**sold, "total_price": "50.00"})), {})
        paid = [{"gateway": "gift_card", "kind": "sale", "status": "success", "amount": "30.00"}]
        used = self.taxed([("CHAIR", 1, "80.00", "16.80")], transactions=paid)
        self.ingest(used)
        self.book()
        self.env["octopus.booking.tax"].search([]).tax_id = self.chart_tax("21-L")
        self.days.search([("state", "!=", "booked")]).sudo().action_book()
        self.assertEqual(self.grids(self.moves()), {"03": 80, "54": 16.8})
        self.assertEqual(self.sums(self.moves())["Clearing"], 116.8)

    def test_a_refund_with_a_tip_and_a_fee_gives_back_the_tax_of_the_goods(self):
        payload = self.taxed(
            [("CHAIR", 10, "10.00", "21.00")], total_tip_received="5.00", total_price="126.00"
        )
        self.booked(payload, of_21="21-L")
        tip = [{"kind": "refund_tip", "amount": "-5.00", "tax_amount": "0"}]
        refund = self.with_refund(
            payload, "100.00", "21.00", quantity=10, amount="116.00", order_adjustments=tip
        )
        self.assertEqual(self.later(refund), {"49": 100, "64": 21})
        self.assertEqual(self.sums(self.moves()), {"Clearing": 10, "Fees": -10})

    def test_a_refund_of_one_cent_more_than_the_order(self):
        payload = self.taxed([("CHAIR", 1, "10.00", "2.10")])
        self.booked(payload, of_21="21-L")
        refund = self.with_refund(payload, "10.00", "2.10", amount="12.11")
        self.assertEqual(self.later(refund), {"49": 10, "64": 2.1})
        self.assertEqual(self.sums(self.moves()), {"Clearing": -0.01, "Rounding": 0.01})

    def test_an_invoice_stands_in_the_grids_of_the_sale_that_it_takes_back(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")])
        moves = self.booked(payload, of_21="21-L")
        order = self.orders.search([("ledger_line_ids.move_id", "in", moves.ids)])
        receivable = self.make_account("Customers", "asset_receivable")
        defaults = self.env["ir.default"]
        defaults.set("res.partner", "property_account_receivable_id", receivable.id)
        order.action_create_invoice()
        self.days.search([("state", "=", "open")]).sudo().action_book()
        back = self.moves() - moves
        self.assertEqual(self.grids(order.invoice_id), {"03": 100, "54": 21})
        self.assertEqual(self.grids(back), {"49": 100, "64": 21})

    # === THE CHANNEL AND ITS CURRENCIES === #

    def test_a_cancellation_stands_in_the_grids_of_credit_notes(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")])
        moves = self.booked(payload, of_21="21-L")
        cancelled = self.changed(payload, cancelled_at="2026-11-21T12:00:00-05:00")
        self.ingest(cancelled, is_new=False)
        self.book()
        self.days.search([("state", "=", "open")]).sudo().action_book()
        self.assertEqual(self.grids(self.moves()), {"03": 100, "54": 21, "49": 100, "64": 21})
        self.assertEqual(self.sums(self.moves()), {})
        self.assertEqual(self.grids(moves), {"03": 100, "54": 21})

    def test_sales_of_a_channel_that_pays_the_tax_have_a_grid_of_their_own(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")], source="AMAZON")
        order = self.ingest({**payload, "total_price": "100.00"})
        self.set_up(order, taxes=False, marketplace_tax_id=self.chart_tax("00-EU-L").id)
        self.book()
        self.assertEqual(self.grids(self.moves()), {"46L": 100})
        self.assertEqual(self.sums(self.moves()), {"Clearing": 100, "Online Income": -100})

    def test_orders_in_pounds_of_a_company_in_euros(self):
        # The customer paid in Icelandic crowns, which is no concern of the books.
        pound = self.env.ref("base.GBP")
        pound.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": pound.id,
                "name": "2026-11-01",
                "rate": 0.8,
                "company_id": self.company.id,
            }
        )
        money = {"shop_money": {"amount": "121.00", "currency_code": "GBP"}}
        money["presentment_money"] = {"amount": "20812", "currency_code": "ISK"}
        moves = self.booked(
            self.taxed(
                [("CHAIR", 1, "100.00", "21.00")],
                currency="GBP",
                presentment_currency="ISK",
                total_price_set=money,
            ),
            of_21="21-L",
        )
        clearing = moves.line_ids.filtered(lambda item: item.account_id.name == "Clearing")
        self.assertEqual((clearing.currency_id, clearing.amount_currency), (pound, 121))
        self.assertEqual(clearing.balance, 151.25)
        self.assertEqual(self.grids(moves), {"03": 125, "54": 26.25})
