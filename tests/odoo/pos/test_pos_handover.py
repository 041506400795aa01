"""Ship, ready for pickup, hand over at the Point of Sale, with the rights of its cashier."""

from odoo.exceptions import UserError

from odoo.addons.linga_octopus.models.pos.order_for_pos import attention

from ..support.screens import ScreensCase

PICKUP = {"shipping_lines": [{"title": "Store Pickup", "price": "0.00"}]}
POST = {"shipping_lines": [{"title": "Post"}], "shipping_address": {"address1": "Main St"}}


class TestPosHandover(ScreensCase):
    def pos(self):
        return self.till.with_user(self.cashier)

    def ship(self, order, pieces, **values):
        """Ship as the screen does; `pieces` by SKU."""
        wanted = {str(line.id): pieces.get(line.sku, 0) for line in order.line_ids}
        return self.pos().ship_octopus_order(order.id, {"pieces": wanted, **values})

    def test_a_cashier_ships_in_two_parcels(self):
        order = self.ingest(self.payload({"CHAIR": 2, "TABLE": 1}, **POST))
        asked = self.pos().get_octopus_shipping(order.id)
        self.assertEqual([line["left"] for line in asked["lines"]], [2, 1])
        detail = self.ship(order, {"CHAIR": 2}, carrier="DHL", numbers=["A1", "A2 A1"])
        self.assertEqual(order.fulfillment_ids.tracking_numbers, "A1, A2")
        self.assertEqual(order.fulfillment_ids.user_id, self.cashier)
        self.assertEqual((detail["can_ship"], detail["parcels"]), (True, ["DHL A1, A2"]))
        self.assertEqual([line["to_pack"] for line in detail["lines"]], [0, 1])
        asked = self.pos().get_octopus_shipping(order.id)
        self.assertEqual((asked["carrier"], asked["carriers"]), ("DHL", ["DHL"]))
        with self.assertRaisesRegex(UserError, "At most 0"):
            self.ship(order, {"CHAIR": 1})
        detail = self.ship(order, {"TABLE": 1})
        self.assertEqual((detail["status"], detail["can_ship"]), ("completed", False))

    def test_a_pickup_is_found_by_its_code_and_handed_over(self):
        order = self.ingest(self.payload({"CHAIR": 1}, **PICKUP))
        detail = self.pos().set_octopus_ready(order.id, True)
        self.assertTrue(detail["is_ready"])
        self.assertEqual(detail["barcode_text"], order.pickup_code)
        found = self.pos().find_octopus_order(order.pickup_code.lower())
        self.assertEqual(found, order.id)
        detail = self.ship(order, {"CHAIR": 1}, kind="counter", handed_to="Her brother")
        self.assertEqual(detail["parcels"], ["Her brother"])
        self.assertEqual(order.fulfillment_ids.kind, "counter")
        self.assertFalse(detail["is_ready"])
        self.assertEqual(order.status, "completed")

    def test_a_code_of_another_store_is_not_found(self):
        order = self.ingest(self.payload({"CHAIR": 1}, **PICKUP))
        self.account.pos_config_ids = False
        self.assertFalse(self.pos().find_octopus_order(order.pickup_code))

    def test_what_waits_is_sorted_by_due_time(self):
        orders = [
            self.ingest(self.payload({"CHAIR": 1}, **PICKUP, note_attributes=attributes))
            for attributes in (
                [],
                [{"name": "pickup_at", "value": "2026-11-28T10:00:00Z"}],
                [{"name": "pickup_at", "value": "2026-11-27T10:00:00Z"}],
            )
        ]
        for order in orders:
            order.action_ready_for_pickup()
        self.ingest(self.payload({"CHAIR": 1}, **PICKUP))
        page = self.pos().get_octopus_orders(filters={"fulfillment": "waiting"})
        self.assertEqual(
            [row["id"] for row in page["orders"]], [order.id for order in reversed(orders)]
        )
        self.assertEqual(page["count"], 3)

    def test_shipped_by_the_channel_is_not_packed(self):
        remote = self.payload({"CHAIR": 2}, **POST)
        order = self.ingest(remote)
        self.ingest(self.changed(remote, fulfillment_status="fulfilled"))
        detail = self.pos().get_octopus_order(order.id)
        self.assertTrue(detail["is_by_channel"])
        self.assertFalse(detail["can_ship"])
        self.assertEqual([line["to_pack"] for line in detail["lines"]], [0])
        self.assertIn("SHIPPED BY THE CHANNEL: do not pack", detail["warnings"])
        self.assertEqual(attention(order), "Shipped by the channel: do not pack.")
