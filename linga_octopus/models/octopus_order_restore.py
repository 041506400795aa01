from odoo import models


class OctopusOrder(models.Model):
    """Giving an order's goods back to the stock: what the deliveries took, once."""

    _inherit = "octopus.order"

    def _restore(self):
        """Give back everything that these cancelled orders took; `self` is sudoed.

        What was returned before, by a refund or by hand, is not given back again.
        """
        for order in self:
            moves = order.picking_ids.move_ids
            moves.filtered(
                lambda move: move.state not in ("done", "cancel")
            ).picking_id.action_cancel()
            took = order._delivery_moves()
            took._octopus_return({move: move._octopus_returnable() for move in took})
            for line in order.line_ids.filtered("is_deducted"):
                line.quantity_restored = line.quantity
            order.write(
                {
                    "stock_state": "restored" if took else "none",
                    "stock_message": False,
                    "is_oversold": False,
                }
            )
            order.refund_ids.is_applied = True

    def _delivery_moves(self):
        """Return the done moves that took this order's goods out."""
        return self.picking_ids.move_ids.filtered(
            lambda move: move.state == "done" and not move.origin_returned_move_id
        )

    # === REFUNDS === #

    def _apply_refunds(self):
        """Give back what refunds put on sale again, each once; `self` is sudoed.

        Of an order that is not deducted yet, and of one that is cancelled, nothing: the first is
        done after its deduction, the second has given back everything.
        """
        for order in self:
            if order.stock_state not in ("deducted", "partial"):
                continue
            for refund in order.refund_ids.filtered(lambda refund: not refund.is_applied):
                refund._give_back()
