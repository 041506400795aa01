"""Invoices of single orders, and of every order where a country needs them."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase

from ..support.books import BooksMixin


class InvoicesCase(BooksMixin, TransactionCase):
    def refunded(self, payload, net, tax="0", **values):
        """Return the payload with a refund of its first line."""
        refund = {
            "id": 5,
            "processed_at": "2026-11-21T12:00:00-05:00",
            "refund_line_items": [
                {
                    "line_item_id": payload["line_items"][0]["id"],
                    "quantity": 1,
                    "subtotal": net,
                    "total_tax": tax,
                }
            ],
            "transactions": [
                {"kind": "refund", "status": "success", "amount": f"{float(net) + float(tax):.2f}"}
            ],
        }
        return self.changed(payload, refunds=[refund], financial_status="refunded", **values)

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
        self.ingest(self.refunded(payload, "100.00", "21.00"), is_new=False)
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
        self.ingest(self.refunded(payload, "100.00", "21.00"), is_new=False)
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
