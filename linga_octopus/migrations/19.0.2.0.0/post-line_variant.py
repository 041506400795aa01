"""Lines say which variant of the product was ordered.

The intake saves it since 19.0.2.0.0. For the orders from before, it is read from the order as
Octopus sent it, where that is still kept.
"""

import logging

from odoo.addons.linga_octopus.lib.octopus_api import Order, loads
from odoo.addons.linga_octopus.lib.order_mapping import variant_name

_logger = logging.getLogger(__name__)
ORDERS = 1_000  # read at a time


def migrate(cr, version):
    cr.execute(r"""SELECT id FROM octopus_order WHERE payload ~ '"(variant_title|name)"\s*:\s*"'""")
    ids = [order_id for (order_id,) in cr.fetchall()]
    for start in range(0, len(ids), ORDERS):
        cr.execute(
            "SELECT id, payload FROM octopus_order WHERE id = ANY(%s)",
            [ids[start : start + ORDERS]],
        )
        rows = [row for order_id, payload in cr.fetchall() for row in _variants(order_id, payload)]
        if rows:
            cr.execute_values(
                """UPDATE octopus_order_line line SET variant_name = said.variant
                     FROM (VALUES %s) said (order_id, ref, variant)
                    WHERE line.order_id = said.order_id AND line.octopus_ref = said.ref
                      AND line.variant_name IS NULL""",
                rows,
            )


def _variants(order_id, payload):
    """Yield (order, line, variant) of the lines that name one."""
    try:
        remote = Order.from_json(loads(payload))
    except ValueError:
        _logger.warning("The variants of online order %s cannot be read.", order_id)
        return
    for line in remote.lines:
        variant = variant_name(line)
        if line.ref and variant:
            yield order_id, line.ref, variant
