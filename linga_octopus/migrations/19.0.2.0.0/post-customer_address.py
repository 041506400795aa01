"""Orders that still wait for their goods keep the address for a contact of their customer.

The intake saves it since 19.0.2.0.0. For the orders from before, it is read from the order as
Octopus sent it, where that is still kept.
"""

import json
import logging

from odoo.addons.linga_octopus.lib.octopus_api import Order, loads
from odoo.addons.linga_octopus.lib.order_mapping import contact_address

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    cr.execute(
        """SELECT id, payload FROM octopus_order
            WHERE stock_state IN ('waiting', 'blocked')
              AND partner_id IS NULL AND customer_address IS NULL AND payload IS NOT NULL"""
    )
    for order_id, payload in cr.fetchall():
        try:
            address = contact_address(Order.from_json(loads(payload)))
        except ValueError:
            _logger.warning("The address of online order %s cannot be read.", order_id)
            continue
        if address:
            cr.execute(
                "UPDATE octopus_order SET customer_address = %s WHERE id = %s",
                [json.dumps(address), order_id],
            )
