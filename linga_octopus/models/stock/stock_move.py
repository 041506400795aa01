from odoo import api, models

from .octopus_stock_event import noted_changes

ENDED = ("done", "cancel")
PLAN = {"location_dest_id", "location_final_id", "location_id", "product_uom_qty", "state"}


class StockMove(models.Model):
    """Notices changes of what is planned: they count when Octopus is told a forecast."""

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        if self._octopus_plan_counts():
            moves._octopus_note_plan()
        return moves

    def write(self, vals):
        if PLAN.isdisjoint(vals):
            return super().write(vals)
        counts = self._octopus_plan_counts()
        if counts:
            self._octopus_note_plan()  # where the goods were to come from and to go
        result = super().write(vals)
        if counts:
            self._octopus_note_plan()
        # A hook, because every delivery comes here: another override of `write` costs more.
        if vals.get("state") in ENDED:
            self._octopus_ended()
        return result

    def _octopus_ended(self):
        """Hook: these moves are done or cancelled."""

    def _octopus_plan_counts(self):
        return bool(self.env["octopus.location"]._forecast_warehouse_ids())

    def _octopus_note_plan(self):
        noted = noted_changes(self.env)
        for move in self:
            places = move.location_id | move.location_dest_id | move.location_final_id
            noted.places.update((move.product_id.id, place.id) for place in places)
