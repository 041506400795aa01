"""Who is notified of new orders of a store: once for each cause."""

from unittest.mock import patch

from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ...const import ALERT_CRON, ALERT_PAUSE
from ...models.monitoring.staff_alerts import ORDER_SUBTYPE, PROBLEM_SUBTYPE
from ..support.alerts import MANAGER, AlertCase


class TestOrderAlerts(AlertCase):
    def test_followers_are_notified_of_a_new_order(self):
        self.follow(self.boss | self.clerk, ORDER_SUBTYPE)
        order = self.order({"CHAIR": 2}, order_number="1042")

        self.alert()

        for user in (self.boss, self.clerk):
            [message] = self.inbox(user)
            for text in ("Main Street", "Shopify 1042", "Ada Lovelace", "20.00"):
                self.assertIn(text, message)
            self.assertIn(self.link(order), message)
        [message] = self.env["mail.message"].search(
            [("notified_partner_ids", "in", self.boss.partner_id.ids)]
        )
        self.assertEqual((message.model, message.res_id), ("octopus.order", order.id))

    def test_nothing_is_sent_while_the_order_comes_in(self):
        self.follow(self.boss, ORDER_SUBTYPE)
        messages = self.env["mail.message"].search_count([])
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.alert()
        self.assertFalse(self.inbox(self.boss), "the order is not complete yet")
        self.deduct()
        self.assertFalse(self.inbox(self.boss))
        self.assertTrue(order.is_alert_due)
        self.assertEqual(self.env["mail.message"].search_count([]), messages)
        woken = self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.env.ref(ALERT_CRON).id)]
        )
        self.assertTrue(woken)

    def test_nobody_wants_to_hear_of_orders(self):
        self.follow(self.boss, PROBLEM_SUBTYPE)
        order = self.order({"CHAIR": 1})
        self.alert()
        self.assertFalse(order.is_alert_due)
        self.follow(self.boss, ORDER_SUBTYPE)
        self.alert()
        self.assertFalse(self.inbox(self.boss))

    def test_a_rush_is_told_in_one_message(self):
        self.follow(self.boss, ORDER_SUBTYPE)
        self.order({"CHAIR": 1})
        self.alert()
        for number in range(12):
            self.order({"CHAIR": 1}, order_number=f"R-{number}")
            self.alert()
        self.assertEqual(len(self.inbox(self.boss)), 1, "the others wait for each other")
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", self.env.ref(ALERT_CRON).id)])
        self.assertIn(self.account.order_alert_at + ALERT_PAUSE, woken.mapped("call_at"))

        self.account.order_alert_at -= ALERT_PAUSE
        self.alert()

        latest, _first = self.inbox(self.boss)
        self.assertIn("12 new online orders", latest)
        self.assertIn("R-0", latest)
        self.assertNotIn("R-11", latest)
        self.assertIn("... and 2 more.", latest)

    def test_an_order_wakes_the_action_when_it_may_be_told(self):
        """At once, and during a rush at the end of the pause, also where nobody follows."""
        triggers = self.env["ir.cron.trigger"]
        of_alerts = [("cron_id", "=", self.env.ref(ALERT_CRON).id)]
        for is_followed in (False, True):
            if is_followed:
                self.follow(self.boss, ORDER_SUBTYPE)
            self.account.order_alert_at = False
            triggers.search(of_alerts).unlink()
            self.order({"CHAIR": 1})
            self.alert()
            moments = triggers.search(of_alerts).mapped("call_at")
            self.order({"CHAIR": 1})
            with self.subTest(is_followed=is_followed):
                pause_ends = self.account.order_alert_at + ALERT_PAUSE
                self.assertTrue(moments)
                self.assertLess(max(moments), pause_ends)
                later = triggers.search([*of_alerts, ("call_at", ">", max(moments))])
                self.assertEqual(later.mapped("call_at"), [pause_ends])

    def test_an_order_is_told_once_however_often_it_is_worked_on(self):
        self.follow(self.boss, ORDER_SUBTYPE)
        order = self.order({"MYSTERY": 1})
        self.alert()
        order.line_ids.with_user(self.boss).product_id = self.chair
        self.deduct()
        self.account.order_alert_at -= ALERT_PAUSE
        self.alert()
        self.assertEqual(order.stock_state, "deducted")
        self.assertEqual(len(self.inbox(self.boss)), 1)

    def test_notifying_leaves_the_date_of_the_order(self):
        order = self.order({"CHAIR": 1})
        self.env.cr.execute("UPDATE octopus_order SET write_date = '2026-01-01'")
        self.follow(self.boss, ORDER_SUBTYPE)
        self.alert()
        self.assertEqual(order.write_date.year, 2026)
        self.assertEqual(order.write_date.month, 1)

    def test_an_order_that_was_cancelled_meanwhile_is_no_new_order(self):
        self.follow(self.boss, ORDER_SUBTYPE)
        order = self.order({"CHAIR": 1})
        order.status = "cancelled"
        self.alert()
        self.assertFalse(self.inbox(self.boss))
        self.assertFalse(order.is_alert_due)

    def test_orders_of_another_store_are_not_ours(self):
        self.follow(self.boss, ORDER_SUBTYPE)
        other = self.env["octopus.account"].create({"name": "Elsewhere"})
        self.orders._ingest(other, self.payload({"CHAIR": 1}))
        self.deduct()
        self.alert()
        self.assertFalse(self.inbox(self.boss))

    def test_by_e_mail_when_the_user_prefers_it(self):
        self.clerk.notification_type = "email"
        self.follow(self.boss | self.clerk, ORDER_SUBTYPE)
        self.order({"CHAIR": 1}, order_number="77")
        self.alert()
        [mail] = self.env["mail.mail"].search([("recipient_ids", "in", self.clerk.partner_id.ids)])
        self.assertEqual(mail.state, "outgoing", "the mail queue sends it")
        self.assertIn("Shopify 77", mail.body_html)
        self.assertFalse(
            self.env["mail.mail"].search([("recipient_ids", "in", self.boss.partner_id.ids)])
        )
        self.assertEqual(len(self.inbox(self.boss)), 1)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_one_bad_address_does_not_stop_the_others(self):
        users = self.boss | self.clerk
        users.notification_type = "email"
        self.clerk.partner_id.email = "no address"
        self.follow(users, ORDER_SUBTYPE)
        self.order({"CHAIR": 1})
        self.alert()
        mails = self.env["mail.mail"].search([("recipient_ids", "in", users.partner_id.ids)])
        servers = self.env["ir.mail_server"]
        sent = []

        def send_email(server, message, *args, **options):
            if "no address" in message["To"]:
                raise AssertionError(servers.NO_VALID_RECIPIENT)
            sent.append(message["To"])
            return "id"

        with self.mock_mail_gateway(), patch.object(type(servers), "send_email", send_email):
            mails.send()
        self.assertEqual(len(sent), 1)
        self.assertIn("boss@example.com", sent[0])

    def test_only_users_of_the_company_read_of_customers(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "stranger", MANAGER, company_id=company.id, company_ids=company.ids
        )
        customer = self.env["res.partner"].create({"name": "Ada", "email": "ada@example.com"})
        self.follow(stranger, ORDER_SUBTYPE)
        self.account.message_subscribe(customer.ids, [self.env.ref(ORDER_SUBTYPE).id])
        self.order({"CHAIR": 1})
        self.alert()
        partners = stranger.partner_id | customer
        notified = [("notified_partner_ids", "in", partners.ids)]
        self.assertFalse(self.env["mail.message"].search(notified))
        self.assertFalse(self.env["mail.mail"].search([("recipient_ids", "in", partners.ids)]))


