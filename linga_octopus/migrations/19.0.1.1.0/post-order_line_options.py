"""Orders that came before their lines had *Options* may still be to be done: what the customer
chose or had engraved is read from the order as Octopus sent it, where that is still kept.
"""

import logging

from odoo.addons.linga_octopus.lib.octopus_api import Order, loads
from odoo.addons.linga_octopus.lib.order_mapping import options_text

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    cr.execute(
        r"""SELECT id, payload FROM octopus_order
             WHERE payload ~ '"properties"\s*:\s*\[\s*[^]\s]'"""
    )
    rows = [row for order_id, payload in cr.fetchall() for row in _options(order_id, payload)]
    if rows:
        cr.execute_values(
            """UPDATE octopus_order_line line SET properties = said.properties
                 FROM (VALUES %s) said (order_id, ref, properties)
                WHERE line.order_id = said.order_id AND line.octopus_ref = said.ref
                  AND line.properties IS NULL""",
            rows,
        )


def _options(order_id, payload):
    """Yield (order, line, text) of the lines for which the customer chose something."""
    try:
        remote = Order.from_json(loads(payload))
    except ValueError:
        # An earlier version took it in; the order itself stays as it is.
        _logger.warning("The options of online order %s cannot be read.", order_id)
        return
    for line in remote.lines:
        text = options_text(line.options)
        if line.ref and text:
            yield order_id, line.ref, text
