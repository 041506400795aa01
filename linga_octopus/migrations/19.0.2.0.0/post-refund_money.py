"""Refunds have their money, which the intake keeps since 19.0.2.0.0.

It is read from the order as Octopus sent it, where that is still kept. Otherwise the next update
of the order brings it.
"""

import logging
from dataclasses import replace

from odoo import SUPERUSER_ID, api

from odoo.addons.linga_octopus.lib.octopus_api import Order, loads

_logger = logging.getLogger(__name__)
ORDERS = 1_000  # read at a time


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """SELECT DISTINCT o.id FROM octopus_order o
             JOIN octopus_order_refund refund ON refund.order_id = o.id
            WHERE o.payload IS NOT NULL AND refund.stated IS NULL
            ORDER BY o.id"""
    )
    ids = [order_id for (order_id,) in cr.fetchall()]
    for start in range(0, len(ids), ORDERS):
        for order in env["octopus.order"].browse(ids[start : start + ORDERS]):
            _read_money(order)
        env.flush_all()
        env.invalidate_all()


def _read_money(order):
    try:
        remote = Order.from_json(loads(order.payload))
    except ValueError:
        _logger.warning("The refunds of online order %s cannot be read.", order.id)
        return
    known = set(order.refund_ids.mapped("octopus_ref"))
    # Nothing but the money is followed: no refund is added, and no goods move.
    refunds = tuple(refund for refund in remote.refunds if refund.ref in known)
    order.with_company(order.company_id)._follow_refunds(replace(remote, refunds=refunds))
