"""Returns the goods of cancelled and refunded orders to stock: what their deliveries took, once."""

from ...const import DEDUCT_CRON
from ...orm import touch_rows


def leave_to_worker(orders):
    """Have the worker restock what was cancelled or refunded of these orders."""
    orders.is_return_due = True
    orders._wake_worker(DEDUCT_CRON)


def has_goods_out(order):
    """Return whether goods of an order that its channel cancels are out, or are to stay out."""
    return bool(order.picking_ids) or keeps_goods_out(order)


def keeps_goods_out(order):
    """Return whether an order that is to be deducted has goods that its channel refunded and did
    not restock: they are gone, also when the order is cancelled."""
    return order.stock_state == "waiting" and any(order._pieces_kept_out().values())


def returns_ended(orders):
    """Look again at the refunds of these orders after staff has ended or abandoned a return: the
    rest is to be restocked; `orders` is sudoed."""
    touch_rows(orders)
    leave_to_worker(
        orders.filtered(
            lambda order: (
                not all(order.refund_ids.mapped("is_applied"))
                or any(order.line_ids.mapped("quantity_given_back"))
            )
        )
    )


def restock_cancelled(orders, *, is_by_channel=False):
    """Return everything that these cancelled orders took to stock; `orders` is sudoed.

    Goods that came back before, by a refund or by hand, are not returned again.

    :param bool is_by_channel: whether what the channel refunded without restocking stays out
    """
    for order in orders:
        # Core reads costs in the current company, and the user may work in another one.
        order = order.with_company(order.company_id)
        order.picking_ids.move_ids.filtered(_is_open).picking_id.action_cancel()
        taken = outgoing(order.picking_ids.move_ids)
        # A return that staff has begun would bring the same goods once more.
        taken.returned_move_ids.filtered(_is_open)._action_cancel()
        kept = order._pieces_kept_out() if is_by_channel else {}
        taken._octopus_return({move: _to_return(move, kept) for move in taken})
        for line in order.line_ids.filtered("is_deducted"):
            line.quantity_restored = line.quantity - kept.get(line, 0)
        is_out = any(not move.product_uom.is_zero(move._octopus_returnable()) for move in taken)
        order.write(
            {
                "stock_state": "deducted" if is_out else "restored" if taken else "none",
                "is_return_open": is_out,
                "stock_issue": False,
                "is_oversold": False,
                "is_return_due": False,
            }
        )
        order.refund_ids.is_applied = True


def _to_return(move, kept):
    """Return the quantity of a done move that is out, less the pieces that stay out."""
    line = move.octopus_order_line_id
    pieces = line.quantity - line.quantity_elsewhere
    share = move.quantity * kept[line] / pieces if kept.get(line) and pieces else 0
    return max(move._octopus_returnable() - share, 0)


def spread(quantity, moves):
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
