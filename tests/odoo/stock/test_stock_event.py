"""Every change of stock is noticed, whatever caused it, and only once per transaction."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.linga_octopus.models.stock.worker import WORKER_CRON

from ..support.stock import StockCase


class TestOctopusStockEvent(StockCase):
    def setUp(self):
        super().setUp()
        self.count(self.chair, 10)
        self.count(self.table, 10)
        self.forget_changes()

    def assertNoticed(self, *products):
        self.assertEqual(self.waiting(), dict.fromkeys(products, 1))

    # === CAUSES === #

    def test_an_inventory_count(self):
        self.count(self.chair, 3)
        self.assertNoticed(self.chair)

    def test_a_delivery(self):
        self.deliver(self.chair, 2)
        self.assertNoticed(self.chair)

    def test_a_delivery_below_zero(self):
        self.deliver(self.chair, 20)
        self.assertNoticed(self.chair)

    def test_a_receipt(self):
        suppliers = self.env.ref("stock.stock_location_suppliers")
        self.deliver(self.chair, 2, suppliers, self.stock)
        self.assertNoticed(self.chair)

    def test_a_reservation_and_its_release(self):
        move = self.move(self.chair, 4)
        move._action_assign()
        self.assertEqual(move.state, "assigned")
        self.assertNoticed(self.chair)
        self.forget_changes()
        move._do_unreserve()
        self.assertNoticed(self.chair)

    def test_scrap(self):
        scrap = self.env["stock.scrap"].create({"product_id": self.chair.id, "scrap_qty": 1})
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")
        self.assertNoticed(self.chair)

    def test_a_move_to_another_warehouse_changes_both(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        (self.account.location_ids - self.location).warehouse_id = other
        self.forget_changes()
        self.deliver(self.chair, 2, self.stock, other.lot_stock_id)
        self.env.cr.flush()
        events = self.env["octopus.stock.event"].search([])
        self.assertEqual(events.warehouse_id, self.warehouse + other)
        self.assertEqual(events.product_id, self.chair)

    def test_a_quant_that_is_moved_or_deleted(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.view_location_id.id}
        )
        quant = self.env["stock.quant"]._gather(self.chair, self.stock)
        quant.sudo().location_id = shelf
        self.assertNoticed(self.chair)
        self.forget_changes()
        quant.sudo().unlink()
        self.assertNoticed(self.chair)

    def test_a_quant_that_is_changed_and_moved_to_another_warehouse_changes_both(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        (self.account.location_ids - self.location).warehouse_id = other
        self.forget_changes()
        quant = self.env["stock.quant"]._gather(self.chair, self.stock).sudo()
        quant.quantity = 7
        quant.location_id = other.lot_stock_id
        self.env.cr.flush()
        events = self.env["octopus.stock.event"].search([])
        self.assertEqual(events.warehouse_id, self.warehouse + other)

    def test_a_shelf_that_is_moved_to_another_warehouse(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        (self.account.location_ids - self.location).warehouse_id = other
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.count(self.chair, 3, shelf)
        self.sync("stock")
        shelf.location_id = other.lot_stock_id
        events = self.env["octopus.stock.event"].search([])
        self.assertEqual(events.warehouse_id, self.warehouse + other)
        self.assertEqual(events.product_id, self.chair)
        self.push()
        self.assertEqual(self.remote()["Chair"], 10)
        self.assertEqual(self.remote(self.account.location_ids - self.location)["Chair"], 3)

    def test_an_empty_shelf_that_is_no_longer_one(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.count(self.chair, 3, shelf)
        self.count(self.chair, 0, shelf)
        self.assertNoticed(self.chair)
        shelf.usage = "production"
        self.forget_changes()
        self.count(self.chair, 4, shelf)
        self.env.cr.flush()
        self.assertFalse(self.env["octopus.stock.event"].search([]))

    def test_nobody_pretends_to_be_a_run_that_sends_all_levels(self):
        manager = new_test_user(
            self.env, "manager-events", "point_of_sale.group_pos_manager,stock.group_stock_user"
        )
        self.forget_changes()
        as_manager = self.account.with_user(manager).with_context(octopus_run=True)
        as_manager.stock_buffer = 3
        self.env.cr.flush()
        self.assertTrue(self.env["octopus.stock.event"].search([]))

    # === ONE STATEMENT PER TRANSACTION === #

    def test_many_changes_in_a_transaction_leave_one_row_per_product(self):
        for _time in range(3):
            self.deliver(self.chair, 1)
            self.deliver(self.table, 1)
        self.assertNoticed(self.chair, self.table)

    def test_a_transaction_that_fails_leaves_nothing(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            env["stock.quant"]._update_available_quantity(
                self.chair.with_env(env), self.stock.with_env(env), 5
            )
            cr.flush()
            self.assertTrue(env["octopus.stock.event"].search([]))
            env["stock.quant"]._update_available_quantity(
                self.chair.with_env(env), self.stock.with_env(env), 5
            )
            cr.rollback()
            cr.flush()
            self.assertFalse(env["octopus.stock.event"].search([]))

    def test_a_part_of_a_transaction_that_fails_leaves_nothing(self):
        self.deliver(self.chair, 1)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.deliver(self.table, 1)
            self.env.cr.flush()
            self.deliver(self.table, 1)
            raise ZeroDivisionError
        self.assertNoticed(self.chair)

    def test_a_sale_is_noticed_with_one_statement(self):
        move = self.move(self.chair, 2) + self.move(self.table, 2)
        move.picked = True
        for one in move:
            one.quantity = 2
        self.env.cr.flush()
        self.forget_changes()
        self.deliver(self.chair, 1)  # the worker is woken, and caches are warm
        self.env.cr.flush()
        statements = []
        execute = type(self.env.cr).execute

        def spy(cr, query, *args, **options):
            statements.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **options)

        self.patch(type(self.env.cr), "execute", spy)
        move._action_done()
        self.env.cr.flush()
        ours = [statement for statement in statements if "octopus_stock_event" in statement]
        self.assertEqual(len(ours), 1, ours)
        self.assertIn("INSERT INTO octopus_stock_event", ours[0])

    def test_the_worker_is_woken_when_nothing_was_waiting(self):
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", self.env.ref(WORKER_CRON).id)]
        self.push()
        before = triggers.search_count(domain)
        for product in self.chair + self.table:
            self.deliver(product, 1)
            self.after_commit()
        self.assertEqual(triggers.search_count(domain), before + 1)
        self.push()
        self.deliver(self.chair, 1)
        self.after_commit()
        self.assertEqual(triggers.search_count(domain), before + 2)

    def after_commit(self):
        """Do what follows the commit of the changes."""
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()

    def test_a_change_committed_after_the_last_look_of_the_worker_wakes_it_again(self):
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", self.env.ref(WORKER_CRON).id)]
        self.push()
        self.env["octopus.stock.event"]._enqueue_products(self.table)
        self.env["octopus.stock.event"]._enqueue_products(self.chair)
        self.after_commit()
        before = triggers.search_count(domain)
        # A change is made while another waits; then the worker takes that one and goes to sleep.
        self.env["octopus.stock.event"]._enqueue_products(self.chair)
        self.env["octopus.stock.event"].search([], order="id")[:-1].unlink()
        self.after_commit()
        self.assertEqual(triggers.search_count(domain), before + 1)

    def test_a_product_that_is_deleted_before_the_worker_comes(self):
        rug = self.make_variants("Rug")
        self.env["octopus.stock.event"]._enqueue_products(rug + self.chair)
        rug.unlink()
        self.push()
        self.assertFalse(self.waiting())
        self.assertIn("Chair", self.remote())

    # === WHAT IS NO CONCERN OF OCTOPUS === #

    def test_a_warehouse_that_no_location_maps(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        self.count(self.chair, 5, other.lot_stock_id)
        self.assertFalse(self.waiting())

    def test_a_store_that_is_not_connected(self):
        self.account.action_unsubscribe()
        self.count(self.chair, 5)
        self.assertFalse(self.waiting())

    def test_empty_quants_that_are_swept_away(self):
        self.deliver(self.chair, 10)
        self.forget_changes()
        self.env["stock.quant"]._quant_tasks()
        self.assertFalse(self.env["stock.quant"]._gather(self.chair, self.stock))
        self.assertFalse(self.waiting())

    # === RULES THAT CHANGE NUMBERS WITHOUT A CHANGE OF STOCK === #

    def test_archiving_a_product(self):
        self.chair.action_archive()
        self.assertIn(self.chair, self.waiting())

    def test_a_safety_stock(self):
        self.chair.product_tmpl_id.octopus_stock_buffer = 2
        self.assertNoticed(self.chair)
        self.forget_changes()
        category = self.env["pos.category"].create({"name": "Seats"})
        self.table.pos_categ_ids = [Command.link(category.id)]
        self.forget_changes()
        category.write({"octopus_own_buffer": True, "octopus_stock_buffer": 1})
        self.assertNoticed(self.table)
        self.forget_changes()
        category.unlink()
        self.assertNoticed(self.table)
        self.forget_changes()
        self.account.stock_buffer = 1
        self.assertNoticed(self.chair, self.table)

    def test_a_safety_stock_of_a_product_category(self):
        parent = self.env["product.category"].create({"name": "Furniture"})
        category = self.env["product.category"].create({"name": "Seats", "parent_id": parent.id})
        self.forget_changes()
        self.table.categ_id = category
        self.assertNoticed(self.table)
        for change in (
            {"octopus_own_buffer": True, "octopus_stock_buffer": 1},
            {"octopus_stock_buffer": 2},
        ):
            self.forget_changes()
            parent.write(change)
            self.assertNoticed(self.table)
        self.forget_changes()
        category.parent_id = False
        self.assertNoticed(self.table)
        self.forget_changes()
        category.unlink()
        self.assertNoticed(self.table)
        self.forget_changes()
        self.account.category_source = "product"
        self.assertNoticed(self.chair, self.table)

    def test_a_category_that_moves_to_another_safety_stock(self):
        for model, field in (("product.category", "categ_id"), ("pos.category", "pos_categ_ids")):
            with self.subTest(model=model):
                plain, kept, category = self.env[model].create(
                    [{"name": name} for name in ("Plain", "Kept", "Seats")]
                )
                stools = category.create({"name": "Stools", "parent_id": category.id})
                self.chair[field], self.table[field] = stools, category
                kept.octopus_stock_buffer = 2
                kept.octopus_own_buffer = True
                stools.write({"octopus_own_buffer": True, "octopus_stock_buffer": 1})
                self.forget_changes()
                for parent in (plain, plain, category.browse()):
                    category.parent_id = parent
                    self.assertFalse(self.waiting(), "no safety stock on either side")
                for parent in (kept, plain):
                    category.parent_id = parent
                    self.assertNoticed(self.table)
                    self.forget_changes()
                category.parent_id = kept
                self.forget_changes()
                category.parent_id = kept
                category.write({"octopus_own_buffer": False, "octopus_stock_buffer": 0})
                self.assertFalse(self.waiting(), "nothing is different")

    def test_a_location_that_gets_another_warehouse(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        self.location.warehouse_id = other
        self.assertNoticed(self.chair, self.table)

    # === WHAT IS KEPT === #

    def test_what_another_thread_kept_before_the_commit_is_forgotten(self):
        """It still sees what was before: that the warehouse is mapped by nobody."""
        locations = self.env["octopus.location"]
        changes = {
            self.location: lambda: self.location.write({"active": not self.location.active}),
            self.account: lambda: self.account.write({"stock_basis": "on_hand"}),
            self.stock: lambda: self.stock.write({"usage": "internal"}),
        }
        for record, change in changes.items():
            with self.subTest(record._name):
                self.location.active = record != self.location
                self.env.cr.postcommit.clear()
                change()
                self.registry.clear_cache()  # by whatever else happens in this moment
                with patch.object(type(locations), "_mapped", lambda _self: locations.browse()):
                    self.assertFalse(locations._mapped_warehouse_ids())
                self.assertFalse(locations._mapped_warehouse_ids(), "it is kept")
                self.env.cr.postcommit.run()
                self.assertEqual(locations._mapped_warehouse_ids(), {self.warehouse.id})
