"""What an auditor tries: choices that changed since, rates that moved, locks, taxes that are set up
wrongly, accounts that are archived, books of two companies."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import mute_logger

from ..support.books import BooksMixin

DAY_2 = "2026-11-21T10:00:00-05:00"


class TestAudit(BooksMixin, TransactionCase):
    def held(self, order):
        """Return why the day of an order is held, after the worker."""
        self.book()
        day = order.ledger_line_ids.day_id
        self.assertEqual(day.state, "held")
        self.assertFalse(day.move_ids)
        return day.message

    def tax_distribution(self):
        """Return the lines that say where the tax goes: of invoices, of credit notes."""
        sides = (self.vat.invoice_repartition_line_ids, self.vat.refund_repartition_line_ids)
        return [lines.filtered(lambda line: line.repartition_type == "tax") for lines in sides]

    # === CHOICES === #

    def test_a_new_sale_takes_the_new_accounts_beside_a_refund_of_an_old_one(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")])
        booking_map = self.set_up(self.ingest(payload))
        self.book()
        booking_map.income_account_id = self.make_account("New Income", "income")
        booking_map.tax_map_ids.tax_id = self.make_tax(5)
        self.ingest(self.with_refund(payload, "100.00", "21.00"), is_new=False)
        new = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")], created_at=DAY_2))
        self.book()
        sums = {"Online Income": 100, "VAT 21": 21, "New Income": -100, "VAT 5": -21}
        self.assertEqual(self.sums(self.moves(new)), sums)

    def test_a_refund_of_what_a_correction_added_takes_the_accounts_of_the_correction(self):
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        booking_map = self.set_up(order)
        self.book()
        chair = payload["line_items"][0]
        table = {**chair, "id": 5, "sku": "TABLE", "quantity": 1}
        more = self.changed(payload, line_items=[chair, table], total_price="20.00")
        self.ingest(more, is_new=False)
        self.book()
        self.days.search([("state", "=", "open")]).sudo().action_book()
        booking_map.income_account_id = self.make_account("New Income", "income")
        self.ingest(self.changed(more, cancelled_at=DAY_2), is_new=False)
        self.book()
        self.days.search([("state", "=", "open")]).sudo().action_book()
        self.assertEqual(self.sums(self.moves()), {})

    def test_orders_are_looked_at_again_when_the_first_day_or_the_tolerance_changes(self):
        early = self.ingest(self.payload({"CHAIR": 1}))
        odd = self.ingest(self.payload({"CHAIR": 2}, total_price="20.50"))
        booking_map = self.set_up(early, start_day="2026-11-21")
        self.book()
        self.assertFalse(self.moves())
        booking_map.start_day = "2026-11-01"
        self.book()
        self.assertTrue(self.moves(early))
        self.assertIn("raise the tolerance", odd.ledger_message)
        booking_map.tolerance = 0.5
        self.book()
        self.assertFalse(odd.ledger_message)
        sums = {"Clearing": 30.5, "Online Income": -30, "Rounding": -0.5}
        self.assertEqual(self.sums(self.moves()), sums)

    def test_an_order_keeps_the_day_of_its_payment_when_it_is_looked_at_again(
        self,
    ):
        payload = self.payload({"CHAIR": 1}, financial_status="pending")
        order = self.ingest(payload)
        booking_map = self.set_up(order, sale_rule="paid")
        self.book()
        booking_map.start_day = "2026-11-02"
        self.ingest(self.changed(payload, financial_status="paid"), is_new=False)
        self.book()
        self.assertGreater(order.paid_at, order.transaction_time)

    # === RATES === #

    def test_a_sale_and_a_refund_of_a_day_at_rates_that_are_far_apart(self):
        pound = self.env.ref("base.GBP")
        pound.active = True
        for day, rate in (("2026-11-01", 0.5), ("2026-11-21", 0.8)):
            self.env["res.currency.rate"].create(
                {"currency_id": pound.id, "name": day, "rate": rate}
            )
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")], currency="GBP")
        self.set_up(self.ingest(payload))
        self.book()
        sale = self.moves()
        self.ingest(self.with_refund(payload, "99.00", "20.79"), is_new=False)
        self.ingest(self.taxed([("TABLE", 1, "100.00", "21.00")], currency="GBP", created_at=DAY_2))
        self.book()
        second = self.moves() - sale
        clearing = second.line_ids.filtered(lambda item: item.account_id.name == "Clearing")
        # In pounds the channel owes more, in the company's currency less.
        self.assertAlmostEqual(sum(clearing.mapped("amount_currency")), 1.21, 2)
        self.assertAlmostEqual(sum(clearing.mapped("balance")), 151.25 - 239.58, 2)
        self.assertEqual(
            self.by_tag(second),
            {"base 21": 125, "tax 21": 26.25, "refund base 21": -198, "refund tax 21": -41.58},
        )
        self.assert_balanced()

    def test_thirty_orders_that_each_round_in_the_conversion(self):
        pound = self.env.ref("base.GBP")
        pound.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": pound.id, "name": "2026-11-01", "rate": 0.777}
        )
        orders = [
            self.ingest(self.taxed([("CHAIR", 1, "0.07", "0.01")], currency="GBP"))
            for _number in range(30)
        ]
        self.set_up(orders[0])
        self.book()
        move = self.moves()
        clearing = move.line_ids.filtered(lambda item: item.account_id.name == "Clearing")
        self.assertAlmostEqual(clearing.amount_currency, 2.4, 2)
        self.assertAlmostEqual(clearing.balance, 3.09, 2)
        self.assertLessEqual(abs(self.sums(move).get("Rounding", 0)), 0.02)

    # === TAXES AND ACCOUNTS THAT ARE SET UP WRONGLY === #

    def test_a_tax_that_cancels_itself_out_is_not_hidden_as_a_rounding(self):
        order = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(order)
        for of_tax in self.tax_distribution():
            of_tax.copy({"factor_percent": -100})
        message = self.held(order)
        self.assertIn("something else", message)
        self.assertIn("21.00", message)

    def test_an_account_that_was_archived_holds_the_day_and_says_so(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        booking_map = self.set_up(order)
        booking_map.income_account_id.active = False
        self.assertIn("Odoo refused the entry", self.held(order))
        booking_map.income_account_id.active = True
        self.book()
        self.assertEqual(order.ledger_line_ids.day_id.state, "booked")

    def test_a_tax_whose_rate_changed_books_what_the_channel_charged(self):
        order = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(order)
        self.vat.amount = 19
        self.book()
        self.assertEqual(self.sums(self.moves())["VAT 21"], -21)

    # === LOCKS === #

    def test_a_sale_without_tax_that_stands_in_the_tax_report_keeps_to_its_lock_date(self):
        free = self.make_tax(0)
        payload = self.taxed([("CHAIR", 1, "100.00", "8.25")], "0.0825", source="AMAZON")
        order = self.ingest({**payload, "total_price": "100.00"})
        self.set_up(order, taxes=False, marketplace_tax_id=free.id)
        self.company.tax_lock_date = date(2026, 11, 22)
        self.book()
        self.assertEqual(str(self.moves(order).date), "2026-11-23")
        self.assertIn("2026-11-20", self.moves(order).ref)
        self.assertEqual(self.by_tag(self.moves()), {"base 0": 100})

    # === COMPANIES AND RIGHTS === #

    def test_the_preview_has_the_accounts_of_the_company_of_the_store(self):
        income = self.make_account("Chairs", "income")
        self.chair.with_company(self.company).property_account_income_id = income
        booking_map = self.set_up(self.ingest(self.payload({"CHAIR": 1})))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        groups = "base.group_user,account.group_account_manager"
        ann = new_test_user(self.env, "ann", groups, company_id=elsewhere.id)
        ann.company_ids |= self.company
        preview = self.env["octopus.booking.preview"].with_user(ann)
        companies = (elsewhere | self.company).ids
        preview = preview.with_context(allowed_company_ids=companies).create(
            {"map_id": booking_map.id, "day": "2026-11-20"}
        )
        preview.action_show()
        self.assertIn(income, preview.line_ids.account_id)

    # === WHAT STAYS === #

    def test_what_is_open_on_an_account_stays_open_when_another_one_is_chosen(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        booking_map = self.set_up(order)
        self.book()
        old = booking_map.clearing_account_id
        booking_map.clearing_account_id = self.make_account(
            "New Clearing", "asset_current", reconcile=True
        )
        self.ingest(self.payload({"CHAIR": 2}))
        self.book()
        rows = self.env["octopus.clearing"].search([])
        by_account = {row.clearing_account_id: row.amount_open for row in rows}
        self.assertEqual(by_account, {old: 10, booking_map.clearing_account_id: 20})
        payout = self.env["octopus.payout"]._clearing_accounts(self.company)
        self.assertEqual(payout, old | booking_map.clearing_account_id)

    def test_the_accounting_of_a_channel_in_the_books_is_not_deleted(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        booking_map = self.set_up(order)
        other = self.ingest(self.payload({"CHAIR": 1}, source="OTHER"))
        unused = self.env["octopus.booking.map"].create({"channel_id": other.channel_id.id})
        self.book()
        with self.assertRaisesRegex(UserError, "Press Stop Booking"):
            booking_map.unlink()
        unused.unlink()
        self.assertTrue(booking_map.exists())

    @mute_logger("odoo.sql_db")
    def test_a_store_or_channel_in_the_books_is_not_deleted(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.set_up(order)
        self.book()
        for record in (order.channel_id, self.account):
            with self.assertRaises(IntegrityError):
                record.unlink()
        self.assertTrue(order.ledger_line_ids.move_id)

    def test_the_tax_distribution_of_a_split_tax_is_booked_in_its_parts(self):
        order = self.ingest(self.taxed([("CHAIR", 3, "3.33", "2.11")]))
        self.set_up(order)
        half = self.make_account("City Tax", "liability_current")
        for of_tax in self.tax_distribution():
            of_tax.factor_percent = 50
            of_tax.copy({"account_id": half.id})
        self.book()
        sums = self.sums(self.moves())
        self.assertAlmostEqual(sums["VAT 21"] + sums["City Tax"], -2.11, 2)
        self.assertAlmostEqual(sums["VAT 21"], sums["City Tax"], 1)
        self.assertEqual(set(sums), {"Clearing", "Online Income", "VAT 21", "City Tax"})


class YenMixin:
    """``cls.env.company`` has books in yen, without decimals; stand behind the mixin of a store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        country, yen = cls.env.ref("base.jp"), cls.env.ref("base.JPY")
        yen.active = True
        company = cls.env["res.company"].create(
            {
                "name": "Tokyo",
                "country_id": country.id,
                "account_fiscal_country_id": country.id,
                "currency_id": yen.id,
            }
        )
        cls.env.user.company_ids += company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        cls.env["account.tax.group"].create(
            {"name": "Tax", "country_id": country.id, "company_id": company.id}
        )
        cls.env["account.journal"].create(
            {"name": "Sales", "code": "INV", "type": "sale", "company_id": company.id}
        )


