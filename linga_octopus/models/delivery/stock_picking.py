from odoo import Command, fields, models
from odoo.exceptions import UserError

from .quant_batch import QuantBatch, plain_products

# Keeps modules beside this one from writing to customers, see `_send_confirmation_email`.
NO_TEXT_MESSAGES = {"skip_sms": True}  # of stock_sms


class StockPicking(models.Model):
    _inherit = "stock.picking"

    octopus_order_id = fields.Many2one(
        "octopus.order", "Online Order", readonly=True, copy=False, index="btree_not_null"
    )

    # For the look, each minute, at deliveries that got a tracking reference.
    _octopus_changed_idx = models.Index("(write_date) WHERE octopus_order_id IS NOT NULL")

    def _octopus_finish(self):
        """Finish these new transfers of online orders, with the quantities as planned.

        :return: {(move, other move): quantity} of what they took that was reserved for others
        :raise UserError: one of them is not done; core leaves it open without an error
        """
        moves = self.move_ids.filtered(lambda move: not move.quantity)
        # Core replaces kits by their components here.
        moves._action_confirm(merge=False)
        leaving = self.move_ids.filtered(lambda move: not move.quantity)
        batch = QuantBatch(plain_products(leaving))
        self = self.with_context(octopus_quant_batch=batch, **NO_TEXT_MESSAGES)
        batch.fill(self.move_ids)
        self._action_done()
        for picking in self:
            if picking.state != "done":
                raise UserError(
                    self.env._("Odoo left transfer %(name)s unfinished.", name=picking.name)
                )
        for (move, other), quantity in batch.taken.items():
            other._octopus_log_taken(move, quantity)
        return batch.taken

    def _send_confirmation_email(self):
        """Override: nothing is shipped yet when goods of an online order are deducted, and the
        channel tells the customer when it is."""
        is_deduction = "octopus_quant_batch" in self.env.context
        return None if is_deduction else super()._send_confirmation_email()

    def _octopus_done_by_hand(self):
        """Hook: staff has finished these transfers; most are about no online order."""

    def _octopus_prepare_return(self, moves, quantities, warehouse=None):
        """Return the values of a transfer that brings goods of this delivery back.

        :param dict quantities: the quantity by move, in the unit of the move
        :param warehouse: the one where the goods came back, when it is another one
        """
        self.ensure_one()
        out_type = warehouse._octopus_order_type() if warehouse else self.picking_type_id
        picking_type = out_type.return_picking_type_id or out_type
        return {
            "octopus_order_id": self.octopus_order_id.id,
            "return_id": self.id,
            "picking_type_id": picking_type.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "location_id": self.location_dest_id.id,
            "location_dest_id": (warehouse.lot_stock_id if warehouse else self.location_id).id,
            "origin": self.env._("Return of %(name)s", name=self.name),
            "move_ids": [
                Command.create(move._octopus_prepare_return(quantities[move], warehouse))
                for move in moves
            ],
        }
