"""*Third Party Order No.* is what the channel and the customer call the order, such as `#1150`.

The intake reads it so since 19.0.2.0.0. Orders from before get it from the order as Octopus sent
it, where that is still kept, and are found by the number that they had, too.
"""

import logging

from odoo.addons.linga_octopus.lib.octopus_api import Order, loads

_logger = logging.getLogger(__name__)
ORDERS = 1_000  # read at a time


def migrate(cr, version):
    cr.execute("SELECT id FROM octopus_order WHERE payload <> ''")
    ids = [order_id for (order_id,) in cr.fetchall()]
    for start in range(0, len(ids), ORDERS):
        cr.execute(
            """SELECT id, payload, coalesce(third_party_order_no, '') FROM octopus_order
                WHERE id = ANY(%s)""",
            [ids[start : start + ORDERS]],
        )
        rows = [numbers for row in cr.fetchall() for numbers in _numbers(*row)]
        if rows:
            cr.execute_values(
                """UPDATE octopus_order SET third_party_order_no = said.number,
                          other_numbers = nullif(said.others, '')
                     FROM (VALUES %s) said (id, number, others)
                    WHERE octopus_order.id = said.id""",
                rows,
            )


def _numbers(order_id, payload, number):
    """Yield (order, its number, its other numbers as a text) of an order that can be read."""
    try:
        remote = Order.from_json(loads(payload))
    except ValueError:
        _logger.warning("The numbers of online order %s cannot be read.", order_id)
        return
    said = remote.number or number
    others = dict.fromkeys((*remote.other_numbers, number))
    yield order_id, said, ", ".join(other for other in others if other not in ("", said))
