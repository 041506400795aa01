from odoo import models

from .octopus_order_worker import DEDUCT_CRON


class OctopusOrder(models.Model):
    """Giving an order's goods back to the stock: what the deliveries took, once."""

    _inherit = "octopus.order"

    def _restore_or_leave_to_worker(self, *, is_news):
        """Give back what these orders took: at once when a person cancels, who wants to see it.

        What the channel cancels comes with webhooks and lists, which must not wait for stock that
        others are changing: that is the worker's.
        """
        later = self.filtered("picking_ids") if is_news else self.browse()
        later._leave_return_to_worker()
        (self - later)._restore()

    def _leave_return_to_worker(self):
        self.is_return_due = True
        self._wake_worker(DEDUCT_CRON)

    def _restore(self):
        """Give back everything that these cancelled orders took; `self` is sudoed.

        What was returned before, by a refund or by hand, is not given back again.
        """
        for order in self:
            # Core reads costs in the company at hand: whoever cancels may work in another.
            order = order.with_company(order.company_id)
            open_moves = order.picking_ids.move_ids.filtered(_is_open)
            open_moves.picking_id.action_cancel()
            took = order._delivery_moves()
            # A return that staff has begun would bring the same goods once more.
            took.returned_move_ids.filtered(_is_open)._action_cancel()
            took._octopus_return({move: move._octopus_returnable() for move in took})
            for line in order.line_ids.filtered("is_deducted"):
                line.quantity_restored = line.quantity
            order.write(
                {
                    "stock_state": "restored" if took else "none",
                    "stock_message": False,
                    "is_oversold": False,
                    "is_return_due": False,
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
            pending = order.refund_ids.filtered(lambda refund: not refund.is_applied)
            if pending and order.stock_state in ("deducted", "partial"):
                waiting = order._give_back_refunded()
                # A line whose product is not known yet has its turn when it is deducted.
                waiting |= order.line_ids.filtered("needs_mapping")
                waiting = set(waiting.mapped("octopus_ref"))
                for refund in pending:
                    refund.is_applied = waiting.isdisjoint(refund.quantities or ())

    def _give_back_refunded(self):
        """Return the refunded pieces that are not back yet to the stock.

        :return: the lines of which staff is still returning some
        """
        self.ensure_one()
        coming_back = self.line_ids.browse()
        refunded = self.refund_ids._pieces()
        moves = self._delivery_moves()
        returns = {}
        for line in self.line_ids.filtered("is_deducted"):
            wanted = min(refunded[line.octopus_ref], line.quantity)
            refunded[line.octopus_ref] -= wanted
            line.quantity_restored = max(line.quantity_restored, wanted)
            for move in moves.filtered(lambda move, line=line: move.octopus_order_line_id == line):
                # By the share of the line, not its pieces: a kit's move counts components. What
                # staff returns by hand, or has begun to, is among the refunded.
                share = move.quantity * wanted / line.quantity
                missing = share - move._octopus_returned()
                returns[move] = max(missing - move._octopus_coming_back(), 0)
                if move.product_uom.compare(missing, returns[move]) > 0:
                    coming_back |= line
        self.env["stock.move"].union(*returns)._octopus_return(returns)
        return coming_back

    def _staff_returned(self):
        """Look again at the refunds of these orders, of which staff has just ended or abandoned a
        return: the rest is to be given back; `self` is sudoed."""
        self._collide()
        pending = self.filtered(lambda order: not all(order.refund_ids.mapped("is_applied")))
        pending._leave_return_to_worker()


class OctopusOrderLine(models.Model):
    _inherit = "octopus.order.line"

    def _pieces_out(self):
        """Return how many pieces have not come back, whoever returned the others; of a kit as
        many as its component that is furthest out."""
        self.ensure_one()
        # A cashier who cancels need not be allowed to see transfers.
        took = self.sudo().move_ids.filtered(
            lambda move: move.state == "done" and not move.origin_returned_move_id
        )
        shares = (move._octopus_returnable() / move.quantity for move in took if move.quantity)
        return self.quantity * max(shares, default=0)


def _is_open(move):
    return move.state not in ("done", "cancel")
