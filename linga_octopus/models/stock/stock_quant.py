from odoo import api, models

from .octopus_stock_event import noted_changes


class StockQuant(models.Model):
    """Notices every change of stock, whatever caused it: all of them end in a quant."""

    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        quants._octopus_note()
        return quants

    def write(self, vals):
        changed = not vals.keys().isdisjoint(("quantity", "reserved_quantity", "location_id"))
        if changed:
            self._octopus_note()
        result = super().write(vals)
        if "location_id" in vals:
            self._octopus_note(is_moved=True)
        return result

    def unlink(self):
        # Empty quants are swept away all the time; that changes no number.
        self.filtered(lambda quant: quant.quantity or quant.reserved_quantity)._octopus_note()
        return super().unlink()

    def _octopus_note(self, *, is_moved=False):
        """Note that these quants change. A sale writes each of them several times; what it is of
        and where it lies need be read once."""
        noted = noted_changes(self.env)
        if is_moved or not noted.quant_ids.issuperset(self._ids):
            noted.quant_ids.update(self._ids)
            noted.places.update((quant.product_id.id, quant.location_id.id) for quant in self)
