"""What the order screens of the back office ask of the models: the question before a cancellation,
analysis, tickets, news."""

import re

from freezegun import freeze_time

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from ..support.screens import ScreensCase


class TestOrderStatusScreens(ScreensCase):
    def test_the_question_names_the_goods_that_go_back(self):
        order = self.order({"CHAIR": 3, "TABLE": 1})
        question = order.with_user(self.cashier).get_cancel_questions()[0]
        self.assertIn("3 × [CHAIR] Chair", question)
        self.assertIn("1 × [TABLE] Table", question)
        self.assertIn("Ada Lovelace", question)

    def test_the_question_says_when_no_stock_changes(self):
        order = self.ingest(self.payload({"CHAIR": 3}))
        self.assertIn("The stock does not change", order.get_cancel_questions()[0])

    def test_cancelling_several_asks_once_and_gives_all_back(self):
        orders = self.order({"CHAIR": 3}) | self.order({"CHAIR": 2})
        action = orders.with_user(self.cashier).action_ask_cancel()
        [question] = action["params"]["questions"]
        self.assertIn("Cancel 2 online orders?", question)
        self.assertIn("5 × [CHAIR] Chair", question)
        orders.with_user(self.cashier).browse(action["params"]["order_ids"]).action_cancel()
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_completing_a_selection_leaves_cancelled_orders_alone(self):
        done, cancelled = self.order({"CHAIR": 1}), self.order({"CHAIR": 1})
        cancelled.status = "cancelled"
        (done | cancelled).with_user(self.cashier).action_complete()
        self.assertEqual([done.status, cancelled.status], ["completed", "cancelled"])
        done.action_reopen()
        self.assertEqual(done.status, "take_action")


