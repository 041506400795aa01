from odoo import models

DATES = {"expiration_date", "removal_date"}  # fields of the app for expiration dates


class StockLot(models.Model):
    """Logs another removal date: after that day Odoo does not count the goods."""

    _inherit = "stock.lot"

    def write(self, vals):
        """Override: another date changes the stock that counts."""
        result = super().write(vals)
        if not DATES.isdisjoint(vals):
            self.sudo().quant_ids._octopus_log_change()
        return result
