"""Parcels of an order: what is open, and what the channel says against what is known here.

Pure functions on the value objects of `octopus_api`: no Odoo, no database. Updates of the channel
come twice, late and in any order, so nothing here ever takes a parcel or a number away; only a
cancelled parcel gives its pieces back.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

NONE = Decimal(0)
# How much of an order has been handed over.
PART, FULL, BY_CHANNEL = "part", "full", "channel"
# Nothing is left to hand over.
ALL_OUT = (FULL, BY_CHANNEL)
# What a channel calls an order that is handed over as a whole.
WHOLE_STATUSES = frozenset({"fulfilled", "shipped", "complete", "completed", "delivered"})
# Stands for the id of what the channel hands over without naming a parcel.
UNNAMED = "#whole"
_SEPARATORS = re.compile(r"[\s.\-]+")
# Links of channels are opened by a button.
_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True)
class Parcel:
    """A parcel as one side knows it.

    ``key``: of the record here; ``ref``: Octopus's id; ``pieces``: {line: Decimal}; ``is_open``:
    ours, and Octopus has not answered an id for it; ``sent_numbers``: those that it was sent with,
    when the answer got lost
    """

    key: Any = None
    ref: str = ""
    numbers: tuple = ()
    urls: tuple = ()
    pieces: dict = field(default_factory=dict)
    is_dead: bool = False
    is_open: bool = False
    carrier: str = ""
    service: str = ""
    location_ref: str | None = None
    shipped_at: datetime | None = None
    sent_numbers: tuple = ()


# === PIECES === #


@dataclass(frozen=True)
class LinePieces:
    """The pieces of a line.

    ``elsewhere``: those that a service of the channel ships; ``shipped``, ``shipped_elsewhere``:
    those in parcels from here and from elsewhere
    """

    ordered: Decimal
    refunded: Decimal = NONE
    elsewhere: Decimal = NONE
    shipped: Decimal = NONE
    shipped_elsewhere: Decimal = NONE

    @property
    def due(self):
        """The pieces that the customer is to get."""
        return max(self.ordered - self.refunded, NONE)

    @property
    def fulfilled(self):
        """The pieces that have been handed over: never more than are due."""
        return max(min(self.shipped + self.shipped_elsewhere, self.due), NONE)

    @property
    def left(self):
        """The pieces that are still to leave, from here or from elsewhere."""
        return self.due - self.fulfilled

    @property
    def left_here(self):
        """The pieces that this store has still to hand over."""
        here = max(self.ordered - self.elsewhere, NONE) - self.shipped
        return max(min(self.left, here), NONE)


def fulfilled_state(lines, *, is_by_channel):
    """Return PART or FULL of an order, BY_CHANNEL when the channel handed over any of it; None
    when nothing has left.

    :param lines: the LinePieces of its goods
    """
    if not any(line.shipped + line.shipped_elsewhere > 0 for line in lines):
        return None
    if any(line.left > 0 for line in lines):
        return PART
    return BY_CHANNEL if is_by_channel else FULL


# === WHAT THE CHANNEL SAYS === #


def stated_parcels(remote, lines, known=()):
    """Return the Parcels that an update names.

    A parcel that names no lines contains what no other contains. An order that is handed over as
    a whole, of which parcels do not contain all, has another one that the channel does not name.

    :param Order remote: the update
    :param dict lines: {ref of the line: LinePieces}, without regard to parcels
    :param known: the Parcels of ours that the channel does not know: their goods are out, too
    """
    left = Counter({ref: line.due for ref, line in lines.items()})
    parcels = []
    for position, fulfillment in enumerate(remote.fulfillments):
        parcel = _stated(fulfillment, position, lines)
        parcels.append(parcel)
        if not parcel.is_dead:
            left.subtract(parcel.pieces)
    others = set(recognized(known, parcels).values())
    for parcel in known:
        if not parcel.is_dead and parcel.key not in others:
            left.subtract(parcel.pieces)
    for position, parcel in enumerate(parcels):
        fulfillment = remote.fulfillments[position]
        if fulfillment.ref and not (parcel.pieces or fulfillment.lines):
            taken = {} if parcel.is_dead else _taken(left)
            parcels[position] = _with_pieces(parcel, taken)
    rest = _taken(left)
    if rest and remote.fulfillment_status in WHOLE_STATUSES and not remote.is_cancelled:
        parcels.append(Parcel(ref=UNNAMED, pieces=rest, shipped_at=remote.updated_at))
    return parcels


def _stated(fulfillment, position, lines):
    pieces = Counter()
    for entry in fulfillment.lines:
        if entry.line_ref in lines and entry.quantity:
            pieces[entry.line_ref] += entry.quantity
    return Parcel(
        ref=fulfillment.ref or f"#{position}",
        numbers=_split(fulfillment.numbers),
        urls=tuple(filter(_WEB_ADDRESS.match, _split(fulfillment.urls))),
        pieces=dict(pieces),
        is_dead=fulfillment.is_dead,
        carrier=fulfillment.carrier,
        service=fulfillment.service,
        location_ref=fulfillment.location_ref,
        shipped_at=fulfillment.created_at,
    )


def _split(texts):
    return tuple(filter(None, texts.split(", ")))


def _with_pieces(parcel, pieces):
    return Parcel(**{**vars(parcel), "pieces": pieces})


def _taken(left):
    """Take all that is left, and return it."""
    taken = {ref: pieces for ref, pieces in left.items() if pieces > 0}
    left.clear()
    return taken


def handed_over(parcels, lines):
    """Return how many pieces are in parcels that are alive; of a line never more than are due.

    :param dict lines: {ref of the line: LinePieces}
    """
    pieces = Counter()
    for parcel in parcels:
        if not parcel.is_dead:
            pieces.update(parcel.pieces)
    return sum((min(n, lines[ref].due) for ref, n in pieces.items() if ref in lines), NONE)


def number_key(number):
    """Return a tracking number as it is compared: channels write it with blanks and hyphens."""
    return _SEPARATORS.sub("", number).upper()


def recognized(ours, theirs):
    """Return {place in `theirs`: key of ours} of the parcels that are the same.

    By Octopus's id. One of ours that has none yet is recognized by a tracking number, else by its
    lines, as long as only one side names a number: two numbers are two parcels. One whose id is
    not named any more is recognized by a tracking number: channels make parcels anew.
    """
    found = {}
    by_ref = {parcel.ref: parcel.key for parcel in ours if parcel.ref}
    stated = {parcel.ref for parcel in theirs}
    renamed = {
        parcel.key
        for parcel in ours
        if parcel.ref and not parcel.is_dead and parcel.ref not in stated
    }
    for place, parcel in enumerate(theirs):
        if parcel.ref in by_ref:
            found[place] = by_ref[parcel.ref]
    for is_same in (_has_same_number, _has_same_lines):
        for place, parcel in enumerate(theirs):
            if place in found or parcel.ref == UNNAMED:
                continue
            taken = set(found.values())
            for known in ours:
                is_free = known.is_open or (known.key in renamed and is_same is _has_same_number)
                if is_free and known.key not in taken and is_same(known, parcel):
                    found[place] = known.key
                    break
    return found


def _has_same_number(known, parcel):
    ours = map(number_key, (*known.numbers, *known.sent_numbers))
    return not set(ours).isdisjoint(map(number_key, parcel.numbers))


def _has_same_lines(known, parcel):
    if parcel.is_dead or ((known.numbers or known.sent_numbers) and parcel.numbers):
        return False
    return bool(known.pieces) and known.pieces == parcel.pieces


def followed_numbers(known, stated, *, is_newer):
    """Return the tracking numbers, or the links, after an update: a newer one may correct them,
    any other one only adds some."""
    if is_newer and stated:
        return tuple(stated)
    keys = set(map(number_key, known))
    return (*known, *(number for number in stated if number_key(number) not in keys))
