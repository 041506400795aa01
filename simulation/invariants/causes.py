from odoo.addons.linga_octopus.models.monitoring.diagnosis import Diagnosis

from . import Invariant

# What is wrong with a store only while something is wrong with Octopus or with a queue.
PASSING = ("connection", "unreachable", "fetch", "order_late", "return_late", "notification_late")


class Causes(Invariant):
    """No issue without a reason, no alert without a cause."""

    def check(self, env):
        account = env["octopus.account"].browse(self.shop.account_id)
        findings = Diagnosis(account).failures()
        without_cause = [f"{key}: {findings[key].sentence}" for key in PASSING if key in findings]
        self.require(not without_cause, "; ".join(without_cause))
        for finding in findings.values():
            self.require((finding.sentence or "").strip(), f"{finding.key} has no sentence")
        for issue in env["octopus.sync.issue"].search([("message", "in", (False, ""))]):
            self.require(False, f"issue {issue.id} has no message")
