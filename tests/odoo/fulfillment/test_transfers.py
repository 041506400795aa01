"""What staff does with transfers of an online order counts as a hand-over."""

from unittest.mock import patch

from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.models.fulfillment import transfers
from odoo.addons.linga_octopus.models.fulfillment.following import told_values
from odoo.addons.linga_octopus.models.fulfillment.transfers import ship_tracked

from ..support.orders import OrdersMixin


class TestTransfers(OrdersMixin, TransactionCase):
    def test_the_delivery_of_the_worker_is_no_parcel(self):
        order = self.order({"CHAIR": 2})
        self.assertTrue(order.picking_ids)
        self.assertFalse(order.fulfillment_ids)

    def test_a_tracking_reference_on_the_delivery_is_a_parcel(self):
        order = self.order({"CHAIR": 2, "TABLE": 1})
        self.track(order, "PP1")
        [parcel] = order.fulfillment_ids
        self.assertEqual(parcel.picking_id, order.picking_ids)
        self.assertEqual(parcel.tracking_numbers, "PP1")
        self.assertEqual(parcel.line_ids.mapped("quantity"), [2, 1])
        self.assertRecordValues(order, [{"fulfillment_state": "full", "status": "completed"}])
        self.track(order, "PP1")
        self.assertEqual(order.fulfillment_ids, parcel)

    def test_a_reference_that_is_cleared_takes_the_parcel_back(self):
        order = self.order({"CHAIR": 2})
        self.track(order, "PP1")
        self.track(order)
        [parcel] = order.fulfillment_ids
        self.assertEqual(parcel.state, "cancelled")
        self.assertRecordValues(order, [{"fulfillment_state": False, "status": "take_action"}])
        self.track(order)
        self.assertEqual(order.fulfillment_ids, parcel)

    def test_a_reference_after_that_is_a_new_parcel(self):
        for number in ("PP1", "PP2"):  # the same one may have been cleared by mistake
            order = self.order({"CHAIR": 2})
            self.track(order, "PP1")
            self.track(order)
            self.track(order, number)
            self.assertRecordValues(
                order.fulfillment_ids,
                [
                    {"state": "cancelled", "tracking_numbers": "PP1"},
                    {"state": "done", "tracking_numbers": number},
                ],
            )
            self.assertEqual(order.fulfillment_state, "full")

    def test_what_the_channel_knows_of_a_parcel_is_taken_back_there(self):
        order = self.order({"CHAIR": 2})
        self.track(order, "PP1")
        order.fulfillment_ids.write(
            {
                "octopus_ref": "1",
                "push_status": "synced",
                "told": told_values(order.fulfillment_ids),
            }
        )
        order.is_parcel_due = False
        self.track(order)
        self.assertRecordValues(
            order.fulfillment_ids, [{"state": "cancelled", "push_status": "pending"}]
        )
        self.assertTrue(order.is_parcel_due)

    def test_a_parcel_that_was_cancelled_here_stays_so_until_another_reference(self):
        order = self.order({"CHAIR": 2})
        self.track(order, "PP1")
        order.fulfillment_ids.action_cancel()
        self.track(order, "PP1")
        self.assertEqual(order.fulfillment_ids.mapped("state"), ["cancelled"])
        self.track(order, "PP2")
        self.assertEqual(order.fulfillment_ids.mapped("state"), ["cancelled", "done"])

    def test_only_what_is_other_on_the_delivery_is_followed(self):
        order = self.order({"CHAIR": 2})
        self.track(order, "PP1", carrier="Post")
        order.fulfillment_ids.carrier = "Express"  # as somebody corrects it on the parcel
        self.track(order, "PP2", carrier="Post")
        self.track(order, "PP2", carrier="")
        self.assertRecordValues(
            order.fulfillment_ids, [{"carrier": "Express", "tracking_numbers": "PP2"}]
        )
        self.track(order, "PP2", carrier="Van")
        self.assertEqual(order.fulfillment_ids.carrier, "Van")

    def track(self, order, *numbers, carrier=""):
        """Have the deliveries of an order say this, and let the worker look."""
        said = {"carrier": carrier, "numbers": list(numbers)}
        with patch.object(transfers, "transfer_says", lambda picking: dict(said)):
            self.ship_tracked(order.picking_ids)

    def ship_tracked(self, deliveries):
        self.env.flush_all()
        with self.transaction() as env:
            ship_tracked(deliveries.with_env(env))
        self.env.invalidate_all()

    def test_a_delivery_that_makes_trouble_stops_no_other(self):
        bad, good = self.order({"CHAIR": 1}), self.order({"CHAIR": 1})

        def say(picking):
            if picking.octopus_order_id.id == bad.id:
                raise KeyError("a mistake of ours")
            return {"carrier": "", "numbers": ["PP1"]}

        says = patch.object(transfers, "transfer_says", say)
        with says, self.assertLogs(transfers.__name__, "ERROR"):
            self.ship_tracked(bad.picking_ids | good.picking_ids)
        self.assertFalse(bad.fulfillment_ids)
        self.assertTrue(good.fulfillment_ids)

    def test_a_delivery_by_hand_counts(self):
        self.account.orders_since = "2027-01-01"
        order = self.ingest(self.payload({"CHAIR": 2}), is_new=False)
        self.deduct()
        self.assertFalse(order.picking_ids)
        kind = self.warehouse.out_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": self.stock_location.id,
                "location_dest_id": kind.default_location_dest_id.id,
                "origin": order.display_name,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.chair.id,
                            "product_uom_qty": 1,
                            "location_id": self.stock_location.id,
                            "location_dest_id": kind.default_location_dest_id.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(order.line_ids.quantity_fulfilled, 1)
        self.assertEqual(order.fulfillment_state, "part")
