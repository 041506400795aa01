"""What the first page says has failed; each count is a button to the records themselves."""

from odoo import models


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    def _compute_overview_failures(self):
        """Count the failures of all accounts, each kind in one query."""
        failed = self._failed_runs().grouped("account_id")
        untold = self._count_of_accounts("octopus.order", ("push_status", "=", "failed"))
        order_checks = self._count_of_accounts(
            "octopus.order.check", ("state", "in", ("differs", "failed"))
        )
        for account in self:
            account.failed_run_count = len(failed.get(account, ()))
            account.untold_count = untold.get(account, 0)
            account.order_check_problem_count = order_checks.get(account, 0)

    def _count_of_accounts(self, model, condition):
        domain = [("account_id", "in", self.ids), condition]
        return dict(self.env[model]._read_group(domain, ["account_id"], ["__count"]))

    def _failed_runs(self):
        """Return of each kind the latest pass that has ended, if it failed; the next one may
        still run."""
        runs = self.env["octopus.sync.run"]
        ended = [("account_id", "in", self.ids), ("state", "in", ("done", "partial", "failed"))]
        latest = runs._read_group(ended, ["account_id", "kind"], ["id:max"])
        return runs.browse(run_id for *_key, run_id in latest).filtered(
            lambda run: run.state == "failed"
        )

    # === ACTION METHODS === #

    def action_open_failed_runs(self):
        """List the failed passes that no later one of their kind has made good."""
        action = self.action_open_runs()
        action["domain"].append(("id", "in", self._failed_runs().ids))
        return action