class TestFollow(AlertCase):
    def test_the_button_adds_to_what_the_user_follows(self):
        comments = self.env.ref("mail.mt_comment")
        ours = self.env.ref(ORDER_SUBTYPE) | self.env.ref(PROBLEM_SUBTYPE)
        account = self.account.with_user(self.boss)
        account.action_follow_alerts()
        self.assertEqual(self.account.message_follower_ids.subtype_ids & ours, ours)
        self.follow(self.boss, "mail.mt_comment")
        account.action_follow_alerts()
        follower = self.account.message_follower_ids
        self.assertEqual(follower.partner_id, self.boss.partner_id)
        self.assertEqual(follower.subtype_ids, comments | ours)

    def test_a_follower_hears_of_problems_and_asks_for_orders(self):
        self.account.message_subscribe(self.boss.partner_id.ids)
        subtypes = self.account.message_follower_ids.subtype_ids
        self.assertIn(self.env.ref(PROBLEM_SUBTYPE), subtypes)
        self.assertNotIn(self.env.ref(ORDER_SUBTYPE), subtypes)

    def test_the_user_who_subscribes_a_store_is_responsible(self):
        store = self.env["octopus.account"].with_user(self.boss).create({"name": "New"})
        self.assertEqual(store.user_id, self.boss)
        follower = store.message_follower_ids
        self.assertEqual(follower.partner_id, self.boss.partner_id)
        self.assertIn(self.env.ref(PROBLEM_SUBTYPE), follower.subtype_ids)
