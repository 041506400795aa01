"""Makes parcels of what staff does with transfers: tracking references, deliveries by hand."""

import logging
from datetime import timedelta

from odoo import fields

from ...orm import CONCURRENCY_ERRORS
from .shipping import cancel_parcels, correct_parcel, ship, transfer_says

# The worker looks every minute; it may have been switched off for a weekend.
LATELY = timedelta(days=3)
_logger = logging.getLogger(__name__)


def tracked_deliveries(env):
    """Return the deliveries of online orders whose tracking reference may be another one lately."""
    pickings, parcels = env["stock.picking"], env["octopus.fulfillment"]
    # The field is that of `stock_delivery`, which may not be installed.
    if "carrier_tracking_ref" not in pickings._fields:
        return pickings
    since = fields.Datetime.now() - LATELY
    changed = [("octopus_order_id", "!=", False), ("write_date", ">=", since)]
    tracked = pickings.search(
        [
            *changed,
            ("carrier_tracking_ref", "!=", False),
            ("return_id", "=", False),
            ("state", "=", "done"),
        ]
    )
    # Its reference may have been cleared. A delivery by hand is looked for by its parcel only.
    known = parcels.search([("picking_id", "any", changed)])
    known |= parcels.search([("picking_id", "!=", False), ("shipped_at", ">=", since)])
    return tracked | known.picking_id


def ship_tracked(deliveries):
    """Follow the tracking references of deliveries, each in a transaction of its own; `deliveries`
    is sudoed."""
    env = deliveries.env
    parcels = env["octopus.fulfillment"].search([("picking_id", "in", deliveries.ids)])
    by_delivery = parcels.grouped("picking_id")
    for picking in deliveries:
        try:
            if _follow(picking, by_delivery.get(picking, parcels.browse())):
                env["ir.cron"]._commit_progress()
        except CONCURRENCY_ERRORS:
            env.cr.rollback()  # the next run tries it again
        # One delivery must not keep the parcels of others from being told.
        except Exception:
            _logger.exception("The parcel of delivery %s was not followed", picking.id)
            env.cr.rollback()


def _follow(picking_sudo, parcels_sudo):
    """Have the last parcel of a delivery be as the delivery says now; return whether anything is
    done.

    A reference that is cleared, as Odoo does when the shipment is cancelled with the carrier, takes
    the parcel back; another one afterwards is a new parcel.
    """
    parcel_sudo, said = parcels_sudo[-1:], transfer_says(picking_sudo)
    heard = parcel_sudo.heard or {}
    if said == heard:
        return False
    if parcel_sudo.state == "done":
        if heard.get("numbers") and not said["numbers"]:
            cancel_parcels(parcel_sudo)
        else:
            _correct(parcel_sudo, said, heard)
    elif said["numbers"]:
        order_sudo = picking_sudo.octopus_order_id or parcel_sudo.order_id
        if _ship(picking_sudo, order_sudo, _moves_out(picking_sudo)):
            return True
    if parcel_sudo:
        parcel_sudo.heard = said
    return bool(parcel_sudo)


def _correct(parcel_sudo, said, heard):
    """Give a parcel what its delivery says otherwise than before: the rest may be corrected on the
    parcel."""
    news = {key: value for key, value in said.items() if value and value != heard.get(key)}
    carrier = news.get("carrier", parcel_sudo.carrier)
    numbers = tuple(news.get("numbers", parcel_sudo._numbers()))
    if (carrier, numbers) != (parcel_sudo.carrier, parcel_sudo._numbers()):
        correct_parcel(parcel_sudo, carrier, numbers)


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
        moves_sudo = _moves_out(picking_sudo)
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


def _moves_out(picking_sudo):
    return picking_sudo.move_ids.filtered(
        lambda move: move.state == "done" and not move.origin_returned_move_id
    )


def _ship(picking_sudo, order_sudo, moves_sudo):
    """Make a parcel of the goods of a transfer; return whether any of them are left to ship."""
    pieces = order_sudo.status != "cancelled" and _pieces_of(moves_sudo, order_sudo)
    if pieces:
        said = transfer_says(picking_sudo)
        ship(
            order_sudo,
            pieces,
            numbers=said["numbers"],
            carrier=said["carrier"] or False,
            picking_id=picking_sudo.id,
            heard=said,
        )
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
