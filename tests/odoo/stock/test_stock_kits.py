"""Stock where Odoo's manufacturing and expiration dates are installed too."""

from datetime import timedelta

from odoo import Command, fields

from odoo.addons.linga_octopus.models.catalog import product_run
from odoo.addons.linga_octopus.models.catalog.scope import CatalogScope
from odoo.addons.linga_octopus.models.stock.figures import LocationFigures
from odoo.addons.linga_octopus.models.stock.stock_run import waiting_domain

from ..support.stock import StockCase


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

    def test_another_recipe_goes_out_without_a_change_of_stock(self):
        self.count(self.chair, 10)
        self.push()
        self.bom.bom_line_ids.product_qty = 2
        self.push()
        self.assertEqual(self.remote(), {"Chair": 10, "Table": 5})
        self.bom.action_archive()
        self.count(self.table, 1)
        self.bom.action_unarchive()
        self.bom.unlink()
        self.push()
        self.assertEqual(self.remote(), {"Chair": 10, "Table": 1})
        self.sandbox.forget_requests()
        self.push()
        self.assertEqual(self.calls(), 0)

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

    def test_a_kit_that_octopus_lacks_waits_for_sync_products(self):
        lamp, service = self.make_variants("Lamp", "Service", is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": lamp.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [Command.create({"product_id": self.chair.id})],
            }
        )
        self.account.invalidate_recordset()
        waiting = self.env["product.product"].search(waiting_domain(self.account))
        self.assertIn(lamp, waiting)
        self.assertNotIn(service, waiting)
        self.assertEqual(self.account.stock_waiting_count, len(waiting))
        self.put_in_octopus(lamp)
        self.assertNotIn(lamp, self.env["product.product"].search(waiting_domain(self.account)))

    def test_what_becomes_a_kit_is_counted_by_octopus(self):
        lamp = self.make_variants("Lamp", is_storable=False)
        self.sync("products")
        self.assertIsNone(self.counted_by("Lamp"))
        self.assertFalse(product_run.has_changes(CatalogScope(self.account)))
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": lamp.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [Command.create({"product_id": self.chair.id})],
            }
        )
        self.assertTrue(product_run.has_changes(CatalogScope(self.account)))
        self.sync("products")
        self.assertEqual(self.counted_by("Lamp"), "octopus")

    def counted_by(self, sku):
        """Return who counts a variant, as Octopus has it."""
        [variant] = [
            variant
            for product in self.sandbox.state()["products"]
            for variant in product["variants"]
            if variant["sku"] == sku
        ]
        return variant["inventory_management"]

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
        lot.removal_date = "2099-01-01 00:00:00"
        self.push()
        self.assertEqual(self.remote()["Chair"], 8)

    def test_the_level_explains_what_has_expired(self):
        self.chair.write({"tracking": "lot", "use_expiration_date": True})
        lot = self.env["stock.lot"].create({"name": "Old", "product_id": self.chair.id})
        lot.removal_date = "2020-01-01 00:00:00"
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.chair, self.stock, 5, lot_id=lot)
        quants._update_available_quantity(self.chair, self.stock, 8)
        self.move(self.chair, 2)._action_assign()
        self.push()
        self.assertIn('name="expired"', self.level(self.chair).get_view(view_type="form")["arch"])
        level, kit = self.level(self.chair), self.level(self.table)
        for basis, available in (("free", 6), ("forecast", 6), ("on_hand", 13)):
            with self.subTest(basis=basis):
                self.account.stock_basis = basis
                self.env.invalidate_all()
                self.assertRecordValues(
                    level,
                    [
                        {
                            "on_hand": 13,
                            "reserved": 2,
                            "expired": 5,
                            "available": available,
                            "number": available,
                        }
                    ],
                )
                self.assertEqual(kit.expired, 0)

    def test_goods_stop_counting_on_the_day_of_their_removal(self):
        self.chair.write({"tracking": "lot", "use_expiration_date": True})
        lot = self.env["stock.lot"].create({"name": "Old", "product_id": self.chair.id})
        lot.removal_date = "2099-01-01 00:00:00"
        self.env["stock.quant"]._update_available_quantity(self.chair, self.stock, 5, lot_id=lot)
        self.push()
        self.assertEqual(self.remote()["Chair"], 5)
        # As if the night had come, in which nobody touches the lot.
        today = fields.Date.today()
        self.env["ir.config_parameter"].set_param(
            "linga_octopus.stock_day", fields.Date.to_string(today - timedelta(days=1))
        )
        self.env.cr.execute(
            "UPDATE stock_quant SET removal_date = %s WHERE lot_id = %s", [today, lot.id]
        )
        self.env.invalidate_all()
        self.push()
        self.assertEqual(self.remote()["Chair"], 0)
        self.sandbox.forget_requests()
        self.push()
        self.assertEqual(self.calls(), 0)

    def test_the_numbers_are_those_of_odoo(self):
        """Wherever goods are and whatever is special about them."""
        self.warehouse.write({"reception_steps": "three_steps", "delivery_steps": "pick_pack_ship"})
        self.chair.write({"tracking": "lot", "use_expiration_date": True})
        fresh, old = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.chair.id} for name in ("Fresh", "Old")]
        )
        fresh.removal_date = "2099-01-01 00:00:00"
        old.removal_date = "2020-01-01 00:00:00"
        quants = self.env["stock.quant"]
        package = self.env["stock.package"].create({"name": "Box"})
        owner = self.env["res.partner"].create({"name": "Somebody"})
        for number, (place, special) in enumerate(
            [
                (self.stock, {}),
                (self.stock, {"lot_id": fresh}),
                (self.stock, {"lot_id": old}),
                (self.stock, {"lot_id": fresh, "package_id": package}),
                (self.stock, {"lot_id": fresh, "owner_id": owner}),
                (self.warehouse.wh_input_stock_loc_id, {"lot_id": fresh}),
                (self.warehouse.wh_qc_stock_loc_id, {"lot_id": fresh}),
                (self.warehouse.wh_pack_stock_loc_id, {"lot_id": old}),
                (self.warehouse.wh_output_stock_loc_id, {"lot_id": fresh}),
                (self.customers, {"lot_id": fresh}),
            ]
        ):
            quants._update_available_quantity(self.chair, place, 2**number + 0.25, **special)
        self.move(self.chair, 3)._action_assign()
        self.env.flush_all()
        self.env.invalidate_all()
        odoo = self.chair.with_context(warehouse_id=self.warehouse.id)
        for basis, field in (
            ("free", "free_qty"),
            ("on_hand", "qty_available"),
            ("forecast", "virtual_available"),
        ):
            self.account.stock_basis = basis
            figures = LocationFigures(self.location).read_figures(self.chair.ids)[self.chair.id]
            self.assertAlmostEqual(figures.available, odoo[field], msg=basis)
            self.assertEqual(figures.number, int(odoo[field]), basis)
