from odoo import models

from .worker import StockState


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    def action_test_connection(self):
        """Override: after a successful test the stock is sent at once."""
        result = super().action_test_connection()
        StockState(self).clear()
        return result
