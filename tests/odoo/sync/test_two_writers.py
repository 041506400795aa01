"""Two transactions that write to the same record: Odoo repeats the second one without an error."""

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID
from odoo.tests import TransactionCase

from ..support.connections import ConnectionsMixin


class TestTwoWriters(ConnectionsMixin, TransactionCase):
    committed = (
        "octopus_fulfillment",
        "octopus_order",
        "octopus_sync_issue",
        "octopus_sync_run",
        "octopus_account",
        "mail_message",
    )

    def setUp(self):
        super().setUp()
        with self.connection() as env:
            account = env["octopus.account"].create({"name": "Two Writers"})
            run = env["octopus.sync.run"].create({"account_id": account.id, "kind": "orders"})
            issue = env["octopus.sync.issue"].create({"run_id": run.id, "message": "No image."})
            order = env["octopus.order"].create(
                {
                    "account_id": account.id,
                    "company_id": account.company_id.id,
                    "currency_id": account.company_id.currency_id.id,
                    "aggregator_order_no": "two-writers",
                }
            )
            parcel = env["octopus.fulfillment"].create(
                {"order_id": order.id, "origin": "store", "shipped_at": "2026-11-29 20:49:46"}
            )
            self.parcel_id = parcel.id
            self.account_id, self.run_id, self.issue_id = account.id, run.id, issue.id
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

    def test_a_parcel_is_corrected_while_the_worker_tells_of_it(self):
        self.assert_repeated_in_silence(
            "octopus.fulfillment",
            self.parcel_id,
            {"tracking_numbers": "PP2"},
            {"push_status": "synced"},
        )
