from odoo import api, models

PLAN = {"location_dest_id", "location_final_id", "location_id", "product_uom_qty", "state"}


class StockMove(models.Model):
    """Notices changes of what is planned: they count when Octopus is told a forecast."""

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._octopus_note_plan()
        return moves

    def write(self, vals):
        planned = not PLAN.isdisjoint(vals)
        if planned:
            self._octopus_note_plan()  # where the goods were to come from and to go
        result = super().write(vals)
        if planned:
            self._octopus_note_plan()
        return result

    def _octopus_note_plan(self):
        if not self.env["octopus.location"]._forecast_warehouse_ids():
            return
        events = self.env["octopus.stock.event"]
        for move in self:
            for location in move.location_id | move.location_dest_id | move.location_final_id:
                events._note(move.product_id.id, location.id)
