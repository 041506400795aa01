"""What the order screens ask of the models: search, the question before a cancellation, news."""

import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user

from .orders import OrdersMixin


class ScreensCase(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(
            cls.env, "till", "base.group_user,point_of_sale.group_pos_user", tz="UTC"
        )
        cls.till = cls.env["pos.config"].create({"name": "Till 1"})
        cls.account.pos_config_ids = cls.till

    def sent(self):
        """Return type and payload of the bus messages that this transaction sends."""
        bus = self.env["bus.bus"].sudo()
        latest = bus.search([], order="id desc", limit=1).id
        self.env.cr.precommit.run()
        messages = [json.loads(row.message) for row in bus.search([("id", ">", latest)])]
        return [
            (message["type"].split("-")[-1], message["payload"])
            for message in messages
            if "linga_octopus" in message["type"] or "OCTOPUS" in message["type"]
        ]


class TestOrderSearch(ScreensCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wanted = cls.env["octopus.order"].create(
            {
                "account_id": cls.account.id,
                "company_id": cls.account.company_id.id,
                "third_party_name": "BIGCOMMERCE",
                "third_party_order_no": "#7731",
                "aggregator_order_no": "900417",
                "transaction_time": "2026-03-05 14:30:20",
                "customer_name": "Grace Hopper",
                "check_total": 1234.5,
                "currency_id": cls.env.ref("base.USD").id,
                "status": "completed",
                "stock_state": "none",
            }
        )
        cls.other = cls.wanted.copy(
            {
                "third_party_name": "SHOPIFY",
                "third_party_order_no": "#8888",
                "aggregator_order_no": "111222",
                "transaction_time": "2026-03-06 09:00:00",
                "customer_name": "Alan Turing",
                "check_total": 99.99,
                "status": "take_action",
            }
        )

    def found(self, text):
        orders = self.env["octopus.order"].with_user(self.cashier)
        return orders.search([("search_text", "ilike", text)]) & (self.wanted | self.other)

    def test_the_ends_of_the_calendar_find_nothing(self):
        for zone in "Asia/Tokyo", "America/Lima":
            self.cashier.tz = zone
            for text in "9999-12-31", "12/9999", "9999-12-31 23:59", "0001-01-01", "01/0001":
                with self.subTest(zone=zone, text=text):
                    self.assertFalse(self.found(text))

    def test_the_search_box_finds_by_each_of_the_seven_columns(self):
        for text in (
            "bigcomm",
            "7731",
            "900417",
            "2026-03-05",
            "03/05/2026",
            "March 5, 2026",
            "2026-03-05 14:30",
            "grace hop",
            "1234.50",
            "$ 1,234.50",
            "1234",
            "complet",
        ):
            with self.subTest(text=text):
                self.assertEqual(self.found(text), self.wanted)

    def test_a_whole_number_is_found_by_whole_and_by_part_and_no_other(self):
        self.wanted.third_party_order_no = "114-3941689-8772232"
        self.other.third_party_order_no = "112-3941689-8772232"
        self.wanted.aggregator_order_no, self.other.aggregator_order_no = "ORD_9004171", "9004172"
        cashier = self.env["octopus.order"].with_user(self.cashier)
        for name, text in (
            ("third_party_order_no", "114-3941689-8772232"),
            ("third_party_order_no", "4-3941689"),
            ("aggregator_order_no", "ord_9004171"),
            ("aggregator_order_no", "D_9004171"),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.found(text), self.wanted)
                found = cashier.search([(name, "ilike", text)]) & (self.wanted | self.other)
                self.assertEqual(found, self.wanted)
                self.assertEqual(
                    (self.wanted | self.other).filtered_domain([(name, "ilike", text)]),
                    self.wanted,
                )
        self.assertEqual(self.found("3941689"), self.wanted | self.other)
        self.assertFalse(self.found("115-3941689-8772232"))

    def test_a_status_word_finds_the_status_and_customers_of_that_name(self):
        self.assertEqual(self.found("complet"), self.wanted)
        self.wanted.status = "cancelled"
        self.other.customer_name = "João Cancelo"
        self.assertEqual(self.found("cancel"), self.wanted | self.other)
        self.assertEqual(self.found("cancelo"), self.other)

    def test_a_month_finds_all_its_orders_and_nonsense_finds_none(self):
        self.assertEqual(self.found("March 2026"), self.wanted | self.other)
        self.assertFalse(self.found("2026-04"))
        self.assertFalse(self.found("no such thing 12"))

    def test_days_are_those_of_the_user(self):
        self.cashier.tz = "Asia/Tokyo"  # there it is already the 5th at 23:30
        self.assertEqual(self.found("2026-03-05 23:30"), self.wanted)
        self.assertFalse(self.found("2026-03-05 14:30"))

    def test_an_amount_with_cents_is_that_amount(self):
        self.assertEqual(self.found("99.99"), self.other)
        self.assertFalse(self.found("99.98"))


class TestOrderStatusScreens(ScreensCase):
    def test_the_question_names_the_goods_that_go_back(self):
        order = self.order({"CHAIR": 3, "TABLE": 1})
        question = order.with_user(self.cashier).get_cancel_question()
        self.assertIn("3 × [CHAIR] Chair", question)
        self.assertIn("1 × [TABLE] Table", question)
        self.assertIn("Ada Lovelace", question)

    def test_the_question_says_when_no_stock_changes(self):
        order = self.ingest(self.payload({"CHAIR": 3}))
        self.assertIn("The stock does not change", order.get_cancel_question())

    def test_cancelling_several_asks_once_and_gives_all_back(self):
        orders = self.order({"CHAIR": 3}) | self.order({"CHAIR": 2})
        action = orders.with_user(self.cashier).action_ask_cancel()
        self.assertIn("Cancel 2 online orders?", action["params"]["question"])
        self.assertIn("5 × [CHAIR] Chair", action["params"]["question"])
        orders.with_user(self.cashier).browse(action["params"]["order_ids"]).action_cancel()
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_completing_a_selection_leaves_cancelled_orders_alone(self):
        done, cancelled = self.order({"CHAIR": 1}), self.order({"CHAIR": 1})
        cancelled.status = "cancelled"
        (done | cancelled).with_user(self.cashier).action_complete()
        self.assertEqual([done.status, cancelled.status], ["completed", "cancelled"])
        done.action_reopen()
        self.assertEqual(done.status, "take_action")


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
    def test_a_new_order_is_told_to_lists_and_tills_with_nothing_but_its_id(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        news = self.sent()
        self.assertCountEqual(
            news,
            [
                ("linga_octopus/orders", {"ids": order.ids}),
                ("OCTOPUS_ORDERS", {"ids": order.ids}),
            ],
        )

    def test_a_rush_is_told_once_by_the_worker(self):
        first = self.ingest(self.payload({"CHAIR": 1}))
        self.sent()
        second = self.ingest(self.payload({"CHAIR": 1}))
        self.assertFalse(self.sent())
        (first | second).stock_state = "deducted"
        self.assertIn(("OCTOPUS_ORDERS", {"ids": (first | second).ids}), self.sent())

    def test_a_cashiers_change_is_told_to_everybody(self):
        order = self.order({"CHAIR": 1})
        self.sent()
        order.with_user(self.cashier).status = "completed"
        self.assertIn(("linga_octopus/orders", {"ids": order.ids}), self.sent())


class TestTill(ScreensCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_till = cls.env["pos.config"].create({"name": "Till 2"})

    def as_cashier(self, till):
        return till.with_user(self.cashier)

    def test_a_till_lists_the_orders_of_its_stores_newest_first(self):
        old = self.ingest(self.payload({"CHAIR": 1}, created_at="2026-11-19T10:00:00-05:00"))
        new = self.ingest(self.payload({"CHAIR": 2}))
        page = self.as_cashier(self.till).get_octopus_orders()
        self.assertEqual([row["id"] for row in page["orders"]], [new.id, old.id])
        self.assertEqual(page["count"], 2)
        row = page["orders"][0]
        self.assertEqual(row["third_party_name"], "SHOPIFY")
        self.assertEqual(row["customer_name"], "Ada Lovelace")
        self.assertEqual(row["status"], "take_action")
        self.assertEqual(row["transaction_time"], "2026-11-20 15:00:00")
        self.assertIn("20.00", row["check_total"])

    def test_pages_and_search_are_the_servers(self):
        orders = [self.ingest(self.payload({"CHAIR": count + 1})) for count in range(3)]
        till = self.as_cashier(self.till)
        self.assertEqual(
            [row["id"] for row in till.get_octopus_orders(offset=2, limit=2)["orders"]],
            [orders[0].id],
        )
        found = till.get_octopus_orders(text=orders[1].aggregator_order_no)
        self.assertEqual([row["id"] for row in found["orders"]], [orders[1].id])
        orders[2].status = "completed"
        self.assertEqual(till.get_octopus_orders(status="completed")["count"], 1)

    def test_another_till_sees_and_changes_nothing(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        till = self.as_cashier(self.other_till)
        self.assertFalse(till.get_octopus_summary()["is_linked"])
        self.assertEqual(till.get_octopus_orders()["count"], 0)
        for call in (
            lambda: till.get_octopus_order(order.id),
            lambda: till.get_octopus_cancel_question(order.id),
            lambda: till.set_octopus_status(order.id, "cancelled"),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(order.status, "take_action")

    def test_who_is_no_cashier_gets_nothing(self):
        clerk = new_test_user(self.env, "clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.till.with_user(clerk).get_octopus_orders()

    def test_the_till_shows_lines_amounts_and_what_needs_attention(self):
        order = self.order({"CHAIR": 1, "UNKNOWN": 2})
        detail = self.as_cashier(self.till).get_octopus_order(order.id)
        self.assertEqual(
            [(line["quantity"], line["needs_mapping"]) for line in detail["lines"]],
            [("1", False), ("2", True)],
        )
        self.assertIn("Unknown product", detail["attention"])
        self.assertEqual(detail["amounts"][0]["label"], "Goods")

    def test_what_is_to_be_written_on_the_goods_is_on_till_form_and_tickets(self):
        payload = self.payload({"CHAIR": 1, "TABLE": 1})
        payload["line_items"][0]["properties"] = [{"name": "Engraving", "value": "Ada"}]
        order = self.ingest(payload)
        detail = self.as_cashier(self.till).get_octopus_order(order.id)
        self.assertEqual([line["properties"] for line in detail["lines"]], ["Engraving: Ada", ""])
        self.assertTrue(order.has_properties)
        self.assertFalse(self.ingest(self.payload({"CHAIR": 1})).has_properties)
        reports = self.env["ir.actions.report"]
        for name in "report_picking_ticket", "report_picking_receipt":
            html = reports._render_qweb_html(f"linga_octopus.{name}", order.ids)[0].decode()
            self.assertIn("Engraving: Ada", html, name)

    def test_the_till_says_that_a_cancelled_order_is_blocked_and_nothing_else_of_it(self):
        order = self.order({"CHAIR": 50, "UNKNOWN": 2})
        order.status = "cancelled"
        order.sudo().is_oversold = True
        self.assertFalse(order._till_attention())
        order.sudo().write({"stock_state": "blocked", "stock_message": "No shelf."})
        self.assertEqual(order._till_attention(), "No shelf.")

    def test_whole_quantities_have_no_decimals_in_any_language(self):
        order = self.order({"CHAIR": 3})
        self.env["res.lang"]._activate_lang("fr_FR")
        unit = self.env["decimal.precision"].search([("name", "=", "Product Unit")])
        for lang, digits in (("fr_FR", 2), ("en_US", 3)):
            with self.subTest(lang=lang, digits=digits):
                unit.digits = digits
                till = self.as_cashier(self.till).with_context(lang=lang)
                [line] = till.get_octopus_order(order.id)["lines"]
                self.assertEqual(line["quantity"], "3")
                self.assertRegex(till.get_octopus_cancel_question(order.id), "(?m)^3 × ")
        order.line_ids.sudo().quantity = 2.5
        till = self.as_cashier(self.till).with_context(lang="fr_FR")
        [line] = till.get_octopus_order(order.id)["lines"]
        self.assertEqual(line["quantity"], "2,500")

    def test_the_payment_is_said_in_words(self):
        for sent, shown in (
            ("paid", "Paid"),
            ("Partially_Refunded", "Partly Refunded"),
            ("voided", "Voided"),
            ("on_account", "on_account"),
            ("", ""),
        ):
            with self.subTest(sent=sent):
                order = self.ingest(self.payload({"CHAIR": 1}, financial_status=sent))
                detail = self.as_cashier(self.till).get_octopus_order(order.id)
                self.assertEqual(detail["payment"], shown)

    def test_the_status_follows_the_rules_of_the_back_office(self):
        order = self.order({"CHAIR": 3})
        till = self.as_cashier(self.till)
        self.assertEqual(till.set_octopus_status(order.id, "completed")["status"], "completed")
        till.set_octopus_status(order.id, "cancelled")
        self.assertEqual(self.on_hand(self.chair), 10)
        with self.assertRaises(UserError):
            till.set_octopus_status(order.id, "take_action")

    def test_one_more_than_is_counted_is_told_apart(self):
        for _count in range(4):
            self.ingest(self.payload({"CHAIR": 1}))
        with patch("odoo.addons.linga_octopus.models.pos_config.COUNT_LIMIT", 2):
            summary = self.as_cashier(self.till).get_octopus_summary()
        self.assertEqual((summary["to_act"], summary["unseen"]), (3, 3))

    def test_one_look_quiets_all_tills_of_the_store(self):
        self.account.pos_config_ids += self.other_till
        self.ingest(self.payload({"CHAIR": 1}))
        here, there = self.as_cashier(self.till), self.as_cashier(self.other_till)
        summary = there.get_octopus_summary()
        self.assertEqual((summary["to_act"], summary["unseen"]), (1, 1))
        self.sent()
        here.set_octopus_seen(summary["latest_id"])
        self.assertEqual(self.sent().count(("OCTOPUS_ORDERS", {"ids": []})), 2)
        summary = there.get_octopus_summary()
        self.assertEqual((summary["to_act"], summary["unseen"]), (1, 0))
        self.ingest(self.payload({"CHAIR": 1}))
        self.assertEqual(there.get_octopus_summary()["unseen"], 1)

    def test_nobody_has_seen_what_is_still_to_come(self):
        self.as_cashier(self.till).set_octopus_seen(2**40)
        self.ingest(self.payload({"CHAIR": 1}))
        self.assertEqual(self.as_cashier(self.till).get_octopus_summary()["unseen"], 1)

    def test_an_older_look_does_not_make_orders_new_again(self):
        first = self.ingest(self.payload({"CHAIR": 1}))
        second = self.ingest(self.payload({"CHAIR": 1}))
        till = self.as_cashier(self.till)
        till.set_octopus_seen(second.id)
        till.set_octopus_seen(first.id)
        self.assertEqual(till.get_octopus_summary()["unseen"], 0)
