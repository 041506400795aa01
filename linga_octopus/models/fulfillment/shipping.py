"""Makes parcels of what the store ships or hands over."""

from odoo import Command, fields
from odoo.exceptions import UserError

from ...const import PUSH_STATUS_CRON
from ...lib.fulfillments import ALL_OUT
from ...lib.tracking import split_numbers
from ...orm import format_quantity, touch_rows
from ..delivery.pieces import line_location
from ..order.screens import notify_screens
from ..order.status_push import synced_values


def ship(order, pieces=None, *, numbers=(), **values):
    """Return a new parcel of an order that has left; `order` is sudoed.

    :param dict pieces: {line: how many}; everything that is left, without it
    :param numbers: the tracking numbers
    :param values: further fields of the parcel
    :raise UserError: more pieces than are left, or nothing to ship
    """
    touch_rows(order)  # somebody else may ship the same pieces
    before = order.fulfillment_state
    left = order._lines_to_ship()
    pieces = left if pieces is None else {line: n for line, n in pieces.items() if n}
    _check(order, pieces, left)
    parcels = order.env["octopus.fulfillment"]
    parcel = parcels.create(
        {
            "order_id": order.id,
            "location_id": _location(order, pieces).id,
            "shipped_at": fields.Datetime.now(),
            "user_id": order.env.user.id,
            "tracking_numbers": ", ".join(numbers),
            "tracking_urls": parcels._links(values.get("carrier"), numbers, order.company_id),
            "notify_customer": order.account_id.notify_customer,
            **values,
            "line_ids": _line_commands(pieces),
        }
    )
    _log(parcel)
    _tell(parcel)
    settle(order, before)
    return parcel


def hand_over(order, pieces=None, *, handed_to=""):
    """Hand over goods at the counter: as `ship`, to somebody by name."""
    return ship(order, pieces, kind="counter", handed_to=handed_to, notify_customer=False)


def _location(order, pieces):
    """Return the location from which all these lines leave, otherwise that of the order."""
    locations = {line_location(line) for line in pieces}
    return locations.pop() if len(locations) == 1 else order.location_id


def _line_commands(pieces):
    return [
        Command.create({"order_line_id": line.id, "quantity": quantity})
        for line, quantity in pieces.items()
    ]


def _check(order, pieces, left):
    env = order.env
    if order.status == "cancelled":
        raise UserError(
            env._("Online order %(order)s is cancelled: do not ship it.", order=order.display_name)
        )
    if not pieces:
        raise UserError(
            env._("Online order %(order)s has nothing left to ship.", order=order.display_name)
        )
    for line, quantity in pieces.items():
        most = left.get(line, 0)
        if not 0 <= quantity <= most:
            raise UserError(
                env._(
                    "At most %(left)s of %(line)s can be shipped: the others have left already, "
                    "or were refunded.",
                    left=format_quantity(env, most),
                    line=line.display_name,
                )
            )


def correct_parcel(parcel, carrier, numbers):
    """Give a parcel of the store another carrier and other numbers; `parcel` is sudoed."""
    touch_rows(parcel.order_id)
    parcel.write(
        {
            "carrier": carrier,
            "tracking_numbers": ", ".join(numbers),
            "tracking_urls": parcel._links(carrier, numbers, parcel.company_id),
        }
    )
    _correct_transfer(parcel, numbers)
    _log(parcel)
    _tell(parcel)
    notify_screens(parcel.order_id)


def _correct_transfer(parcel, numbers):
    """Correct the tracking reference of a transfer, which the parcel would follow otherwise."""
    picking = parcel.picking_id
    said = transfer_says(picking)["numbers"]
    if said and said != list(numbers):
        picking.carrier_tracking_ref = ", ".join(numbers)
    if picking:
        parcel.heard = transfer_says(picking)


def transfer_says(picking):
    """Return the carrier and the tracking numbers on a transfer, as JSON."""
    # The fields are those of `stock_delivery`, which may not be installed.
    if "carrier_tracking_ref" not in picking._fields:
        return {"carrier": "", "numbers": []}
    return {
        "carrier": picking.carrier_id.name or "",
        "numbers": list(split_numbers(picking.carrier_tracking_ref)),
    }


def cancel_parcels(parcels):
    """Say that parcels of the store did not leave, and have Octopus told."""
    if any(parcel.origin == "channel" for parcel in parcels):
        raise UserError(
            parcels.env._("The sales channel shipped this: only the channel can take it back.")
        )
    # Parcels are written by the addon; every user of online orders may ship and take back.
    for parcel_sudo in parcels.sudo().filtered(lambda parcel: parcel.state == "done"):
        order_sudo = parcel_sudo.order_id
        touch_rows(order_sudo)
        before = order_sudo.fulfillment_state
        parcel_sudo.state = "cancelled"
        order_sudo.message_post(
            author_id=parcels.env.user.partner_id.id,
            body=parcels.env._("Parcel cancelled: %(parcel)s", parcel=parcel_sudo.display_name),
        )
        _tell(parcel_sudo)
        settle(order_sudo, before, taken_back=parcel_sudo)


def dismiss_parcels(parcels):
    """Leave Octopus without parcels that it refused; `parcels` is sudoed."""
    for parcel in parcels.filtered(lambda parcel: parcel.push_status == "failed"):
        order = parcel.order_id
        parcel.push_status = "dismissed"
        order.message_post(
            body=parcels.env._(
                "Octopus is not told of the parcel %(parcel)s.", parcel=parcel.display_name
            ),
        )
        if not order.has_failed_parcel:
            order._unflag("parcel_failed")


def _tell(parcel):
    """Have the worker tell Octopus of a parcel."""
    parcel.push_status = "pending"
    parcel.order_id.is_parcel_due = True
    parcel.order_id._wake_worker(PUSH_STATUS_CRON)


def _log(parcel):
    """Add a parcel to the history of its order."""
    env, contents = parcel.env, parcel.contents or ""
    if parcel.kind == "counter":
        name = parcel.handed_to or env._("the customer")
        body = env._("Handed over to %(name)s:\n%(goods)s", name=name, goods=contents)
    else:
        body = env._("Shipped: %(parcel)s\n%(goods)s", parcel=parcel.display_name, goods=contents)
    author = parcel.user_id.partner_id
    parcel.order_id._message_log(body=body, author_id=author.id)


def settle(order, before, *, is_by_channel=False, taken_back=None):
    """Follow how far the hand-over of an order is now: complete the order when all is out, reopen
    it when pieces are to be shipped again; `order` is sudoed.

    :param before: the state of the hand-over before
    :param taken_back: the parcels that were cancelled just now
    """
    notify_screens(order)
    is_out = order.fulfillment_state in ALL_OUT
    if is_out and order.status == "take_action":
        account = order.account_id
        if is_by_channel and account.complete_when_channel_ships:
            order.write({"status": "completed", **synced_values(order)})
        elif not is_by_channel and account.complete_when_shipped:
            order.status = "completed"
    elif (
        order.status == "completed"
        and not is_out
        # Somebody may have completed it with goods that are in no parcel.
        and (before in ALL_OUT or (taken_back and has_pieces_left(taken_back)))
    ):
        order.status = "take_action"
    if order.pickup_ready_at:
        order._queue_status_push()  # what tag and note say of it may be otherwise now


def has_pieces_left(parcels):
    """Return whether pieces that were in these parcels are to be shipped again."""
    return any(line._line_pieces().left > 0 for line in parcels.line_ids.order_line_id)
