"""Cases that must come out right, with the numbers of public bug reports of other connectors.

Each case, and what proves it; tests without a file are here, and those with taxes once more in
test_tax_grids with the figures of the Belgian tax report:

- rounded globally with many decimals: test_round_globally_with_many_decimals
- yen and Chilean pesos, 1 and 2 with 19 % included: test_a_currency_without_decimals
- 12.345 dinars: test_a_currency_with_three_decimals
- a company in euros, orders in pounds, paid in Icelandic crowns:
  test_tax_grids.test_orders_in_pounds_of_a_company_in_euros
- an order of 30 June that comes on 2 July, sales locked:
  test_days.test_an_order_of_june_that_comes_after_its_sales_were_locked
- ordered on 19 December, captured on the 21st, closed on the 20th:
  test_days.test_an_order_that_is_captured_after_its_period_was_closed
- three orders of the 26th known on the 28th:
  test_days.test_three_orders_of_the_26th_that_are_known_on_the_28th
- half an hour before the new year: test_days.test_the_last_half_hour_of_the_year_in_new_york
- the day of a clock change: test_days.test_the_day_of_a_clock_change_has_25_hours
- a tax archived after the order: test_a_tax_that_was_archived_after_the_order_holds_it
- a tax of all lines on line 1: test_a_tax_of_all_lines_on_line_1
- a cost of 10 exactly once, also with an invoice, a restock, an early delivery; three pieces worth
  10.00: test_cost_of_goods
- a total of 500 that becomes 350: test_booking.test_a_change_after_booking_is_a_correction
- a refund of one cent more than the order: test_a_refund_of_one_cent_more_than_the_order
- 10.00 off lines of 60 and 40: test_a_discount_over_two_lines_of_which_one_is_cancelled
- shipping discounted to nothing: test_shipping_that_is_discounted_to_nothing
- gift cards: test_a_gift_card_is_a_liability_until_it_is_used
- a tip refunded, a restocking fee: test_a_refunded_tip_and_a_restocking_fee
- 3,000 orders with 40 pairs of tax and account: benchmarks/booking.py
- killed between entry and commit, two workers: test_two_workers
"""

from datetime import date

from odoo.tests import TransactionCase

from ..support.books import MANY_DECIMALS, BooksMixin


