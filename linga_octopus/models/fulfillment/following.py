"""Follows the parcels that an update of the channel names, each once."""

from collections import Counter
from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import ConcurrencyError

from ...const import PUSH_STATUS_CRON
from ...lib.fulfillments import (
    ALL_OUT,
    BY_CHANNEL,
    UNNAMED,
    LinePieces,
    Parcel,
    followed_numbers,
    handed_over,
    recognized,
    stated_parcels,
)
from ...lib.moments import naive_utc
from ...lib.order_goods import GOODS, elsewhere_services
from ...orm import touch_rows
from ..order.status_push import synced_values
from .shipping import has_pieces_left, settle

# What Octopus is told of a parcel: see `told_values`.
TOLD_FIELDS = ("state", "carrier", "tracking_numbers")


def follow_parcels(order, remote, *, is_newer):
    """Take over what an update says of parcels; `order` is sudoed.

    :param bool is_newer: whether the update is newer than what is known: it may correct numbers
    :raise ConcurrencyError: another transaction stored a parcel at the same moment; start again in
        a new one
    """
    if remote.states("fulfillments") or remote.states("fulfillment_status"):
        ParcelUpdate(order, remote, is_newer=is_newer).follow()
    if remote.closed_at and not remote.is_cancelled:
        _follow_closing(order)


def compare_parcels(order, remote):
    """Return the pieces in parcels as Octopus says and as Odoo knows; see `_compare_parcels`."""
    if order.is_parcel_due or not remote.states("fulfillments"):
        return None, None  # on its way, or not said
    update = ParcelUpdate(order, remote, is_newer=True)
    lines = update.line_pieces()
    ours = [as_parcel(record) for record in order.fulfillment_ids]
    theirs = stated_parcels(remote, lines, [parcel for parcel in ours if parcel.is_open])
    told = [parcel for parcel in ours if parcel.ref]
    return handed_over(theirs, lines), handed_over(told, lines)


def as_parcel(record):
    """Return the Parcel of a record."""
    is_told = bool(record.octopus_ref)
    may_be_there = record.state == "done" or record.attempted_at
    sent = record.told if record.attempted_at and not is_told else None
    return Parcel(
        key=record,
        ref=record.octopus_ref or "",
        numbers=record._numbers(),
        sent_numbers=tuple((sent or {}).get("numbers", ())),
        urls=tuple((record.tracking_urls or "").splitlines()),
        pieces=pieces_by_ref(record),
        is_dead=record.state == "cancelled",
        is_open=record.origin == "store" and not is_told and bool(may_be_there),
        carrier=record.carrier or "",
    )


def pieces_by_ref(record):
    """Return {what Octopus calls a line: pieces} of a parcel. Pieces that a channel added to a line
    are a line of their own here: Octopus has one for both."""
    pieces = Counter()
    for line in record.line_ids:
        if ref := line.order_line_id.octopus_ref:
            pieces[ref] += Decimal(str(line.quantity))
    return dict(pieces)


