from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models

from .octopus_order_check import zone_named

# A day is compared when it has been over for this long: channels hand orders on late.
NIGHT_HOURS = 2


class OctopusAccount(models.Model):
    """The daily tie-outs of a store: when they are made, and how one asks for one."""

    _inherit = "octopus.account"

    # === ACTION METHODS === #

    def action_check_orders(self, day):
        """Compare the orders and totals of a day with those in Octopus, and open the result.

        :param day: in the time zone of the shop; a date or its text
        """
        self.ensure_one()
        self.check_access("write")
        # Tie-outs are read-only for all, so that nobody can correct their figures.
        order_checks_sudo = self.env["octopus.order.check"].sudo()
        day = fields.Date.to_date(day)
        order_check_sudo = order_checks_sudo.search(
            [("account_id", "=", self.id), ("day", "=", day)]
        )
        order_check_sudo = order_check_sudo or order_checks_sudo.create(
            {"account_id": self.id, "day": day}
        )
        order_check_sudo._period()  # complains about a day that cannot be compared
        order_check_sudo._queue(is_fetching=False)
        return {
            "type": "ir.actions.act_window",
            "res_model": "octopus.order.check",
            "res_id": order_check_sudo.id,
            "view_mode": "form",
        }

    def action_open_order_checks(self):
        """List the daily tie-outs of this store."""
        return self._action_of_account("linga_octopus.octopus_order_check_action")

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
    def _cron_check_orders(self):
        """Queue a comparison for every store whose day is over and not compared yet."""
        stores = self.search([("order_check_nightly", "=", True), ("state", "=", "connected")])
        for store in stores:
            day = store._last_full_day()
            is_known = store.order_check_ids.filtered(
                lambda order_check, day=day: order_check.day == day
            )
            _start, end = store._shop_day(day)
            if is_known or store.orders_since > end:
                continue
            order_check = self.env["octopus.order.check"].create(
                {"account_id": store.id, "day": day}
            )
            order_check._queue(is_fetching=False)
