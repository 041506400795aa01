from odoo import api, models

from .octopus_stock_event import logged_changes

ENDED = ("done", "cancel")
PLAN = {"location_dest_id", "location_final_id", "location_id", "product_uom_qty", "state"}


class StockMove(models.Model):
    """Logs changes of planned moves: they count for stores that send a forecast."""

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a new move changes the forecast."""
        moves = super().create(vals_list)
        if self._octopus_plan_counts():
            moves._octopus_log_plan()
        return moves

    def write(self, vals):
        """Override: another quantity, place or state changes the forecast."""
        if not self or PLAN.isdisjoint(vals):
            return super().write(vals)
        counts = self._octopus_plan_counts()
        if counts:
            self._octopus_log_plan()  # the places before the change
        result = super().write(vals)
        if counts:
            self._octopus_log_plan()
        # A hook, because every delivery comes here: another override of `write` costs more. The
        # worker knows the transfers that it finishes in a batch.
        if vals.get("state") in ENDED and "octopus_quant_batch" not in self.env.context:
            self._octopus_ended()
        return result

    def _octopus_ended(self):
        """Hook: these moves are done or cancelled, and not by the worker of online orders."""

    def _octopus_plan_counts(self):
        """Return whether planned moves count for any store."""
        return bool(self.env["octopus.location"]._forecast_warehouse_ids())

    def _octopus_log_plan(self):
        logged = logged_changes(self.env)
        for move in self:
            places = move.location_id | move.location_dest_id | move.location_final_id
            logged.places.update((move.product_id.id, place.id) for place in places)
