"""The removal of sync runs that nobody needs any more."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

# Runs are kept for so many days: those without errors, and those with an open one.
KEEP_RUN_DAYS = 30
KEEP_ISSUE_DAYS = 365


def unlink_earlier_empty(run):
    """Remove earlier runs that found no orders: the latest one, `run`, says the same."""
    earlier = run.search(
        [
            ("account_id", "=", run.account_id.id),
            ("kind", "=", run.kind),
            ("state", "=", "done"),
            ("total", "=", 0),
            ("issue_ids", "=", False),
            ("id", "<", run.id),
        ],
        limit=100,
    )
    # Without the run that fixed it, an issue would be open again.
    fixed = run.env["octopus.sync.issue"].search([("fixed_by", "in", earlier.ids)]).fixed_by
    (earlier - fixed).unlink()


def delete_old_runs(env):
    """Remove ended runs: after a month, those with an error after a year.

    The latest run of each kind stays, for the settings page.
    """
    env.flush_all()
    now = fields.Datetime.now()
    old = SQL(
        """(SELECT id FROM octopus_sync_run
             WHERE ended_at < %s
               AND id NOT IN (SELECT max(id) FROM octopus_sync_run GROUP BY account_id, kind))
        """,
        now - timedelta(days=KEEP_RUN_DAYS),
    )
    # Issues first: without the run that fixed it, an issue would be open again.
    env.cr.execute(SQL("DELETE FROM octopus_sync_issue WHERE fixed_by IN %s", old))
    env.cr.execute(
        SQL(
            """DELETE FROM octopus_sync_run run
                WHERE id IN %s
                  AND (ended_at < %s OR NOT EXISTS (
                      SELECT FROM octopus_sync_issue issue
                       WHERE issue.run_id = run.id AND severity = 'error'
                  ))""",
            old,
            now - timedelta(days=KEEP_ISSUE_DAYS),
        )
    )
    env.invalidate_all()
