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
        reserved = self._octopus_reserved_by_others()
        unbatched = self.with_context(octopus_quant_batch=None)
        result = super(StockMoveLine, unbatched)._free_reservation(*args, **kwargs)
        for move, quantity in reserved.items():
            batch.note_taken(self.move_id, move, quantity)
        return result

    def _octopus_reserved_by_others(self):
        """Return {move: quantity} of what other moves have reserved where this line takes goods."""
        lines = self.search(
            [
                ("state", "not in", ["done", "cancel"]),
                ("product_id", "=", self.product_id.id),
                ("location_id", "=", self.location_id.id),
                ("quantity_product_uom", ">", 0),
                ("picked", "=", False),
                ("id", "not in", self.ids),
            ]
        )
        return {move: move.quantity for move in lines.move_id}

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
