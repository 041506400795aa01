"""Follows the refunds that Octopus reports."""

from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import ConcurrencyError

from ...lib.moments import naive_utc
from ...lib.order_goods import PARENT, parts
from ...lib.refunds import (
    SoldLine,
    has_changed,
    pieces_with,
    refund_money,
    refunded_pieces,
    stated_amount,
    statement,
    with_parts,
)
from ...orm import touch_rows
from ..order.screens import notify_screens
from ..order.stock_deduction import lines_of_pieces, sort_out_sets


def store_refunds(order, remote):
    """Store the refunds that are not known yet, and flag those that are others now.

    :raise ConcurrencyError: another transaction stored one at the same moment; start again in
        a new one
    """
    known = {refund.octopus_ref: refund for refund in order.refund_ids}
    for position, refund in enumerate(remote.refunds):
        ref = refund.ref or f"#{position}"
        # One that cannot be read is stored by the update that can be.
        if any(line.quantity is None for line in refund.lines):
            continue
        if ref in known:
            _follow_edit(known[ref], refund)
            continue
        touch_rows(order)
        # One that comes with the order is stored before the worker tells kits from their pieces.
        if order.stock_state == "waiting":
            sort_out_sets(order)
        vals, pieces = _prepare_refund(order, refund, of_bundles=_parts(order, remote))
        vals |= {
            "octopus_ref": ref,
            "refunded_at": _moment(refund, remote),
            "stated": statement(refund),
            "line_ids": [Command.create(line) for line in pieces],
            "is_applied": _is_nothing_due(order, pieces),
        }
        try:
            stored = order.env["octopus.order.refund"].create(vals)
        except UniqueViolation as error:
            raise ConcurrencyError("refund stored at the same moment") from error
        _log_refund(stored)
        notify_screens(order)


def _moment(refund, remote):
    """Return when the money went back: now, when the channel does not say, or says that it is still
    to come."""
    now = fields.Datetime.now()
    moment = naive_utc(refund.refunded_at or remote.updated_at)
    return min(moment.replace(microsecond=0), now) if moment else now


def _is_nothing_due(order, pieces):
    """Return whether nothing is to be restocked, or it was with the whole order."""
    is_back = order.status == "cancelled" and not order.is_return_open
    return is_back or not any(line["restock"] and line["order_line_id"] for line in pieces)


def _parts(order, remote):
    """Return {place of a bundle: [(places of the lines that may have a part, how many are in one)]}
    among the lines of an order, from the oldest one; see `pieces_with`."""
    lines = order.line_ids.sorted("id")
    places = {line.octopus_ref: place for place, line in enumerate(lines) if line.octopus_ref}
    known = [line for line in remote.lines if line.ref in places]
    found = parts(known, [lines[places[line.ref]].kind for line in known])
    of_bundles = {
        places[known[bundle].ref]: [([places[known[part].ref]], None) for part in of_bundle]
        for bundle, of_bundle in found.items()
    }
    # What only the products tell: kits and combos whose pieces stand on lines of their own.
    at = {line: place for place, line in enumerate(lines)}
    for line in lines.filtered(lambda line: line.kind == PARENT and at[line] not in of_bundles):
        of_bundles[at[line]] = [
            ([at[piece] for piece in of_piece], Decimal(str(each)))
            for of_piece, each in lines_of_pieces(line)
        ]
    return of_bundles


def _prepare_refund(order, refund, stored=None, *, of_bundles=None):
    """Return the values of a refund, and the list of those of its lines.

    :param stored: the record of this refund: its own money and pieces do not count
    :param dict of_bundles: what `_parts` returns
    """
    stored = stored or order.refund_ids.browse()
    currency = order.currency_id
    lines = order.line_ids.sorted("id")
    others = sum((order.refund_ids - stored).mapped("amount"))
    total = Decimal(str(currency.round(order.check_total - others)))
    stated = stated_amount(refund, currency.name)
    is_everything = stated is not None and 0 < total <= stated
    sold = [_sold_line(line, stored) for line in lines]
    pieces = refunded_pieces(refund, sold, is_everything=is_everything)
    money = refund_money(
        refund,
        pieces,
        currency=currency.name,
        is_tax_added=not (order.taxes_included or order.is_tax_paid_by_channel),
    )
    vals = {
        "order_id": order.id,
        "amount": currency.round(float(money.amount)),
        "amount_tax": currency.round(float(money.tax)),
        "amount_shipping": currency.round(float(money.shipping)),
        "amount_tip": currency.round(float(money.tip)),
        "restock": bool(refund.restock or any(piece.is_restocked for piece in pieces)),
    }
    found = {at: pieces_with(sold, at, of_one) for at, of_one in (of_bundles or {}).items()}
    return vals, _prepare_pieces(order, lines, with_parts(pieces, sold, found))


def _prepare_pieces(order, lines, pieces):
    locations = _locations(order, pieces)
    return [
        {
            "order_line_id": lines[piece.at].id if piece.at is not None else False,
            "octopus_line_ref": piece.ref,
            "quantity": float(piece.quantity),
            "amount": float(piece.amount),
            "amount_tax": float(piece.tax),
            "restock": piece.is_restocked,
            "location_id": locations.get(piece.location_ref, False),
        }
        for piece in pieces
        if piece.at is not None or piece.is_restocked or piece.quantity
    ]


def _sold_line(line, stored):
    others = line.refund_line_ids.filtered(lambda piece: piece.refund_id != stored)

    def exact(number):
        return Decimal(str(number))

    return SoldLine(
        ref=line.octopus_ref,
        variant_ref=line.octopus_variant_ref,
        sku=line.sku or "",
        quantity=exact(max(line.quantity, 0)),
        price=exact(line.price_unit),
        subtotal=exact(line.subtotal),
        tax=exact(line.tax),
        refunded=exact(sum(others.mapped("quantity"))),
    )


def _locations(order, pieces):
    """Return the ids of the locations of the store that refunds name, by Octopus's id."""
    refs = {piece.location_ref for piece in pieces if piece.is_restocked and piece.location_ref}
    if not refs:
        return {}
    found = order.env["octopus.location"].search(
        [("account_id", "=", order.account_id.id), ("octopus_ref", "in", list(refs))]
    )
    return {location.octopus_ref: location.id for location in found}


def _follow_edit(stored, refund):
    """Follow the money of a refund that is another one now; its goods are left to a person."""
    now = statement(refund)
    if stored.stated == now:
        return
    order = stored.order_id
    touch_rows(order)
    if not stored.stated or has_changed(stored.stated, now):
        money, _lines = _prepare_refund(order, refund, stored)
        names = ("amount", "amount_tax", "amount_shipping", "amount_tip")
        stored.write({name: money[name] for name in names})
    if stored.stated and has_changed(stored.stated, now):
        order._flag("refund_changed", number=stored.octopus_ref)
    stored.stated = now


def _log_refund(refund):
    """Add a refund to the history, and flag what cannot be followed."""
    order, env = refund.order_id, refund.env
    if refund.is_unclear:
        body = env._(
            "Refunded by the channel without saying which goods. Press Choose Refunded Goods."
        )
        order._message_log(body=body)
    elif any(refund.line_ids.mapped("restock")):
        order._message_log(body=env._("Refunded; the channel restocked the goods."))
    elif any(refund.line_ids.mapped("quantity")):
        order._flag("refunded_not_restocked")
    else:
        order._message_log(body=env._("Refunded by the channel: money only, no goods."))
