"""The calls of the Point of Sale's screen of online orders, with the rights of its cashier."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ...models.pos.order_for_pos import attention
from ..support.facets import opened
from ..support.screens import ScreensCase


class TestPosConfig(ScreensCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_pos = cls.env["pos.config"].create({"name": "Counter 2"})

    def as_cashier(self, config):
        return config.with_user(self.cashier)

    def test_a_pos_lists_the_orders_of_its_stores_newest_first(self):
        old = self.ingest(self.payload({"CHAIR": 1}, created_at="2026-11-19T10:00:00-05:00"))
        new = self.ingest(self.payload({"CHAIR": 2}))
        page = self.as_cashier(self.till).get_octopus_orders()
        self.assertEqual([row["id"] for row in page["orders"]], [new.id, old.id])
        self.assertEqual(page["count"], 2)
        row = page["orders"][0]
        self.assertEqual(row["third_party_name"], "Shopify")
        self.assertEqual(row["customer_name"], "Ada Lovelace")
        self.assertEqual(row["status"], "take_action")
        self.assertEqual(row["transaction_time"], "2026-11-20 15:00:00")
        self.assertIn("20.00", row["check_total"])

    def test_pages_and_search_are_the_servers(self):
        orders = [self.ingest(self.payload({"CHAIR": count + 1})) for count in range(3)]
        pos = self.as_cashier(self.till)
        self.assertEqual(
            [row["id"] for row in pos.get_octopus_orders(offset=2, limit=2)["orders"]],
            [orders[0].id],
        )
        found = pos.get_octopus_orders(text=orders[1].aggregator_order_no)
        self.assertEqual([row["id"] for row in found["orders"]], [orders[1].id])
        orders[2].status = "completed"
        self.assertEqual(pos.get_octopus_orders(status="completed")["count"], 1)

    def test_a_page_without_a_search_counts_the_orders_of_each_status(self):
        orders = [self.ingest(self.payload({"CHAIR": 1})) for _count in range(3)]
        orders[0].status = "completed"
        pos = self.as_cashier(self.till)
        page = pos.get_octopus_orders(status="completed")
        self.assertEqual(page["counts"], {"take_action": 2, "completed": 1, "cancelled": 0})
        self.assertNotIn("counts", pos.get_octopus_orders(text="Ada"))

    def test_the_alert_names_the_newest_order_that_nobody_saw(self):
        order = self.ingest(self.payload({"CHAIR": 2, "TABLE": 1}))
        pos = self.as_cashier(self.till)
        summary = pos.get_octopus_summary()
        self.assertEqual(summary["newest"]["id"], order.id)
        self.assertEqual(summary["newest"]["title"], order.display_name)
        self.assertEqual(summary["newest"]["customer"], "Ada Lovelace")
        self.assertEqual(summary["newest"]["pieces"], "3")
        self.assertLess(summary["seen_id"], order.id)
        pos.set_octopus_seen(summary["latest_id"])
        summary = pos.get_octopus_summary()
        self.assertIs(summary["newest"], False, "an empty recordset is no JSON")
        self.assertEqual(summary["seen_id"], order.id)

    def test_the_dashboard_counts_the_open_orders_and_opens_them(self):
        orders = [self.ingest(self.payload({"CHAIR": 1})) for _count in range(3)]
        orders[0].status = "completed"
        mine, other = self.as_cashier(self.till), self.as_cashier(self.other_pos)
        self.assertEqual([mine.octopus_open_count, other.octopus_open_count], [2, 0])
        action = mine.action_octopus_open_orders()
        found = self.orders.with_user(self.cashier).search(action["domain"])
        self.assertEqual(len(found), 3, "the filter on open orders is a facet of the search")
        self.assertEqual(len(opened(self.env, action)), mine.octopus_open_count)

    def test_another_pos_sees_and_changes_nothing(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        pos = self.as_cashier(self.other_pos)
        self.assertFalse(pos.get_octopus_summary()["is_linked"])
        self.assertEqual(pos.get_octopus_orders()["count"], 0)
        for call in (
            lambda: pos.get_octopus_order(order.id),
            lambda: pos.get_octopus_cancel_questions(order.id),
            lambda: pos.set_octopus_status(order.id, "cancelled"),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(order.status, "take_action")

    def test_what_another_pos_has_changed_since_is_said_instead_of_changed(self):
        order = self.order({"CHAIR": 3})
        pos = self.as_cashier(self.till)
        pos.set_octopus_status(order.id, "completed", "take_action")
        for call in (
            lambda: pos.get_octopus_cancel_questions(order.id, "take_action"),
            lambda: pos.set_octopus_status(order.id, "cancelled", "take_action"),
        ):
            with self.assertRaisesRegex(UserError, "Completed meanwhile"):
                call()
        self.assertEqual(order.status, "completed")
        self.assertEqual(self.on_hand(self.chair), 7)

    def test_who_is_no_cashier_gets_nothing(self):
        clerk = new_test_user(self.env, "clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.till.with_user(clerk).get_octopus_orders()

    def test_the_pos_shows_lines_amounts_and_what_needs_attention(self):
        order = self.order({"CHAIR": 1, "UNKNOWN": 2})
        detail = self.as_cashier(self.till).get_octopus_order(order.id)
        self.assertEqual(
            [(line["quantity"], line["needs_mapping"]) for line in detail["lines"]],
            [("1", False), ("2", True)],
        )
        self.assertIn("Unknown product", detail["attention"])
        self.assertEqual(detail["amounts"][0]["label"], "Goods")

    def test_what_is_to_be_written_on_the_goods_is_on_pos_form_and_tickets(self):
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

    def test_the_variant_is_wherever_a_line_is_read(self):
        payload = self.payload({"CHAIR": 1, "TABLE": 1})
        payload["line_items"][0]["variant_title"] = "Red / L"
        order = self.ingest(payload)
        detail = self.as_cashier(self.till).get_octopus_order(order.id)
        self.assertEqual([line["variant"] for line in detail["lines"]], ["Red / L", ""])
        self.assertTrue(order.has_variants)
        self.assertFalse(self.ingest(self.payload({"CHAIR": 1})).has_variants)
        self.assertEqual(order.line_ids.mapped("display_name"), ["Chair (Red / L)", "Table"])
        reports = self.env["ir.actions.report"]
        for name in "report_picking_ticket", "report_picking_receipt":
            html = reports._render_qweb_html(f"linga_octopus.{name}", order.ids)[0].decode()
            self.assertEqual(html.count("Red / L"), 1, name)
        self.deduct()
        question = order.get_cancel_questions()[0]
        self.assertIn("1 × [CHAIR] Chair (Red / L)", question)
        self.assertIn("1 × [TABLE] Table\n", question)

    def test_the_pos_says_that_a_cancelled_order_is_blocked_and_nothing_else_of_it(self):
        order = self.order({"CHAIR": 50, "UNKNOWN": 2})
        order.status = "cancelled"
        order.sudo().is_oversold = True
        self.assertFalse(attention(order))
        issue = ["text", {"text": "No shelf."}]
        order.sudo().write({"stock_state": "blocked", "stock_issue": issue})
        self.assertEqual(attention(order), "No shelf.")

    def test_whole_quantities_have_no_decimals_in_any_language(self):
        order = self.order({"CHAIR": 3})
        self.env["res.lang"]._activate_lang("fr_FR")
        unit = self.env["decimal.precision"].search([("name", "=", "Product Unit")])
        for lang, digits in (("fr_FR", 2), ("en_US", 3)):
            with self.subTest(lang=lang, digits=digits):
                unit.digits = digits
                pos = self.as_cashier(self.till).with_context(lang=lang)
                [line] = pos.get_octopus_order(order.id)["lines"]
                self.assertEqual(line["quantity"], "3")
                [question] = pos.get_octopus_cancel_questions(order.id)
                self.assertRegex(question, "(?m)^3 × ")
        order.line_ids.sudo().quantity = 2.5
        pos = self.as_cashier(self.till).with_context(lang="fr_FR")
        [line] = pos.get_octopus_order(order.id)["lines"]
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
        pos = self.as_cashier(self.till)
        self.assertEqual(pos.set_octopus_status(order.id, "completed")["status"], "completed")
        pos.set_octopus_status(order.id, "cancelled")
        self.assertEqual(self.on_hand(self.chair), 10)
        with self.assertRaises(UserError):
            pos.set_octopus_status(order.id, "take_action")

    def test_one_more_than_is_counted_is_seen(self):
        for _count in range(4):
            self.ingest(self.payload({"CHAIR": 1}))
        with patch("odoo.addons.linga_octopus.models.pos.pos_config.COUNT_LIMIT", 2):
            summary = self.as_cashier(self.till).get_octopus_summary()
        self.assertEqual((summary["to_act"], summary["unseen"]), (3, 3))

    def test_one_look_quiets_every_pos_of_the_store(self):
        self.account.pos_config_ids += self.other_pos
        self.ingest(self.payload({"CHAIR": 1}))
        here, there = self.as_cashier(self.till), self.as_cashier(self.other_pos)
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
        pos = self.as_cashier(self.till)
        pos.set_octopus_seen(second.id)
        pos.set_octopus_seen(first.id)
        self.assertEqual(pos.get_octopus_summary()["unseen"], 0)
