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
