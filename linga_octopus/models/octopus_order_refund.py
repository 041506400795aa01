from odoo import fields, models


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

    def _give_back(self):
        """Return the refunded pieces of the order's deliveries."""
        self.ensure_one()
        self.is_applied = True
        lines = self.order_id.line_ids
        moves = self.order_id._delivery_moves()
        returns = {}
        for ref, pieces in self.quantities.items():
            line = lines.filtered(lambda line, ref=ref: line.octopus_ref == ref)[:1]
            pieces = min(pieces, line.quantity - line.quantity_restored)
            if pieces <= 0 or not line.is_deducted:
                continue
            line.quantity_restored += pieces
            for move in moves.filtered(lambda move, line=line: move.octopus_order_line_id == line):
                # By the share of the line, not its pieces: a kit's move counts components.
                share = move.quantity * pieces / line.quantity
                returns[move] = min(share, move._octopus_returnable())
        self.env["stock.move"].union(*returns)._octopus_return(returns)
