"""What an online order does to the stock: deducted once, given back once."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import TransactionCase

from ..support.orders import OrdersMixin


class TestOctopusOrderStock(OrdersMixin, TransactionCase):
    # === DEDUCTING === #

    def test_deliveries_have_no_messages(self):
        """Each would be a row more per order, and nobody follows them."""
        order = self.order({"CHAIR": 1})
        self.cr.precommit.run()
        self.assertFalse(order.picking_ids.message_ids)

    def deduct_for_somebody(self):
        """Deduct an order of a contact whom core's deliveries write to; return the contact."""
        somebody = self.env["res.partner"].create(
            {"name": "Ada", "email": "ada@example.com", "phone": "+1 555 010 0000"}
        )
        order = self.ingest(self.payload({"CHAIR": 1}))
        order.partner_id = somebody
        self.deduct()
        self.assertEqual(order.picking_ids.partner_id, somebody)
        self.assertEqual(order.stock_state, "deducted")
        return somebody

    def test_no_customer_gets_a_mail_when_goods_are_deducted(self):
        self.env.company.stock_move_email_validation = True
        somebody = self.deduct_for_somebody()
        found = self.env["mail.message"].search([("partner_ids", "in", somebody.ids)])
        self.assertFalse(found)

    def test_no_customer_gets_a_text_message_when_goods_are_deducted(self):
        """`stock_sms` installs itself, and writes to all who have a phone number, but in tests."""
        self.env.company.stock_text_confirmation = True
        picking = self.env.registry["stock.picking"]
        with (
            patch("odoo.addons.stock_sms.models.stock_picking.modules") as modules,
            patch.object(picking, "_message_sms_with_template") as send,
        ):
            modules.module.current_test = False
            self.deduct_for_somebody()
        send.assert_not_called()

    def test_taking_an_order_in_leaves_the_stock_to_the_worker(self):
        order = self.ingest(self.payload({"CHAIR": 3}))
        self.assertRecordValues(order, [{"status": "take_action", "stock_state": "waiting"}])
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertFalse(order.picking_ids)

    def test_the_worker_makes_one_done_delivery_an_order(self):
        first, second = (
            self.ingest(self.payload({"CHAIR": 3, "TABLE": 1})),
            self.ingest(self.payload({"CHAIR": 2})),
        )
        self.deduct()
        for order in first, second:
            self.assertEqual(order.stock_state, "deducted")
            self.assertEqual(order.picking_ids.mapped("state"), ["done"])
            self.assertEqual(order.picking_ids.picking_type_id.sequence_code, "ONL")
        self.assertEqual(self.on_hand(self.chair), 5)
        self.assertEqual(self.on_hand(self.table), 4)
        self.assertEqual(first.line_ids.move_ids.mapped("quantity"), [3, 1])
        self.assertTrue(all(first.line_ids.mapped("is_deducted")))

    def test_more_than_there_is_goes_below_zero(self):
        enough, too_much = self.order({"CHAIR": 10}), self.order({"CHAIR": 1})
        self.assertEqual(self.on_hand(self.chair), -1)
        self.assertRecordValues(
            enough | too_much,
            [
                {"stock_state": "deducted", "is_oversold": False},
                {"stock_state": "deducted", "is_oversold": True},
            ],
        )

    def test_in_one_batch_the_latest_orders_are_those_that_took_too_much(self):
        orders = [self.ingest(self.payload({"CHAIR": count})) for count in (4, 6, 1, 2)]
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), -3)
        self.assertEqual([order.is_oversold for order in orders], [False, False, True, True])

    def test_what_was_short_before_a_batch_is_short_for_all_of_it(self):
        self.order({"CHAIR": 11})
        orders = [self.ingest(self.payload({"CHAIR": 1})) for _count in range(2)]
        self.deduct()
        self.assertEqual([order.is_oversold for order in orders], [True, True])

    def test_a_line_mapped_later_does_not_blame_the_order_for_what_others_took_since(self):
        order = self.order({"CHAIR": 10, "MYSTERY": 1})
        self.order({"CHAIR": 1})
        line = order.line_ids.filtered("needs_mapping")
        line.product_id = self.table
        line._mapped_by_user()
        self.deduct()
        self.assertRecordValues(order, [{"stock_state": "deducted", "is_oversold": False}])

    def test_kits_are_short_of_their_components(self):
        kit = self.make_goods("SUITE", is_storable=False)
        dozen = self.env.ref("uom.product_uom_dozen")
        component = {"product_id": self.chair.id, "product_qty": 1, "product_uom_id": dozen.id}
        self.make_recipe(kit, component)
        orders = [self.ingest(self.payload({sku: 1})) for sku in ("CHAIR", "SUITE")]
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), -3)
        self.assertEqual([order.is_oversold for order in orders], [False, True])

    def test_goods_are_taken_from_the_shelves_where_they_are(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        lamp = self.make_goods("LAMP")
        self.env["stock.quant"]._update_available_quantity(lamp, shelf, 2)
        order = self.order({"LAMP": 3})
        self.assertEqual(self.on_hand(lamp, shelf), 0)
        self.assertEqual(self.on_hand(lamp), -1)
        order.status = "cancelled"
        self.assertEqual(self.on_hand(lamp, shelf), 2)
        self.assertEqual(self.on_hand(lamp), 2)

    def test_services_are_not_moved(self):
        self.make_goods("GIFTWRAP", type="service", is_storable=False)
        only_service = self.order({"GIFTWRAP": 1})
        both = self.order({"GIFTWRAP": 1, "CHAIR": 1})
        self.assertRecordValues(
            only_service | both, [{"stock_state": "none"}, {"stock_state": "deducted"}]
        )
        self.assertFalse(only_service.picking_ids)
        self.assertEqual(both.picking_ids.move_ids.product_id, self.chair)

    def test_goods_that_are_not_counted_are_delivered(self):
        napkin = self.make_goods("NAPKIN", is_storable=False)
        order = self.order({"NAPKIN": 4})
        self.assertEqual(order.stock_state, "deducted")
        self.assertEqual(order.picking_ids.state, "done")
        self.assertFalse(self.env["stock.quant"].search([("product_id", "=", napkin.id)]))

    def test_a_kit_takes_its_components_in_their_own_units(self):
        screw = self.make_goods("SCREW", stock=100)
        kit = self.make_goods("KIT", is_storable=False)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.make_recipe(
            kit,
            {"product_id": screw.id, "product_qty": 1, "product_uom_id": dozen.id},
            {"product_id": self.chair.id, "product_qty": 2},
        )
        order = self.order({"KIT": 2, "SCREW": 1})
        self.assertEqual(order.stock_state, "deducted")
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual((self.on_hand(screw), self.on_hand(self.chair)), (75, 6))
        order.status = "cancelled"
        self.assertEqual((self.on_hand(screw), self.on_hand(self.chair)), (100, 10))

    def test_only_kits_have_their_recipe_looked_for(self):
        kit, component = self.make_goods("KIT", is_storable=False), self.make_goods("PART")
        self.make_recipe(kit, {"product_id": component.id, "product_qty": 2})
        recipes, looked_for = self.env.registry["mrp.bom"], self.env["product.product"].browse()
        find = recipes._bom_find

        def note(model, products, **options):
            nonlocal looked_for
            looked_for |= products
            return find(model, products, **options)

        for skus in ({"CHAIR": 1, "TABLE": 1}, {"CHAIR": 1}, {"KIT": 1, "TABLE": 1}):
            self.ingest(self.payload(skus))
        with patch.object(recipes, "_bom_find", note):
            self.deduct()
        self.assertEqual(looked_for - component, kit)
        self.assertEqual(self.on_hand(component), -2)

    def test_tracked_goods_are_taken_by_lot_and_come_back_to_it(self):
        phone = self.make_goods("PHONE", tracking="lot")
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": phone.id})
        self.env["stock.quant"]._update_available_quantity(
            phone, self.stock_location, 2, lot_id=lot
        )
        order = self.order({"PHONE": 3})
        self.assertEqual(order.stock_state, "deducted")
        self.assertEqual(lot.product_qty, 0)
        self.assertEqual(self.on_hand(phone), -1)
        order.status = "cancelled"
        lot.invalidate_recordset()
        self.assertEqual(lot.product_qty, 2)
        self.assertEqual(self.on_hand(phone), 2)

    def test_what_cannot_be_moved_is_blocked_and_holds_up_nobody(self):
        good = self.ingest(self.payload({"CHAIR": 1}))
        company = self.env["res.company"].create({"name": "No Warehouse Yet"})
        self.env["stock.warehouse"].search([("company_id", "=", company.id)]).active = False
        account = self.connect(name="Pop-up", company_id=company.id)
        bad = self.orders._ingest(account, self.payload({"TABLE": 1}))
        self.deduct()
        self.assertRecordValues(
            good | bad, [{"stock_state": "deducted"}, {"stock_state": "blocked"}]
        )
        self.assertIn("Choose one for its default Octopus location", bad.stock_message)
        self.assertEqual(self.on_hand(self.chair), 9)
        warehouse = self.env["stock.warehouse"].create(
            {"name": "Container", "code": "CON", "company_id": company.id}
        )
        account.location_ids.filtered("is_default").warehouse_id = warehouse
        bad.action_retry_stock()
        self.deduct()
        self.assertRecordValues(bad, [{"stock_state": "deducted", "stock_message": False}])
        self.assertEqual(self.on_hand(self.table, warehouse.lot_stock_id), -1)

    # === GIVING BACK === #

    def test_cancelling_gives_back_what_was_taken_once(self):
        order = self.order({"CHAIR": 12, "TABLE": 1})
        order.status = "cancelled"
        self.assertRecordValues(order, [{"stock_state": "restored", "is_oversold": False}])
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertEqual(self.on_hand(self.table), 5)
        self.assertEqual(order.picking_ids.mapped("state"), ["done", "done"])
        delivery, back = order.picking_ids.sorted("id")
        self.assertEqual(back.return_id, delivery)
        order.status = "cancelled"
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_an_order_cancelled_before_its_turn_is_never_deducted(self):
        order = self.ingest(self.payload({"CHAIR": 3}))
        order.status = "cancelled"
        self.deduct()
        self.assertRecordValues(order, [{"stock_state": "none", "picking_ids": []}])
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_what_staff_returned_by_hand_is_not_given_back_again(self):
        order = self.order({"CHAIR": 3})
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=order.picking_ids.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 2
        returned = wizard._create_return()
        returned.move_ids.picked = True
        returned._action_done()
        self.assertEqual(self.on_hand(self.chair), 9)
        order.status = "cancelled"
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_completing_and_reopening_leave_the_stock_alone(self):
        order = self.order({"CHAIR": 3})
        order.status = "completed"
        self.assertTrue(order.closed_at)
        order.status = "take_action"
        self.assertFalse(order.closed_at)
        self.assertEqual(self.on_hand(self.chair), 7)
        order.status = "completed"
        order.status = "cancelled"
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_cancelled_is_final(self):
        order = self.order({"CHAIR": 3})
        order.status = "cancelled"
        for status in "take_action", "completed":
            with self.assertRaisesRegex(UserError, "final"):
                order.status = status

    # === REFUNDS === #

    def refund(self, payload, ref, quantity, *, restock=True):
        line = payload["line_items"][0]
        return {
            "id": ref,
            "restock": restock,
            "refund_line_items": [
                {
                    "line_item_id": line["id"],
                    "quantity": quantity,
                    "restock_type": "return" if restock else "no_restock",
                }
            ],
        }

    def test_a_refund_that_restocks_gives_its_goods_back_once(self):
        payload = self.payload({"CHAIR": 3, "TABLE": 1})
        order = self.ingest(payload)
        self.deduct()
        refunded = self.changed(payload, refunds=[self.refund(payload, 1, 2)])
        for _delivery in range(2):
            self.ingest(refunded)
        self.assertEqual(self.on_hand(self.chair), 7, "news do not touch the stock")
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 9)
        order.status = "cancelled"
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertEqual(self.on_hand(self.table), 5)

    def test_a_refund_before_the_deduction_is_given_back_after_it(self):
        payload = self.payload({"CHAIR": 3})
        self.ingest(self.changed(payload, refunds=[self.refund(payload, 1, 1)]))
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 8)

    def test_a_refund_after_a_cancellation_adds_nothing(self):
        payload = self.payload({"CHAIR": 3})
        order = self.ingest(payload)
        self.deduct()
        order.status = "cancelled"
        self.ingest(self.changed(payload, refunds=[self.refund(payload, 1, 3)]))
        self.ingest(
            self.changed(
                payload,
                at="2026-11-22T00:00:00Z",
                refunds=[self.refund(payload, 1, 3)],
                cancelled_at="2026-11-21T23:00:00Z",
            )
        )
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_a_refund_without_restock_is_flagged_only(self):
        payload = self.payload({"CHAIR": 3})
        order = self.ingest(payload)
        self.deduct()
        self.ingest(self.changed(payload, refunds=[self.refund(payload, 1, 3, restock=False)]))
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 7)
        self.assertIn("without restocking", order.channel_notice)

    def test_the_channels_cancellation_gives_back_as_ours_does(self):
        payload = self.payload({"CHAIR": 3})
        order = self.ingest(payload)
        self.deduct()
        cancelled = self.changed(
            payload, cancelled_at="2026-11-21T08:00:00Z", cancel_reason="customer"
        )
        self.ingest(cancelled)
        self.ingest(cancelled)
        self.assertRecordValues(order, [{"status": "cancelled", "stock_state": "deducted"}])
        self.deduct()
        self.assertRecordValues(
            order,
            [{"status": "cancelled", "stock_state": "restored", "push_status": "synced"}],
        )
        self.assertEqual(self.on_hand(self.chair), 10)
