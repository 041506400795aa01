"""The examples of docs/accounting.md: their tables are read, and booked."""

from collections import defaultdict
from itertools import takewhile
from pathlib import Path

from odoo.tests import TransactionCase

from ..support.belgium import BelgiumMixin
from ..support.books import BooksMixin

DOCUMENT = Path(__file__).parents[3] / "docs" / "accounting.md"


def tables(heading):
    """Return the tables below a heading of the document, each as a list of dicts."""
    text = DOCUMENT.read_text().partition(f"\n## {heading}\n")[2]
    found, lines = [], iter(text.partition("\n## ")[0].splitlines())
    for line in lines:
        if line.startswith("|"):
            rows = [line, *takewhile(lambda it: it.startswith("|"), lines)]
            names, _rule, *cells = ([cell.strip() for cell in row.split("|")[1:-1]] for row in rows)
            found.append([dict(zip(names, values, strict=True)) for values in cells])
    return found


def number(text):
    return float(text or 0)


def balances(rows):
    """Return the balances of the rows of an entry by account."""
    sums = defaultdict(float)
    for row in rows:
        sums[row["account"]] += number(row["debit"]) - number(row["credit"])
    return {name: round(value, 2) for name, value in sums.items()}


class ExamplesMixin(BooksMixin):
    NAMES = {
        "clearing_account_id": "Online Clearing",
        "shipping_account_id": "Shipping Income",
        "gift_card_account_id": "Gift Cards Outstanding",
        "tip_account_id": "Tips to Pay Out",
        "difference_account_id": "Fees and Goodwill",
    }

    def set_up(self, order, **values):
        """Override: the accounts have the names of the document."""
        booking_map = super().set_up(order, **values)
        for field, name in self.NAMES.items():
            booking_map[field].name = name
        self.vat.invoice_repartition_line_ids.account_id.name = "Sales Tax Payable"
        return booking_map

    def items(self, *prices, **fields):
        return [
            {"id": at, "sku": "CHAIR", "title": "Chair", "quantity": 1, "price": price, **fields}
            for at, price in enumerate(prices, 1)
        ]


