"""Follows the refunds that Octopus reports."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError

from ...lib.order_mapping import restocked
from ...orm import touch_rows


def store_refunds(order, remote):
    """Store the refunds that are not known yet.

    :raise ConcurrencyError: another transaction stored one at the same moment; start again in
        a new one
    """
    known = set(order.refund_ids.mapped("octopus_ref"))
    for position, refund in enumerate(remote.refunds):
        ref = refund.ref or f"#{position}"
        # One that cannot be read is stored by the update that can be.
        if ref in known or any(line.quantity is None for line in refund.lines):
            continue
        touch_rows(order)
        pieces = restocked(refund)
        vals = {
            "order_id": order.id,
            "octopus_ref": ref,
            "restock": bool(refund.restock or pieces),
            "quantities": pieces,
            # Nothing is to be restocked, or it was with the whole order.
            "is_applied": not pieces or order.status == "cancelled",
        }
        try:
            order.env["octopus.order.refund"].create(vals)
        except UniqueViolation as error:
            raise ConcurrencyError("refund stored at the same moment") from error
        _log_refund(order, refund, pieces)


def _log_refund(order, refund, pieces):
    """Add a refund to the history, and flag what cannot be followed."""
    known = set(order.line_ids.mapped("octopus_ref"))
    is_unclear = refund.restock and not refund.lines
    if is_unclear or not known.issuperset(pieces):
        order._flag("refunded_unclear")
    elif pieces:
        order.message_post(body=order.env._("Refunded; the channel restocked the goods."))
    else:
        order._flag("refunded_not_restocked")
