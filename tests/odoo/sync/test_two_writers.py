"""Two transactions that write to the same record: Odoo repeats the second one without an error."""

from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, get_db_name


class TestTwoWriters(TransactionCase):
    """What other connections see has to be committed: it is deleted afterwards."""

    def setUp(self):
        super().setUp()
        with self.connection() as env:
            account = env["octopus.account"].create({"name": "Two Writers"})
            run = env["octopus.sync.run"].create({"account_id": account.id, "kind": "orders"})
            issue = env["octopus.sync.issue"].create({"run_id": run.id, "message": "No image."})
            self.account_id, self.run_id, self.issue_id = account.id, run.id, issue.id
            env.cr.commit()
        self.addCleanup(self.delete_committed)

    @contextmanager
    def connection(self):
        """Give the environment of a connection of its own; what it does not commit is lost."""
        with db_connect(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.rollback()

    def delete_committed(self):
        with self.connection() as env:
            env["octopus.account"].browse(self.account_id).unlink()
            env.cr.commit()

    def assert_repeated_in_silence(self, model, record_id, first_vals, second_vals):
        with self.connection() as first, self.connection() as second:
            record = second[model].browse(record_id)
            self.assertTrue(record.exists())  # the second one has begun
            first[model].browse(record_id).write(first_vals)
            first.cr.commit()
            with self.assertNoLogs("odoo.sql_db"), self.assertRaises(SerializationFailure):
                record.write(second_vals)
                second.flush_all()

    def test_a_webhook_is_stamped_while_a_run_ends(self):
        now, later = "2026-11-29 20:49:46", "2026-11-29 20:49:49"
        self.assert_repeated_in_silence(
            "octopus.account",
            self.account_id,
            {"webhook_seen_at": now},
            {"last_orders_sync": later, "order_watermark": now},
        )

    def test_credentials_are_changed_while_a_run_ends(self):
        self.assert_repeated_in_silence(
            "octopus.account",
            self.account_id,
            {"state": "connected"},
            {"merchant_name": "demo", "access_id": "a-secret"},
        )

    def test_a_user_stops_a_run_while_its_batch_ends(self):
        self.assert_repeated_in_silence(
            "octopus.sync.run", self.run_id, {"state": "stopped"}, {"state": "done"}
        )

    def test_a_user_dismisses_an_issue_while_a_run_fixes_it(self):
        self.assert_repeated_in_silence(
            "octopus.sync.issue",
            self.issue_id,
            {"fixed_by": self.run_id},
            {"dismissed_by": SUPERUSER_ID},
        )