class TestUnitedStates(ExamplesMixin, TransactionCase):
    NAMES = {**ExamplesMixin.NAMES, "clearing_account_id": "Online Clearing Shopify"}
    HEADING = "Example: a shop in the United States"

    def sold(self, row):
        """Return the payload of a row of the table of orders."""
        tax = {"title": "Sales Tax", "rate": 0.0825, "price": row["tax"]}
        payload = self.payload(
            {},
            line_items=self.items(row["goods"], tax_lines=[tax]),
            total_discounts=f"{abs(number(row['discount'])):.2f}",
            total_tax=row["tax"],
            total_tip_received=row["tip"] or "0",
            total_price=row["check total"],
        )
        if row["shipping"]:
            payload["shipping_lines"] = [{"title": "Standard", "price": row["shipping"]}]
        if "gift card" in row["paid with"]:
            amount = row["paid with"].partition("gift card ")[2].partition(",")[0]
            payload["transactions"] = [
                {"gateway": "gift_card", "kind": "sale", "status": "success", "amount": amount}
            ]
        return payload

    def test_a_day_a_gift_card_and_the_payout(self):
        orders, entry, gift_card = tables(self.HEADING)
        ingested = [self.ingest(self.sold(row)) for row in orders]
        self.set_up(ingested[0])
        self.book()
        self.assertEqual(self.sums(self.moves()), balances(entry))
        card = self.items("50.00", gift_card=True, requires_shipping=False)
        self.ingest(
            self.payload(
                {},
                line_items=card,
                total_price="50.00",
                created_at="2026-11-21T10:00:00-05:00",
            )
        )
        self.book()
        self.assertEqual(self.sums(self.moves()[1]), balances(gift_card))
        self.pay_out(self.moves()[0])

    def pay_out(self, move):
        """Match the payout of the first day, as the document does."""
        (payout,) = tables("Payouts")
        expected = balances(payout)
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        bank.default_account_id.name = "Bank"
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": bank.id,
                "date": "2026-11-25",
                "payment_ref": "Payout",
                "amount": expected["Bank"],
            }
        )
        wizard = self.env["octopus.payout"].create({"statement_line_id": line.id})
        wizard.item_ids = move.line_ids.filtered(
            lambda item: item.account_id == wizard.clearing_account_id
        )
        wizard.fee_account_id = self.make_account("Channel Fees", "expense")
        wizard.action_match()
        self.assertEqual(self.sums(line.move_id), expected)

    def test_a_marketplace_that_pays_the_tax(self):
        (entry,) = tables("Marketplaces that pay the tax")
        self.NAMES = {**self.NAMES, "clearing_account_id": "Online Clearing Amazon"}
        payload = self.taxed([("CHAIR", 1, "100.00", "8.25")], "0.0825", source="AMAZON")
        self.set_up(self.ingest({**payload, "total_price": "100.00"}), taxes=False)
        self.book()
        self.assertEqual(self.sums(self.moves()), balances(entry))

    def test_a_refund_with_a_restocking_fee(self):
        (entry,) = tables("Refunds")
        self.NAMES = ExamplesMixin.NAMES
        payload = self.payload({"CHAIR": 10})
        self.set_up(self.ingest(payload))
        self.book()
        sale = self.moves()
        self.ingest(self.with_refund(payload, "100.00", amount="90.00"), is_new=False)
        self.book()
        self.assertEqual(self.sums(self.moves() - sale), balances(entry))

    def test_a_change_after_booking_and_an_invoice(self):
        before, correction, invoice = tables("Changes and invoices, day by day")
        self.NAMES = ExamplesMixin.NAMES
        payload = self.taxed([("CHAIR", 5, "20.00", "8.25")], "0.0825", title="Sales Tax")
        order = self.ingest(payload)
        self.set_up(order)
        self.book()
        sale = self.moves()
        self.assertEqual(self.sums(sale), balances(before))
        changed = self.taxed([("CHAIR", 4, "20.00", "6.60")], "0.0825", title="Sales Tax")
        names = ("line_items", "total_tax", "total_price")
        self.ingest(self.changed(payload, **{it: changed[it] for it in names}), is_new=False)
        self.book()
        self.days.search([("state", "=", "open")]).sudo().action_book()
        self.assertEqual(self.sums(self.moves() - sale), balances(correction))
        known = self.moves()
        order.action_create_invoice()
        self.days.search([("state", "=", "open")]).sudo().action_book()
        document = order.invoice_id
        receivable = document.line_ids.account_id.filtered(
            lambda account: account.account_type == "asset_receivable"
        )
        receivable.name = "Receivable"
        found = document | document._get_reconciled_amls().move_id | (self.moves() - known)
        by_entry = [self.sums(move) for move in found.sorted("id")]
        expected = defaultdict(list)
        for row in invoice:
            expected[row["entry"]].append(row)
        self.assertEqual(by_entry, [balances(rows) for rows in expected.values()])


class TestEuropeanUnion(ExamplesMixin, BelgiumMixin, TransactionCase):
    def test_two_days_and_their_grids(self):
        (rows,) = tables("Example: a shop in the European Union")
        first = self.taxed([("CHAIR", 2, "60.50", "21.00")], "0.21", included=True)
        second = self.taxed([("TABLE", 1, "10.60", "0.60")], "0.06", included=True)
        order = self.ingest(first)
        self.ingest(second)
        booking_map = self.set_up(order, income_account_id=self.chart_account("a7000"))
        chosen = {"21%": self.chart_tax("21-L"), "6%": self.chart_tax("06-L")}
        for tax in booking_map.tax_map_ids:
            tax.tax_id = chosen[tax.percentage]
        self.book()
        self.ingest(self.with_refund(first, "60.50", "10.50", amount="60.50"), is_new=False)
        self.book()
        for move, day in zip(self.moves(), ("Monday", "Tuesday"), strict=True):
            of_day = [row for row in rows if row["day"] == day]
            self.assertEqual(self.sums(move), balances(of_day))
            grids = defaultdict(float)
            for row in of_day:
                grids[row["grid"]] += number(row["debit"]) + number(row["credit"])
            grids.pop("")
            self.assertEqual(self.grids(move), dict(grids))
