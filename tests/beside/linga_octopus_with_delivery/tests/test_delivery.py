from unittest.mock import patch

from odoo.tests import Form, TransactionCase

from odoo.addons.linga_octopus.models.fulfillment.transfers import tracked_deliveries
from odoo.addons.linga_octopus.tests.support.orders import OrdersMixin


class TestDelivery(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "Parcel Post",
                "product_id": cls.make_goods("POSTAGE").id,
                # With the level above, Odoo wants the customer as a contact on the delivery.
                "integration_level": "rate",
                "tracking_url": "https://post.example/<shipmenttrackingnumber>",
            }
        )

    def track(self, order, number):
        """Set the tracking reference as staff does on the delivery, and let the worker look."""
        with Form(order.picking_ids) as delivery:
            delivery.carrier_tracking_ref = number
        self.look()

    def look(self):
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order"]._ship_tracked()
        self.env.invalidate_all()

    def test_a_tracking_reference_is_a_parcel_that_is_to_be_told(self):
        order = self.order({"CHAIR": 2, "TABLE": 1})
        order.picking_ids.carrier_id = self.carrier
        self.track(order, "PP1")
        self.look()
        self.assertRecordValues(
            order.fulfillment_ids,
            [
                {
                    "picking_id": order.picking_ids.id,
                    "carrier": "Parcel Post",
                    "tracking_numbers": "PP1",
                    "tracking_urls": "https://post.example/PP1",
                    "push_status": "pending",
                }
            ],
        )
        self.assertEqual(order.fulfillment_ids.line_ids.mapped("quantity"), [2, 1])
        self.assertTrue(order.is_parcel_due)

    def test_another_reference_corrects_the_parcel_and_the_other_way_round(self):
        order = self.order({"CHAIR": 1})
        self.track(order, "PP1")
        self.track(order, "PP2,PP3")
        parcel = order.fulfillment_ids
        self.assertEqual(parcel.tracking_numbers, "PP2, PP3")
        parcel.sudo()._correct("Parcel Post", ("PP4",))
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "PP4")
        self.look()
        self.assertEqual(order.fulfillment_ids.mapped("tracking_numbers"), ["PP4"])

    def test_a_shipment_that_is_cancelled_with_the_carrier_takes_the_parcel_back(self):
        order = self.order({"CHAIR": 1})
        order.picking_ids.carrier_id = self.carrier
        self.track(order, "PP1")
        with patch.object(type(self.carrier), "cancel_shipment"):  # there is no real carrier
            order.picking_ids.cancel_shipment()
        self.look()
        self.assertEqual(order.fulfillment_ids.mapped("state"), ["cancelled"])
        self.assertFalse(order.fulfillment_state)
        self.track(order, "PP2")
        self.look()
        self.assertEqual(order.fulfillment_ids.mapped("state"), ["cancelled", "done"])
        self.assertEqual(order.fulfillment_ids.mapped("tracking_numbers"), ["PP1", "PP2"])

    def test_numbers_that_are_removed_from_the_parcel_take_nothing_back(self):
        order = self.order({"CHAIR": 1})
        self.track(order, "PP1")
        order.fulfillment_ids.sudo()._correct("Parcel Post", ())
        self.assertFalse(order.picking_ids.carrier_tracking_ref)
        self.look()
        self.assertRecordValues(
            order.fulfillment_ids, [{"state": "done", "carrier": "Parcel Post"}]
        )

    def test_a_delivery_by_hand_that_gets_its_reference_later_corrects_its_parcel(self):
        order = self.order({"CHAIR": 1})
        self.track(order, "PP1")
        delivery = order.picking_ids
        delivery.octopus_order_id = False  # as a transfer that staff made
        delivery.carrier_tracking_ref = "PP2"
        self.look()
        self.assertEqual(order.fulfillment_ids.mapped("tracking_numbers"), ["PP2"])

    def test_an_order_that_was_shipped_by_the_dialog_is_not_shipped_again(self):
        order = self.order({"CHAIR": 1})
        dialog = self.env["octopus.ship"].create({"order_ids": order.ids, "numbers": "1Z1"})
        dialog.action_ship()
        self.track(order, "PP1")
        self.assertEqual(order.fulfillment_ids.mapped("tracking_numbers"), ["1Z1"])

    def test_without_a_reference_there_is_no_parcel(self):
        order = self.order({"CHAIR": 1})
        order.picking_ids.carrier_id = self.carrier
        self.look()
        self.assertNotIn(order.picking_ids, tracked_deliveries(self.env))
        self.assertFalse(order.fulfillment_ids)

    def test_the_carriers_of_odoo_are_offered_in_the_dialog(self):
        order = self.order({"CHAIR": 1})
        offered = self.env["octopus.ship"].create({"order_ids": order.ids}).carrier_names
        self.assertIn("Parcel Post", offered)

    def test_the_carriers_of_another_company_are_not_offered(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.carrier.product_id.company_id = other
        self.carrier.company_id = other
        order = self.order({"CHAIR": 1})
        dialog = self.env["octopus.ship"].create({"order_ids": order.ids, "numbers": "PP1"})
        self.assertNotIn("Parcel Post", dialog.carrier_names)
        dialog.carrier = "Parcel Post"
        dialog.action_ship()
        self.assertFalse(order.fulfillment_ids.tracking_urls)