class ParcelUpdate:
    """Follows the parcels that an update of an order names.

    :param order: sudoed record of `octopus.order`
    :param Order remote: what Octopus says
    """

    def __init__(self, order, remote, *, is_newer):
        self.order = order
        self.remote = remote
        self.is_newer = is_newer
        self.lines = order.line_ids.filtered("octopus_ref").grouped("octopus_ref")
        self.taken_back = order.fulfillment_ids.browse()

    def follow(self):
        """Store new parcels, and change those that are others now."""
        order, before = self.order, self.order.fulfillment_state
        ours = [as_parcel(record) for record in order.fulfillment_ids]
        open_ones = [parcel for parcel in ours if parcel.is_open]
        theirs = stated_parcels(self.remote, self.line_pieces(), open_ones)
        found = recognized(ours, theirs)
        known = {parcel.key: parcel for parcel in ours}
        is_changed = self._end_unnamed(known, theirs)
        for place, stated in enumerate(theirs):
            if place in found:
                is_changed |= self._update(known[found[place]], stated)
            elif stated.pieces or stated.is_dead or stated.numbers:
                self._create(stated)
                is_changed = True
        if is_changed:
            self._settle(before)

    def line_pieces(self):
        """Return the LinePieces of each line, by what Octopus calls it."""
        # Parcels name what is no goods, too, but nothing is left of it.
        return {
            ref: LinePieces(
                _exact(max(line.quantity, 0) for line in lines if line.kind == GOODS),
                _exact(lines.mapped("quantity_refunded")),
            )
            for ref, lines in self.lines.items()
        }

    def _create(self, stated):
        order = self.order
        touch_rows(order)
        moment = stated.shipped_at or self.remote.updated_at
        vals = {
            "order_id": order.id,
            "origin": "channel",
            "octopus_ref": stated.ref,
            "state": "cancelled" if stated.is_dead else "done",
            "service": stated.service,
            "is_elsewhere": self._is_elsewhere(stated),
            "carrier": stated.carrier,
            "tracking_numbers": ", ".join(stated.numbers),
            "tracking_urls": "\n".join(stated.urls)
            or order.fulfillment_ids._links(stated.carrier, stated.numbers, order.company_id),
            "shipped_at": naive_utc(moment).replace(microsecond=0)
            if moment
            else fields.Datetime.now(),
            "location_id": self._location(stated.location_ref).id,
            "line_ids": self._line_commands(stated.pieces),
        }
        try:
            order.env["octopus.fulfillment"].create(vals)
        except UniqueViolation as error:
            raise ConcurrencyError("parcel stored at the same moment") from error

    def _update(self, known, stated):
        """Follow what is stated of a known parcel; return whether anything changes."""
        record, changes = known.key, self._other_tracking(known, stated)
        if not known.ref:
            changes |= self._answered(record, known, stated)
        elif known.ref != stated.ref and self.is_newer:
            changes["octopus_ref"] = stated.ref
        if stated.is_dead and not known.is_dead:
            changes["state"] = "cancelled"
            self.taken_back |= record
        has_other_pieces = stated.pieces and stated.pieces != known.pieces
        if has_other_pieces and record.origin == "channel" and self.is_newer:
            commands = self._line_commands(stated.pieces, record)
            changes["line_ids"] = [Command.clear(), *commands]
        if changes:
            touch_rows(self.order)
            record.write(changes)
        if "push_status" in changes and not self.order.has_failed_parcel:
            self.order._unflag("parcel_failed")
        if changes.get("push_status") == "pending":
            self.order.is_parcel_due = True
            self.order._wake_worker(PUSH_STATUS_CRON)
        return bool(changes)

    def _other_tracking(self, known, stated):
        """Return the changes of numbers, links and carrier; those of the store are the store's."""
        is_theirs, changes = known.key.origin == "channel", {}
        numbers = followed_numbers(known.numbers, stated.numbers, is_newer=self.is_newer)
        if is_theirs and numbers != known.numbers:
            changes["tracking_numbers"] = ", ".join(numbers)
        is_better = self.is_newer or not known.carrier
        if is_theirs and is_better and stated.carrier not in ("", known.carrier):
            changes["carrier"] = stated.carrier
        urls = followed_numbers(known.urls, stated.urls, is_newer=self.is_newer)
        if urls != known.urls:
            changes["tracking_urls"] = "\n".join(urls)
        return changes

    def _answered(self, record, known, stated):
        """Return the changes of a parcel of ours whose id in Octopus is known now."""
        removed = set(known.sent_numbers) - set(known.numbers)
        is_same = set(stated.numbers) >= set(known.numbers) and removed.isdisjoint(stated.numbers)
        is_alive = record.state == "done" or stated.is_dead
        return {
            "octopus_ref": stated.ref,
            "attempted_at": False,
            "push_status": "synced" if is_same and is_alive else "pending",
            "told": told_values(record) if is_same else False,
        }

    def _end_unnamed(self, known, theirs):
        """End what the channel handed over without naming parcels, when it does so no more."""
        if not self.is_newer or any(stated.ref == UNNAMED for stated in theirs):
            return False
        ended = [
            record
            for record, parcel in known.items()
            if parcel.ref == UNNAMED and not parcel.is_dead
        ]
        for record in ended:
            touch_rows(self.order)
            record.state = "cancelled"
            self.taken_back |= record
        return bool(ended)

    def _line_commands(self, pieces, record=None):
        """Return the commands for the pieces of a parcel.

        :param record: the parcel that has others until now; None for a new one
        """
        return [
            Command.create({"order_line_id": line.id, "quantity": float(share)})
            for ref, quantity in pieces.items()
            for line, share in self._shares(self.lines[ref], quantity, record)
        ]

    def _shares(self, lines, quantity, record):
        """Yield the lines that Octopus has as one, each with its share of the pieces of a parcel:
        what is left of it, and of the last line the rest."""
        *others, last = lines
        for line in others:
            own = line.fulfillment_line_ids.filtered(
                lambda part: part.fulfillment_id == record and record.state == "done"
            )
            share = min(quantity, line._line_pieces().left + _exact(own.mapped("quantity")))
            if share > 0:
                yield line, share
                quantity -= share
        if quantity > 0:
            yield last, quantity

    def _is_elsewhere(self, stated):
        """Return whether others ship all of a parcel; one that names no service is that of whoever
        ships its lines."""
        services = {stated.service} if stated.service else self._services_of(stated.pieces)
        known = self.order.channel_id.service_ids
        decided = {entry.name: entry.is_elsewhere for entry in known}
        return bool(services) and services <= elsewhere_services(self.remote, decided)

    def _services_of(self, refs):
        return {line.service for line in self.remote.lines if line.ref in refs}

    def _location(self, ref):
        order = self.order
        if not ref:
            return order.location_id
        locations = order.account_id.with_context(active_test=False).location_ids
        return locations.filtered(lambda location: location.octopus_ref == ref)[:1]

    def _settle(self, before):
        order, env = self.order, self.order.env
        after = order.fulfillment_state
        if after == BY_CHANNEL != before:
            order._message_log(body=env._("Shipped by the channel: do not pack."))
        elif after not in ALL_OUT and (before in ALL_OUT or has_pieces_left(self.taken_back)):
            order._message_log(body=env._("The channel took a parcel back: pack it again."))
        settle(order, before, is_by_channel=True, taken_back=self.taken_back)


def _exact(quantities):
    return sum((Decimal(str(quantity)) for quantity in quantities), Decimal(0))


def told_values(record):
    """Return what Octopus is told of a parcel, as JSON."""
    return {
        "state": record.state,
        "carrier": record.carrier or "",
        "numbers": list(record._numbers()),
    }


def _follow_closing(order):
    """Complete an order that the channel closed, or say that it is not all shipped."""
    if order.status != "take_action":
        return
    if order._lines_to_ship():
        order._flag("closed_by_channel")
    elif order.account_id.complete_when_channel_ships:
        order.write({"status": "completed", **synced_values(order)})
