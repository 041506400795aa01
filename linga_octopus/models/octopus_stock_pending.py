from odoo import fields, models


class OctopusStockPending(models.Model):
    """A stock level that is to be sent.

    A table of its own and not a flag of the level, which would have to rewrite all index entries
    of the level twice for every change.
    """

    _name = "octopus.stock.pending"
    _description = "Octopus Stock Level to Send"
    _log_access = False
    _order = "id"

    level_id = fields.Many2one("octopus.stock.level", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="level_id.company_id")

    _level_uniq = models.Constraint("UNIQUE(level_id)", "A level is to be sent once.")