class TestCases(BooksMixin, TransactionCase):
    def booked(self, *payloads, **values):
        """Return the entry of these orders, after their accounting is confirmed and booked."""
        orders = [self.ingest(payload) for payload in payloads]
        self.set_up(orders[0], **values)
        self.book()
        self.assert_balanced()
        return self.moves()

    def clearing(self, moves):
        """Return the sum on the clearing account in the currency of the orders."""
        items = moves.line_ids.filtered(lambda item: item.account_id.name == "Clearing")
        return round(sum(items.mapped("amount_currency")), 3)

    # === ROUNDING AND CURRENCIES === #

    def test_round_globally_with_many_decimals(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        payloads = [self.taxed(lines) for lines in MANY_DECIMALS]
        move = self.booked(*payloads)
        totals = sum(self.orders.search([("ledger_line_ids", "!=", False)]).mapped("check_total"))
        self.assertAlmostEqual(self.clearing(move), totals, 2)
        self.assertAlmostEqual(self.sums(move)["VAT 21"], -47.88, 2)
        self.assertEqual(self.by_tag(move), {"base 21": 228.05, "tax 21": 47.88})

    def test_a_currency_without_decimals(self):
        self.make_tax(19)
        for code in ("JPY", "CLP"):
            with self.subTest(code):
                self.env.ref(f"base.{code}").active = True
                payloads = [
                    self.taxed(
                        [("CHAIR", 1, price, "0")],
                        "0.19",
                        included=True,
                        currency=code,
                        source=code,
                    )
                    for price in ("1", "2")
                ]
                moves = self.booked(*payloads, taxes=False)
                moves = moves.filtered(lambda it, code=code: code in it.octopus_day_id.display_name)
                self.assertEqual(self.clearing(moves), 3)

    def test_a_currency_with_three_decimals(self):
        kwd = self.env.ref("base.KWD")
        kwd.active = True
        move = self.booked(
            self.payload({}, line_items=self.items("12.345"), total_price="12.345", currency="KWD")
        )
        self.assertEqual(self.clearing(move), 12.345)

    def items(self, *prices, **fields):
        return [
            {
                "id": number,
                "sku": "CHAIR",
                "title": "Chair",
                "quantity": 1,
                "price": price,
                **fields,
            }
            for number, price in enumerate(prices, 1)
        ]

    def test_an_order_in_another_currency_is_converted_at_its_own_day(self):
        gbp = self.env.ref("base.GBP")
        gbp.active = True
        rates = self.env["res.currency.rate"]
        for day, rate in (("2026-11-01", 0.5), ("2026-11-25", 0.8)):
            rates.create({"currency_id": gbp.id, "name": day, "rate": rate})
        move = self.booked(self.taxed([("CHAIR", 1, "100.00", "21.00")], currency="GBP"))
        self.assertEqual(self.clearing(move), 121)
        self.assertEqual(self.sums(move), {"Clearing": 242, "Online Income": -200, "VAT 21": -42})

    # === TAXES === #

    def test_a_tax_that_was_archived_after_the_order_holds_it(self):
        order = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(order)
        self.vat.active = False
        self.book()
        self.assertFalse(self.moves())
        self.assertIn("archived", order.ledger_line_ids.message)

    def test_a_refund_takes_the_accounts_of_its_sale(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")])
        order = self.ingest(payload)
        booking_map = self.set_up(order)
        self.book()
        booking_map.income_account_id = self.make_account("Other", "income")
        booking_map.tax_map_ids.tax_id = self.make_tax(5)
        refund = self.with_refund(payload, "100.00", "21.00")
        self.ingest(refund, is_new=False)
        self.book()
        self.assertEqual(self.sums(self.moves()), {})

    def test_a_tax_on_payment_is_due_at_once(self):
        cash = self.make_account("Transition", "liability_current", reconcile=True)
        self.vat.write(
            {"tax_exigibility": "on_payment", "cash_basis_transition_account_id": cash.id}
        )
        move = self.booked(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.assertTrue(move.always_tax_exigible)
        self.assertEqual(self.sums(move)["VAT 21"], -21)
        self.assertEqual(self.by_tag(move), {"base 21": 100, "tax 21": 21})

    def test_a_tax_that_the_channel_pays_nets_to_zero(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "8.25")], "0.0825", source="AMAZON")
        free = self.make_tax(0)
        move = self.booked(
            {**payload, "total_price": "100.00"}, taxes=False, marketplace_tax_id=free.id
        )
        self.assertEqual(self.sums(move), {"Clearing": 100, "Online Income": -100})
        self.assertEqual(self.by_tag(move), {"base 0": 100})

    def test_accounts_with_a_tax_of_their_own_are_booked_with_that_of_the_channel(self):
        """The income accounts of the German charts have one."""
        taxed = self.taxed([("CHAIR", 1, "100.00", "21.00")])
        orders = [self.ingest(taxed), self.ingest(self.payload({"CHAIR": 3}))]
        self.set_up(orders[0]).income_account_id.tax_ids = self.make_tax(5)
        self.book()
        self.assertEqual(self.by_tag(self.moves()), {"base 21": 100, "tax 21": 21})
        for order in orders:
            order.action_create_invoice()
        invoices = orders[0].invoice_id | orders[1].invoice_id
        self.assertEqual(self.by_tag(invoices), {"base 21": 100, "tax 21": 21})

    def test_the_income_of_a_channel_has_its_analytic_distribution(self):
        order = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        plan = self.env["account.analytic.plan"].create({"name": "Channels"})
        project = self.env["account.analytic.account"].create({"name": "Web", "plan_id": plan.id})
        self.set_up(order, analytic_distribution={str(project.id): 100})
        self.book()
        items = self.moves().line_ids.analytic_line_ids
        self.assertEqual(items.mapped("amount"), [100])
        self.assertEqual(items.general_account_id.name, "Online Income")

    def test_a_tax_of_all_lines_on_line_1(self):
        tax = self.make_tax(5)
        items = self.items("395.00", "395.00", "395.00")
        for item, discount in zip(items, ("19.67", "19.67", "19.66"), strict=True):
            item["total_discount"] = discount
        items[0]["tax_lines"] = [{"title": "IVA", "rate": 0.05, "price": "53.62"}]
        payload = self.payload(
            {},
            line_items=items,
            total_discounts="59.00",
            total_tax="53.62",
            taxes_included=True,
            total_price="1126.00",
        )
        order = self.ingest(payload)
        booking_map = self.set_up(order, taxes=False)
        booking_map.tax_map_ids.tax_id = tax
        self.book()
        self.assertEqual(
            self.sums(self.moves()),
            {"Clearing": 1126, "Online Income": -1072.38, "VAT 5": -53.62},
        )
        self.assertEqual(self.by_tag(self.moves()), {"base 5": 1072.38, "tax 5": 53.62})

    # === DISCOUNTS, SHIPPING, TIPS, GIFT CARDS === #

    def test_a_discount_over_two_lines_of_which_one_is_cancelled(self):
        payload = self.payload(
            {},
            line_items=self.items("60.00", "40.00"),
            total_discounts="10.00",
            total_price="90.00",
        )
        order = self.ingest(payload)
        self.set_up(order)
        self.book()
        self.ingest(self.with_refund(payload, "36.00", line=1), is_new=False)
        self.book()
        self.assertEqual(self.sums(self.moves()), {"Clearing": 54, "Online Income": -54})

    def test_shipping_that_is_discounted_to_nothing(self):
        ways = [{"title": "Standard", "price": "10.00", "discounted_price": "0.00"}]
        move = self.booked(
            self.payload(
                {"CHAIR": 5}, shipping_lines=ways, total_discounts="10.00", total_price="50.00"
            ),
        )
        self.assertEqual(self.clearing(move), 50)
        self.assertEqual(self.sums(move), {"Clearing": 50, "Online Income": -40, "Shipping": -10})

    def test_a_gift_card_is_a_liability_until_it_is_used(self):
        card = {
            "id": 9,
            "title": "Gift card",
            "gift_card": True,
            "quantity": 1,
            "price": "50.00",
            "requires_shipping": False,
        }
        sold = self.payload({}, line_items=[card], total_price="50.00")
        used = self.payload(
            {"CHAIR": 8},
            transactions=[
                {"gateway": "gift_card", "kind": "sale", "status": "success", "amount": "30.00"}
            ],
        )
        move = self.booked(sold, used)
        self.assertEqual(
            self.sums(move), {"Clearing": 100, "Gift Cards": -20, "Online Income": -80}
        )

    def test_a_refunded_tip_and_a_restocking_fee(self):
        payload = self.payload({"CHAIR": 10}, total_tip_received="5.00", total_price="105.00")
        order = self.ingest(payload)
        self.set_up(order)
        self.book()
        adjustment = [{"kind": "refund_tip", "amount": "-5.00", "tax_amount": "0"}]
        refund = self.with_refund(
            payload, "100.00", quantity=10, amount="95.00", order_adjustments=adjustment
        )
        self.ingest(refund, is_new=False)
        self.book()
        self.assertEqual(self.sums(self.moves()), {"Clearing": 10, "Fees": -10})

    def test_a_refund_of_one_cent_more_than_the_order(self):
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        self.set_up(order)
        self.book()
        self.ingest(self.with_refund(payload, "10.00", amount="10.01"), is_new=False)
        self.book()
        self.assertEqual(self.sums(self.moves()), {"Clearing": -0.01, "Rounding": 0.01})

    # === WHAT IS NOT BOOKED, AND WHERE === #

    def test_a_test_order_and_one_that_was_never_paid_book_nothing(self):
        paid = self.payload({"CHAIR": 1})
        unpaid = self.payload({"CHAIR": 1}, financial_status="pending", cancelled_at="2026-11-21")
        move = self.booked(paid, unpaid, self.payload({"CHAIR": 1}, test=True))
        self.assertEqual(self.clearing(move), 10)

    def test_a_payment_method_with_an_account_of_its_own(self):
        order = self.ingest(self.payload({"CHAIR": 1}, gateway="paypal"))
        booking_map = self.set_up(order)
        paypal = self.make_account("PayPal", "asset_current", reconcile=True)
        booking_map.gateway_ids.account_id = paypal
        self.ingest(self.payload({"CHAIR": 2}, gateway="card"))
        self.book()
        self.assertEqual(
            self.sums(self.moves()), {"PayPal": 10, "Clearing": 20, "Online Income": -30}
        )


class TestInvoice(BooksMixin, TransactionCase):
    def test_an_invoice_takes_the_share_of_the_day_back(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")])
        order = self.ingest(payload)
        self.set_up(order)
        self.book()
        order.action_create_invoice()
        self.days.search([]).sudo().action_book()
        invoice = order.invoice_id
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (100, 21))
        self.assertEqual(invoice.partner_id.name, "Ada Lovelace")
        self.assertEqual(self.sums(self.moves()), {})
        by_tag = self.by_tag(self.moves() | invoice)
        self.assertEqual(by_tag["base 21"] + by_tag["refund base 21"], 100)

    def test_a_refund_of_an_invoiced_order_is_a_credit_note(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")])
        order = self.ingest(payload)
        self.set_up(order)
        order.action_create_invoice()
        refund = self.with_refund(payload, "100.00", "21.00", financial_status="refunded")
        self.ingest(refund, is_new=False)
        order.action_credit_refunds()
        note = order.invoice_id.reversal_move_ids
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 121))
        self.assertEqual(note.amount_residual, 0)
        self.book()
        self.assertFalse(self.moves())


