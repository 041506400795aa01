from odoo import Command, fields, models
from odoo.exceptions import UserError

from .stock_quant_changes import QuantChanges


class StockPicking(models.Model):
    _inherit = "stock.picking"

    octopus_order_id = fields.Many2one(
        "octopus.order", "Online Order", readonly=True, copy=False, index="btree_not_null"
    )

    def _octopus_finish(self):
        """Make these new transfers of online orders done, all quantities as planned.

        :raise UserError: one of them did not become done; core leaves it open without a word
        """
        moves = self.move_ids.filtered(lambda move: not move.quantity)
        # Kits become their components here, which get their quantities as the rest does.
        moves._action_confirm(merge=False)
        leaving = self.move_ids.filtered(lambda move: not move.quantity)
        changes = QuantChanges(leaving._octopus_simple_products())
        self = self.with_context(octopus_quant_changes=changes)
        self.move_ids._octopus_fill(changes.product_ids)
        self._action_done()
        for picking in self:
            if picking.state != "done":
                raise UserError(
                    self.env._("Odoo left transfer %(name)s unfinished.", name=picking.name)
                )

    def _octopus_prepare_return(self, moves, quantities):
        """Return the values of the transfer that brings goods of this delivery back."""
        self.ensure_one()
        picking_type = self.picking_type_id.return_picking_type_id or self.picking_type_id
        return {
            "octopus_order_id": self.octopus_order_id.id,
            "return_id": self.id,
            "picking_type_id": picking_type.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "location_id": self.location_dest_id.id,
            "location_dest_id": self.location_id.id,
            "origin": self.env._("Return of %(name)s", name=self.name),
            "move_ids": [
                Command.create(move._octopus_prepare_return(quantities[move])) for move in moves
            ],
        }
