"""Orders with a field that cannot be read: they appear, say so, and are read again."""

from lxml import etree

from odoo.tests import TransactionCase
from odoo.tools import SQL

from ...models.pos.order_for_pos import order_row
from ..support.orders import OrdersMixin


class TestOctopusOrderUnread(OrdersMixin, TransactionCase):
    def stored(self, order, *names):
        """Return what the database has: Odoo shows nothing as 0."""
        order.flush_recordset()
        columns = SQL(", ").join(map(SQL.identifier, names))
        query = SQL("SELECT %s FROM octopus_order WHERE id = %s", columns, order.id)
        [row] = self.env.execute_query(query)
        return row

    def test_numbers_as_people_write_them(self):
        for stated, total in (("12,50", 12.5), ("1.999,00", 1999), ("$12.50", 12.5)):
            with self.subTest(stated=stated):
                order = self.ingest(self.payload({"CHAIR": 1}, total_price=stated))
                self.assertEqual(order.check_total, total)
                self.assertFalse(order.unread_notice)

    def test_days_as_people_write_them(self):
        days = {
            # where the shop is
            "10/25/2020 02:30:00 PM": "2020-10-25 21:30:00",
            1606500000: "2020-11-27 18:00:00",
            # unclear: when Octopus took it
            "10/05/2020": "2026-11-20 15:00:05",
        }
        for stated, moment in days.items():
            with self.subTest(stated=stated):
                order = self.ingest(self.payload({"CHAIR": 1}, created_at=stated))
                self.assertEqual(str(order.transaction_time), moment)

    def test_an_unknown_total_is_empty_and_counts_nowhere(self):
        sure = self.ingest(self.payload({"CHAIR": 1}))
        order = self.ingest(self.payload({"CHAIR": 1}, total_price="1,999"))
        self.assertEqual(self.stored(order, "check_total", "amount_difference"), (None, None))
        self.assertEqual(order.unknown_amounts, "check_total amount_difference")
        self.assertEqual(order.unread_notice, "total_price can be read in two ways: it is unknown.")
        [(average,)] = self.orders._read_group(
            [("id", "in", (sure | order).ids)], [], ["check_total:avg"]
        )
        self.assertEqual(average, 10)
        self.deduct()
        self.assertEqual(order.stock_state, "deducted", "its goods are sure")

    def test_no_screen_shows_an_unknown_total_as_nothing(self):
        order = self.ingest(self.payload({"CHAIR": 1}, total_price="1,999"))
        for kind in ("list", "kanban", "form"):
            view = etree.fromstring(self.orders.get_view(view_type=kind)["arch"])
            self.assertTrue(view.xpath("//field[@name='unknown_amounts']"), kind)
            for field in view.xpath("//field[@name='check_total']"):
                self.assertIn("check_total' in (unknown_amounts", field.get("invisible"), kind)
        self.assertEqual(order_row(order)["check_total"], "")
        self.assertEqual(
            order_row(self.ingest(self.payload({"CHAIR": 1})))["check_total"][-5:], "10.00"
        )
        reports = self.env["ir.actions.report"].search([("model", "=", "octopus.order")])
        for report in reports:
            html = report._render_qweb_html(report.report_name, order.ids)[0].decode()
            self.assertNotIn("Check Total", html)

    def test_a_total_becomes_unknown_and_known_again(self):
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        self.ingest(self.changed(payload, total_price="1,999"))
        self.assertEqual(self.stored(order, "check_total", "amount_subtotal"), (None, 10))
        self.ingest(
            {"id": payload["id"], "note": "x", "octopus_updated_at": "2026-11-21T09:00:00Z"}
        )
        self.assertTrue(order.unread_notice, "that update said nothing of it")
        self.ingest(self.changed(payload, at="2026-11-22T08:00:00Z", total_price="10,00"))
        self.assertEqual(self.stored(order, "check_total", "amount_difference"), (10, 0))
        self.assertRecordValues(order, [{"unread_notice": False, "unknown_amounts": False}])

    def test_the_same_order_with_an_unknown_total_again_writes_nothing(self):
        payload = self.payload({"CHAIR": 1}, total_price="1,999", total_tax="x")
        order = self.ingest(payload)
        version = self.version_of(order)
        self.ingest(payload)
        self.assertEqual(self.version_of(order), version)

    def test_a_quantity_that_cannot_be_read_is_not_deducted_as_one(self):
        payload = self.payload({"CHAIR": 2, "TABLE": 1})
        payload["line_items"][0]["quantity"] = "two"
        order = self.ingest(payload)
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (10, 4))
        self.assertEqual(order.stock_state, "partial")
        self.assertIn("line_items[0].quantity is not a number", order.unread_notice)
        payload["line_items"][0]["quantity"] = 2
        self.ingest(self.changed(payload))
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (8, 4))
        self.assertRecordValues(
            order, [{"stock_state": "deducted", "unread_notice": False, "channel_notice": False}]
        )
        self.assertRecordValues(
            order.line_ids, [{"quantity": 2, "subtotal": 20}, {"quantity": 1, "subtotal": 10}]
        )

    def test_an_order_whose_lines_cannot_be_read_is_not_taken_for_one_without_goods(self):
        payload = self.payload({"CHAIR": 2})
        order = self.ingest({**payload, "line_items": "none"})
        self.deduct()
        self.assertRecordValues(order, [{"stock_state": "partial", "needs_mapping": True}])
        self.assertEqual(self.stored(order, "check_total", "amount_subtotal"), (20, None))
        self.ingest(self.changed(payload))
        self.deduct()
        self.assertFalse(order.change_state, "there was nothing to pack before")
        self.assertEqual(order.line_ids.mapped("name"), ["Chair"])
        self.assertRecordValues(order, [{"stock_state": "deducted", "needs_mapping": False}])
        self.assertEqual(self.on_hand(self.chair), 8)

    def test_fewer_than_no_pieces_take_nothing(self):
        payload = self.payload({"CHAIR": 1, "TABLE": 1}, total_price="0")
        payload["line_items"][0]["quantity"] = -1
        order = self.ingest(payload)
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (10, 4))
        self.assertRecordValues(order, [{"stock_state": "deducted", "amount_difference": 0}])
        self.assertIn("line_items[0].quantity is negative", order.unread_notice)

    def test_a_refund_that_cannot_be_read_is_followed_when_it_can_be(self):
        payload = self.payload({"CHAIR": 2})
        order = self.ingest(payload)
        self.deduct()
        line = {"line_item_id": payload["line_items"][0]["id"], "restock_type": "return"}
        for number, (quantity, left) in enumerate((("one", 8), (1, 9))):
            refund = {
                "id": 1,
                "restock": True,
                "refund_line_items": [{**line, "quantity": quantity}],
            }
            self.ingest(
                self.changed(payload, at=f"2026-11-2{number + 1}T08:00:00Z", refunds=[refund])
            )
            self.deduct()
            self.assertEqual(self.on_hand(self.chair), left)
        self.assertFalse(order.unread_notice)

    def test_a_cancellation_on_an_unclear_day_is_a_cancellation(self):
        order = self.order({"CHAIR": 1}, cancelled_at="10/05/2026")
        self.assertEqual(order.status, "cancelled")
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_the_notice_is_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        order = self.ingest(self.payload({"CHAIR": 1}, total_price="much"))
        english, french = (
            order.with_context(lang=lang).unread_notice for lang in ("en_US", "fr_FR")
        )
        self.assertIn("is not a number", english)
        self.assertTrue(french)
        self.assertNotEqual(english, french)

    def test_an_address_as_a_text_is_one_to_bring_the_goods_to(self):
        order = self.ingest(self.payload({"CHAIR": 1}, shipping_address="80 Citizen Court"))
        self.assertRecordValues(
            order, [{"shipping_address": "80 Citizen Court", "fulfillment": "delivery"}]
        )

    def test_what_a_customer_chose_may_be_an_object(self):
        payload = self.payload({"CHAIR": 1})
        payload["line_items"][0]["properties"] = {"Engraving": "For Ada", "Color": "red"}
        self.assertEqual(self.ingest(payload).line_ids.properties, "Engraving: For Ada\nColor: red")