class TestPayout(BooksMixin, TransactionCase):
    def test_a_bank_line_pays_the_oldest_days_and_the_rest_is_the_fee(self):
        first = self.ingest(self.payload({"CHAIR": 6}))
        booking_map = self.set_up(first)
        self.ingest(self.payload({"CHAIR": 4}, created_at="2026-11-21T10:00:00-05:00"))
        self.ingest(self.payload({"CHAIR": 9}, created_at="2026-11-22T10:00:00-05:00"))
        self.book()
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        line = self.env["account.bank.statement.line"].create(
            {"journal_id": bank.id, "date": "2026-11-25", "payment_ref": "Payout", "amount": 97}
        )
        payout = self.env["octopus.payout"].create({"statement_line_id": line.id})
        self.assertEqual(payout.clearing_account_id, booking_map.clearing_account_id)
        self.assertEqual((payout.amount_items, payout.fee), (100, 3))
        payout.fee_account_id = self.make_account("Channel Fees", "expense")
        payout.action_match()
        self.assertTrue(line.is_reconciled)
        self.assertEqual(self.sums(line.move_id)["Channel Fees"], 3)
        clearing = self.env["octopus.clearing"].search([])
        self.assertEqual(sum(clearing.mapped("amount_open")), 90)
        self.assertEqual(sum(clearing.mapped("amount_paid")), 100)
        self.assertEqual(
            [row.payment_ids for row in clearing.sorted("day")],
            [line.move_id, line.move_id, line.move_id.browse()],
        )
        self.assertEqual(
            clearing.filtered(lambda row: row.age == "paid").mapped("day"),
            [
                date(2026, 11, 21),
                date(2026, 11, 20),
            ],
        )

    def test_a_channel_that_takes_money_back(self):
        sold = self.payload({"CHAIR": 5})
        self.set_up(self.ingest(sold))
        self.book()
        fees = self.make_account("Channel Fees", "expense")
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        for payload, amount in ((sold, 50), (self.with_refund(sold, "45.00", quantity=4), -48)):
            self.ingest(payload)
            self.book()
            line = self.env["account.bank.statement.line"].create(
                {"journal_id": bank.id, "date": "2026-11-25", "amount": amount}
            )
            payout = self.env["octopus.payout"].create({"statement_line_id": line.id})
            payout.fee_account_id = fees
            payout.action_match()
            self.assertTrue(line.is_reconciled)
        self.assertEqual((payout.amount_items, payout.fee), (-45, 3))
        self.assertEqual(self.sums(line.move_id)["Channel Fees"], 3)
        self.assertFalse(sum(self.env["octopus.clearing"].search([]).mapped("amount_open")))

    def test_a_bank_line_that_names_a_channel_is_of_its_account(self):
        """In whatever case the bank writes it; it need not be the first channel."""
        maps = [
            self.set_up(self.ingest(self.payload({"CHAIR": 6}, source=source)))
            for source in ("AMAZON", "SHOPIFY")
        ]
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        for booking_map in maps:
            label = f"PAYOUT {booking_map.channel_id.name.upper()} 4471"
            values = {"journal_id": bank.id, "date": "2026-11-25", "amount": 97}
            line = self.env["account.bank.statement.line"].create({**values, "payment_ref": label})
            payout = self.env["octopus.payout"].create({"statement_line_id": line.id})
            self.assertEqual(payout.clearing_account_id, booking_map.clearing_account_id)


