"""What staff does with transfers of an online order counts as a hand-over."""

from unittest.mock import patch

from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.models.fulfillment import transfers
from odoo.addons.linga_octopus.models.fulfillment.transfers import ship_tracked

from ..support.orders import OrdersMixin


class TestTransfers(OrdersMixin, TransactionCase):
    def test_the_delivery_of_the_worker_is_no_parcel(self):
        order = self.order({"CHAIR": 2})
        self.assertTrue(order.picking_ids)
        self.assertFalse(order.fulfillment_ids)

    def test_a_tracking_reference_on_the_delivery_is_a_parcel(self):
        order = self.order({"CHAIR": 2, "TABLE": 1})
        self.ship_tracked(order.picking_ids)
        [parcel] = order.fulfillment_ids
        self.assertEqual(parcel.picking_id, order.picking_ids)
        self.assertEqual(parcel.line_ids.mapped("quantity"), [2, 1])
        self.assertRecordValues(order, [{"fulfillment_state": "full", "status": "completed"}])
        self.ship_tracked(order.picking_ids)
        self.assertEqual(order.fulfillment_ids, parcel)

    def ship_tracked(self, deliveries):
        self.env.flush_all()
        with self.transaction() as env:
            ship_tracked(deliveries.with_env(env))
        self.env.invalidate_all()

    def test_a_delivery_that_makes_trouble_stops_no_other(self):
        bad, good = self.order({"CHAIR": 1}), self.order({"CHAIR": 1})

        def fail(picking, *args):
            if picking.octopus_order_id.id == bad.id:
                raise KeyError("a mistake of ours")
            return make_parcel(picking, *args)

        make_parcel = transfers._ship
        with patch.object(transfers, "_ship", fail), self.assertLogs(transfers.__name__, "ERROR"):
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
