"""Follows changes that the channel makes to an order after it was placed."""

from ...lib.order_mapping import rounded


def flag_other_lines(order, remote):
    """Flag other lines than those of the order: they are not followed."""
    if any(line.quantity is None for line in remote.lines):
        return  # unread, and named as such
    digits = order.env["decimal.precision"].precision_get("Product Unit")
    ours = sorted((line.octopus_ref or "", line.quantity) for line in order.line_ids)
    theirs = sorted(
        (line.ref or "", float(rounded(line.quantity, digits))) for line in remote.lines
    )
    if ours != theirs:
        order._flag("other_lines")
