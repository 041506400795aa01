"""Cancelling at the Point of Sale: the reason, and what the dialog says that follows."""

from odoo.exceptions import AccessError

from ..support.screens import ScreensCase


class TestPosCancel(ScreensCase):
    def test_the_reason_stays_on_the_order(self):
        order = self.order({"CHAIR": 1})
        pos = self.till.with_user(self.cashier)
        row = pos.set_octopus_status(order.id, "cancelled", "take_action", "customer")
        self.assertEqual(row["status"], "cancelled")
        self.assertEqual(order.cancel_reason, "customer")
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_nobody_writes_a_reason_without_cancelling(self):
        order = self.order({"CHAIR": 1}).with_user(self.cashier)
        with self.assertRaises(AccessError):
            order.write({"cancel_reason": "fraud"})

    def test_the_question_says_what_octopus_is_told_and_who_gives_the_money_back(self):
        paid = self.ingest(self.payload({"CHAIR": 1}, financial_status="paid"))
        [question] = paid.get_cancel_questions()
        self.assertIn("Octopus is told that the order is cancelled, and why.", question)
        self.assertIn("Odoo gives no money back: refund the customer in Shopify", question)
        unpaid = self.ingest(self.payload({"CHAIR": 1}, financial_status="pending"))
        [question] = unpaid.get_cancel_questions()
        self.assertIn("No money was received: there is none to give back.", question)
        [question] = (paid | unpaid).get_cancel_questions()
        self.assertIn("Cancel 2 online orders?", question)
        self.assertIn("Octopus is told that the orders are cancelled", question)
        self.assertIn("Cancelled orders stay cancelled", question)
        self.assertIn("refund the customer in Shopify", question)
