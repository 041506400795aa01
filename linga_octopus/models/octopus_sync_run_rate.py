"""How close a pass came to the number of calls that Octopus allows in a minute."""

from odoo import fields, models


class OctopusSyncRun(models.Model):
    _inherit = "octopus.sync.run"

    rate_limit = fields.Integer(
        "Calls Allowed", readonly=True, help="Calls that Octopus allows the merchant in a minute."
    )
    rate_left = fields.Integer(
        "Fewest Calls Left",
        readonly=True,
        help="Of the calls that Octopus allows in a minute, so many were left at the tightest "
        "moment of the pass.",
    )

    def _note_calls(self, client, calls_before):
        """Note how many calls a batch made, and how many it left."""
        vals = {"calls": self.calls + client.calls - calls_before}
        rate = client.rate
        if rate and rate.limit and rate.remaining is not None:
            left = min(self.rate_left, rate.remaining) if self.rate_limit else rate.remaining
            vals |= {"rate_limit": rate.limit, "rate_left": left}
        self.write(vals)
