"""Passes do not pile up: asking for orders alone makes some hundred of them a day."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_DAYS = 30
KEEP_PROBLEM_DAYS = 365


class OctopusSyncRun(models.Model):
    _inherit = "octopus.sync.run"

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
