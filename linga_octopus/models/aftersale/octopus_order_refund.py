from collections import Counter

from odoo import fields, models


class OctopusOrderRefund(models.Model):
    """A refund that Octopus reported, kept so that its goods are restocked once."""

    _name = "octopus.order.refund"
    _description = "Online Order Refund"
    _order = "id"

    order_id = fields.Many2one("octopus.order", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    octopus_ref = fields.Char("Octopus Refund", required=True)
    restock = fields.Boolean(help="The channel put the goods on sale again.")
    quantities = fields.Json(help="Pieces by Octopus's line id.", export_string_translation=False)
    is_applied = fields.Boolean("Restocked")

    _ref_uniq = models.Constraint("UNIQUE(order_id, octopus_ref)", "This refund is already known.")

    def _pieces(self):
        """Return the pieces that these refunds put on sale again, by Octopus's line id."""
        pieces = Counter()
        for refund in self:
            pieces.update(refund.quantities or {})
        return pieces
