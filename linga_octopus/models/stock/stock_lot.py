from odoo import models

DATES = {"expiration_date", "removal_date"}  # fields of the app for expiration dates


class StockLot(models.Model):
    """Notices another removal date: past it, Odoo does not count the goods."""

    _inherit = "stock.lot"

    def write(self, vals):
        result = super().write(vals)
        if not DATES.isdisjoint(vals):
            self.sudo().quant_ids._octopus_note()
        return result