class TestYen(BooksMixin, YenMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.USD").id,
                "name": "2026-11-01",
                "rate": 0.0067,
                "company_id": self.company.id,
            }
        )

    def test_the_tolerance_is_in_the_currency_of_the_company(self):
        near, far = (
            self.ingest(self.payload({"CHAIR": 1}, total_price=total, currency="USD"))
            for total in ("10.03", "10.04")
        )
        self.set_up(near, tolerance=5)  # yen: 0.0335 dollars
        self.book()
        self.assertEqual(near.ledger_line_ids.total, 10.03)
        self.assertIn("raise the tolerance", far.ledger_message)

    def test_orders_in_yen_and_in_dollars(self):
        in_yen = self.ingest(self.taxed([("CHAIR", 3, "333", "99"), ("TABLE", 1, "1", "0")], "0.1"))
        self.set_up(in_yen)
        for _number in range(3):
            self.ingest(self.taxed([("CHAIR", 3, "3.33", "2.10")], "0.1", currency="USD"))
        self.book()
        self.env["octopus.booking.tax"].search([]).tax_id = self.vat
        self.days.search([]).sudo().action_book()
        by_currency = {move.octopus_day_id.currency_id.name: move for move in self.moves()}
        self.assertEqual(
            self.sums(by_currency["JPY"]), {"Clearing": 1099, "Online Income": -1000, "VAT 21": -99}
        )
        move = by_currency["USD"]
        clearing = move.line_ids.filtered(lambda item: item.account_id.name == "Clearing")
        self.assertEqual((clearing.amount_currency, clearing.balance), (36.27, 5413))
        self.assertEqual(self.by_tag(move), {"base 21": 4473, "tax 21": 940})
        self.assert_balanced()
