"""What comes back of an order in more than one step: by refunds, by hand, by its cancellation."""

from unittest.mock import patch

from odoo.tests import TransactionCase, new_test_user

from ..support.orders import OrdersMixin


class TestOctopusOrderReturns(OrdersMixin, TransactionCase):
    def place_and_deduct(self, lines):
        """Return the payload of a new order, and the order."""
        payload = self.payload(lines)
        order = self.ingest(payload)
        self.deduct()
        return payload, order

    def refund(self, payload, quantity):
        """Let the channel refund pieces of the first line, and put them on sale again."""
        line = {"line_item_id": payload["line_items"][0]["id"], "quantity": quantity}
        refund = {"id": 1, "restock": True, "refund_line_items": [line]}
        self.ingest(self.changed(payload, refunds=[refund]))
        self.deduct()

    def return_by_hand(self, order, quantity, *, is_done=True):
        """Return pieces as staff does, and return the transfer."""
        transfer = self.return_of(order.picking_ids[:1], quantity)
        if is_done:
            self.validate(transfer)
        return transfer

    def return_of(self, transfer, quantity):
        """Return what takes so many pieces of each product of a done transfer back."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=transfer.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        return wizard._create_return()

    def validate(self, transfer):
        transfer.move_ids.picked = True
        transfer._action_done()

    def make_lots(self, tracking, *quantities):
        """Return a product with so many pieces in each lot, and the lots."""
        phone = self.make_goods("PHONE", tracking=tracking)
        lots = self.env["stock.lot"].create(
            [{"name": f"L{number}", "product_id": phone.id} for number in range(len(quantities))]
        )
        for lot, quantity in zip(lots, quantities, strict=True):
            self.env["stock.quant"]._update_available_quantity(
                phone, self.stock_location, quantity, lot_id=lot
            )
        return phone, lots

    def on_hand_of(self, lots):
        lots.invalidate_recordset()
        return lots.mapped("product_qty")

    def make_shelves(self):
        """Return a product with two pieces on each shelf, and the shelves."""
        shelves = self.env["stock.location"].create(
            [{"name": name, "location_id": self.stock_location.id} for name in ("A", "B")]
        )
        lamp = self.make_goods("LAMP")
        for shelf in shelves:
            self.env["stock.quant"]._update_available_quantity(lamp, shelf, 2)
        return lamp, shelves

    # === LOTS AND SHELVES === #

    def test_a_serial_number_comes_back_once(self):
        _phone, serials = self.make_lots("serial", 1, 1)
        payload, order = self.place_and_deduct({"PHONE": 2})
        self.refund(payload, 1)
        self.assertEqual(sorted(self.on_hand_of(serials)), [0, 1])
        order.status = "cancelled"
        self.assertEqual(self.on_hand_of(serials), [1, 1])

    def test_each_lot_gets_back_what_it_gave(self):
        _phone, lots = self.make_lots("lot", 2, 3)
        payload, order = self.place_and_deduct({"PHONE": 5})
        self.refund(payload, 3)
        order.status = "cancelled"
        self.assertEqual(self.on_hand_of(lots), [2, 3])

    def test_the_serial_number_that_staff_took_back_is_not_given_back_again(self):
        _phone, serials = self.make_lots("serial", 1, 1)
        payload, order = self.place_and_deduct({"PHONE": 2})
        transfer = self.return_by_hand(order, 1, is_done=False)
        transfer.move_ids.move_line_ids.lot_id = serials[0]
        self.validate(transfer)
        self.assertEqual(self.on_hand_of(serials), [1, 0])
        order.status = "cancelled"
        self.assertEqual(self.on_hand_of(serials), [1, 1])

    def test_each_shelf_gets_back_what_it_gave(self):
        lamp, shelves = self.make_shelves()
        payload, order = self.place_and_deduct({"LAMP": 4})
        self.refund(payload, 1)
        order.status = "cancelled"
        self.assertEqual([self.on_hand(lamp, shelf) for shelf in shelves], [2, 2])

    def test_each_shelf_gets_back_what_it_gave_twice(self):
        """Staff put all of it back on its shelves, and took some of it out again."""
        lamp, shelves = self.make_shelves()
        _payload, order = self.place_and_deduct({"LAMP": 4})
        back = self.return_by_hand(order, 4, is_done=False)
        back.move_ids.move_line_ids.unlink()
        for shelf in shelves:
            self.add_line(back.move_ids, 2, location_dest_id=shelf.id)
        self.validate(back)
        again = self.return_of(back, 1)
        again.move_ids.move_line_ids.unlink()
        self.add_line(again.move_ids, 1, location_id=shelves[1].id)
        self.validate(again)
        self.assertEqual([self.on_hand(lamp, shelf) for shelf in shelves], [2, 1])
        order.status = "cancelled"
        self.assertEqual([self.on_hand(lamp, shelf) for shelf in shelves], [2, 2])

    def add_line(self, move, quantity, **values):
        vals = {**move._prepare_move_line_vals(), "quantity": quantity, "picked": True}
        self.env["stock.move.line"].create({**vals, **values})

    # === BY HAND === #

    def test_a_refund_gives_back_only_what_staff_has_not_returned(self):
        payload, order = self.place_and_deduct({"CHAIR": 3})
        self.return_by_hand(order, 2)
        self.refund(payload, 2)
        self.assertEqual(self.on_hand(self.chair), 9)
        order.status = "cancelled"
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_a_refund_of_more_gives_back_the_rest(self):
        payload, order = self.place_and_deduct({"CHAIR": 3})
        self.return_by_hand(order, 1)
        self.refund(payload, 3)
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertEqual(order.line_ids.quantity_restored, 3)

    def test_a_cancellation_ends_the_return_that_staff_has_begun(self):
        _payload, order = self.place_and_deduct({"CHAIR": 3})
        transfer = self.return_by_hand(order, 2, is_done=False)
        order.status = "cancelled"
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertEqual(transfer.state, "cancel")

    def test_what_went_out_again_after_its_return_is_given_back(self):
        """Staff sends the customer the returned pieces once more, then the order is cancelled."""
        phone, serials = self.make_lots("serial", 1, 1)
        payload, order = self.place_and_deduct({"PHONE": 2, "CHAIR": 2})
        back = self.return_by_hand(order, 2, is_done=False)
        lines = back.move_ids.filtered(lambda move: move.product_id == phone).move_line_ids
        for line, serial in zip(lines, serials, strict=True):
            line.lot_id = serial
        self.validate(back)
        self.assertEqual((self.on_hand(self.chair), self.on_hand(phone)), (10, 2))
        again = self.return_of(back, 1)
        lines = again.move_ids.filtered(lambda move: move.product_id == phone).move_line_ids
        lines.lot_id = serials[0]
        self.validate(again)
        self.assertEqual((self.on_hand(self.chair), self.on_hand(phone)), (9, 1))
        self.assertIn("1 × [CHAIR] Chair", order.get_cancel_questions()[0])
        order.status = "cancelled"
        self.assertEqual((self.on_hand(self.chair), self.on_hand(phone)), (10, 2))
        self.assertEqual(self.on_hand_of(serials), [1, 1])

    def test_a_refund_leaves_to_staff_what_they_are_returning(self):
        payload, order = self.place_and_deduct({"CHAIR": 3})
        transfer = self.return_by_hand(order, 2, is_done=False)
        self.refund(payload, 3)
        self.assertEqual(self.on_hand(self.chair), 8)
        self.assertFalse(order.refund_ids.is_applied)
        self.validate(transfer)
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertTrue(order.refund_ids.is_applied)

    def test_what_a_refund_left_to_staff_comes_back_though_they_abandon_it(self):
        payload, order = self.place_and_deduct({"CHAIR": 3, "TABLE": 1})
        transfer = self.return_by_hand(order, 1, is_done=False)
        self.refund(payload, 3)
        self.assertEqual(self.on_hand(self.chair), 9)
        self.assertFalse(order.refund_ids.is_applied, "a piece is still on its way")
        clerk = new_test_user(self.env, "clerk-returns", "stock.group_stock_user")
        transfer.with_user(clerk).action_cancel()
        self.assertTrue(order.is_return_due)
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertRecordValues(order, [{"is_return_due": False, "stock_state": "deducted"}])
        self.assertTrue(order.refund_ids.is_applied)
        self.assertEqual(self.on_hand(self.table), 4, "not refunded")

    def test_what_staff_returned_in_part_comes_back_whole(self):
        """They begin to return two, bring one, and make no backorder."""
        payload, order = self.place_and_deduct({"CHAIR": 3})
        transfer = self.return_by_hand(order, 2, is_done=False)
        self.refund(payload, 2)
        self.assertEqual(self.on_hand(self.chair), 7)
        transfer.move_ids.quantity = 1
        transfer.move_ids.picked = True
        transfer.with_context(cancel_backorder=True)._action_done()
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 9)

    def test_an_abandoned_return_without_a_refund_wakes_nobody(self):
        _payload, order = self.place_and_deduct({"CHAIR": 3})
        self.return_by_hand(order, 1, is_done=False).action_cancel()
        self.assertFalse(order.is_return_due)

    def test_the_end_of_a_return_collides_with_a_cancellation_of_the_same_moment(self):
        """Neither would see the other, and the goods would come back twice."""
        for end in (self.validate, lambda transfer: transfer.action_cancel()):
            with self.subTest(end=end):
                _payload, order = self.place_and_deduct({"CHAIR": 3})
                transfer = self.return_by_hand(order, 1, is_done=False)
                before = self.version_of(order)
                end(transfer)
                self.assertNotEqual(self.version_of(order), before)

    def test_moves_of_the_worker_are_no_returns_and_cost_nothing(self):
        moves = self.env.registry["stock.move"]
        with patch.object(moves, "_octopus_ended", autospec=True) as ended:
            _payload, order = self.place_and_deduct({"CHAIR": 3, "TABLE": 1})
            self.assertEqual(set(order.picking_ids.move_ids.mapped("state")), {"done"})
            ended.assert_not_called()
            self.return_by_hand(order, 1)
            ended.assert_called_once()

    def test_the_question_before_a_cancellation_counts_what_staff_returned(self):
        _payload, order = self.place_and_deduct({"CHAIR": 3, "TABLE": 2})
        # Of each.
        self.return_by_hand(order, 2)
        self.assertIn("1 × [CHAIR] Chair", order.get_cancel_questions()[0])
        self.assertNotIn("Table", order.get_cancel_questions()[0])

    # === COMPANIES === #

    def receive(self, product, quantity, price):
        """Buy goods at a price."""
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "quantity": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_location.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "picked": True,
            }
        )
        move._action_done()
        move.value_manual = quantity * price

    def test_goods_come_back_at_the_cost_of_the_orders_company(self):
        """Also when the user works in another company first."""
        category = self.env["product.category"].create(
            {"name": "Average", "property_cost_method": "average"}
        )
        vase = self.make_goods("VASE", categ_id=category.id)
        self.receive(vase, 2, 4)
        _payload, order = self.place_and_deduct({"VASE": 2})
        self.receive(vase, 2, 10)
        self.assertEqual(vase.standard_price, 10)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        companies = [elsewhere.id, self.account.company_id.id]
        order.with_context(allowed_company_ids=companies).status = "cancelled"
        vase.invalidate_recordset()
        self.assertEqual(vase.standard_price, 7)
