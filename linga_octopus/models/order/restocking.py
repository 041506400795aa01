"""Returns the goods of cancelled and refunded orders to stock: what their deliveries took, once."""

from ...const import DEDUCT_CRON
from ...orm import touch_rows


def leave_to_worker(orders):
    """Have the worker restock what was cancelled or refunded of these orders."""
    orders.is_return_due = True
    orders._wake_worker(DEDUCT_CRON)


def returns_ended(orders):
    """Look again at the refunds of these orders after staff has ended or abandoned a return: the
    rest is to be restocked; `orders` is sudoed."""
    touch_rows(orders)
    leave_to_worker(orders.filtered(lambda order: not all(order.refund_ids.mapped("is_applied"))))


def restock_cancelled(orders):
    """Return everything that these cancelled orders took to stock; `orders` is sudoed.

    Goods that came back before, by a refund or by hand, are not returned again.
    """
    for order in orders:
        # Core reads costs in the current company, and the user may work in another one.
        order = order.with_company(order.company_id)
        order.picking_ids.move_ids.filtered(_is_open).picking_id.action_cancel()
        taken = outgoing(order.picking_ids.move_ids)
        # A return that staff has begun would bring the same goods once more.
        taken.returned_move_ids.filtered(_is_open)._action_cancel()
        taken._octopus_return({move: move._octopus_returnable() for move in taken})
        for line in order.line_ids.filtered("is_deducted"):
            line.quantity_restored = line.quantity
        order.write(
            {
                "stock_state": "restored" if taken else "none",
                "stock_issue": False,
                "is_oversold": False,
                "is_return_due": False,
            }
        )
        order.refund_ids.is_applied = True


def restock_refunded(orders):
    """Return the goods of refunds that restock, each once; `orders` is sudoed.

    An order that is not deducted yet has its turn after its deduction.
    """
    for order in orders:
        pending = order.refund_ids.filtered(lambda refund: not refund.is_applied)
        if pending and order.stock_state in ("deducted", "partial"):
            unfinished = _restock_lines(order)
            # A line without a product has its turn when it is deducted.
            unfinished |= order.line_ids.filtered("needs_mapping")
            refs = set(unfinished.mapped("octopus_ref"))
            for refund in pending:
                refund.is_applied = refs.isdisjoint(refund.quantities or ())


def _restock_lines(order):
    """Return the refunded pieces of an order that are still out to stock.

    :return: the lines of which staff is still returning some
    """
    unfinished = order.line_ids.browse()
    refunded = order.refund_ids._pieces()
    moves = outgoing(order.picking_ids.move_ids)
    returns = {}
    for line in order.line_ids.filtered("is_deducted"):
        # What the channel ships from elsewhere does not come back to this store.
        pieces = line.quantity - line.quantity_elsewhere
        wanted = min(refunded[line.octopus_ref], pieces)
        refunded[line.octopus_ref] -= wanted
        line.quantity_restored = max(line.quantity_restored, wanted)
        of_line = moves.filtered(lambda move, line=line: move.octopus_order_line_id == line)
        # From several warehouses, the product may have left in several moves.
        for product, of_product in of_line.grouped("product_id").items():
            # The share of the line and not its pieces, because the moves of a kit count components.
            share = sum(of_product.mapped("quantity")) * wanted / pieces
            # What staff returns by hand, or has begun to return, is among the refunded pieces.
            missing = share - sum(move._octopus_returned() for move in of_product)
            coming = sum(move._octopus_coming_back() for move in of_product)
            if product.uom_id.compare(coming, 0) > 0 and product.uom_id.compare(missing, 0) > 0:
                unfinished |= line
            returns |= _spread(max(missing - coming, 0), of_product)
    order.env["stock.move"].union(*returns)._octopus_return(returns)
    return unfinished


def _spread(quantity, moves):
    """Return {move: quantity} that spreads a quantity over what has not come back of moves."""
    shares = {}
    for move in moves:
        left = move._octopus_returnable() - move._octopus_coming_back()
        shares[move] = max(min(quantity, left), 0)
        quantity -= shares[move]
    return shares


def outgoing(moves):
    """Return those of these moves of an order that took goods out, and are done."""
    return moves.filtered(lambda move: move.state == "done" and not move.origin_returned_move_id)


def _is_open(move):
    return move.state not in ("done", "cancel")
