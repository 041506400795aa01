from odoo import api, fields, models
from odoo.fields import Domain

from . import rate_budget

ENDED_STATES = ("done", "partial", "failed")
# Kinds of runs that compare and send nothing.
CHECKS = ("stock_check", "order_check")


class OctopusRunResult(models.AbstractModel):
    """What a sync run has done, in numbers and in one sentence."""

    _name = "octopus.run.result"
    _description = "Result of a Sync Run"

    total = fields.Integer(readonly=True)
    done = fields.Integer("Processed", readonly=True)
    sent = fields.Integer(
        "Updated",
        readonly=True,
        help="Records that were sent to Octopus; of imports, the orders that are new; of checks, "
        "the differences that were found.",
    )
    failed = fields.Integer("Issues", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    result = fields.Char(
        compute="_compute_result", help="What the run has done: updated, unchanged, not sent."
    )
    is_unresolved = fields.Boolean(
        compute="_compute_is_unresolved",
        search="_search_is_unresolved",
        export_string_translation=False,
        help="It failed, and no later run of its kind has made that good.",
    )

    # Rate limit
    calls = fields.Integer("Calls to Octopus", readonly=True)
    rate_limit = fields.Integer(
        "Calls Allowed in a Minute", readonly=True, help="As the last answer of Octopus said."
    )
    rate_remaining = fields.Integer("Calls Left", readonly=True)
    rate_reset_at = fields.Datetime("Resets At", readonly=True)
    rate_left = fields.Integer(
        "Lowest Calls Left",
        readonly=True,
        help="The fewest calls that were left in a minute of this run.",
    )

    # === COMPUTE METHODS === #

    @api.depends("total", "done", "state")
    def _compute_progress(self):
        for run in self:
            finished = run.state in ("done", "partial")
            run.progress = 100.0 if finished else 100.0 * run.done / max(run.total, 1)

    @api.depends("kind", "state", "total", "done", "sent", "failed")
    @api.depends_context("lang")
    def _compute_result(self):
        for run in self:
            has_result = run.state in ENDED_STATES or (run.state == "stopped" and run.done)
            run.result = (
                has_result and (run.done or run.state != "failed") and run._describe_result()
            )

    def _describe_result(self):
        env, sent, failed = self.env, self.sent, self.failed
        # A refused stock level is not counted as processed; any other refused record is.
        settled = self.done if self.kind == "stock" else self.done - failed
        rest = max(settled - sent, 0)
        if self.kind in CHECKS:
            texts = (env._("%s different", sent), env._("%s equal", rest))
        elif self.kind == "orders":
            texts = (env._("%s new", sent), env._("%s known already", rest))
        else:
            texts = (env._("%s updated", sent), env._("%s unchanged", rest))
        is_import = self.kind in ("orders", *CHECKS)
        refused = env._("%s not read", failed) if is_import else env._("%s not sent", failed)
        counts = zip((sent, rest, failed), (*texts, refused), strict=True)
        found = [text for count, text in counts if count]
        return ", ".join(found) or env._("Nothing to do")

    def _compute_is_unresolved(self):
        unresolved = failed_runs(self.account_id)
        for run in self:
            run.is_unresolved = run in unresolved

    def _search_is_unresolved(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("company_id", "in", self.env.companies.ids)
        found = Domain("id", "in", failed_runs(self.env["octopus.account"].search(mine)).ids)
        return found if True in value else ~found

    # === BUSINESS METHODS: SETTINGS PAGE === #

    def _describe_for_settings(self):
        """Return what the settings page shows of this run."""
        self.ensure_one()
        return {
            "id": self.id,
            "state": self.state,
            "message": self.message or "",
            "total": self.total,
            "done": self.done,
            "failed": self.failed,
            "result": self.result or "",
            "progress": self.progress,
            "asked_at": fields.Datetime.to_string(self.create_date),
            "ended_at": fields.Datetime.to_string(self.ended_at) if self.ended_at else False,
            "resume_at": fields.Datetime.to_string(self.resume_at) if self.resume_at else False,
            **rate_budget.describe(self),
        }


def failed_runs(accounts):
    """Return the latest ended run of each account and kind, if it failed.

    The next run may already be under way.
    """
    runs = accounts.env["octopus.sync.run"]
    ended = [("account_id", "in", accounts.ids), ("state", "in", ENDED_STATES)]
    latest = runs._read_group(ended, ["account_id", "kind"], ["id:max"])
    return runs.browse(run_id for *_key, run_id in latest).filtered(
        lambda run: run.state == "failed"
    )
