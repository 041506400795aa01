"""What is removed after its time, and what stays."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase
from odoo.tools import SQL

from odoo.addons.linga_octopus import orm

from ..support.orders import OrdersMixin

INTAKE = "odoo.addons.linga_octopus.models.order.intake"


class TestRetention(OrdersMixin, TransactionCase):
    def run_of(self, days, *, kind="orders", state="done", **values):
        """Return a run that ended so many days ago."""
        ended_at = fields.Datetime.now() - timedelta(days=days)
        return self.env["octopus.sync.run"].create(
            {
                "account_id": self.account.id,
                "kind": kind,
                "state": state,
                "ended_at": ended_at,
                **values,
            }
        )

    def test_old_runs_go_but_the_latest_of_each_kind(self):
        lonely = self.run_of(400, kind="categories")
        old, young, latest = self.run_of(31), self.run_of(29), self.run_of(40)
        queued = self.run_of(0, kind="stock", state="queued", ended_at=False)
        self.env["octopus.sync.run"]._gc_old_runs()
        everything = lonely | old | young | latest | queued
        self.assertEqual(everything.exists(), everything - old)

    def test_of_checks_that_found_nothing_only_the_latest_stays(self):
        found, fixing = self.run_of(0, total=3, done=3), self.run_of(0)
        self.run_of(0, kind="categories")._add_issue(self.account, "Something is wrong.")
        self.env["octopus.sync.issue"].search([], limit=1).fixed_by = fixing
        failed = self.run_of(0, state="failed")
        empty = self.run_of(0) | self.run_of(0)
        latest = self.sync("orders")
        self.assertEqual((latest.state, latest.total), ("done", 0))
        self.assertFalse(empty.exists())
        self.assertEqual(
            (found | fixing | failed | latest).exists(), found | fixing | failed | latest
        )

    def test_a_run_with_an_open_issue_stays_a_year(self):
        ancient, old, noted = self.run_of(366), self.run_of(300), self.run_of(300)
        for run, severity in ((ancient, "error"), (old, "error"), (noted, "warning")):
            run._add_issue(self.account, "Something is wrong.", severity)
        self.run_of(0)
        self.env["octopus.sync.run"]._gc_old_runs()
        self.assertEqual((ancient | old | noted).exists(), old)
        self.assertTrue(old.issue_ids)

    def test_a_fixed_issue_is_never_open_again(self):
        broken, fixing = self.run_of(41), self.run_of(40)
        for number in (1, 2):
            broken._add_issue(self.account, f"Problem {number}.")
        fixed, still_open = broken.issue_ids.sorted("id")
        fixed.fixed_by = fixing
        self.run_of(0)
        self.env["octopus.sync.run"]._gc_old_runs()
        self.assertEqual((broken | fixing).exists(), broken)
        self.assertEqual(broken.issue_ids, still_open)

    def test_old_order_checks_go(self):
        today = fields.Date.today()
        order_checks = self.env["octopus.order.check"].create(
            [
                {"account_id": self.account.id, "day": today - timedelta(days=days)}
                for days in (731, 729)
            ]
        )
        order_checks._gc_old_order_checks()
        self.assertEqual(order_checks.exists(), order_checks[1])

    def test_old_notifications_are_deleted(self):
        notifications = self.env["octopus.order.notification"]
        for number in ("1", "2"):
            notifications._enqueue(self.account, number)
        old, young = notifications.search([])
        self.env.cr.execute(
            "UPDATE octopus_order_notification SET create_date = '2020-01-01' WHERE id = %s",
            [old.id],
        )
        notifications._gc_old_notifications()
        self.assertEqual((old | young).exists(), young)

    def test_whatever_is_old_goes_in_one_night(self):
        """However much it is: Odoo calls again as long as something is left."""
        self.patch(orm, "DELETE_BATCH", 2)
        long_ago = fields.Datetime.now() - timedelta(days=800)
        mine = {"account_id": self.account.id}
        days = [long_ago.date() + timedelta(days=number) for number in range(3)]
        notifications = [{**mine, "aggregator_order_no": f"{day}"} for day in days]
        for model, vals_list, method in (
            ("octopus.order.notification", notifications, "_gc_old_notifications"),
            ("octopus.order.check", [{**mine, "day": day} for day in days], "_gc_old_order_checks"),
        ):
            with self.subTest(model=model):
                records = self.env[model].create(vals_list)
                self.env.cr.execute(
                    SQL("UPDATE %s SET create_date = %s", SQL.identifier(records._table), long_ago)
                )
                records.invalidate_recordset()
                self.assertEqual([getattr(records, method)() for _call in "12"], [(2, 1), (1, 0)])
                self.assertFalse(records.exists())

    def test_original_orders_go_after_the_days_that_the_account_says(self):
        """For one account, without touching the other's, and an order of any age stays."""
        old, young = self.order({"CHAIR": 1}), self.order({"CHAIR": 1})
        old.received_at = fields.Datetime.now() - timedelta(days=8)
        young.received_at = fields.Datetime.now() - timedelta(days=6)
        self.account.payload_days = 0
        self.env["octopus.order"]._gc_order_payloads()
        self.assertTrue(old.payload, "0 keeps them for ever")
        self.account.payload_days = 7
        self.env["octopus.order"]._gc_order_payloads()
        self.assertFalse(old.payload)
        self.assertTrue(young.payload)
        self.assertTrue(old.exists())
        self.assertEqual(old.line_ids.product_id, self.chair)

    def test_a_year_of_original_orders_goes_in_one_night(self):
        """Somebody shortens the time: Odoo calls again as long as something is left."""
        orders = self.orders.browse()
        for _number in range(3):
            orders |= self.ingest(self.payload({"CHAIR": 1}))
        orders.received_at = fields.Datetime.now() - timedelta(days=400)
        left = []
        # PostgreSQL may repeat a subquery for each row; then its LIMIT limits nothing.
        self.env.cr.execute(
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;"
            "SET LOCAL enable_hashagg = off; SET LOCAL enable_sort = off"
        )
        with patch(f"{INTAKE}.PAYLOAD_BATCH", 2):
            for _call in range(2):
                left.append(self.env["octopus.order"]._gc_order_payloads())
        self.assertEqual(left, [(2, 1), (1, 0)])
        self.assertEqual(orders.mapped("payload"), [False] * 3)
