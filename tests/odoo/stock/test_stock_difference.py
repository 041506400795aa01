"""The stock check: differences with their reason, corrections, and the dry run."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.linga_octopus import orm
from odoo.addons.linga_octopus.models.monitoring.diagnosis import Diagnosis

from ..support.stock import StockCase


class TestOctopusStockDifference(StockCase):
    def setUp(self):
        super().setUp()
        self.count(self.chair, 10)
        self.count(self.table, 5)
        self.push()
        self.sandbox.forget_requests()

    def change_unnoticed(self, product, quantity):
        """Stock changes in the database behind everybody's back."""
        self.env.cr.execute(
            "UPDATE stock_quant SET quantity = %s WHERE product_id = %s AND location_id = %s",
            [quantity, product.id, self.stock.id],
        )
        self.env.invalidate_all()

    def check(self):
        """Run a check and return (the run, what it found)."""
        run = self.sync("stock_check")
        self.assertEqual(run.state, "done", run.message)
        return run, self.env["octopus.stock.difference"].search([("run_id", "=", run.id)])

    def test_differences_of_long_ago_go(self):
        self.patch(orm, "DELETE_BATCH", 1)
        found = self.env["octopus.stock.difference"]
        for quantity in (97, 98, 99):
            self.change_in_octopus(self.chair, quantity)
            found |= self.check()[1]
        old = found.sorted("id")[:2]
        self.env.cr.execute(
            "UPDATE octopus_stock_difference SET create_date = '2020-01-01' WHERE id IN %s",
            [old._ids],
        )
        found.invalidate_recordset()
        self.assertEqual([found._gc_old_differences() for _call in "123"], [(1, 1)] * 2 + [(0, 0)])
        self.assertEqual(found.exists(), found - old)

    # === FINDING AND CORRECTING === #

    def test_nothing_to_find(self):
        run, found = self.check()
        self.assertFalse(found)
        self.assertEqual((run.done, run.total), (2, 2))
        self.assertEqual(self.calls(), 0)
        self.assertFalse(run.issue_ids)

    def test_a_foreign_change_is_shown_and_corrected(self):
        self.change_in_octopus(self.chair, 99)
        run, found = self.check()
        self.assertRecordValues(
            found,
            [
                {
                    "product_id": self.chair.id,
                    "octopus_quantity": 99,
                    "odoo_quantity": 10,
                    "pushed_quantity": 10,
                    "reason": "there",
                    "state": "sent",
                }
            ],
        )
        self.assertEqual(self.remote(), {"Chair": 10, "Table": 5})
        self.assertEqual(run.issue_ids.mapped("severity"), ["warning"])
        again, found = self.check()
        self.assertFalse(found)
        self.assertEqual(run.issue_ids.fixed_by, again)

    def test_a_change_that_nobody_noticed(self):
        self.change_unnoticed(self.chair, 3)
        _run, found = self.check()
        self.assertEqual(found.reason, "here")
        self.assertEqual(self.remote()["Chair"], 3)

    def test_a_level_that_was_never_sent(self):
        lamp = self.make_variants("Lamp")
        self.put_in_octopus(lamp)
        _run, found = self.check()
        self.assertEqual((found.product_id, found.reason, found.is_listed), (lamp, "never", False))
        self.assertEqual(self.remote()["Lamp"], 0)

    def test_a_change_on_its_way_is_no_surprise(self):
        self.account.stock_resume_at = "2099-01-01 00:00:00"
        self.deliver(self.chair, 1)
        _run, found = self.check()
        self.assertEqual((found.reason, found.state), ("waiting", "sent"))

    def test_looking_first_sends_nothing_until_asked(self):
        self.account.difference_policy = "look"
        self.change_in_octopus(self.chair, 99)
        _run, found = self.check()
        self.assertEqual(found.state, "open")
        self.assertEqual(self.remote()["Chair"], 99)
        found.action_heal()
        self.push()
        self.assertEqual(self.remote()["Chair"], 10)
        self.assertEqual(found.state, "sent")

    def test_a_deleted_product_is_sent_again_as_sold_out(self):
        self.account.difference_policy = "look"
        lamp = self.make_variants("Lamp")
        self.put_in_octopus(lamp)
        self.sync("stock")
        self.change_in_octopus(lamp, 99)
        lamp.product_tmpl_id.unlink()
        _run, found = self.check()
        self.assertEqual((found.product_id.ids, found.state), ([], "open"))
        found.action_heal()
        self.push()
        self.assertEqual(self.remote()["Lamp"], 0)
        self.assertEqual(found.state, "sent")

    def test_to_decide_is_what_the_latest_check_found(self):
        self.account.difference_policy = "look"
        self.change_in_octopus(self.chair, 99)
        _run, first = self.check()
        _run, second = self.check()
        self.assertEqual((first.state, second.state), ("closed", "open"))
        self.assertEqual(self.account.difference_count, 1)
        self.assertIn("stock_check", Diagnosis(self.account).failures())
        self.change_in_octopus(self.chair, 10)
        self.check()
        self.assertEqual(second.state, "closed")
        self.assertNotIn("stock_check", Diagnosis(self.account).failures())

    def test_sync_stocks_leaves_nothing_to_decide(self):
        self.account.difference_policy = "look"
        self.change_in_octopus(self.chair, 99)
        _run, found = self.check()
        self.sync("stock")
        self.assertEqual(self.remote()["Chair"], 10)
        self.assertEqual(found.state, "closed")

    def test_a_refused_level_that_went_out_since_is_no_issue_any_more(self):
        lamp = self.make_variants("Lamp")
        self.put_in_octopus(lamp)
        self.sync("stock")
        lamp.product_tmpl_id.unlink()
        levels = self.level(self.chair) + self.env["octopus.stock.level"].search(
            [("account_id", "=", self.account.id), ("product_id", "=", False)]
        )
        refs = levels.variant_id.mapped("inventory_item_ref")
        levels[0].variant_id.inventory_item_ref = "999998"
        levels[1].variant_id.inventory_item_ref = "999999"
        problems = self.sync("stock").issue_ids
        self.assertEqual(set(problems.mapped("res_model")), {"product.product", "octopus.location"})
        self.check()
        self.assertFalse(problems.fixed_by, "they are still refused")
        levels[0].variant_id.inventory_item_ref = refs[0]
        levels[1].variant_id.inventory_item_ref = refs[1]
        levels.invalidate_recordset()
        self.assertEqual(len(levels.filtered("error")), 2)
        run, _found = self.check()
        levels.invalidate_recordset()
        self.assertFalse(levels.filtered("error"), "Octopus has the right numbers")
        problems.invalidate_recordset()
        for problem in problems:
            self.assertEqual(problem.fixed_by, run)

    def test_octopus_down_makes_the_check_wait(self):
        self.sandbox.set_faults([{"path": "/inventory_levels.json", "status": 503, "times": 1}])
        run = self.sync("stock_check")
        self.assertEqual(run.state, "waiting")
        self.sandbox.clear_faults()
        run, found = self.check()
        self.assertFalse(found)

    def test_the_nightly_check_is_for_stores_that_send_stock(self):
        self.env["octopus.stock.difference"]._cron_check()
        runs = self.env["octopus.sync.run"].search([("account_id", "=", self.account.id)])
        self.assertEqual(runs.mapped("kind"), ["stock_check"])
        runs.action_stop()
        self.account.auto_stock_sync = False
        self.env["octopus.stock.difference"]._cron_check()
        self.assertEqual(runs.search([("account_id", "=", self.account.id)]), runs)

    # === DRY RUN === #

    def test_a_dry_run_shows_what_would_change_and_sends_nothing(self):
        self.account.auto_stock_sync = False
        self.change_in_octopus(self.chair, 7)
        self.count(self.table, 0)
        _run, found = self.check()
        self.assertEqual(self.calls(), 0)
        self.assertEqual(found.mapped("state"), ["preview", "preview"])
        self.assertEqual(found.filtered("drops_to_zero").product_id, self.table)
        self.assertEqual(self.remote(), {"Chair": 7, "Table": 5})
        with self.assertRaisesRegex(UserError, "Sync Stocks"):
            found.action_heal()
        self.sync("stock")
        self.assertEqual(found.mapped("state"), ["closed", "closed"])

    # === OPENING STOCK === #

    def quantity(self, product):
        return sum(
            product.stock_quant_ids.filtered(lambda q: q.location_id == self.stock).mapped(
                "quantity"
            )
        )

    def take_over(self, found):
        """Press Use Octopus's Quantity; return the numbers to confirm."""
        action = found.action_take_over()
        return self.env[action["res_model"]].with_env(found.env).browse(action["res_id"])

    def test_a_shop_that_begins_with_its_stock_in_octopus(self):
        self.account.auto_stock_sync = False
        self.change_in_octopus(self.chair, 70)
        self.change_in_octopus(self.table, 2)
        self.move(self.chair, 4)._action_assign()
        _run, found = self.check()
        opening = self.take_over(found)
        self.assertRecordValues(opening, [{"counted": 2, "added": 64, "removed": 3, "left": 0}])
        self.assertEqual(
            {(line.product_id, line.before, line.after) for line in opening.line_ids},
            {(self.chair, 10, 74), (self.table, 5, 2)},
        )
        self.assertEqual(self.quantity(self.chair), 10, "nothing is counted yet")
        self.assertIn("2 products", opening.action_count()["params"]["message"])
        self.assertEqual(found.mapped("state"), ["closed", "closed"])
        self.assertEqual((self.quantity(self.chair), self.quantity(self.table)), (74, 2))
        moves = self.env["stock.move"].search(
            [("is_inventory", "=", True)], order="id desc", limit=2
        )
        self.assertEqual(set(moves.mapped("inventory_name")), {"Opening stock from Octopus"})
        self.sync("stock")
        self.assertEqual(self.remote(), {"Chair": 70, "Table": 2})
        with self.assertRaisesRegex(UserError, "Press Check Stock before"):
            found.action_take_over()

    def test_the_opening_leaves_what_it_cannot_count(self):
        self.account.auto_stock_sync = False
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.count(self.chair, 0)
        self.count(self.chair, 10, shelf)
        self.change_in_octopus(self.chair, 3)
        _run, found = self.check()
        opening = self.take_over(found)
        self.assertRecordValues(opening, [{"counted": 0, "left": 1}])
        self.assertIn("1 were left", opening.action_count()["params"]["message"])
        self.assertEqual(found.state, "preview")
        self.assertEqual(self.chair.qty_available, 10)

    def test_the_opening_needs_one_location_for_a_warehouse(self):
        self.account.auto_stock_sync = False
        self.change_in_octopus(self.chair, 3)
        _run, found = self.check()
        (self.account.location_ids - self.location)[:1].warehouse_id = self.warehouse
        with self.assertRaisesRegex(UserError, "show the stock of one warehouse"):
            found.action_take_over()

    def test_the_opening_is_for_users_of_inventory(self):
        self.account.auto_stock_sync = False
        self.change_in_octopus(self.chair, 3)
        _run, found = self.check()
        groups = "base.group_user,linga_octopus.group_octopus_manager"
        manager = new_test_user(self.env, "opening", groups)
        with self.assertRaises(AccessError):
            found.with_user(manager).action_take_over()
        manager.group_ids |= self.env.ref("stock.group_stock_user")
        self.take_over(found.with_user(manager)).action_count()
        self.assertEqual(self.quantity(self.chair), 3)

    def test_the_first_sync_can_be_undone(self):
        self.account.auto_stock_sync = False
        self.change_in_octopus(self.chair, 7)
        self.check()
        self.sync("stock")
        self.assertEqual(self.remote(), {"Chair": 10, "Table": 5})
        self.account.action_restore_stock()
        self.work()
        self.assertEqual(self.remote(), {"Chair": 7, "Table": 5})
        self.assertFalse(self.account.auto_stock_sync)
        self.deliver(self.table, 1)
        self.push()
        self.assertEqual(self.remote(), {"Chair": 7, "Table": 5})

    def test_undoing_the_first_sync_empties_what_octopus_had_not_got(self):
        lamp = self.make_variants("Lamp")
        self.account.auto_stock_sync = False
        self.put_in_octopus(lamp)
        self.count(lamp, 10)
        self.check()
        self.assertNotIn("Lamp", self.remote())
        self.sync("stock")
        self.assertEqual(self.remote()["Lamp"], 10)
        self.account.action_restore_stock()
        self.work()
        self.assertEqual(self.remote(), {"Chair": 10, "Table": 5, "Lamp": 0})

    def test_only_the_latest_dry_run_is_sent_back(self):
        self.account.auto_stock_sync = False
        self.check()
        warehouse, self.location.warehouse_id = self.location.warehouse_id, False
        self.check()
        self.location.warehouse_id = warehouse
        self.change_in_octopus(self.chair, 7)
        self.account.action_restore_stock()
        self.work()
        self.assertEqual(self.remote(), {"Chair": 7, "Table": 5})

    def test_there_is_nothing_to_undo_without_a_dry_run(self):
        with self.assertRaises(UserError):
            self.account.action_restore_stock()
        self.assertFalse(self.env["octopus.sync.run"].search([("kind", "=", "stock")]))
