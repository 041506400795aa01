from odoo import models

# Core reads these of each quant while it finishes a transfer.
QUANT_FIELDS = [
    "company_id",
    "in_date",
    "location_id",
    "lot_id",
    "owner_id",
    "package_id",
    "product_id",
    "quantity",
    "reserved_quantity",
]


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _action_done(self):
        """Override of `stock` to write what a batch sums up."""
        batch = self.env.context.get("octopus_quant_batch")
        if batch is None:
            return super()._action_done()
        # Core reads them one by one.
        self.env["stock.quant"].search_fetch(
            [
                ("product_id", "in", self.product_id.ids),
                ("location_id", "in", (self.location_id | self.location_dest_id).ids),
            ],
            QUANT_FIELDS,
        )
        result = super()._action_done()
        batch.apply(self.env["stock.quant"])
        return result

    def _free_reservation(self, *args, **kwargs):
        """Override of `stock`: to take reserved goods from other moves, core needs the quants as
        they are, and its own changes are no part of the batch."""
        batch = self.env.context.get("octopus_quant_batch")
        if batch is None:
            return super()._free_reservation(*args, **kwargs)
        batch.apply(self.env["stock.quant"])
        unbatched = self.with_context(octopus_quant_batch=None)
        return super(StockMoveLine, unbatched)._free_reservation(*args, **kwargs)

    def _octopus_origins(self, back):
        """Return those of these lines whose goods the line `back` may have brought back, the most
        similar first: staff may put goods on another shelf."""
        return self.filtered(lambda line: line.lot_id == back.lot_id).sorted(
            lambda line: (
                line.owner_id != back.owner_id,
                line.location_id != back.location_dest_id,
                line.location_dest_id != back.location_id,
                line.package_id != back.result_package_id,
            )
        )
