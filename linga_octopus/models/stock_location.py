from odoo import models


class StockLocation(models.Model):
    """Notices a shelf that is moved, with what lies on it, maybe to another warehouse."""

    _inherit = "stock.location"

    def write(self, vals):
        if "location_id" not in vals:
            return super().write(vals)
        self._octopus_record_goods()
        result = super().write(vals)
        self._octopus_record_goods()
        return result

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
