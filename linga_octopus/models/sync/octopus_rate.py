from odoo import fields, models


class OctopusRate(models.Model):
    """The number of calls that Octopus still allowed a store in its last answer, for monitors.

    It is not a field of the account: workers, users and webhooks write to accounts, and would
    collide with each other. `rate_budget` writes it.
    """

    _name = "octopus.rate"
    _description = "Octopus Rate Budget"
    _log_access = False

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id")
    remaining = fields.Integer(required=True)
    reset_at = fields.Datetime(required=True)

    _account_uniq = models.Constraint("UNIQUE(account_id)", "A store has one budget.")

    def _calls_left(self, account):
        """Return the calls left for the health report; None when that minute is over."""
        found = self.sudo().search([("account_id", "=", account.id)])
        is_current = found and found.reset_at > fields.Datetime.now()
        return {
            "calls_left": found.remaining if is_current else None,
            "calls_left_until": is_current
            and found.reset_at.isoformat(timespec="seconds") + "Z"
            or None,
        }
