from contextlib import suppress
from functools import partial

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.tools import SQL

from ...lib.moments import naive_utc


class OctopusRate(models.Model):
    """The number of calls that Octopus still allowed a store in its last answer, for monitors.

    It is not a field of the account: workers, users and webhooks write to accounts, and would
    collide with each other.
    """

    _name = "octopus.rate"
    _description = "Octopus Rate Budget"
    _log_access = False

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id")
    remaining = fields.Integer(required=True)
    reset_at = fields.Datetime(required=True)

    _account_uniq = models.Constraint("UNIQUE(account_id)", "A store has one budget.")

    def _save_rate(self, account, client):
        """Save the budget of a worker's client after the commit, so that nothing waits for it."""
        rate = client.rate
        if rate and rate.reset_at:
            self.env.cr.postcommit.add(partial(_store, self.env.registry, account.id, rate))

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


def _store(registry, account_id, rate):
    # Another worker may store the budget of the same moment: one of the two is enough.
    with suppress(OperationalError), registry.cursor() as cr:
        cr.execute(
            SQL(
                """INSERT INTO octopus_rate (account_id, remaining, reset_at)
                   SELECT id, %s, %s FROM octopus_account WHERE id = %s
                       ON CONFLICT (account_id) DO UPDATE
                      SET remaining = excluded.remaining, reset_at = excluded.reset_at""",
                rate.remaining,
                naive_utc(rate.reset_at),
                account_id,
            ),
            log_exceptions=False,
        )
