from datetime import datetime, time, timedelta, timezone

from odoo import fields, models
from odoo.exceptions import UserError


class OctopusFetchRequest(models.TransientModel):
    """Which online orders to fetch once more: one by its number, or those of some days."""

    _name = "octopus.fetch.request"
    _description = "Fetch Online Orders"

    account_id = fields.Many2one(
        "octopus.account",
        "Store",
        required=True,
        compute="_compute_account_id",
        store=True,
        readonly=False,
        domain=[("state", "in", ("connected", "error"))],
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    what = fields.Selection(
        [("number", "One order"), ("days", "All orders of some days")],
        "Fetch",
        required=True,
        default="number",
    )
    number = fields.Char(
        "Aggregator Order No.", help="Octopus's own number, not the one of the sales channel."
    )
    first_day = fields.Date(
        "From", default=lambda self: fields.Date.context_today(self) - timedelta(days=7)
    )
    last_day = fields.Date("To", default=fields.Date.context_today)

    def _compute_account_id(self):
        """Offer the company's own store, which mostly is the only one."""
        connected = [("state", "in", ("connected", "error"))]
        own = [*connected, ("company_id", "=", self.env.company.id)]
        self.account_id = self.env["octopus.account"].search(own, limit=1)

    # === ACTION METHODS === #

    def action_fetch(self):
        """Have the worker fetch the orders; they show up in the list when they are here."""
        self.ensure_one()
        if self.what == "number":
            notification = self.account_id.action_fetch_order(self.number)
            message = self.env._("Order %(number)s is being fetched.", number=self.number.strip())
        else:
            notification = self.account_id.action_fetch_order_range(*self._moments())
            message = self.env._("The orders of these days are being fetched.")
        close = {"type": "ir.actions.act_window_close"}
        notification["params"] |= {"message": message, "next": close}
        return notification

    def _moments(self):
        """Return when the first day begins and the last one ends, where the user is, in UTC."""
        if not (self.first_day and self.last_day) or self.first_day > self.last_day:
            raise UserError(self.env._("Enter two days, the earlier one first."))
        return [
            self.env.tz.localize(datetime.combine(day, time.min))
            .astimezone(timezone.utc)
            .replace(tzinfo=None)
            for day in (self.first_day, self.last_day + timedelta(days=1))
        ]
