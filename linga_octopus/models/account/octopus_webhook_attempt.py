from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ...orm import clear_caches

# So many wrong attempts of an address within so many minutes, and it is not listened to.
MAX_WRONG = 20
WINDOW_MINUTES = 10
KEEP_WRONG_DAYS = 1
KEEP_RIGHT_DAYS = 90


class OctopusWebhookAttempt(models.Model):
    """Who tried the webhook with wrong credentials, and who once had the right ones.

    Guessing gets slow, while the right sender is never locked out: an address that has sent the
    merchant's credentials is always listened to, also when a guesser shares it (a proxy whose
    headers Odoo does not read). Append-only, so that guesses never wait for each other; who is
    throttled or never will be appends nothing.
    """

    _name = "octopus.webhook.attempt"
    _description = "Octopus Webhook Attempt"
    _log_access = False
    _order = "id desc"

    address = fields.Char(required=True)
    is_right = fields.Boolean()
    tried_at = fields.Datetime(required=True, default=fields.Datetime.now)

    _address_idx = models.Index("(address, is_right, tried_at)")

    @api.model
    def _window(self):
        return timedelta(minutes=WINDOW_MINUTES)

    @api.model
    def _is_throttled(self, address):
        """Tell whether to refuse this address, which is not a known one, whatever it says."""
        since = fields.Datetime.now() - self._window()
        wrong = [("address", "=", address), ("is_right", "=", False), ("tried_at", ">", since)]
        return self.search_count(wrong, limit=MAX_WRONG) >= MAX_WRONG

    @api.model
    def _is_known(self, address):
        """Tell whether this address has sent the right credentials before."""
        return address in self._known_addresses()

    @api.model
    @ormcache()
    def _known_addresses(self):
        """Return the few addresses that orders come from; each order asks whether it is one."""
        groups = self._read_group([("is_right", "=", True)], ["address"])
        return frozenset(address for [address] in groups)

    @api.model_create_multi
    def create(self, vals_list):
        attempts = super().create(vals_list)
        if any(attempt.is_right for attempt in attempts):
            clear_caches(self.env)
        return attempts

    @api.autovacuum
    def _gc_attempts(self):
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """DELETE FROM octopus_webhook_attempt
                    WHERE tried_at < CASE WHEN is_right THEN %s ELSE %s END""",
                now - timedelta(days=KEEP_RIGHT_DAYS),
                now - timedelta(days=KEEP_WRONG_DAYS),
            )
        )
        clear_caches(self.env)
