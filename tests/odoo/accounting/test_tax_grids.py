"""The figures of the Belgian tax report, with Odoo's own taxes and grids."""

from odoo.tests import TransactionCase

from ..support.belgium import BelgiumMixin
from ..support.books import BooksMixin


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

    def refund(self, payload, day, net, tax):
        """Return the payload with a refund of its first line."""
        line = payload["line_items"][0]["id"]
        total = f"{float(net) + float(tax):.2f}"
        given = {
            "id": 5,
            "processed_at": f"{day}T12:00:00-05:00",
            "refund_line_items": [
                {"line_item_id": line, "quantity": 1, "subtotal": net, "total_tax": tax}
            ],
            "transactions": [{"kind": "refund", "status": "success", "amount": total}],
        }
        return self.changed(payload, refunds=[given], financial_status="partially_refunded")

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
        self.ingest(self.refund(taxed, "2026-11-21", "50.00", "10.50"), is_new=False)
        self.book()
        refund = self.moves() - moves
        self.assertEqual(self.grids(refund), {"49": 50, "64": 10.5})
        self.assertEqual(self.grids(moves), {"03": 107.02, "01": 10, "54": 23.07})

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
