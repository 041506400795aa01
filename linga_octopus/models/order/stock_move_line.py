from odoo import models

# What is read of a quant while a transfer is done.
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
        """Override of `stock`: what a batch of online orders sums up is written at its end."""
        changes = self.env.context.get("octopus_quant_changes")
        if changes is None:
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
        self.env["stock.quant"]._octopus_apply(changes)
        return result

    def _free_reservation(self, *args, **kwargs):
        """Override of `stock`: to take reserved goods from others, core needs to see the quants
        as they are, and its own changes are no part of our batch."""
        changes = self.env.context.get("octopus_quant_changes")
        if changes is None:
            return super()._free_reservation(*args, **kwargs)
        self.env["stock.quant"]._octopus_apply(changes)
        unbatched = self.with_context(octopus_quant_changes=None)
        return super(StockMoveLine, unbatched)._free_reservation(*args, **kwargs)

    def _octopus_origins(self, back):
        """Return those of these lines whose goods the line `back` may have brought back, the most
        alike first: a hand may put them on another shelf."""
        return self.filtered(lambda line: line.lot_id == back.lot_id).sorted(
            lambda line: (
                line.owner_id != back.owner_id,
                line.location_id != back.location_dest_id,
                line.location_dest_id != back.location_id,
                line.package_id != back.result_package_id,
            )
        )
