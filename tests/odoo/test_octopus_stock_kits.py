"""Stock where Odoo's manufacturing and expiration dates are installed too."""

from odoo import Command

from .common_stock import StockCase


class TestOctopusStockKits(StockCase):
    def setUp(self):
        super().setUp()
        self.bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.table.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.chair.id, "product_qty": 4}),
                ],
            }
        )

    def test_a_kit_follows_its_components(self):
        self.count(self.chair, 10)
        self.push()
        self.assertEqual(self.remote(), {"Chair": 10, "Table": 2})
        self.deliver(self.chair, 3)
        self.push()
        self.assertEqual(self.remote(), {"Chair": 7, "Table": 1})

    def test_a_kit_of_kits(self):
        lamp = self.make_variants("Lamp", is_storable=False)
        self.put_in_octopus(lamp)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": lamp.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [Command.create({"product_id": self.table.id, "product_qty": 2})],
            }
        )
        self.count(self.chair, 20)
        self.push()
        self.assertEqual(self.remote(), {"Chair": 20, "Table": 5, "Lamp": 2})

    def test_manufacturing(self):
        self.bom.type = "normal"
        self.count(self.chair, 10)
        self.push()
        order = self.env["mrp.production"].create(
            {"product_id": self.table.id, "product_qty": 2, "bom_id": self.bom.id}
        )
        order.action_confirm()
        order.qty_producing = 2
        order._set_qty_producing()
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self.push()
        self.assertEqual(self.remote(), {"Chair": 2, "Table": 2})

    def test_goods_past_their_removal_date_do_not_count(self):
        self.chair.write({"tracking": "lot", "use_expiration_date": True})
        lot = self.env["stock.lot"].create({"name": "Old", "product_id": self.chair.id})
        lot.removal_date = "2020-01-01 00:00:00"
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.chair, self.stock, 5, lot_id=lot)
        quants._update_available_quantity(self.chair, self.stock, 3)
        self.push()
        self.assertEqual(self.remote()["Chair"], 3)
