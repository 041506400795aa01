"""Whom a store tells of new orders and failures: by which way, how often, in which language."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.models.monitoring import octopus_account_alerts
from odoo.addons.linga_octopus.models.monitoring.octopus_alert_cause import ALERT_CRON, PAUSE
from odoo.addons.linga_octopus.models.order.stock_deduction import StockDeduction

from ..support.orders import OrdersMixin

MANAGER = "base.group_user,linga_octopus.group_octopus_manager"


class AlertCase(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(cls.env, "boss", MANAGER, email="boss@example.com")
        cls.clerk = new_test_user(cls.env, "clerk", "base.group_user", email="clerk@example.com")
        cls.account.alert_ids.unlink()

    def alert(self, users, **values):
        return self.env["octopus.alert"].create(
            {"account_id": self.account.id, "user_ids": [Command.set(users.ids)], **values}
        )

    def tell(self):
        """Let the worker tell what is new."""
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.alert.cause"]._cron_alert()
        self.env.invalidate_all()

    def chat(self, user):
        """What OdooBot wrote to a user, the latest first."""
        bot = self.env.ref("base.partner_root")
        chats = self.env["discuss.channel"].search(
            [("channel_type", "=", "chat"), ("channel_partner_ids", "in", user.partner_id.ids)]
        )
        chats = chats.filtered(
            lambda chat: bot in chat.with_context(active_test=False).channel_partner_ids
        )
        return [str(message.body) for message in chats.message_ids if message.author_id == bot]

    def activities(self, user):
        return self.account.activity_ids.filtered(lambda activity: activity.user_id == user)

    def mails(self, user):
        return self.env["mail.mail"].search([("recipient_ids", "in", user.partner_id.ids)])


class TestOrderAlerts(AlertCase):
    def test_a_new_order_is_told_in_discuss(self):
        self.alert(self.boss | self.clerk, way="discuss", on_order=True)
        order = self.order({"CHAIR": 2}, order_number="1042")

        self.tell()

        for user in (self.boss, self.clerk):
            [message] = self.chat(user)
            for text in ("Main Street", "SHOPIFY 1042", "Ada Lovelace", "20.00"):
                self.assertIn(text, message)
            self.assertIn(f"/odoo/online-orders/{order.id}", message)

    def test_nothing_is_sent_while_the_order_comes_in(self):
        self.alert(self.boss, way="discuss", on_order=True)
        self.alert(self.boss, way="mail", on_order=True)
        causes = self.env["octopus.alert.cause"]
        with patch.object(type(self.env["octopus.alert"]), "_tell") as told:
            self.ingest(self.payload({"CHAIR": 1}))
            self.assertFalse(causes.search([("account_id", "=", self.account.id)]))
            self.deduct()
        told.assert_not_called()
        self.assertEqual(len(causes.search([("account_id", "=", self.account.id)])), 1)

    def test_nobody_wants_to_hear_of_orders(self):
        self.alert(self.boss, way="discuss", on_failure=True)
        self.order({"CHAIR": 1})
        self.tell()
        self.assertFalse(self.env["octopus.alert.cause"].search([("kind", "=", "order")]))
        self.assertFalse(self.chat(self.boss))

    def test_a_rush_is_told_in_one_message(self):
        self.alert(self.boss, way="discuss", on_order=True)
        self.order({"CHAIR": 1})
        self.tell()
        for number in range(12):
            self.order({"CHAIR": 1}, order_number=f"R-{number}")
            self.tell()
        self.assertEqual(len(self.chat(self.boss)), 1, "the others wait for each other")
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", self.env.ref(ALERT_CRON).id)])
        self.assertIn(self.account.order_alert_at + PAUSE, woken.mapped("call_at"))

        self.account.order_alert_at -= PAUSE
        self.tell()

        latest, _first = self.chat(self.boss)
        self.assertIn("12 new online orders", latest)
        self.assertIn("R-0", latest)
        self.assertNotIn("R-11", latest)
        self.assertIn("... and 2 more.", latest)

    def test_an_order_is_told_once_however_often_it_is_worked_on(self):
        self.alert(self.boss, way="discuss", on_order=True, on_failure=False)
        order = self.order({"MYSTERY": 1})
        self.tell()
        order.line_ids.with_user(self.boss).product_id = self.chair
        self.deduct()
        self.account.order_alert_at -= PAUSE
        self.tell()
        self.assertEqual(order.stock_state, "deducted")
        self.assertEqual(len(self.chat(self.boss)), 1)

    def test_orders_of_another_store_are_not_ours(self):
        self.alert(self.boss, way="discuss", on_order=True)
        other = self.env["octopus.account"].create({"name": "Elsewhere"})
        self.orders._ingest(other, self.payload({"CHAIR": 1}))
        self.deduct()
        self.tell()
        self.assertFalse(self.chat(self.boss))

    def test_by_activity_and_by_mail(self):
        self.alert(self.boss, way="activity", on_order=True)
        self.alert(self.clerk, way="mail", on_order=True)
        self.order({"CHAIR": 1}, order_number="77")
        self.tell()
        self.order({"CHAIR": 1}, order_number="78")
        self.account.order_alert_at -= PAUSE
        self.tell()

        [activity] = self.activities(self.boss)
        self.assertEqual(activity.activity_type_id.name, "New Online Orders")
        self.assertIn("SHOPIFY 77", activity.note)
        self.assertIn("SHOPIFY 78", activity.note)
        self.assertEqual([mail.state for mail in self.mails(self.clerk)], ["outgoing"] * 2)
        self.assertIn("SHOPIFY 78", self.mails(self.clerk)[0].body_html)


class TestFailureAlerts(AlertCase):
    def lose_connection(self):
        self.account.write({"state": "error", "state_message": "Octopus wants new credentials."})

    def test_a_failure_is_told_once_and_again_after_it_was_solved(self):
        self.alert(self.boss, way="discuss")
        self.lose_connection()
        for _look in range(3):
            self.tell()
        [message] = self.chat(self.boss)
        self.assertIn("Octopus wants new credentials.", message)
        self.assertIn(f"/odoo/octopus-stores/{self.account.id}", message)

        self.account.write({"state": "connected", "state_message": False})
        self.tell()
        self.lose_connection()
        self.tell()
        self.assertEqual(len(self.chat(self.boss)), 2)

    def test_a_pass_that_fails_at_each_retry_is_one_cause(self):
        self.alert(self.boss, way="discuss")
        runs = self.env["octopus.sync.run"]
        for _retry in range(3):
            run = runs.create({"account_id": self.account.id, "kind": "products"})
            self.tell()  # under way: neither solved nor new
            run._end("failed", "The shop is closed.")
            self.tell()
        [message] = self.chat(self.boss)
        self.assertIn("Products: The shop is closed.", message)

    def test_each_reads_of_failures_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.boss.lang, self.clerk.lang = "en_US", "fr_FR"
        self.account.company_id.partner_id.lang = "en_US"
        self.alert(self.boss | self.clerk, way="discuss")
        order_checks = self.env["octopus.order.check"]
        order_checks.create(
            {"account_id": self.account.id, "day": "2026-11-21", "state": "differs"}
        )
        self.tell()
        self.assertIn("The online orders of 11/21/2026 differ", self.chat(self.boss)[0])
        self.assertIn("21/11/2026", self.chat(self.clerk)[0])
        self.assertNotIn("The online orders", self.chat(self.clerk)[0])
        self.tell()
        self.assertEqual(len(self.chat(self.clerk)), 1)

    def test_records_with_the_same_problem_are_one_cause(self):
        self.alert(self.boss, way="discuss")
        run = self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "products", "state": "partial"}
        )
        for product in (self.chair, self.table):
            run._add_issue(product, "The price is zero.")
        run._add_issue(self.chair, "A hint.", severity="warning")
        self.tell()
        run._add_issue(self.make_goods("LAMP"), "The price is zero.")
        self.tell()
        [message] = self.chat(self.boss)
        self.assertEqual(message.count("The price is zero."), 1)
        self.assertNotIn("hint", message)

        run._add_issue(self.table, "The name is too long.")
        self.tell()
        latest, _first = self.chat(self.boss)
        self.assertIn("The name is too long.", latest)
        self.assertNotIn("The price is zero.", latest)

    @mute_logger("odoo.addons.linga_octopus.models.order.stock_deduction")
    def test_an_order_that_blocks_again_is_the_same_cause(self):
        self.alert(self.boss, way="discuss")
        with patch.object(StockDeduction, "_deliver", side_effect=ValueError("no shelf")):
            order = self.order({"CHAIR": 1}, order_number="B-1")
            self.tell()
            order.action_retry_stock()
            self.tell()  # waits for the worker: not solved
            self.deduct()
            self.tell()
        [message] = self.chat(self.boss)
        self.assertIn("SHOPIFY B-1", message)

    def test_failures_that_newer_ones_push_off_the_list_are_not_told_again(self):
        self.alert(self.boss, way="discuss")
        self.patch(octopus_account_alerts, "MANY", 1)
        blocked = {"stock_state": "blocked", "stock_message": "No shelf."}
        untold = {"push_status": "failed", "channel_notice": "Octopus was not told."}
        for name, values in (("S", blocked), ("U", untold)):
            with self.subTest(values=values):
                orders = [self.order({"CHAIR": 1}, order_number=f"{name}-{n}") for n in range(2)]
                for order in orders:
                    order.write(values)
                    self.tell()
                self.assertEqual(len(self.chat(self.boss)), 2)
                orders[1].write({"stock_state": "deducted", "push_status": "synced"})
                self.tell()
                self.assertEqual(len(self.chat(self.boss)), 2, "the first has failed all along")
                self.assertIn(f"{name}-0", self.chat(self.boss)[1])
                orders[0].write({"stock_state": "deducted", "push_status": "synced"})
                self.tell()
                self.env["discuss.channel"].search([]).message_ids.unlink()

    @mute_logger("odoo.addons.linga_octopus.models.order.stock_deduction")
    def test_goods_that_a_cancelled_order_cannot_give_back_are_told_of(self):
        self.alert(self.boss, way="discuss")
        payload = self.payload({"CHAIR": 1}, order_number="B-2")
        order = self.ingest(payload)
        self.deduct()
        moves = type(self.env["stock.move"])
        with patch.object(moves, "_octopus_return", side_effect=ValueError("no shelf")):
            self.ingest(self.changed(payload, cancelled_at="2026-11-21T08:00:00-00:00"))
            self.deduct()
        self.assertRecordValues(order, [{"status": "cancelled", "stock_state": "blocked"}])
        self.tell()
        [message] = self.chat(self.boss)
        self.assertIn("SHOPIFY B-2", message)
        order.action_retry_stock()
        self.tell()  # waits for the worker: not solved
        self.deduct()
        self.tell()
        self.assertEqual(order.stock_state, "restored")
        self.assertEqual(len(self.chat(self.boss)), 1)

    def test_an_octopus_that_stays_away_is_told_a_hiccup_is_not(self):
        self.alert(self.boss, way="discuss")
        run = self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "orders", "state": "waiting", "attempts": 1}
        )
        run.message = "Octopus did not answer in time."
        self.tell()
        self.assertFalse(self.chat(self.boss))
        run.attempts = 4
        self.tell()
        self.assertIn("Octopus did not answer in time.", self.chat(self.boss)[0])
        run.state = "running"  # it is trying just now
        self.tell()
        run.state = "waiting"
        self.tell()
        self.assertEqual(len(self.chat(self.boss)), 1)

    def test_an_activity_stands_until_nothing_is_wrong_any_more(self):
        self.alert(self.boss, way="activity")
        self.lose_connection()
        self.tell()
        [activity] = self.activities(self.boss)
        self.assertIn("Octopus wants new credentials.", activity.note)
        self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "products"}
        )._end("failed", "The shop is closed.")
        self.tell()
        self.assertEqual(self.activities(self.boss), activity, "one, with both in it")
        self.assertIn("The shop is closed.", activity.note)

        self.account.write({"state": "connected", "state_message": False})
        self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "products"}
        )._end("done")
        self.tell()
        self.assertFalse(self.activities(self.boss))
        self.assertIn("Solved", str(self.account.message_ids[0].body))

    def test_whoever_subscribes_a_store_answers_for_it(self):
        store = self.env["octopus.account"].with_user(self.boss).create({"name": "New"})
        self.assertRecordValues(
            store.alert_ids,
            [{"user_ids": self.boss.ids, "way": "activity", "on_failure": True, "on_order": False}],
        )

    def test_an_activity_is_for_those_who_can_open_the_store(self):
        with self.assertRaisesRegex(ValidationError, "clerk.*Choose Message in Discuss"):
            self.alert(self.clerk, way="activity")
        self.alert(self.boss, way="activity")
        self.boss.group_ids = self.env.ref("base.group_user")
        self.lose_connection()
        self.tell()
        self.assertIn("Octopus wants new credentials.", self.chat(self.boss)[0])

    def test_a_store_that_unsubscribed_is_silent(self):
        self.alert(self.boss, way="discuss")
        self.lose_connection()
        self.account.action_unsubscribe()
        self.tell()
        self.assertFalse(self.chat(self.boss))

    def test_one_store_whose_alerts_fail_does_not_silence_the_others(self):
        self.alert(self.boss, way="discuss")
        other = self.env["octopus.account"].create({"name": "Airport"})
        other.action_subscribe()
        self.env["octopus.alert"].create(
            {"account_id": other.id, "user_ids": [Command.set(self.boss.ids)]}
        )
        self.lose_connection()
        failures = type(self.account)._failures

        def failing(account, known=()):
            if account == other:
                raise ValueError("no such thing")
            return failures(account, known)

        with (
            patch.object(type(self.account), "_failures", failing),
            mute_logger("odoo.addons.linga_octopus.models.monitoring.octopus_alert_cause"),
        ):
            self.tell()
        self.assertEqual(len(self.chat(self.boss)), 1)

    def test_what_is_over_is_forgotten_what_is_open_is_not(self):
        self.alert(self.boss, way="discuss", on_order=True)
        self.lose_connection()
        self.order({"CHAIR": 1})
        self.tell()
        causes = self.env["octopus.alert.cause"].search([("account_id", "=", self.account.id)])
        causes.told_at = fields.Datetime.now() - timedelta(days=40)
        causes._gc_causes()
        self.assertEqual(causes.exists().mapped("key"), ["connection"])
