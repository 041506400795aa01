"""Passes do not pile up: asking for orders alone makes some hundred of them a day."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_DAYS = 30
KEEP_PROBLEM_DAYS = 365


class OctopusSyncRun(models.Model):
    _inherit = "octopus.sync.run"

    def _end(self, state, message=False):
        """Override: of the order checks that found nothing only the latest is kept."""
        result = super()._end(state, message)
        if self.kind == "orders" and self.state == "done" and not self.total:
            self._forget_empty_before()
        return result

    def _forget_empty_before(self):
        """Remove the checks before this one that found nothing; they say nothing either."""
        earlier = self.search(
            [
                ("account_id", "=", self.account_id.id),
                ("kind", "=", self.kind),
                ("state", "=", "done"),
                ("total", "=", 0),
                ("issue_ids", "=", False),
                ("id", "<", self.id),
            ],
            limit=100,
        )
        # Without the pass that fixed it, a problem would be open again.
        fixed = self.env["octopus.sync.issue"].search([("fixed_by", "in", earlier.ids)]).fixed_by
        (earlier - fixed).unlink()

    @api.autovacuum
    def _gc_old_runs(self):
        """Remove ended passes: after a month, with an open problem after a year.

        The latest pass of each kind stays, for the settings page.
        """
        self.env.flush_all()
        now = fields.Datetime.now()
        old = SQL(
            """(SELECT id FROM octopus_sync_run
                 WHERE ended_at < %s
                   AND id NOT IN (SELECT max(id) FROM octopus_sync_run GROUP BY account_id, kind))
            """,
            now - timedelta(days=KEEP_DAYS),
        )
        # First of all: without the pass that fixed it, a problem would be open again.
        self.env.cr.execute(SQL("DELETE FROM octopus_sync_issue WHERE fixed_by IN %s", old))
        self.env.cr.execute(
            SQL(
                """DELETE FROM octopus_sync_run run
                    WHERE id IN %s
                      AND (ended_at < %s OR NOT EXISTS (
                          SELECT FROM octopus_sync_issue issue
                           WHERE issue.run_id = run.id AND severity = 'error'
                      ))""",
                old,
                now - timedelta(days=KEEP_PROBLEM_DAYS),
            )
        )
        self.env.invalidate_all()
