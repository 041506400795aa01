"""How a pass shares the calls that Octopus allows a merchant in a minute with the other passes."""

from datetime import timezone

from odoo import fields, models

from ...const import LANE_RESERVE, RATE_LIMIT


class OctopusSyncRun(models.Model):
    _inherit = "octopus.sync.run"

    calls = fields.Integer("Calls to Octopus", readonly=True)
    rate_limit = fields.Integer(
        "Calls Allowed in a Minute", readonly=True, help="As the last answer of Octopus said."
    )
    rate_remaining = fields.Integer("Calls Left", readonly=True)
    rate_reset_at = fields.Datetime("Calls Renewed At", readonly=True)
    rate_left = fields.Integer(
        "Fewest Calls Left",
        readonly=True,
        help="Of the calls that Octopus allows in a minute, so many were left at the tightest "
        "moment of the pass.",
    )

    def _note_calls(self, client, before):
        """Note the calls of a batch, and how many Octopus still allows.

        :param int before: how many calls the client had made before the batch
        """
        if client is None:
            return
        values = {"calls": self.calls + client.calls - before}
        rate = client.rate
        if rate and rate.reset_at:
            left = max(rate.remaining, 0)
            values |= {
                "rate_limit": rate.limit or RATE_LIMIT,
                "rate_remaining": left,
                "rate_left": min(left, self.rate_left) if self.rate_limit else left,
                "rate_reset_at": _utc(rate.reset_at),
            }
        self.write(values)

    def _yield_when_budget_is_low(self, client):
        """Leave the last calls of this minute to the lanes above this one."""
        if self._is_budget_low(client):
            self._wait_until(
                _utc(client.rate.reset_at),
                self.env._("The calls that Octopus allows in a minute are used up."),
            )

    def _is_budget_low(self, client):
        rate = client.rate
        return bool(rate and rate.reset_at and rate.remaining <= LANE_RESERVE[self.kind])

    def _describe_lane(self):
        """Return in which lane the pass is and how many calls are left, while it is under way."""
        if self.state not in ("queued", "running", "waiting"):
            return {}
        kinds = list(LANE_RESERVE)
        lane = self.env._(
            "Lane %(number)s of %(count)s", number=kinds.index(self.kind) + 1, count=len(kinds)
        )
        reserve = LANE_RESERVE[self.kind]
        help_text = self.env._("Goes before everything else.")
        if reserve:
            help_text = self.env._(
                "More urgent passes go first, and this one leaves them the last %(reserve)s calls "
                "of each minute.",
                reserve=reserve,
            )
        budget = ""
        if self.rate_reset_at and self.rate_reset_at > fields.Datetime.now():
            budget = self.env._(
                "%(remaining)s of %(limit)s calls left in this minute",
                remaining=self.rate_remaining,
                limit=self.rate_limit,
            )
        return {"lane": lane, "lane_help": help_text, "budget": budget}


def _utc(moment):
    """Return a moment as Odoo stores it."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
