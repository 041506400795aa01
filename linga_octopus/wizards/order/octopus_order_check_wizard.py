from datetime import timedelta

from odoo import fields, models


class OctopusOrderCheckWizard(models.TransientModel):
    """Asks which day of which store to compare with Octopus."""

    _name = "octopus.order.check.wizard"
    _description = "Check Orders"

    account_id = fields.Many2one(
        "octopus.account",
        "Store",
        required=True,
        default=lambda self: self._only_connected_account(),
        domain=[("state", "in", ("connected", "error"))],
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    day = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) - timedelta(days=1),
        help="From midnight to midnight in the time zone of the Octopus shop.",
    )

    def _only_connected_account(self):
        accounts = self.env["octopus.account"].search([("state", "=", "connected")], limit=2)
        return accounts if len(accounts) == 1 else False

    def action_compare(self):
        """Compare the day, and open the result."""
        self.ensure_one()
        return self.account_id.action_check_orders(self.day)