class TestSeenStatus(ScreensCase):
    """Two people at one order: a decision about a status that is another one by now is refused."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2026-11-24 21:30:00"))
        self.shown = self.order({"CHAIR": 3})
        self.change("completed", at="2026-11-24 21:10:00")

    def change(self, status, at, user=None):
        """Change the status as somebody else."""
        with freeze_time(at):
            self.shown.with_user(user or self.cashier).status = status
            self.cr.flush()  # writes the history

    def seen(self, status="take_action"):
        """Return the order as for a user whose screen shows this status."""
        seen = {str(self.shown.id): status}
        return self.shown.with_context(octopus_seen_status=seen, tz="UTC")

    def test_no_way_changes_a_status_that_is_another_one_by_now(self):
        for change in (
            lambda order: order.write({"status": "cancelled"}),
            lambda order: order.action_complete(),
            lambda order: order.action_reopen(),
            lambda order: order.action_cancel(),
            lambda order: order.action_ask_cancel(),
            lambda order: order.get_cancel_questions(),
        ):
            with self.assertRaisesRegex(
                UserError, rf"Completed meanwhile by {re.escape(self.cashier.name)} at 9:10\sPM"
            ):
                change(self.seen())
        self.assertEqual(self.shown.status, "completed")
        self.assertEqual(self.on_hand(self.chair), 7)

    def test_a_status_that_is_still_the_same_is_changed(self):
        self.seen("completed").status = "take_action"
        self.assertEqual(self.shown.status, "take_action")

    def test_it_says_whatever_was_done_and_when(self):
        self.change("take_action", at="2026-11-23 08:00:00", user=self.env.ref("base.user_admin"))
        with self.assertRaisesRegex(UserError, r"Reopened meanwhile by .* at .*23.*8:00.AM"):
            self.seen("completed").action_reopen()
        with freeze_time("2026-11-24 21:20:00"):
            self.shown.with_user(SUPERUSER_ID).status = "cancelled"
            self.cr.flush()  # writes the history
        with self.assertRaisesRegex(UserError, "Cancelled meanwhile by Octopus at 9:20.PM"):
            self.seen().action_complete()

    def test_cancelling_carries_the_statuses_that_the_question_was_about(self):
        params = self.shown.action_ask_cancel()["params"]
        self.assertEqual(params["seen_status"], {str(self.shown.id): "completed"})

    def test_goods_that_were_handed_over_are_asked_about_once_more(self):
        _question, again = self.shown.get_cancel_questions()
        self.assertIn("its goods were handed over", again)
        other = self.order({"CHAIR": 1})
        _question, again = (self.shown | other).get_cancel_questions()
        self.assertIn("1 of these 2 orders are completed", again)
        self.assertEqual(len(other.get_cancel_questions()), 1)


class TestOrderAnalysis(ScreensCase):
    def test_products_channels_and_speed_can_be_compared(self):
        first = self.order({"CHAIR": 3, "TABLE": 1})
        second = self.order({"CHAIR": 2}, source="AMAZON")
        first.sudo().write({"received_at": "2026-11-20 15:02:00", "deducted_at": False})
        first.sudo().closed_at = "2026-11-20 17:32:00"
        report = self.env["octopus.order.report"]
        domain = [("order_id", "in", (first | second).ids)]
        quantities = report._read_group(
            domain, ["product_id", "third_party_name"], ["quantity:sum", "order_id:count_distinct"]
        )
        self.assertCountEqual(
            quantities,
            [
                (self.chair, "SHOPIFY", 3, 1),
                (self.chair, "AMAZON", 2, 1),
                (self.table, "SHOPIFY", 1, 1),
            ],
        )
        [(arrived, closed)] = report._read_group(
            [("order_id", "=", first.id)], [], ["minutes_to_arrive:avg", "hours_to_close:avg"]
        )
        self.assertEqual((arrived, closed), (2, 2.5))

    def test_of_other_companies_nothing_counts(self):
        order = self.order({"CHAIR": 3})
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        manager = new_test_user(
            self.env,
            "elsewhere",
            "base.group_user,linga_octopus.group_octopus_manager",
            company_id=elsewhere.id,
            company_ids=[elsewhere.id],
        )
        lines = self.env["octopus.order.report"].search([("order_id", "=", order.id)])
        self.assertTrue(lines)
        self.assertFalse(lines.with_user(manager).search([("order_id", "=", order.id)]))


class TestOrderTransfers(ScreensCase):
    def test_delivery_and_returns_are_a_click_away(self):
        order = self.order({"CHAIR": 3})
        self.assertEqual((order.delivery_count, order.return_count), (1, 0))
        order.status = "cancelled"
        self.assertEqual((order.delivery_count, order.return_count), (1, 1))
        went, came = order.action_view_deliveries(), order.action_view_returns()
        pickings = self.env["stock.picking"]
        self.assertEqual(
            pickings.search(went["domain"]) | pickings.search(came["domain"]), order.picking_ids
        )
        self.assertEqual(pickings.search(came["domain"]).return_id.octopus_order_id, order)


class TestPickingTicket(ScreensCase):
    def printed(self, orders, report):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.cashier)
            ._render_qweb_html(f"linga_octopus.octopus_order_report_{report}", orders.ids)
        )
        return content.decode()

    def test_both_sizes_name_order_customer_goods_and_total(self):
        first = self.order({"CHAIR": 3, "UNKNOWN": 1})
        second = self.order({"TABLE": 2})
        for report in ("picking_ticket", "picking_receipt"):
            with self.subTest(report=report):
                page = self.printed(first | second, report)
                self.assertIn("<strong>3</strong>", page)
                for text in (
                    first.aggregator_order_no,
                    second.aggregator_order_no,
                    "Ada Lovelace",
                    "CHAIR",
                    "UNKNOWN",
                    "TABLE",
                    "40.00",
                ):
                    self.assertIn(text, page)
                self.assertNotIn("CANCELLED", page)

    def test_the_payment_is_printed_in_words(self):
        order = self.ingest(self.payload({"CHAIR": 1}, financial_status="partially_refunded"))
        self.assertIn("Partly Refunded", self.printed(order, "picking_ticket"))

    def test_the_address_does_not_repeat_who_stands_above_it(self):
        order = self.order({"CHAIR": 1})
        order.write({"phone": "+1 555 0100", "customer_name": "Ada Lovelace"})
        order.shipping_address = "Ada Lovelace\n80 Citizen Court\nUnited States\n+1 555 0100"
        for report in ("picking_ticket", "picking_receipt"):
            page = self.printed(order, report)
            self.assertEqual(page.count("Ada Lovelace"), 1, report)
            self.assertEqual(page.count("+1 555 0100"), 1, report)
            self.assertIn("80 Citizen Court<br>", page.replace("<br/>", "<br>"), report)
        detail = self.till.with_user(self.cashier).get_octopus_order(order.id)
        self.assertEqual(detail["address"], "80 Citizen Court\nUnited States")

    def test_the_address_names_another_receiver(self):
        order = self.order({"CHAIR": 1})
        order.shipping_address = "Charles Babbage\n1 Dorset Street"
        self.assertIn("Charles Babbage", self.printed(order, "picking_ticket"))

    def test_a_cancelled_order_says_so(self):
        order = self.order({"CHAIR": 3})
        order.status = "cancelled"
        self.assertIn("CANCELLED", self.printed(order, "picking_receipt"))


class TestOrderNews(ScreensCase):
    def arrive(self, **options):
        """Let an order come in and be committed; return it, and what that sent."""
        self.env.cr.postcommit.clear()
        order = self.ingest(self.payload({"CHAIR": 1}), **options)
        return order, self.sent(self.env.cr.postcommit.run)

    def news(self, orders):
        """Return what tells everybody of these orders."""
        message = {"ids": orders.ids}
        return [("linga_octopus/orders", message), ("OCTOPUS_ORDERS", message)]

    def test_lists_and_points_of_sale_get_nothing_of_a_new_order_but_its_id(self):
        order, sent = self.arrive()
        self.assertCountEqual(sent, self.news(order))

    def test_a_rush_is_told_once_by_the_worker(self):
        first, _sent = self.arrive()
        second, sent = self.arrive()
        self.assertFalse(sent)
        (first | second).stock_state = "deducted"
        self.assertCountEqual(self.sent(), self.news(first | second))

    def test_an_order_that_the_worker_leaves_alone_is_told_even_in_a_rush(self):
        self.arrive()
        self.account.orders_since = fields.Datetime.to_datetime("2026-11-23")
        old, sent = self.arrive(is_new=False)
        self.assertEqual(old.stock_state, "none")
        self.assertCountEqual(sent, self.news(old))

    def test_a_cashiers_change_is_told_to_everybody(self):
        order = self.order({"CHAIR": 1})
        self.sent()
        order.with_user(self.cashier).status = "completed"
        self.assertIn(("linga_octopus/orders", {"ids": order.ids}), self.sent())
