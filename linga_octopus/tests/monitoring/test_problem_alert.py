"""Who is notified of problems of a store: once for each cause, in their language."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ...models.monitoring import diagnosis
from ...models.monitoring.diagnosis import Diagnosis
from ...models.monitoring.staff_alerts import PROBLEM_SUBTYPE, SHOWN_PROBLEMS
from ...models.order.stock_deduction import StockDeduction
from ..support.alerts import AlertCase


class TestProblemAlerts(AlertCase):
    def setUp(self):
        super().setUp()
        self.follow(self.boss, PROBLEM_SUBTYPE)

    def lose_connection(self):
        self.account.write({"state": "error", "state_message": "Octopus wants new credentials."})

    def test_a_failure_is_told_once_and_again_after_it_was_solved(self):
        self.lose_connection()
        for _look in range(3):
            self.alert()
        [message] = self.inbox(self.boss)
        self.assertIn("Main Street: action required", message)
        self.assertIn("Octopus wants new credentials.", message)
        self.assertIn(self.link(self.account), message)

        self.account.write({"state": "connected", "state_message": False})
        self.alert()
        self.lose_connection()
        self.alert()
        self.assertEqual(len(self.inbox(self.boss)), 2)

    def test_the_first_follower_is_told_what_is_wrong_already(self):
        self.account.message_unsubscribe(self.boss.partner_id.ids)
        self.lose_connection()
        self.alert()
        self.follow(self.boss, PROBLEM_SUBTYPE)
        self.alert()
        self.assertEqual(len(self.inbox(self.boss)), 1)

    def test_a_run_that_fails_at_each_retry_is_one_cause(self):
        runs = self.env["octopus.sync.run"]
        for _retry in range(3):
            run = runs.create({"account_id": self.account.id, "kind": "products"})
            self.alert()  # under way: neither solved nor new
            run._end("failed", "The shop is closed.")
            self.alert()
        [message] = self.inbox(self.boss)
        self.assertIn("Products: The shop is closed.", message)

    def test_each_reads_of_failures_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.boss.lang, self.clerk.lang = "en_US", "fr_FR"
        self.account.company_id.partner_id.lang = "en_US"
        self.follow(self.clerk, PROBLEM_SUBTYPE)
        order_checks = self.env["octopus.order.check"]
        order_checks.create(
            {"account_id": self.account.id, "day": "2026-11-21", "state": "differs"}
        )
        self.alert()
        self.assertIn("11/21/2026", self.inbox(self.boss)[0])
        self.assertIn("21/11/2026", self.inbox(self.clerk)[0])
        self.alert()
        self.assertEqual(len(self.inbox(self.clerk)), 1)

    def test_records_with_the_same_issue_are_one_cause(self):
        run = self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "products", "state": "partial"}
        )
        for product in (self.chair, self.table):
            run._add_issue(product, "The price is zero.")
        run._add_issue(self.chair, "A hint.", severity="warning")
        self.alert()
        run._add_issue(self.make_goods("LAMP"), "The price is zero.")
        self.alert()
        [message] = self.inbox(self.boss)
        self.assertEqual(message.count("The price is zero."), 1)
        self.assertNotIn("hint", message)
        self.assertIn("/odoo/action-linga_octopus.octopus_sync_issue_action", message)

        run._add_issue(self.table, "The name is too long.")
        self.alert()
        latest, _first = self.inbox(self.boss)
        self.assertIn("The name is too long.", latest)
        self.assertNotIn("The price is zero.", latest)
        self.assertIn(self.link(self.table), latest)

    @mute_logger("odoo.addons.linga_octopus.models.order.stock_deduction")
    def test_an_order_that_blocks_again_is_the_same_cause(self):
        with patch.object(StockDeduction, "_deliver", side_effect=ValueError("no shelf")):
            order = self.order({"CHAIR": 1}, order_number="B-1")
            self.alert()
            order.action_retry_stock()
            self.alert()  # waits for the worker: not solved
            self.deduct()
            self.alert()
        [message] = self.inbox(self.boss)
        self.assertIn("Shopify B-1", message)
        self.assertIn(self.link(order), message)

    def test_failures_that_newer_ones_push_off_the_list_are_not_told_again(self):
        self.patch(diagnosis, "MAX_ORDERS", 1)
        blocked = {"stock_state": "blocked", "stock_issue": ["text", {"text": "No shelf."}]}
        notices = [["text", {"text": "Octopus was not told."}]]
        untold = {"push_status": "failed", "notices": notices}
        for name, values in (("S", blocked), ("U", untold)):
            with self.subTest(values=values):
                orders = [self.order({"CHAIR": 1}, order_number=f"{name}-{n}") for n in range(2)]
                for order in orders:
                    order.write(values)
                    self.alert()
                self.assertEqual(len(self.inbox(self.boss)), 2)
                orders[1].write({"stock_state": "deducted", "push_status": "synced"})
                self.alert()
                self.assertEqual(len(self.inbox(self.boss)), 2, "the first has failed all along")
                self.assertIn(f"{name}-0", self.inbox(self.boss)[1])
                orders[0].write({"stock_state": "deducted", "push_status": "synced"})
                self.alert()
                messages = self.env["mail.message"].search([])
                messages.filtered(lambda message: message.notified_partner_ids).unlink()

    @mute_logger("odoo.addons.linga_octopus.models.order.stock_deduction")
    def test_goods_that_a_cancelled_order_cannot_give_back_are_told_of(self):
        payload = self.payload({"CHAIR": 1}, order_number="B-2")
        order = self.ingest(payload)
        self.deduct()
        moves = type(self.env["stock.move"])
        with patch.object(moves, "_octopus_return", side_effect=ValueError("no shelf")):
            self.ingest(self.changed(payload, cancelled_at="2026-11-21T08:00:00-00:00"))
            self.deduct()
        self.assertRecordValues(order, [{"status": "cancelled", "stock_state": "blocked"}])
        self.alert()
        [message] = self.inbox(self.boss)
        self.assertIn("Shopify B-2", message)
        order.action_retry_stock()
        self.alert()  # waits for the worker: not solved
        self.deduct()
        self.alert()
        self.assertEqual(order.stock_state, "restored")
        self.assertEqual(len(self.inbox(self.boss)), 1)

    def test_an_octopus_that_stays_away_is_told_a_hiccup_is_not(self):
        run = self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "orders", "state": "waiting", "attempts": 1}
        )
        run.message = "Octopus did not answer in time."
        self.alert()
        self.assertFalse(self.inbox(self.boss))
        run.attempts = diagnosis.ATTEMPTS_IN_VAIN
        self.alert()
        self.assertIn("Octopus did not answer in time.", self.inbox(self.boss)[0])
        run.state = "running"  # it is trying just now
        self.alert()
        run.state = "waiting"
        self.alert()
        self.assertEqual(len(self.inbox(self.boss)), 1)

    def test_a_store_that_unsubscribed_is_silent(self):
        self.lose_connection()
        self.account.action_unsubscribe()
        self.alert()
        self.assertFalse(self.inbox(self.boss))

    def test_one_store_whose_alerts_fail_does_not_silence_the_others(self):
        other = self.env["octopus.account"].create({"name": "Airport"})
        other.action_subscribe()
        other.message_subscribe(self.boss.partner_id.ids, [self.env.ref(PROBLEM_SUBTYPE).id])
        self.lose_connection()
        failures = Diagnosis.failures

        def failing(diagnosis):
            if diagnosis.account == other:
                raise ValueError("no such thing")
            return failures(diagnosis)

        with (
            patch.object(Diagnosis, "failures", failing),
            mute_logger("odoo.addons.linga_octopus.models.monitoring.staff_alerts"),
        ):
            self.alert()
        self.assertEqual(len(self.inbox(self.boss)), 1)


class TestActivity(AlertCase):
    """The responsible user has one activity as long as anything is wrong."""

    def setUp(self):
        super().setUp()
        self.account.user_id = self.boss
        self.account.message_unsubscribe(self.boss.partner_id.ids)

    def lose_connection(self):
        self.account.write({"state": "error", "state_message": "Octopus wants new credentials."})

    def fail(self, kind="products"):
        run = self.env["octopus.sync.run"].create({"account_id": self.account.id, "kind": kind})
        run._end("failed", "The shop is closed.")
        return run

    def test_it_stands_until_nothing_is_wrong_any_more(self):
        self.lose_connection()
        self.alert()
        [activity] = self.activities(self.boss)
        self.assertIn("Octopus wants new credentials.", activity.note)
        self.assertIn(self.link(self.account), activity.note)
        run = self.fail()
        self.alert()
        self.assertEqual(self.activities(self.boss), activity, "one, with both in it")
        self.assertIn("The shop is closed.", activity.note)
        self.assertIn(self.link(run), activity.note)

        self.account.write({"state": "connected", "state_message": False})
        self.alert()
        self.assertNotIn("Octopus wants new credentials.", activity.note, "this one is solved")
        self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "products"}
        )._end("done")
        self.alert()
        self.assertFalse(self.activities(self.boss))
        self.assertIn("Solved", str(self.account.message_ids[0].body))

    def test_an_activity_that_is_done_comes_back_with_a_new_cause_only(self):
        self.lose_connection()
        self.alert()
        self.activities(self.boss).action_feedback()
        self.alert()
        self.assertFalse(self.activities(self.boss))
        self.fail()
        self.alert()
        self.assertEqual(len(self.activities(self.boss)), 1)

    def test_its_note_does_not_grow_for_ever(self):
        run = self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "products", "state": "partial"}
        )
        for number in range(SHOWN_PROBLEMS + 3):
            run._add_issue(self.chair, f"Problem {number}.")
            self.alert()
        [activity] = self.activities(self.boss)
        self.assertEqual(activity.note.count("<li>"), SHOWN_PROBLEMS)
        self.assertIn("... and 3 more.", activity.note)

    def test_the_responsible_user_reads_it_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.boss.lang = "fr_FR"
        self.env["octopus.order.check"].create(
            {"account_id": self.account.id, "day": "2026-11-21", "state": "differs"}
        )
        self.alert()
        self.assertIn("21/11/2026", self.activities(self.boss).note)

    def test_it_comes_without_a_message_of_its_own(self):
        self.follow(self.boss, PROBLEM_SUBTYPE)
        before = len(self.inbox(self.boss))
        self.lose_connection()
        self.alert()
        self.assertEqual(len(self.activities(self.boss)), 1)
        self.assertEqual(len(self.inbox(self.boss)) - before, 1, "that of the follower")

    def test_only_for_a_user_who_can_open_the_store(self):
        self.boss.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.follow(self.boss, PROBLEM_SUBTYPE)
        self.lose_connection()
        self.alert()
        self.assertFalse(self.activities(self.boss))
        self.assertIn("Octopus wants new credentials.", self.inbox(self.boss)[0])


class TestQueries(AlertCase):
    """A look every minute costs the same however much is wrong and however many people read it."""

    def have_failed(self, first, count):
        """Have a day, an order and a record fail, so many times."""
        run = self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "products", "state": "partial"}
        )
        numbers = range(first, first + count)
        products = self.make_products(f"Thing {number}" for number in numbers)
        for number, product in zip(numbers, products, strict=True):
            day = {"day": f"2026-0{1 + number // 28}-{1 + number % 28:02}", "state": "differs"}
            self.env["octopus.order.check"].create({"account_id": self.account.id, **day})
            run._add_issue(product.product_variant_id, f"Problem {number}.")
            self.ingest(self.payload({"CHAIR": 1}, order_number=f"Q-{number}"))
        blocked = {"stock_state": "blocked", "stock_message": "No shelf.", "is_alert_due": False}
        self.orders.search([("account_id", "=", self.account.id)]).write(blocked)

    def queries_of_a_look(self):
        """Return the statements of one look of the worker, without caches."""
        self.env.flush_all()
        self.env.invalidate_all()
        statements = []
        execute = type(self.env.cr).execute

        def counting(cr, query, *args, **options):
            statements.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **options)

        with self.transaction() as env, patch.object(type(env.cr), "execute", counting):
            env["octopus.account"]._cron_notify_staff()
        self.env.invalidate_all()
        return statements

    def test_many_failures_take_no_more_queries_than_few(self):
        self.follow(self.boss, PROBLEM_SUBTYPE)
        self.have_failed(0, 2)
        self.queries_of_a_look()  # tells of them
        few = len(self.queries_of_a_look())
        self.have_failed(2, 80)
        self.queries_of_a_look()
        many = self.queries_of_a_look()
        self.assertLessEqual(len(many), few, "\n".join(many))

    def test_each_kind_is_read_once_for_people_of_many_languages(self):
        languages = ("en_US", "fr_FR", "de_DE", "es_ES", "it_IT")
        readers = self.boss
        for lang in languages:
            self.env["res.lang"]._activate_lang(lang)
            for number in range(4):
                name = f"reader_{lang}_{number}"
                readers |= new_test_user(self.env, name, "base.group_user", lang=lang)
        readers.notification_type = "inbox"
        self.follow(readers, PROBLEM_SUBTYPE)
        self.account.user_id = self.boss
        self.have_failed(0, 40)
        statements = self.queries_of_a_look()
        told = {len(self.inbox(reader)) for reader in readers - self.boss}
        self.assertEqual(told, {1}, "each once")
        for table in ("octopus_order_check", "octopus_sync_issue", "octopus_order"):
            reads = [text for text in statements if f'FROM "{table}"' in text]
            with self.subTest(table=table):
                # Orders: stuck, not sent, changed, refunded, alive again; known ones; their names.
                self.assertLessEqual(len(reads), 7 if table == "octopus_order" else 2, reads)
