"""Follows an order that the channel had cancelled, and that is alive there again."""

from ...const import DEDUCT_CRON
from ...orm import lock_rows
from ..order.restocking import restock_cancelled
from ..order.status_push import synced_values


def flag_revival(order):
    """Write on a cancelled order that it is no longer cancelled in the channel."""
    order.write({"is_cancelled_by_channel": False, "is_alive_again": True})
    order._message_log(
        body=order.env._(
            "The order is alive again in the sales channel. Press Take Up Again, or cancel it "
            "there."
        )
    )


def revive(orders):
    """Take up orders that are alive again: their goods leave once more; `orders` is sudoed."""
    lock_rows(orders)
    for order in orders.filtered("is_alive_again"):
        order.write({"status": "take_action", **synced_values(order)})
        order.write({"is_alive_again": False, "is_return_open": False})
        if _is_all_out(order) or not _takes_goods(order):
            continue
        # All of it goes back first, so that it can leave as a whole. What refunds bring back from
        # now on, they bring back of the new delivery.
        restock_cancelled(order)
        order.line_ids.move_ids.octopus_order_line_id = False
        for line in order.line_ids.filtered("quantity_given_back"):
            line.quantity_elsewhere += line.quantity_given_back
            line.write({"quantity_given_back": 0, "late_elsewhere": 0})
        order.line_ids.write({"is_deducted": False, "quantity_restored": 0})
        order.stock_state = "waiting"
        for refund in order.refund_ids:
            refund.is_applied = not any(refund.line_ids.mapped("restock"))
    orders._wake_worker(DEDUCT_CRON)


def _takes_goods(order):
    """Return whether the order takes goods from the stock, as it did or would have at its arrival:
    a test order does not, nor one that its channel ships, nor one from before the store."""
    channel = order.channel_id
    is_idle_test = order.is_test and not channel.deduct_test_orders
    is_from_before = order.transaction_time < order.account_id.orders_since
    return bool(order.deducted_at) or not (is_idle_test or channel.ships_goods or is_from_before)


def _is_all_out(order):
    """Return whether nothing of the order has come back."""
    lines = order.line_ids.filtered("is_deducted")
    return bool(lines) and all(line._pieces_out() >= line._pieces(line.quantity) for line in lines)
