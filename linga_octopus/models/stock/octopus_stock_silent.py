"""Numbers that change although no stock moves: the worker looks for them itself."""

from odoo import api, fields, models
from odoo.tools import SQL

DAY = "linga_octopus.stock_day"  # up to which day goods that expire have been looked for
RECIPES = "linga_octopus.stock_recipes"  # what tells that a recipe of a kit has changed


class OctopusStockEvent(models.Model):
    _inherit = "octopus.stock.event"

    @api.model
    def _record_silent(self):
        """Record what no write of ours or of others tells; for the worker."""
        self._record_expired()
        self._record_recipes()

    @api.model
    def _record_expired(self):
        """Record goods whose removal date has come: from today on Odoo does not count them."""
        quants = self.env["stock.quant"].sudo()
        if "removal_date" not in quants._fields:
            return
        today = fields.Date.today()
        seen = self._remember(DAY, fields.Date.to_string(today))
        if not seen:
            return
        expired = quants._read_group(
            [("removal_date", "<=", today), ("removal_date", ">", seen)],
            ["product_id", "location_id"],
        )
        self._record_at({(product.id, location.id) for product, location in expired})

    @api.model
    def _record_recipes(self):
        """Record all levels when a recipe of a kit has changed: the manufacturing app, which is
        not always there, cannot be asked which."""
        if "mrp.bom" not in self.env:
            return
        [[recipes]] = self.env.execute_query(
            SQL(
                """SELECT concat_ws('/', count(*), max(bom.write_date), max(line.write_date),
                                    sum(line.product_qty))
                     FROM mrp_bom bom LEFT JOIN mrp_bom_line line ON line.bom_id = bom.id
                    WHERE bom.type = 'phantom' AND bom.active"""
            )
        )
        if self._remember(RECIPES, recipes):
            self._record_locations(self.env["octopus.location"]._mapped())

    @api.model
    def _remember(self, key, value):
        """Keep a value; return the one before if it was another, else False."""
        parameters = self.env["ir.config_parameter"].sudo()
        before = parameters.get_param(key)
        if before == value:
            return False
        parameters.set_param(key, value)
        return before
