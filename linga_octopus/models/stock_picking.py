from odoo import Command, fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    octopus_order_id = fields.Many2one(
        "octopus.order", "Online Order", readonly=True, copy=False, index="btree_not_null"
    )

    def _octopus_finish(self):
        """Make these transfers of online orders done.

        :raise UserError: one of them did not become done; core leaves it open without a word
        """
        self._octopus_explode_kits()
        self._action_done()
        for picking in self:
            if picking.state != "done":
                raise UserError(
                    self.env._("Odoo left transfer %(name)s unfinished.", name=picking.name)
                )

    def _octopus_explode_kits(self):
        """Replace kits, created without a quantity, by their components, and give these theirs."""
        kits = self.move_ids.filtered(lambda move: not move.quantity)
        pickings = kits.picking_id
        kits._action_confirm(merge=False)
        for move in pickings.move_ids.filtered(lambda move: not move.quantity):
            move.quantity = move.product_uom_qty
            move.picked = True

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
