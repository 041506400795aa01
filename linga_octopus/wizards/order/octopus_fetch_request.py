from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...lib.moments import shop_zone, span_of_days


class OctopusFetchRequest(models.TransientModel):
    """Asks which online orders to fetch: one by its number, or those of some days."""

    _name = "octopus.fetch.request"
    _description = "Import Online Orders"

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
        "Import",
        required=True,
        default="number",
    )
    number = fields.Char(
        "Order No.",
        help="The Aggregator Order No., or the number in the sales channel, such as #1205.",
    )
    first_day = fields.Date(
        "From", default=lambda self: fields.Date.context_today(self) - timedelta(days=7)
    )
    last_day = fields.Date("To", default=fields.Date.context_today)

    def _compute_account_id(self):
        """Propose the store of the current company."""
        connected = [("state", "in", ("connected", "error"))]
        own = [*connected, ("company_id", "=", self.env.company.id)]
        self.account_id = self.env["octopus.account"].search(own, limit=1)

    # === ACTION METHODS === #

    def action_fetch(self):
        """Have the worker fetch the orders, and notify the user that it does."""
        self.ensure_one()
        if self.what == "number":
            notification = self.account_id.action_fetch_order(self.number)
            message = self.env._("Order %(number)s is being imported.", number=self.number.strip())
        else:
            notification = self.account_id.action_fetch_order_range(*self._moments())
            message = self.env._("The orders of these days are being imported.")
        close = {"type": "ir.actions.act_window_close"}
        notification["params"] |= {"message": message, "next": close}
        return notification

    def _moments(self):
        """Return the naive UTC moments at which the first day begins and the last one ends, where
        the shop is."""
        if not (self.first_day and self.last_day) or self.first_day > self.last_day:
            raise UserError(self.env._("Enter two days, the earlier one first."))
        return span_of_days(self.first_day, self.last_day, shop_zone(self.account_id))
