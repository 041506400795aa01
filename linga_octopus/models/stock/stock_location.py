from odoo import api, models
from odoo.tools import ormcache

from ...orm import clear_caches


class StockLocation(models.Model):
    """Notices a shelf that is moved, with what lies on it, maybe to another warehouse."""

    _inherit = "stock.location"

    def write(self, vals):
        if {"location_id", "usage"}.isdisjoint(vals):
            return super().write(vals)
        self._octopus_record_goods()
        result = super().write(vals)
        clear_caches(self.env)
        self._octopus_record_goods()
        return result

    @api.model
    @ormcache("location_id")
    def _octopus_warehouse_id(self, location_id):
        """Return the warehouse that has what lies in this location for sale, or False.

        Asked for every sale; a warehouse's locations hardly ever change.
        """
        location = self.sudo().browse(location_id)
        return location.usage == "internal" and location.warehouse_id.id

    def _octopus_record_goods(self):
        goods = (
            self.env["stock.quant"]
            .sudo()
            ._read_group([("location_id", "child_of", self.ids)], ["product_id", "location_id"])
        )
        # At once: which warehouse it is depends on whether the shelf has been moved yet.
        self.env["octopus.stock.event"].sudo()._record_at(
            {(product.id, location.id) for product, location in goods}
        )
