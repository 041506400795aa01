"""Makes parcels of what staff does with transfers: tracking references, deliveries by hand."""

import logging
from datetime import timedelta

from odoo import fields

from ...lib.tracking import split_numbers
from ...orm import CONCURRENCY_ERRORS
from .shipping import correct_parcel, ship

# The worker looks every minute; it may have been switched off for a weekend.
LATELY = timedelta(days=3)
_logger = logging.getLogger(__name__)


def tracked_deliveries(env):
    """Return the deliveries of online orders that got a tracking reference lately."""
    pickings = env["stock.picking"]
    # The field is that of `stock_delivery`, which may not be installed.
    if "carrier_tracking_ref" not in pickings._fields:
        return pickings
    return pickings.search(
        [
            ("octopus_order_id", "!=", False),
            ("carrier_tracking_ref", "!=", False),
            ("return_id", "=", False),
            ("state", "=", "done"),
            ("write_date", ">=", fields.Datetime.now() - LATELY),
        ]
    )


def ship_tracked(deliveries):
    """Make parcels of deliveries that have a tracking reference, each in a transaction of its own;
    `deliveries` is sudoed."""
    env = deliveries.env
    for picking in deliveries:
        try:
            if _ship(picking, picking.octopus_order_id, picking.move_ids):
                env["ir.cron"]._commit_progress()
        except CONCURRENCY_ERRORS:
            env.cr.rollback()  # the next run tries it again
        # One delivery must not keep the parcels of others from being told.
        except Exception:
            _logger.exception("No parcel was made of delivery %s", picking.id)
            env.cr.rollback()


def ship_done(pickings):
    """Make parcels of deliveries that staff has made for online orders."""
    # Every transfer of the company comes here: most name no order, or are sales at a counter.
    named = pickings.filtered(lambda picking: picking.octopus_order_id or picking.origin)
    outgoing_sudo = named.sudo().filtered(
        lambda picking: (
            not picking.pos_session_id
            and picking.picking_type_code == "outgoing"
            and picking.state == "done"
        )
    )
    for picking_sudo in outgoing_sudo:
        moves_sudo = picking_sudo.move_ids.filtered(
            lambda move: move.state == "done" and not move.origin_returned_move_id
        )
        order_sudo = picking_sudo.octopus_order_id or moves_sudo.octopus_order_line_id.order_id[:1]
        if order_sudo := order_sudo or _named_order_sudo(picking_sudo):
            _ship(picking_sudo, order_sudo, moves_sudo)


def _named_order_sudo(picking_sudo):
    """Return the open order that is the source document of a transfer, or none."""
    orders_sudo = picking_sudo.env["octopus.order"]
    number = (picking_sudo.origin or "").strip().split(" ")[-1]
    if not number:
        return orders_sudo
    found_sudo = orders_sudo.search(
        [
            ("company_id", "=", picking_sudo.company_id.id),
            ("status", "=", "take_action"),
            *("|", ("aggregator_order_no", "=", number), ("third_party_order_no", "=", number)),
        ],
        limit=2,
    ).filtered(lambda order: picking_sudo.origin in (order.display_name, order.aggregator_order_no))
    return found_sudo if len(found_sudo) == 1 else orders_sudo


def _ship(picking_sudo, order_sudo, moves_sudo):
    """Make a parcel of the goods of a transfer, or give the one it has another number; return
    whether there was anything to do."""
    is_tracked = "carrier_tracking_ref" in picking_sudo._fields
    numbers = split_numbers(picking_sudo.carrier_tracking_ref) if is_tracked else ()
    carrier = picking_sudo.carrier_id.name if "carrier_id" in picking_sudo._fields else False
    parcel_sudo = order_sudo.fulfillment_ids.filtered(
        lambda parcel: parcel.picking_id == picking_sudo
    )
    if parcel_sudo:
        is_wrong = parcel_sudo.state == "done" and numbers and numbers != parcel_sudo._numbers()
        if is_wrong:
            correct_parcel(parcel_sudo, carrier or parcel_sudo.carrier, numbers)
        return is_wrong
    pieces = order_sudo.status != "cancelled" and _pieces_of(moves_sudo, order_sudo)
    if pieces:
        ship(order_sudo, pieces, numbers=numbers, carrier=carrier, picking_id=picking_sudo.id)
    return bool(pieces)


def _pieces_of(moves_sudo, order_sudo):
    """Return {line: pieces} of what moves contain of an order, as far as it is left."""
    pieces, left = {}, order_sudo._lines_to_ship()
    for line, most in left.items():
        moves = moves_sudo.filtered(lambda move, line=line: move.octopus_order_line_id == line)
        moves = moves or moves_sudo.filtered(
            lambda move, line=line: (
                not move.octopus_order_line_id and move.product_id == line.product_id
            )
        )
        # The moves of a kit count components: the share of the kit that is furthest out.
        shares = [
            sum(of_product.mapped("quantity")) / (line._pieces(line.quantity) or 1)
            for of_product in moves.grouped("product_id").values()
            if line.product_id == of_product.product_id
        ]
        is_kit = moves and not shares
        taken = most if is_kit else min(line.quantity * max(shares, default=0), most)
        if taken > 0:
            pieces[line] = taken
    return pieces
