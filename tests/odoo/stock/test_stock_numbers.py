"""The number that Octopus gets, from Odoo's stock and rules; the sums are in tests/unit."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.models.stock.figures import LocationFigures

from ..support.stock import StockCase


class TestOctopusStockNumbers(StockCase):
    def setUp(self):
        super().setUp()
        self.count(self.chair, 10)
        self.forget_changes()

    def number(self, product=None):
        """Return what Octopus is told of a product."""
        self.env.flush_all()
        product = product or self.chair
        return LocationFigures(self.location).read_figures(product.ids)[product.id].number

    # === WHAT COUNTS === #

    def test_free_to_use_leaves_out_what_is_reserved(self):
        self.move(self.chair, 4)._action_assign()
        self.assertEqual(self.number(), 6)
        self.account.stock_basis = "on_hand"
        self.assertEqual(self.number(), 10)

    def test_a_forecast_knows_what_comes_and_goes(self):
        self.account.stock_basis = "forecast"
        self.move(self.chair, 4)
        suppliers = self.env.ref("stock.stock_location_suppliers")
        self.move(self.chair, 20, suppliers, self.stock)
        self.assertEqual(self.number(), 26)

    def test_a_planned_move_goes_out_when_the_forecast_counts(self):
        self.account.stock_basis = "forecast"
        self.push()
        self.move(self.chair, 4)
        self.push()
        self.assertEqual(self.remote()["Chair"], 6)

    def test_stock_on_every_shelf_of_the_warehouse_counts(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.count(self.chair, 5, shelf)
        self.assertEqual(self.number(), 15)

    def test_stock_lost_or_at_customers_does_not_count(self):
        scrapped = self.env["stock.location"].create(
            {
                "name": "Bin",
                "usage": "inventory",
                "location_id": self.warehouse.view_location_id.id,
            }
        )
        self.deliver(self.chair, 4, self.stock, scrapped)
        self.assertEqual(self.number(), 6)

    def test_a_second_quant_of_a_concurrent_sale_counts_too(self):
        self.env["stock.quant"].sudo().create(
            {"product_id": self.chair.id, "location_id": self.stock.id, "quantity": -3}
        )
        self.assertEqual(self.number(), 7)

    # === FROM QUANTITY TO NUMBER === #

    def test_nobody_keeps_back_less_than_nothing(self):
        category = self.env["pos.category"].create({"name": "Seats"})
        product_category = self.env["product.category"].create({"name": "Seats"})
        product = self.chair.product_tmpl_id
        for record, name in (
            (self.account, "stock_buffer"),
            (self.account, "stock_cap"),
            (product, "octopus_stock_buffer"),
            (product, "octopus_stock_cap"),
            (product, "octopus_sold_out_at"),
            (category, "octopus_stock_buffer"),
            (product_category, "octopus_stock_buffer"),
        ):
            with (
                self.subTest(record=record, name=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                record[name] = -1
                self.env.flush_all()

    def test_the_nearest_safety_stock_wins(self):
        seats, stools = self.env["pos.category"].create([{"name": "Seats"}, {"name": "Stools"}])
        stools.parent_id = seats
        self.chair.pos_categ_ids = [Command.set(stools.ids)]
        self.account.stock_buffer = 1
        self.assertEqual(self.number(), 9)
        seats.write({"octopus_own_buffer": True, "octopus_stock_buffer": 2})
        self.assertEqual(self.number(), 8)
        stools.write({"octopus_own_buffer": True, "octopus_stock_buffer": 3})
        self.assertEqual(self.number(), 7)
        self.chair.write({"octopus_own_buffer": True, "octopus_stock_buffer": 0})
        self.assertEqual(self.number(), 10)

    def test_a_store_of_product_categories_goes_by_their_safety_stock(self):
        seats = self.env["product.category"].create({"name": "Seats"})
        stools = self.env["product.category"].create({"name": "Stools", "parent_id": seats.id})
        till = self.env["pos.category"].create(
            {"name": "Till", "octopus_own_buffer": True, "octopus_stock_buffer": 5}
        )
        self.chair.write({"categ_id": stools.id, "pos_categ_ids": [Command.set(till.ids)]})
        seats.write({"octopus_own_buffer": True, "octopus_stock_buffer": 2})
        self.assertEqual(self.number(), 5)
        self.account.category_source = "product"
        self.assertEqual(self.number(), 8)
        self.assertEqual(self.number(self.table), 0)
        stools.write({"octopus_own_buffer": True, "octopus_stock_buffer": 3})
        self.assertEqual(self.number(), 7)
        self.chair.write({"octopus_own_buffer": True, "octopus_stock_buffer": 0})
        self.assertEqual(self.number(), 10)

    def test_no_more_than_the_cap_is_shown(self):
        self.account.stock_cap = 5
        self.assertEqual(self.number(), 5)
        self.chair.octopus_stock_cap = 8
        self.assertEqual(self.number(), 8)

    def test_few_pieces_are_shown_as_sold_out(self):
        self.chair.octopus_sold_out_at = 10
        self.assertEqual(self.number(), 0)
        self.count(self.chair, 11)
        self.assertEqual(self.number(), 11)

    def test_what_is_not_sold_is_shown_as_sold_out(self):
        for name, value in (
            ("active", False),
            ("available_in_pos", False),
            ("sale_ok", False),
            ("octopus_excluded", True),
            ("octopus_publish_from", fields.Datetime.now() + timedelta(1)),
            ("octopus_publish_until", fields.Datetime.now() - timedelta(1)),
        ):
            was = self.chair.product_tmpl_id[name]
            self.chair.product_tmpl_id[name] = value
            self.assertEqual(self.number(), 0, name)
            self.chair.product_tmpl_id[name] = was
            self.assertEqual(self.number(), 10, name)

    # === WHY === #

    def test_the_level_explains_its_number(self):
        self.push()
        self.sync("stock")
        self.account.stock_buffer = 1
        self.move(self.chair, 4)._action_assign()
        self.env.cr.flush()
        level = self.level(self.chair)
        self.assertRecordValues(
            level,
            [
                {
                    "on_hand": 10,
                    "reserved": 4,
                    "available": 6,
                    "buffer": 1,
                    "number": 5,
                    "quantity": 10,
                    "is_sold": True,
                    "waiting_count": 2,
                    "answer": "Accepted, sent by Sync Stocks.",
                }
            ],
        )
        action = self.chair.product_tmpl_id.action_octopus_stock()
        self.assertEqual(action["res_id"], level.id)

    def test_the_question_is_asked_on_every_form_of_a_product(self):
        manager = self.env["res.users"].create(
            {
                "name": "Manager",
                "login": "stock-manager",
                "group_ids": [Command.link(self.env.ref("point_of_sale.group_pos_manager").id)],
            }
        )
        for view in (
            "product.product_template_only_form_view",
            "product.product_normal_form_view",
            "product.product_variant_easy_edit_view",
        ):
            form = self.env.ref(view)
            model = self.env[form.model].with_user(manager)
            arch = model.get_view(form.id, "form")["arch"]
            self.assertIn('name="action_octopus_stock"', arch, view)

    def test_a_point_of_sale_that_updates_stock_late_is_pointed_out(self):
        for policy, state in (("closing", "warning"), ("real", "done")):
            self.env.company.point_of_sale_update_stock_quantities = policy
            self.account.invalidate_recordset(["checklist"])
            [step] = [step for step in self.account.checklist if step["name"] == "pos_stock"]
            self.assertEqual(step["state"], state)
