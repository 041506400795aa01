from contextlib import suppress
from datetime import timezone
from functools import partial

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL


class OctopusRate(models.Model):
    """How many calls Octopus still allowed a store in its last answer, for monitors.

    Not on the account: workers, users and webhooks write there, and would collide with each other.
    """

    _name = "octopus.rate"
    _description = "Octopus Rate Budget"
    _log_access = False

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id")
    remaining = fields.Integer(required=True)
    reset_at = fields.Datetime(required=True)

    _account_uniq = models.Constraint("UNIQUE(account_id)", "A store has one budget.")

    @api.model
    def _note(self, account, client):
        """Note what a worker's client was told; after the commit, because it is worth no lock."""
        rate = client.rate
        if rate and rate.reset_at:
            self.env.cr.postcommit.add(partial(_store, self.env.registry, account.id, rate))

    @api.model
    def _calls_left(self, account):
        """Return what the health report says; nothing when that minute is over."""
        found = self.sudo().search([("account_id", "=", account.id)])
        is_current = found and found.reset_at > fields.Datetime.now()
        return {
            "calls_left": found.remaining if is_current else None,
            "calls_left_until": is_current
            and found.reset_at.isoformat(timespec="seconds") + "Z"
            or None,
        }


def _store(registry, account_id, rate):
    # Another worker notes the same at the same moment: one of them is enough.
    with suppress(OperationalError), registry.cursor() as cr:
        cr.execute(
            SQL(
                """INSERT INTO octopus_rate (account_id, remaining, reset_at)
                   SELECT id, %s, %s FROM octopus_account WHERE id = %s
                       ON CONFLICT (account_id) DO UPDATE
                      SET remaining = excluded.remaining, reset_at = excluded.reset_at""",
                rate.remaining,
                rate.reset_at.astimezone(timezone.utc).replace(tzinfo=None),
                account_id,
            ),
            log_exceptions=False,
        )
