from datetime import timedelta

from odoo import api, fields, models


class OctopusOrderCheckWizard(models.TransientModel):
    """Which day of which store to compare with Octopus."""

    _name = "octopus.order.check.wizard"
    _description = "Compare a Day"

    account_id = fields.Many2one(
        "octopus.account",
        "Store",
        required=True,
        default=lambda self: self._default_account_id(),
        domain=[("state", "in", ("connected", "error"))],
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    day = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) - timedelta(days=1),
        help="From midnight to midnight in the time zone of the Octopus shop.",
    )

    @api.model
    def _default_account_id(self):
        stores = self.env["octopus.account"].search([("state", "=", "connected")], limit=2)
        return stores if len(stores) == 1 else False

    def action_compare(self):
        """Have the day compared, and open the result."""
        self.ensure_one()
        return self.account_id.action_check_orders(self.day)
