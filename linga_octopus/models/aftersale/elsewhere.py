"""Follows parcels that the channel sent from elsewhere after their goods had been deducted here.

The update moves nothing. A manager gives the goods back to stock, because they never left this
store, or keeps them deducted.
"""

from ...orm import format_quantity, lock_rows
from ..order.restocking import leave_to_worker
from ..order.screens import notify_screens


def follow_elsewhere(order, elsewhere):
    """Compare what leaves from elsewhere with what is known, and ask when it is more.

    :param dict elsewhere: {line: pieces} of lines that are deducted here
    """
    changed = {
        line: late
        for line, pieces in elsewhere.items()
        if (late := max(pieces - line.quantity_elsewhere, 0)) != line.late_elsewhere
    }
    if not changed or order.status == "cancelled":
        return
    lock_rows(order)
    for line, late in changed.items():
        line.late_elsewhere = late
        if late < line.quantity_given_back:
            # They are to leave from here after all.
            order._flag("other_place", product=line.display_name)
    order.is_elsewhere_open = bool(_open_lines(order))
    if order.is_elsewhere_open:
        order._message_log(
            body=order.env._(
                "Sent from elsewhere after it was deducted here: %(goods)s",
                goods=order.elsewhere_text,
            )
        )
    notify_screens(order)


def decide_elsewhere(orders, *, is_given_back):
    """Give back what was sent from elsewhere, or keep it deducted, once; `orders` is sudoed."""
    for order in orders:
        lock_rows(order)
        if not order.is_elsewhere_open or order.status == "cancelled":
            continue
        goods = order.elsewhere_text
        order.is_elsewhere_open = False
        if is_given_back:
            for line in _open_lines(order):
                line.quantity_given_back = line.late_elsewhere
            leave_to_worker(order)
            body = order.env._(
                "Given back to stock, because it was sent from elsewhere: %(goods)s", goods=goods
            )
        else:
            body = order.env._(
                "Stays deducted, though it was sent from elsewhere: %(goods)s", goods=goods
            )
        order.message_post(author_id=order.env.user.partner_id.id, body=body)
        notify_screens(order)


def elsewhere_text(order):
    """Return the goods that wait for a decision, in one line; False without."""
    return (
        ", ".join(
            order.env._(
                "%(quantity)s × %(product)s",
                quantity=format_quantity(order.env, line.late_elsewhere - line.quantity_given_back),
                product=line.display_name,
            )
            for line in _open_lines(order)
        )
        or False
    )


def _open_lines(order):
    return order.line_ids.filtered(lambda line: line.late_elsewhere > line.quantity_given_back)
