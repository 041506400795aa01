from collections import Counter

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError


class OctopusOrderRefund(models.Model):
    """A refund that Octopus reported, kept so that its goods are given back once."""

    _name = "octopus.order.refund"
    _description = "Online Order Refund"
    _order = "id"

    order_id = fields.Many2one("octopus.order", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    octopus_ref = fields.Char("Octopus Refund", required=True)
    restock = fields.Boolean(help="The channel put the goods on sale again.")
    quantities = fields.Json(help="Pieces by Octopus's line id.", export_string_translation=False)
    is_applied = fields.Boolean("Stock Given Back")

    _ref_uniq = models.Constraint("UNIQUE(order_id, octopus_ref)", "This refund is already known.")

    @api.model
    def _record(self, vals):
        """Keep a refund that was not known a moment ago.

        :raise ConcurrencyError: somebody else has just done that; start again in a new
            transaction
        """
        try:
            return self.create(vals)
        except UniqueViolation as error:
            raise ConcurrencyError("refund stored at the same moment") from error

    def _pieces(self):
        """Return how many pieces these refunds put on sale again, by Octopus's line id."""
        pieces = Counter()
        for refund in self:
            pieces.update(refund.quantities or {})
        return pieces
