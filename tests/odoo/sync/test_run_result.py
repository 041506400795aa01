"""What a sync run says it has done, and to whom."""

from unittest.mock import patch

from odoo.tests import TransactionCase, new_test_user

from ..support.orders import OrdersMixin


class TestResult(OrdersMixin, TransactionCase):
    """A run ends with what it has done, in numbers."""

    def result(self, kind):
        run = self.sync(kind)
        return run.result

    def test_a_run_says_what_was_updated_unchanged_and_not_sent(self):
        total = self.sync("products").total
        assert self.result("products") == f"{total} unchanged"

        # In a transaction of its own: products are compared that have another time of change.
        with self.transaction() as env:
            self.chair.with_env(env).name = "Another chair"
            self.table.with_env(env).list_price = 0

        run = self.sync("products")
        assert run.failed
        unchanged = total - run.sent - run.failed
        figures = {"updated": run.sent, "unchanged": unchanged, "not sent": run.failed}
        assert run.result == ", ".join(f"{n} {what}" for what, n in figures.items() if n)

    def test_a_first_run_updates_all_that_it_sends(self):
        run = self.sync("products")
        assert run.sent == run.done == run.total
        assert run.result == f"{run.total} updated"
        stock = self.sync("stock")
        assert stock.result == f"{stock.total} updated"

    def test_imports_tell_new_orders_from_known_ones(self):
        self.place({"CHAIR": 1})
        assert self.result("orders") == "1 new"
        self.place({"CHAIR": 1})
        assert self.result("orders") == "1 new, 1 known already"

    def test_a_check_says_how_many_differ(self):
        self.sync("products")
        self.sync("stock")
        levels = self.env["octopus.stock.level"].search([("account_id", "=", self.account.id)])
        assert self.result("stock_check") == f"{len(levels)} equal"

    def test_nothing_to_do_is_said_too(self):
        assert self.result("orders") == "Nothing to do"

    def test_whoever_pressed_the_button_is_told_of_the_end(self):
        manager = new_test_user(
            self.env, "octopus_boss", "linga_octopus.group_octopus_manager,base.group_user"
        )
        with patch.object(type(self.env["res.users"]), "_bus_send") as send:
            run = self.env["octopus.sync.run"].with_user(manager)._queue(self.account, "orders")
            self.work()
        told = [call.args for call in send.call_args_list if "run_ended" in call.args[0]]
        assert [(args[1]["id"], args[1]["text"]) for args in told] == [(run.id, "Nothing to do")]
        with patch.object(type(self.env["res.users"]), "_bus_send") as send:
            self.sync("orders")  # the scheduled action
        assert not [call for call in send.call_args_list if "run_ended" in call.args[0]]


class TestSyncAll(OrdersMixin, TransactionCase):
    def kinds(self):
        runs = self.env["octopus.sync.run"].search([("account_id", "=", self.account.id)])
        return [(run.kind, run.state) for run in runs.sorted("id") if run.kind != "images"]

    def test_categories_products_and_stock_go_one_after_the_other(self):
        self.account.action_sync_all()
        assert self.kinds() == [("categories", "queued")]
        for _time in range(3):
            self.work()
        assert [kind for kind, _state in self.kinds()] == ["categories", "products", "stock"]
        assert {state for _kind, state in self.kinds()} == {"done"}
        levels = self.env["octopus.stock.level"].search([("account_id", "=", self.account.id)])
        assert levels
        assert all(levels.mapped("pushed_at")), "the stock of products that were just created"

    def test_a_run_that_fails_ends_the_chain(self):
        self.account.action_sync_all()
        run = self.env["octopus.sync.run"].search([("account_id", "=", self.account.id)])
        run._end("failed", "It failed.")
        assert self.kinds() == [("categories", "failed")]
        self.account.action_sync_all()
        run = self.env["octopus.sync.run"].search([("state", "=", "queued")])
        run.action_stop()
        self.work()
        assert [kind for kind, _state in self.kinds()] == ["categories", "categories"]

    def test_another_press_does_not_break_the_chain(self):
        self.account.action_sync_all()
        self.account.action_sync_categories()
        [run] = self.env["octopus.sync.run"].search([("account_id", "=", self.account.id)])
        assert run.following == ["products", "stock"]
