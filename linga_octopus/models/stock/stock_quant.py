from odoo import api, models

from .octopus_stock_event import logged_changes


class StockQuant(models.Model):
    """Logs every change of stock, whatever caused it: all of them end in a quant."""

    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a new quant changes the stock."""
        quants = super().create(vals_list)
        quants._octopus_log_change()
        return quants

    def write(self, vals):
        """Override: a quant that is moved changes the stock of both places."""
        changed = not vals.keys().isdisjoint(("quantity", "reserved_quantity", "location_id"))
        if changed:
            self._octopus_log_change()
        result = super().write(vals)
        if "location_id" in vals:
            self._octopus_log_change(is_moved=True)
        return result

    def unlink(self):
        """Override: Odoo deletes empty quants all the time, which changes no number."""
        self.filtered(lambda quant: quant.quantity or quant.reserved_quantity)._octopus_log_change()
        return super().unlink()

    def _octopus_log_change(self, *, is_moved=False):
        """Log that these quants change. A sale writes each of them several times; product and
        location of a quant are read once."""
        logged = logged_changes(self.env)
        if is_moved or not logged.quant_ids.issuperset(self._ids):
            logged.quant_ids.update(self._ids)
            logged.places.update((quant.product_id.id, quant.location_id.id) for quant in self)
