from odoo import models

from ...orm import clear_caches


class StockLocation(models.Model):
    """Enqueues the goods of a shelf that is moved, perhaps to another warehouse."""

    _inherit = "stock.location"

    def write(self, vals):
        """Override: a location that is moved takes its goods along."""
        if {"location_id", "usage"}.isdisjoint(vals):
            return super().write(vals)
        self._octopus_enqueue_goods()
        result = super().write(vals)
        clear_caches(self.env)
        self._octopus_enqueue_goods()
        return result

    def _octopus_enqueue_goods(self):
        goods = (
            self.env["stock.quant"]
            .sudo()
            ._read_group([("location_id", "child_of", self.ids)], ["product_id", "location_id"])
        )
        # At once, because the warehouse before the move is another one than after it.
        self.env["octopus.stock.event"].sudo()._enqueue_at(
            {(product.id, location.id) for product, location in goods}
        )
