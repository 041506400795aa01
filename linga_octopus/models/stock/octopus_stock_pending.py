from odoo import api, fields, models

from ...orm import UnconstrainedMany2one


class OctopusStockPending(models.Model):
    """A stock level that is to be sent.

    A table of its own, because a flag on the level would rewrite all index entries of the level
    twice for every change.
    """

    _name = "octopus.stock.pending"
    _description = "Octopus Stock Level to Send"
    _log_access = False
    _order = "id"

    level_id = UnconstrainedMany2one("octopus.stock.level", required=True)
    company_id = fields.Many2one(related="level_id.company_id")

    _level_uniq = models.Constraint("UNIQUE(level_id)", "A level is to be sent once.")

    @api.autovacuum
    def _gc_of_deleted_levels(self):
        self.env.cr.execute(
            """DELETE FROM octopus_stock_pending pending WHERE NOT EXISTS (
                   SELECT FROM octopus_stock_level level WHERE level.id = pending.level_id)"""
        )
