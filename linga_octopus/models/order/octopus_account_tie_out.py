from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models

from .octopus_tie_out import zone_named

# A day is compared when it has been over for this long: channels hand orders on late.
NIGHT_HOURS = 2


class OctopusAccount(models.Model):
    """The daily tie-outs of a store: when they are made, and how one asks for one."""

    _inherit = "octopus.account"

    tie_out_nightly = fields.Boolean(
        "Tie Out Every Night",
        default=True,
        help="Each night the orders and totals of the day that is over are compared with those "
        "in Octopus. It only reads, with one or two calls for a day of up to 250 orders.",
    )
    tie_out_ids = fields.One2many("octopus.tie.out", "account_id", "Daily Tie-Outs")

    # === ACTION METHODS === #

    def action_tie_out(self, day):
        """Compare the orders and totals of a day with those in Octopus, and open the result.

        :param day: in the time zone of the shop; a date or its text
        """
        self.ensure_one()
        self.check_access("write")
        # Tie-outs are read-only for all, so that nobody can correct their figures.
        tie_outs_sudo = self.env["octopus.tie.out"].sudo()
        day = fields.Date.to_date(day)
        tie_out_sudo = tie_outs_sudo.search([("account_id", "=", self.id), ("day", "=", day)])
        tie_out_sudo = tie_out_sudo or tie_outs_sudo.create({"account_id": self.id, "day": day})
        tie_out_sudo._period()  # complains about a day that cannot be compared
        tie_out_sudo._queue(is_fetching=False)
        return {
            "type": "ir.actions.act_window",
            "res_model": "octopus.tie.out",
            "res_id": tie_out_sudo.id,
            "view_mode": "form",
        }

    def action_open_tie_outs(self):
        """List the daily tie-outs of this store."""
        return self._action_of_account("linga_octopus.octopus_tie_out_action")

    # === BUSINESS METHODS === #

    def _shop_zone(self):
        """Return the time zone in which the days of the shop begin and end."""
        self.ensure_one()
        return zone_named(self.shop_timezone, self.company_id.partner_id.tz)

    def _last_full_day(self):
        """Return the latest day of the shop that is over."""
        now = datetime.now(timezone.utc).astimezone(self._shop_zone())
        return (now - timedelta(hours=NIGHT_HOURS)).date() - timedelta(days=1)

    def _shop_day(self, day):
        """Return the first and the last second of a day of the shop in UTC, naive."""
        zone = self._shop_zone()
        start, end = (
            datetime.combine(date, time.min, zone).astimezone(timezone.utc).replace(tzinfo=None)
            for date in (day, day + timedelta(days=1))
        )
        return start, end - timedelta(seconds=1)

    @api.model
    def _cron_tie_out(self):
        """Queue a comparison for every store whose day is over and not compared yet."""
        stores = self.search([("tie_out_nightly", "=", True), ("state", "=", "connected")])
        for store in stores:
            day = store._last_full_day()
            is_known = store.tie_out_ids.filtered(lambda tie_out, day=day: tie_out.day == day)
            _start, end = store._shop_day(day)
            if is_known or store.orders_since > end:
                continue
            tie_out = self.env["octopus.tie.out"].create({"account_id": store.id, "day": day})
            tie_out._queue(is_fetching=False)
