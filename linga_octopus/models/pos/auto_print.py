"""Which new orders a Point of Sale is to print by itself.

A Point of Sale that prints new orders claims them (`octopus.order.print`), prints, and says how it
went. Of several, one gets an order; when it dies before it has printed, its claim lapses.
"""

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from ..order.status_rules import TO_ACT

# The worker takes the goods off the stock first, so that the slip says what is missing; it is not
# waited for longer than this.
WAIT_FOR_STOCK = timedelta(minutes=1)


def to_print_domain(config):
    """Return the domain of the orders that this Point of Sale is to print, printed ones included:
    those that came since it does, and whose goods somebody packs here."""
    is_sorted_out = Domain("stock_state", "!=", "waiting") | Domain(
        "received_at", "<", fields.Datetime.now() - WAIT_FOR_STOCK
    )
    return (
        TO_ACT
        & Domain("id", ">", config.octopus_auto_print_after)
        & Domain("is_test", "=", False)
        & Domain("refund_state", "!=", "full")
        & Domain("stock_state", "!=", "none")
        & is_sorted_out
    )


def values_to_start(env, vals):
    """Return the values of a Point of Sale, with the order after which it begins to print when it
    is told to: what waits already has been seen."""
    if not vals.get("octopus_auto_print") or "octopus_auto_print_after" in vals:
        return vals
    latest_sudo = env["octopus.order"].sudo().search([], order="id desc", limit=1)
    return {**vals, "octopus_auto_print_after": latest_sudo.id or 0}