class TestSalesReport(BooksMixin, TransactionCase):
    def test_the_report_equals_the_ledger(self):
        ways = [{"title": "Standard", "price": "7.00"}]
        payload = self.taxed(
            [("CHAIR", 2, "50.00", "21.00")], shipping_lines=ways, total_price="128.00"
        )
        order = self.ingest(payload)
        self.set_up(order)
        self.book()
        self.assert_balanced()
        rows = self.env["octopus.sales.report"].search([])
        found = {
            name: sum(rows.mapped(name))
            for name in ("gross", "shipping", "net", "tax_amount", "total")
        }
        self.assertEqual(
            found, {"gross": 100, "shipping": 7, "net": 107, "tax_amount": 21, "total": 128}
        )
        sums = self.sums(self.moves())
        self.assertEqual(sums["Clearing"], found["total"])
        self.assertEqual(sums["VAT 21"], -found["tax_amount"])
        self.assertEqual(rows.filtered("product_id").product_id, self.chair)
        self.assertEqual(set(rows.mapped("tax")), {"VAT 21%", False})

    def test_an_invoiced_order_is_in_the_report_once_and_the_sums_are_those_of_the_books(self):
        ways = [{"title": "Standard", "price": "7.00"}]
        card = [{"gateway": "gift_card", "kind": "sale", "status": "success", "amount": "30.00"}]
        first = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(first)
        payload = self.taxed(
            [("TABLE", 2, "50.00", "18.90")],
            shipping_lines=ways,
            total_discounts="10.00",
            total_price="115.90",
            transactions=card,
        )
        order = self.ingest(payload)
        self.book()
        order.action_create_invoice()
        self.ingest(self.with_refund(payload, "45.00", "9.45"), is_new=False)
        order.action_credit_refunds()
        self.days.search([]).sudo().action_book()
        documents = self.env["account.move"].search([("octopus_order_id", "=", order.id)])
        books = self.sums(self.moves() | documents)
        rows = self.env["octopus.sales.report"].search([])

        def total(name, of=rows):
            return round(sum(of.mapped(name)), 2)

        self.assertEqual(total("total"), books["Clearing"])
        self.assertEqual(total("tax_amount"), -books["VAT 21"])
        self.assertEqual(total("net"), -books["Online Income"] - books["Shipping"])
        invoiced = rows.filtered(lambda row: row.document == "invoice")
        self.assertEqual(invoiced.order_id, order)
        self.assertEqual(
            [total(name, invoiced) for name in ("gross", "discount", "shipping", "refund")],
            [100, -10, 7, -45],
        )
        self.assertEqual(total("total", invoiced), 31.45, "115.90 - 30.00 - 54.45")
        self.assertEqual(set(invoiced.mapped("tax")), {"VAT 21%", False})
        of_days = rows.filtered(lambda row: row.document == "day" and row.order_id == order)
        self.assertEqual([total(name, of_days) for name in ("gross", "total")], [0, 0])

    def test_a_credit_note_by_hand_is_in_the_report(self):
        order = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(order)
        order.action_create_invoice()
        note = order.invoice_id._reverse_moves([{"date": "2026-11-22"}])
        rows = self.env["octopus.sales.report"].search([])
        self.assertEqual(sum(rows.mapped("total")), 121, "a draft is not booked")
        note.action_post()
        rows = self.env["octopus.sales.report"].search([])
        self.assertEqual((sum(rows.mapped("total")), sum(rows.mapped("refund"))), (0, -100))

    def test_a_day_as_csv(self):
        order = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(order)
        self.book()
        day = self.days.search([])
        url = day.action_csv()["url"]
        attachment = self.env["ir.attachment"].browse(int(url.split("/")[-1].split("?")[0]))
        rows = attachment.raw.decode().splitlines()
        self.assertEqual(len(rows), 4)
        self.assertIn("121.00,0.00", "".join(rows))
