"""Addresses of orders are laid out as in their country, and their HTML entities are read.

The intake does so since 19.0.2.0.0. Without this, the next update of an order from before would
look like another address. It is read from the order as Octopus sent it, where that is still kept.
"""

import html
import logging

from odoo.addons.linga_octopus.lib.octopus_api import Order, loads
from odoo.addons.linga_octopus.lib.order_mapping import address_text

_logger = logging.getLogger(__name__)
ORDERS = 1_000  # read at a time
# The lines of an address as they were.
LINES = (
    *(("name",), ("company",), ("street",), ("street2",)),
    *(("zip", "city"), ("state",), ("country",), ("phone",)),
)


def migrate(cr, version):
    cr.execute("SELECT code, name->>'en_US', address_format FROM res_country")
    layouts = [row for row in cr.fetchall() if all(row)]
    cr.execute(
        """SELECT id FROM octopus_order
            WHERE payload IS NOT NULL AND (billing_address <> '' OR shipping_address <> '')"""
    )
    ids = [order_id for (order_id,) in cr.fetchall()]
    for start in range(0, len(ids), ORDERS):
        cr.execute(
            """SELECT id, payload, billing_address, shipping_address FROM octopus_order
                WHERE id = ANY(%s)""",
            [ids[start : start + ORDERS]],
        )
        rows = [row for order in cr.fetchall() if (row := _laid_out(layouts, *order))]
        if rows:
            cr.execute_values(
                """UPDATE octopus_order o SET billing_address = given.billing,
                                              shipping_address = given.shipping
                     FROM (VALUES %s) given (id, billing, shipping) WHERE given.id = o.id""",
                rows,
            )


def _laid_out(layouts, order_id, payload, billing, shipping):
    """Return (order, billing address, shipping address), None when none of them changes."""
    try:
        remote = Order.from_json(loads(payload))
    except ValueError:
        _logger.warning("The addresses of online order %s cannot be read.", order_id)
        return None
    found = (
        _text(layouts, billing, remote.billing_address),
        _text(layouts, shipping, remote.shipping_address),
    )
    return (order_id, *found) if found != (billing, shipping) else None


def _text(layouts, stored, address):
    """Return the new text of an address; another address than that of the payload stays."""
    if not (stored and address):
        return stored
    lines = (" ".join(filter(None, (getattr(address, key) for key in keys))) for keys in LINES)
    was = "\n".join(filter(None, lines))
    return address_text(address, layouts) if html.unescape(stored) == was else stored
