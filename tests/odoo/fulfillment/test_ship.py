"""Ship: parcels of an order, parts of its lines, several orders at once."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user

from ..support.orders import OrdersMixin


class ShipCase(OrdersMixin, TransactionCase):
    def ship(self, order, pieces=None, **values):
        """Ship as the dialog does; `pieces` by SKU."""
        wizard = self.env["octopus.ship"].create({"order_ids": order.ids})
        for line in wizard.line_ids:
            if pieces is not None:
                line.quantity = pieces.get(line.order_line_id.sku, 0)
        wizard.write(values)
        wizard.action_ship()
        return order.fulfillment_ids.sorted("id")[-1:]


class TestShip(ShipCase):
    def test_two_parcels_complete_an_order(self):
        order = self.order({"CHAIR": 3, "TABLE": 1})
        parcel = self.ship(order, {"CHAIR": 2}, carrier="DHL", numbers="A1 A2")
        self.assertRecordValues(
            parcel,
            [
                {
                    "origin": "store",
                    "kind": "parcel",
                    "carrier": "DHL",
                    "tracking_numbers": "A1, A2",
                    "push_status": "pending",
                    "user_id": self.env.user.id,
                }
            ],
        )
        self.assertIn("AWB=A1", parcel.tracking_urls)
        self.assertEqual(parcel.line_ids.mapped("quantity"), [2])
        self.assertEqual(order.line_ids.mapped("quantity_fulfilled"), [2, 0])
        self.assertRecordValues(
            order, [{"fulfillment_state": "part", "status": "take_action", "is_parcel_due": True}]
        )
        self.ship(order, carrier="DHL")
        self.assertEqual(order.line_ids.mapped("quantity_fulfilled"), [3, 1])
        self.assertRecordValues(order, [{"fulfillment_state": "full", "status": "completed"}])

    def test_the_store_may_complete_by_hand(self):
        self.account.complete_when_shipped = False
        order = self.order({"CHAIR": 1})
        self.ship(order)
        self.assertRecordValues(order, [{"fulfillment_state": "full", "status": "take_action"}])

    def test_no_more_than_is_left(self):
        order = self.order({"CHAIR": 3})
        self.ship(order, {"CHAIR": 1})
        wizard = self.env["octopus.ship"].create({"order_ids": order.ids})
        self.assertEqual(wizard.line_ids.left, 2)
        wizard.line_ids.quantity = 3
        with self.assertRaisesRegex(UserError, "At most 2"):
            wizard.action_ship()
        wizard.line_ids.quantity = -1
        with self.assertRaisesRegex(UserError, "At most 2"):
            wizard.action_ship()
        wizard.line_ids.quantity = 0
        with self.assertRaisesRegex(UserError, "nothing left"):
            wizard.action_ship()
        self.assertEqual(order.line_ids.quantity_fulfilled, 1)

    def test_what_was_refunded_is_not_shipped(self):
        payload = self.payload({"CHAIR": 3})
        order = self.ingest(payload)
        refund = {"line_item_id": payload["line_items"][0]["id"], "quantity": 2}
        self.ingest(self.changed(payload, refunds=[{"id": 1, "refund_line_items": [refund]}]))
        self.ship(order)
        self.assertEqual(order.fulfillment_ids.line_ids.quantity, 1)
        self.assertEqual(order.status, "completed")

    def test_two_people_cannot_ship_the_same_pieces(self):
        order = self.order({"CHAIR": 2})
        late = self.env["octopus.ship"].create({"order_ids": order.ids})
        self.ship(order)
        with self.assertRaisesRegex(UserError, "At most 0"):
            late.action_ship()

    def test_a_cancelled_order_is_not_shipped(self):
        order = self.order({"CHAIR": 2})
        wizard = self.env["octopus.ship"].create({"order_ids": order.ids})
        order.status = "cancelled"
        with self.assertRaisesRegex(UserError, "cancelled"):
            wizard.action_ship()

    def test_a_parcel_that_did_not_leave_is_taken_back(self):
        order = self.order({"CHAIR": 2})
        parcel = self.ship(order)
        parcel.action_cancel()
        self.assertRecordValues(order, [{"fulfillment_state": False, "status": "take_action"}])
        self.assertEqual(order.line_ids.quantity_fulfilled, 0)
        self.assertEqual(parcel.push_status, "pending")
        self.ship(order)
        self.assertEqual(order.status, "completed")

    def test_a_parcel_taken_back_reopens_an_order_that_was_completed_by_hand(self):
        order = self.order({"CHAIR": 2, "TABLE": 1})
        parcel = self.ship(order, {"CHAIR": 2})
        order.action_complete()
        parcel.action_cancel()
        self.assertEqual(order.status, "take_action")

    def test_a_number_is_corrected(self):
        order = self.order({"CHAIR": 1})
        parcel = self.ship(order, carrier="UPS", numbers="1Z1")
        parcel.push_status = "synced"
        action = parcel.action_correct()
        wizard = self.env["octopus.ship"].with_context(**action["context"]).create({})
        self.assertEqual((wizard.carrier, wizard.numbers), ("UPS", "1Z1"))
        wizard.numbers = "1Z1, 1Z2"
        wizard.action_correct()
        self.assertEqual(parcel.tracking_numbers, "1Z1, 1Z2")
        self.assertRecordValues(parcel, [{"push_status": "pending"}])

    def test_several_orders_get_the_numbers_that_are_scanned(self):
        orders = self.orders
        for _place in range(3):
            orders |= self.order({"CHAIR": 1})
        first, second, third = orders.sorted("id")
        form = Form(
            self.env["octopus.ship"].with_context(default_order_ids=(first + second + third).ids)
        )
        form.carrier = "DHL"
        form.pasted = "A1"
        form.pasted = f"#{third.third_party_order_no}\nA3"
        form.pasted = "UPS;A2\nA4"
        self.assertEqual(form.unknown, "A4")
        wizard = form.save()
        self.assertEqual(wizard.row_ids.mapped("numbers"), ["A1", "UPS A2", "A3"])

    def test_orders_without_a_number_stay_unless_wanted(self):
        first, second = self.order({"CHAIR": 1}), self.order({"CHAIR": 1})
        wizard = self.env["octopus.ship"].create({"order_ids": (first | second).ids})
        with self.assertRaisesRegex(UserError, "No order has a tracking number"):
            wizard.action_ship()
        wizard.row_ids.filtered(lambda row: row.order_id == second).numbers = "A1"
        wizard.carrier = "GLS"
        wizard.action_ship()
        self.assertEqual(first.status, "take_action")
        self.assertEqual(second.fulfillment_ids.display_name, "GLS A1")
        wizard = self.env["octopus.ship"].create({"order_ids": (first | second).ids})
        self.assertEqual(wizard.row_ids.order_id, first, "the other one has left")

    def test_carriers_that_were_used_before_are_offered(self):
        order = self.order({"CHAIR": 3})
        for carrier in "Old", "New", "Old":
            self.ship(order, {"CHAIR": 1}, carrier=carrier)
        other = self.order({"CHAIR": 1})
        wizard = self.env["octopus.ship"].with_context(default_order_ids=other.ids).create({})
        self.assertEqual(wizard.carrier, "Old", "the latest one")
        self.assertEqual(set(wizard.carrier_names), {"Old", "New"})

    def test_a_cashier_ships_and_writes_nothing_else(self):
        order = self.order({"CHAIR": 1})
        cashier = new_test_user(self.env, "till", "base.group_user,point_of_sale.group_pos_user")
        own = order.with_user(cashier)
        wizard = own.env["octopus.ship"].create({"order_ids": own.ids})
        wizard.action_ship()
        self.assertEqual(order.fulfillment_ids.user_id, cashier)
        self.assertEqual(order.status, "completed")
        with self.assertRaises(AccessError):
            own.fulfillment_ids.write({"carrier": "X"})
        own.fulfillment_ids.action_cancel()
        self.assertEqual(order.fulfillment_ids.state, "cancelled")
