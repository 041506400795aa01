"""Invoices of single orders, and of every order where a country needs them."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase

from ..support.books import BooksMixin


class InvoicesCase(BooksMixin, TransactionCase):
    def everything(self, *orders):
        """Return the entries of days, the invoices, and what pays these."""
        moves = self.moves()
        for order in orders:
            documents = order.invoice_id | order.invoice_id.reversal_move_ids
            moves |= documents | documents._get_reconciled_amls().move_id
        return moves


class TestInvoice(InvoicesCase):
    def test_an_order_in_a_currency_that_is_not_active_says_what_to_do(self):
        pound = self.env.ref("base.GBP")
        pound.active = True
        order = self.ingest(self.payload({"CHAIR": 1}, currency="GBP"))
        self.set_up(order)
        pound.active = False
        with self.assertRaisesRegex(UserError, "GBP is not active"):
            order.action_create_invoice()
        self.book()
        self.assertFalse(self.moves())
        self.assertIn("GBP is not active", order.ledger_line_ids.day_id.message)
        pound.active = True
        self.book()
        self.assertEqual(len(self.moves()), 1)

    def test_a_business_in_another_country_is_invoiced_with_its_vat_number_and_tax(self):
        exempt = self.make_tax(0)
        default = self.company.account_sale_tax_id = self.vat
        exempt.original_tax_ids = default
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Intra-Community",
                "auto_apply": True,
                "country_id": self.env.ref("base.be").id,
                "tax_ids": [Command.link(exempt.id)],
            }
        )
        payload = self.payload(
            {"CHAIR": 10},
            billing_address={
                "address1": "Veldstraat 1",
                "city": "Gent",
                "country_code": "BE",
                "company": "Acme BV",
            },
            note_attributes=[{"name": "VAT Number", "value": "BE 0477.472.701"}],
        )
        order = self.ingest(payload)
        self.set_up(order)
        self.book()
        self.assertEqual(order.vat_number, "BE0477472701")
        order.action_create_invoice()
        invoice = order.invoice_id
        self.assertEqual(invoice.partner_id.vat, "BE0477472701")
        self.assertEqual(invoice.partner_id.company_name, "Acme BV")
        self.assertEqual(invoice.fiscal_position_id, position)
        self.assertEqual((invoice.amount_total, invoice.amount_tax), (100, 0))
        self.assertEqual(self.by_tag(invoice), {"base 0": 100})

    def test_the_fiscal_position_of_the_channel_comes_first(self):
        position = self.env["account.fiscal.position"].create({"name": "Marketplace"})
        order = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(order, fiscal_position_id=position.id)
        order.action_create_invoice()
        self.assertEqual(order.invoice_id.fiscal_position_id, position)
        self.assertEqual((order.invoice_id.amount_untaxed, order.invoice_id.amount_tax), (100, 21))

    def test_a_vat_number_of_a_customer_is_never_replaced(self):
        payload = self.payload({"CHAIR": 1}, vat_number="BE0477472701")
        order = self.ingest(payload)
        order.partner_id = self.env["res.partner"].create({"name": "Ada", "vat": "/"})
        self.set_up(order)
        order.action_create_invoice()
        self.assertEqual(order.partner_id.vat, "/")

    def test_a_refund_after_the_invoice_asks_for_a_credit_note(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")])
        order = self.ingest(payload)
        self.set_up(order)
        order.action_create_invoice()
        self.ingest(self.with_refund(payload, "100.00", "21.00"), is_new=False)
        self.book()
        self.assertIn("Credit Refunds", order.ledger_message)
        order.action_credit_refunds()
        self.assertFalse(order.ledger_message)
        self.assertEqual(order.invoice_id.reversal_move_ids.amount_total, 121)
        with self.assertRaises(UserError):
            order.action_credit_refunds()

    def test_an_order_that_changes_after_its_invoice_says_so(self):
        payload = self.payload({"CHAIR": 50})
        order = self.ingest(payload)
        self.set_up(order)
        order.action_create_invoice()
        items = [{**payload["line_items"][0], "quantity": 35}]
        self.ingest(self.changed(payload, line_items=items, total_price="350.0000"), is_new=False)
        self.book()
        self.assertIn("changed since it was invoiced", order.ledger_message)

    def test_a_cancellation_after_the_invoice_is_credited(self):
        payload = self.payload({"CHAIR": 5})
        order = self.ingest(payload)
        self.set_up(order)
        order.action_create_invoice()
        self.ingest(self.changed(payload, cancelled_at="2026-11-21T12:00:00-05:00"), is_new=False)
        order.action_credit_refunds()
        self.assertEqual(order.invoice_id.reversal_move_ids.amount_total, 50)
        self.assertEqual(self.sums(self.everything(order)), {})

    def test_an_invoice_has_the_tax_of_the_channel_whatever_odoo_would_compute(self):
        other = self.make_tax(15)
        payload = self.taxed(
            [("CHAIR", 3, "33.33", "8.25"), ("TABLE", 1, "0.99", "0.08")], "0.0825", title="TX"
        )
        order = self.ingest(payload)
        self.set_up(order).tax_map_ids.tax_id = other
        order.action_create_invoice()
        invoice = order.invoice_id
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (100.98, 8.33))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.by_tag(invoice), {"base 15": 100.98, "tax 15": 8.33})

    def test_an_invoice_whose_tax_odoo_does_not_know_is_not_made(self):
        order = self.ingest(self.taxed([("CHAIR", 1, "100.00", "21.00")]))
        self.set_up(order).tax_map_ids.tax_id = False
        refused = self.assertRaisesRegex(UserError, "chosen in Configuration")
        with refused, self.env.cr.savepoint():
            order.action_create_invoice()
        self.assertFalse(order.invoice_id)

    def test_what_invoices_brought_to_the_clearing_account_is_on_its_page(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")])
        order = self.ingest(payload)
        booking_map = self.set_up(order)
        order.action_create_invoice()
        row = self.env["octopus.clearing"].search([])
        self.assertEqual((row.order_id, row.amount_open, row.day_id.id), (order, 121, False))
        self.assertEqual(row.channel_id, booking_map.channel_id)
        self.ingest(self.with_refund(payload, "100.00", "21.00"), is_new=False)
        order.action_credit_refunds()
        rows = self.env["octopus.clearing"].search([])
        self.assertEqual(sorted(rows.mapped("amount_booked")), [-121, 121])


class TestDocumentsByHand(InvoicesCase):
    """What people do with the invoices of online orders."""

    def invoiced(self, **fields):
        """Return (payload, order) of an order of 121.00 with an invoice, after its day was booked
        without it."""
        payload = self.taxed([("CHAIR", 2, "50.00", "21.00")], **fields)
        order = self.ingest(payload)
        self.set_up(order)
        order.action_create_invoice()
        self.book()
        return payload, order

    def book_open(self):
        """Book what is due, and the day of today, too."""
        self.book()
        self.days.search([("state", "in", ("open", "held"))]).sudo().action_book()

    def all_sums(self, order):
        """Return the balances of all that was ever posted because of an order."""
        moves = self.env["account.move"].search(
            [("octopus_order_id", "=", order.id), ("state", "=", "posted")]
        )
        by_hand = moves.reversal_move_ids.filtered(lambda move: move.state == "posted")
        return self.sums(moves | by_hand | self.moves())

    def credit_by_hand(self, order, amount):
        """Return a posted credit note for the order, as Odoo's wizard makes it."""
        invoice = order.invoice_id
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = reversal.create({"journal_id": invoice.journal_id.id, "date": "2026-11-22"})
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        if amount != note.amount_total:
            note.invoice_line_ids.price_unit = amount / 1.21
        note.action_post()
        return note

    def test_an_order_whose_invoice_is_cancelled_is_booked_with_its_day(self):
        _payload, order = self.invoiced()
        invoice = order.invoice_id
        invoice.button_cancel()
        self.assertFalse(order.invoice_id)
        self.book_open()
        sums = {"Clearing": 121, "Online Income": -100, "VAT 21": -21}
        self.assertEqual(self.all_sums(order), sums)
        self.assertEqual(self.sums(self.moves()), sums)
        self.assertFalse(order.ledger_message)
        order.action_create_invoice()
        self.book_open()
        self.assertEqual(self.all_sums(order), sums)
        self.assertEqual(order.invoice_id.payment_state, "paid")

    def test_an_order_whose_invoice_is_deleted_is_booked_with_its_day(self):
        _payload, order = self.invoiced()
        invoice = order.invoice_id
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self.book_open()
        sums = {"Clearing": 121, "Online Income": -100, "VAT 21": -21}
        self.assertEqual(self.all_sums(order), sums)

    def test_an_invoice_that_is_a_draft_again_says_so_until_it_is_confirmed(self):
        _payload, order = self.invoiced()
        order.invoice_id.button_draft()
        self.book()
        self.assertIn("is a draft", order.ledger_message)
        self.assertFalse(self.moves())
        with self.assertRaisesRegex(UserError, "is a draft"):
            order.action_credit_refunds()
        order.invoice_id.action_post()
        self.book()
        self.assertFalse(order.ledger_message)

    def test_an_invoice_with_credit_notes_is_not_cancelled_before_them(self):
        payload, order = self.invoiced()
        self.ingest(self.with_refund(payload, "100.00", "21.00"), is_new=False)
        order.action_credit_refunds()
        invoice, note = order.invoice_id, order.invoice_id.reversal_move_ids
        with self.assertRaisesRegex(UserError, "Cancel them first"), self.env.cr.savepoint():
            invoice.button_cancel()
        note.button_cancel()
        self.book()
        self.assertIn("Press Credit Refunds", order.ledger_message)
        invoice.button_cancel()
        self.book_open()
        self.assertEqual(self.all_sums(order), {})
        self.assertEqual(len(order.ledger_line_ids), 2, "a sale and a refund")

    def test_a_credit_note_that_is_cancelled_can_be_made_again(self):
        payload, order = self.invoiced()
        self.ingest(self.with_refund(payload, "100.00", "21.00"), is_new=False)
        order.action_credit_refunds()
        order.invoice_id.reversal_move_ids.button_cancel()
        order.action_credit_refunds()
        self.book()
        self.assertFalse(order.ledger_message)
        self.assertEqual(self.all_sums(order), {})

    def test_a_credit_note_by_hand_is_not_made_twice(self):
        payload, order = self.invoiced()
        self.ingest(self.with_refund(payload, "100.00", "21.00"), is_new=False)
        note = self.credit_by_hand(order, 121)
        self.book()
        self.assertIn("Press Credit Refunds", order.ledger_message)
        order.action_credit_refunds()
        self.assertEqual(order.invoice_id.reversal_move_ids, note)
        self.assertEqual(note.amount_residual, 0)
        self.assertFalse(order.ledger_message)
        self.assertEqual(self.all_sums(order), {})

    def test_a_refund_that_was_credited_in_another_way_is_silent_until_the_next_one(self):
        payload, order = self.invoiced()
        refunded = self.with_refund(payload, "50.00", "10.50")
        self.ingest(refunded, is_new=False)
        self.book()
        self.assertTrue(order.is_invoice_wrong)
        order.action_accept_invoice()
        self.assertFalse(order.ledger_message)
        with self.assertRaisesRegex(UserError, "are credited"):
            order.action_credit_refunds()
        second = {**refunded["refunds"][0], "id": 6}
        refunds = [*refunded["refunds"], second]
        later = "2026-11-23T08:00:00-00:00"
        self.ingest(self.changed(refunded, refunds=refunds, at=later), is_new=False)
        self.book()
        self.assertIn("Press Credit Refunds", order.ledger_message)
        order.action_credit_refunds()
        self.assertEqual(order.invoice_id.reversal_move_ids.amount_total, 60.5)
        self.assertFalse(order.ledger_message)

    def test_a_credit_note_that_is_a_draft_says_so(self):
        payload, order = self.invoiced()
        self.ingest(self.with_refund(payload, "100.00", "21.00"), is_new=False)
        note = self.credit_by_hand(order, 121)
        note.button_draft()
        self.book()
        self.assertIn("A credit note of the order is a draft", order.ledger_message)
        note.unlink()
        self.book()
        self.assertIn("Press Credit Refunds", order.ledger_message)

    def test_a_change_that_was_corrected_by_hand_is_silent(self):
        payload, order = self.invoiced()
        smaller = self.taxed([("CHAIR", 1, "50.00", "10.50")], id=payload["id"])
        self.ingest(
            self.changed(
                payload, line_items=smaller["line_items"], total_price="60.50", total_tax="10.50"
            ),
            is_new=False,
        )
        self.book()
        self.assertTrue(order.is_invoice_wrong)
        self.credit_by_hand(order, 60.5)
        self.book()
        self.assertFalse(order.ledger_message)
        self.assertFalse(order.is_invoice_wrong)

    def test_an_order_whose_payment_is_voided_after_its_invoice_says_so(self):
        payload, order = self.invoiced()
        self.ingest(self.changed(payload, financial_status="voided"), is_new=False)
        self.book()
        self.assertIn("changed since it was invoiced", order.ledger_message)
        order.action_accept_invoice()
        self.assertFalse(order.ledger_message)
        order.invoice_accepted = False
        self.credit_by_hand(order, 121)
        self.touch(order)
        self.book()
        self.assertFalse(order.ledger_message)

    def test_an_order_that_is_alive_again_after_its_credit_note_says_so(self):
        payload, order = self.invoiced()
        cancelled = self.changed(payload, cancelled_at="2026-11-21T12:00:00-05:00")
        self.ingest(cancelled, is_new=False)
        order.action_credit_refunds()
        later = "2026-11-23T08:00:00-00:00"
        self.ingest(self.changed(cancelled, cancelled_at=None, at=later), is_new=False)
        order.action_revive()
        self.touch(order)
        self.book()
        self.assertIn("changed since it was invoiced", order.ledger_message)
        order.invoice_id.reversal_move_ids.button_cancel()
        self.book()
        self.assertFalse(order.ledger_message)
        self.assertEqual(self.all_sums(order)["Clearing"], 121)

    def test_a_refund_that_changes_after_its_credit_note_says_so(self):
        payload, order = self.invoiced()
        self.ingest(self.with_refund(payload, "50.00", "10.50"), is_new=False)
        order.action_credit_refunds()
        changed = self.with_refund(payload, "100.00", "21.00")
        later = "2026-11-23T08:00:00-00:00"
        self.ingest(self.changed(changed, at=later), is_new=False)
        self.book()
        self.assertIn("changed since it was invoiced", order.ledger_message)

    def test_a_person_says_that_the_documents_are_right_until_the_next_change(self):
        payload = self.payload({"CHAIR": 50})
        order = self.ingest(payload)
        self.set_up(order)
        order.action_create_invoice()

        def change(quantity):
            items = [{**payload["line_items"][0], "quantity": quantity}]
            total = f"{quantity}0.0000"
            later = f"2026-11-22T0{36 - quantity}:00:00-00:00"
            changed = self.changed(payload, line_items=items, total_price=total, at=later)
            self.ingest(changed, is_new=False)
            self.book()

        change(35)
        self.assertIn("press Documents Are Right", order.ledger_message)
        order.action_accept_invoice()
        self.assertFalse(order.ledger_message)
        self.touch(order)
        self.book()
        self.assertFalse(order.ledger_message)
        change(34)
        self.assertTrue(order.is_invoice_wrong)


