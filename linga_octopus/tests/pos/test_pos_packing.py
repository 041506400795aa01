"""Packing at the Point of Sale: pieces, shelves, scanned codes, and what is sold out today."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from ...models.stock.figures import LocationFigures
from ...models.stock.worker import _enqueue_offered_again
from ..support.screens import ScreensCase


class TestPosPacking(ScreensCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pos = cls.till.with_user(cls.cashier)
        cls.sold_out = cls.env["octopus.sold.out"]

    def line(self, order):
        return self.pos.get_octopus_order(order.id)["lines"][0]

    def test_the_packer_sees_pieces_and_what_a_scanner_reads(self):
        self.chair.barcode = "4006381333931"
        order = self.order({"CHAIR": 2, "TABLE": 1})
        detail = self.pos.get_octopus_order(order.id)
        self.assertEqual(detail["pieces"], "3")
        self.assertEqual([line["to_pack"] for line in detail["lines"]], [2, 1])
        self.assertIn("4006381333931", detail["lines"][0]["codes"])
        self.assertIn("CHAIR", detail["lines"][0]["codes"])
        order.line_ids.sudo()[0].quantity_refunded = 1
        self.assertEqual(self.line(order)["to_pack"], 1)
        self.assertEqual(self.pos.get_octopus_order(order.id)["pieces"], "2")

    def test_the_packer_sees_stock_and_shelf(self):
        stock = self.warehouse.lot_stock_id
        shelf = self.env["stock.location"].create({"name": "Shelf 2", "location_id": stock.id})
        order = self.order({"CHAIR": 3})
        self.assertEqual((self.line(order)["on_hand"], self.line(order)["shelf"]), ("7", ""))
        self.env["stock.quant"]._update_available_quantity(self.chair, shelf, 5)
        self.assertEqual(
            (self.line(order)["on_hand"], self.line(order)["shelf"]), ("12", "Shelf 2")
        )

    def test_the_barcode_of_the_slip_finds_the_order(self):
        order = self.order({"CHAIR": 1})
        barcode = self.pos.get_octopus_order(order.id)["barcode"]
        self.assertTrue(barcode.startswith("data:image/svg+xml;base64,"))
        number = order.third_party_order_no.lstrip("#")
        for code in (order.aggregator_order_no, number, f"#{number}"):
            self.assertEqual(self.pos.find_octopus_order(code), order.id, code)
        self.assertIs(self.pos.find_octopus_order("4006381333931"), False)
        other = self.env["pos.config"].create({"name": "Counter 3"}).with_user(self.cashier)
        self.assertIs(other.find_octopus_order(order.aggregator_order_no), False)

    def number(self):
        figures = LocationFigures(self.location).read_figures(self.chair.ids)
        return figures[self.chair.id].number

    def test_sold_out_today_publishes_nothing_until_the_next_day_of_the_shop(self):
        self.account.shop_timezone = "Asia/Tokyo"
        order = self.order({"CHAIR": 2})
        self.assertEqual(self.number(), 8)
        events = self.env["octopus.stock.event"]
        events.search([]).unlink()
        detail = self.pos.set_octopus_sold_out(order.id, order.line_ids.id, True)
        self.assertTrue(detail["lines"][0]["is_sold_out"])
        self.assertEqual(self.number(), 0)
        self.assertEqual(self.chair.qty_available, 8, "the stock itself does not change")
        self.assertIn(self.chair, events.search([]).product_id)
        mark = self.sold_out.search([])
        self.assertEqual((mark.until.hour, mark.until.minute), (15, 0), "midnight in Tokyo")
        self.assertLess(mark.until - fields.Datetime.now(), timedelta(days=1))

        self.pos.set_octopus_sold_out(order.id, order.line_ids.id, True)
        mark = self.sold_out.search([])
        self.assertEqual(len(mark), 1, "twice is once")
        mark.until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self.number(), 8)
        events.search([]).unlink()
        _enqueue_offered_again(self.env)
        self.assertIn(self.chair, events.search([]).product_id)
        self.assertFalse(self.sold_out.search([]))

    def test_sold_out_today_is_taken_back(self):
        order = self.order({"CHAIR": 2})
        self.pos.set_octopus_sold_out(order.id, order.line_ids.id, True)
        detail = self.pos.set_octopus_sold_out(order.id, order.line_ids.id, False)
        self.assertFalse(detail["lines"][0]["is_sold_out"])
        self.assertEqual(self.number(), 8)

    def test_a_cashier_marks_nothing_but_what_was_ordered_here(self):
        order = self.order({"CHAIR": 2})
        other = self.env["pos.config"].create({"name": "Counter 2"}).with_user(self.cashier)
        with self.assertRaises(AccessError):
            other.set_octopus_sold_out(order.id, order.line_ids.id, True)
        foreign = self.order({"TABLE": 1}).line_ids
        self.pos.set_octopus_sold_out(order.id, foreign.id, True)
        self.assertFalse(self.sold_out.search([]))
        with self.assertRaises(AccessError):
            self.sold_out.with_user(self.cashier).create(
                {
                    "account_id": self.account.id,
                    "company_id": self.account.company_id.id,
                    "product_id": self.chair.id,
                    "until": fields.Datetime.now(),
                }
            )
