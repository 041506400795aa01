"""What people are told of an order: each reads it in their own language, and once."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.linga_octopus.lib.octopus_api.errors import OctopusTimeout
from odoo.addons.linga_octopus.models.order.notices import NOTICES, STOCK_ISSUES, sentence

from ..support.orders import OrdersMixin


@tagged("post_install", "-at_install")
class TestNotices(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")

    def in_french(self, order):
        return order.with_context(lang="fr_FR")

    def test_a_notice_is_in_the_language_of_its_reader(self):
        order = self.in_french(self.ingest(self.payload({"CHAIR": 1}, currency="XQZ")))
        self.assertIn(
            "in XQZ, a currency that Odoo does not have",
            order.with_context(lang="en_US").channel_notice,
        )
        self.assertIn("XQZ", order.channel_notice)
        self.assertNotIn("currency", order.channel_notice)

    def test_the_reason_in_a_notice_is_so_as_well(self):
        order = self.order({"CHAIR": 1})
        reason = ["no_warehouse", {"store": "Harbor"}]
        order.sudo().stock_issue = ["not_deducted", {"reason": reason}]
        self.assertIn("No warehouse fills the orders of Harbor", order.stock_message)
        french = self.in_french(order).stock_message
        self.assertIn("Harbor", french)
        self.assertNotIn("warehouse", french)
        order._flag("push_failed", status="cancelled", error=["no_such_order", {"number": "7"}])
        self.assertIn("The status Cancelled could not be sent", order.channel_notice)
        self.assertIn("no order with the number 7", order.channel_notice)
        self.assertNotIn("could not be sent", self.in_french(order).channel_notice)

    def test_the_same_notice_is_given_once_and_ends_by_its_code(self):
        order = self.order({"CHAIR": 1})
        posted = len(order.message_ids)
        for _time in range(2):
            order._flag("late_address")
            order._flag("other_location", location="North", warehouse="South")
        order._flag("other_location", location="West", warehouse="South")
        self.assertEqual(len(order.channel_notice.splitlines()), 3)
        self.assertEqual(len(order.message_ids), posted + 3)
        order._unflag("other_location", "no_cancel_call")
        self.assertEqual(order.notices, [["late_address", {}]])
        order._unflag("late_address")
        self.assertFalse(order.channel_notice)

    def test_the_history_is_in_the_language_of_the_company(self):
        """Whoever presses a button, and in whatever language the workers run."""
        self.account.company_id.partner_id.lang = "fr_FR"
        payload = self.payload({"CHAIR": 2})
        order = self.ingest(payload)
        for quantity, at in ((1, "08"), (2, "09")):
            line = {**payload["line_items"][0], "quantity": quantity}
            later = self.changed(payload, at=f"2026-11-21T{at}:00:00Z", line_items=[line])
            self.ingest(later)
            [body] = order.message_ids[:1].mapped("body")
            self.assertNotIn("The channel changed", body)
            self.assertIn("commande", body)
            self.deduct()
        order._flag("late_address")
        self.assertNotIn("The channel", order.message_ids[:1].body)

    def test_a_reason_of_the_connection_is_so_as_well(self):
        order = self.order({"CHAIR": 1})
        reason = self.account._explain_error(OctopusTimeout("late"))
        order._flag("push_failed", status="cancelled", error=reason)
        self.assertIn("did not answer in time", order.channel_notice)
        self.assertNotIn("did not answer", self.in_french(order).channel_notice)

    def test_a_text_that_is_no_code_stands_for_itself(self):
        self.assertEqual(sentence(self.env, "100% full", {}), "100% full")

    def test_a_code_is_used_once(self):
        self.assertFalse(NOTICES.keys() & STOCK_ISSUES.keys())