class TestAlwaysInvoice(InvoicesCase):
    def test_each_order_of_the_day_is_invoiced_on_its_day(self):
        payloads = [
            self.taxed([("CHAIR", 1, "100.00", "21.00")]),
            self.taxed([("TABLE", 2, "50.00", "21.00")]),
        ]
        first, second = (self.ingest(payload) for payload in payloads)
        self.set_up(first, always_invoice=True)
        self.book()
        for order in (first, second):
            self.assertEqual(order.invoice_id.amount_total, 121)
            self.assertEqual(order.invoice_id.payment_state, "paid")
            self.assertEqual(str(order.invoice_id.invoice_date), "2026-11-20")
        self.assertFalse(self.moves(), "nothing is left for an entry of the day")
        self.assertEqual(self.days.search([]).state, "empty")
        sums = {"Clearing": 242, "Online Income": -200, "VAT 21": -42}
        self.assertEqual(self.sums(self.everything(first, second)), sums)
        self.book()
        self.assertEqual(self.sums(self.everything(first, second)), sums)

    def test_refunds_are_credited_by_themselves(self):
        payload = self.taxed([("CHAIR", 1, "100.00", "21.00")])
        order = self.ingest(payload)
        self.set_up(order, always_invoice=True)
        self.book()
        self.ingest(self.with_refund(payload, "100.00", "21.00"), is_new=False)
        self.book()
        self.assertEqual(order.invoice_id.reversal_move_ids.amount_total, 121)
        self.book()
        self.assertEqual(len(order.invoice_id.reversal_move_ids), 1)
        self.assertFalse(order.ledger_message)
        self.assertEqual(self.sums(self.everything(order)), {})

    def test_an_order_that_names_no_customer_is_held_or_invoiced_to_the_nameless(self):
        order = self.ingest(self.payload({"CHAIR": 1}, customer=None, source="NAMELESS"))
        named = self.ingest(self.payload({"CHAIR": 2}, source="NAMELESS"))
        booking_map = self.set_up(order, always_invoice=True)
        self.book()
        self.assertTrue(named.invoice_id)
        self.assertFalse(order.invoice_id)
        self.assertIn("nobody to invoice", order.ledger_line_ids.message)
        self.assertFalse(self.moves())
        self.assertEqual(order.ledger_line_ids.day_id.state, "held")
        nameless = self.env["res.partner"].create({"name": "Online customer"})
        booking_map.nameless_partner_id = nameless
        self.book()
        self.assertEqual(order.invoice_id.partner_id, nameless)
        self.assertFalse(order.partner_id)


class TestRetention(InvoicesCase):
    def test_lines_go_after_their_years_and_their_entries_stay(self):
        order = self.ingest(self.payload({"CHAIR": 1}, created_at="2019-03-01T10:00:00-05:00"))
        young = self.ingest(self.payload({"CHAIR": 2}))
        booking_map = self.set_up(order, start_day="2019-01-01")
        self.book()
        booking_map.retention_years = fields.Date.today().year - 2019 - 1
        lines, moves = order.ledger_line_ids, self.moves()
        self.env["octopus.ledger.line"]._gc_expired()
        self.assertFalse(lines.exists())
        self.assertTrue(young.ledger_line_ids)
        self.touch(order)
        self.book()
        self.assertEqual(self.moves(), moves, "it is not booked again")
        self.assertFalse(order.ledger_line_ids)
