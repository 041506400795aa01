"""The comparison of a day's orders in Octopus with those in Odoo."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class OrderSide:
    """An order as one side has it."""

    number: str  # the Aggregator Order No.
    third_party_number: str
    channel: str
    customer: str
    currency: str  # code, such as "USD"
    total: Decimal  # rounded to what the currency allows
    is_cancelled: bool
    refunded: Decimal = Decimal(0)  # rounded as the total
    order_id: int | None = None  # of the record in Odoo
    fulfilled: Decimal | None = None  # pieces in parcels that both sides should have; None: unknown


@dataclass
class ChannelSums:
    """The orders of one channel in one currency, without the cancelled ones."""

    octopus_count: int = 0
    odoo_count: int = 0
    octopus_total: Decimal = Decimal(0)
    odoo_total: Decimal = Decimal(0)
    octopus_refunded: Decimal = Decimal(0)
    odoo_refunded: Decimal = Decimal(0)


def kind_of_difference(octopus, odoo):
    """Return the kind of difference between the two sides of an order.

    :param octopus: OrderSide, or None when Octopus does not have the order
    :param odoo: OrderSide, or None when Odoo does not have the order
    :return: "missing", "extra", "cancelled_there", "cancelled_here", "total", "refund",
        "parcels", or None
    """
    if odoo is None:
        # An order that was cancelled before it came to Odoo counts on neither side.
        return None if octopus.is_cancelled else "missing"
    if octopus is None:
        return None if odoo.is_cancelled else "extra"
    if octopus.is_cancelled != odoo.is_cancelled:
        return "cancelled_there" if octopus.is_cancelled else "cancelled_here"
    if octopus.is_cancelled:
        return None
    is_same = (octopus.currency, octopus.total) == (odoo.currency, odoo.total)
    if not is_same:
        return "total"
    if octopus.refunded != odoo.refunded:
        return "refund"
    is_known = None not in (octopus.fulfilled, odoo.fulfilled)
    return "parcels" if is_known and octopus.fulfilled != odoo.fulfilled else None


def differences(octopus, odoo):
    """Return the orders that are not the same on both sides.

    :param dict octopus: OrderSide by number
    :param dict odoo: OrderSide by number
    :return: list of `(kind, octopus side or None, odoo side or None)`, Octopus's order first
    """
    pairs = [(octopus.get(number), odoo.get(number)) for number in {**octopus, **odoo}]
    return [(kind, *pair) for pair in pairs if (kind := kind_of_difference(*pair))]


def count_open(sides):
    """Return the number of orders that are not cancelled.

    :param dict sides: OrderSide by number
    """
    return sum(not side.is_cancelled for side in sides.values())


def sums_by_channel(octopus, odoo):
    """Return the sums of both sides.

    :param dict octopus: OrderSide by number
    :param dict odoo: OrderSide by number
    :return: dict of ChannelSums by `(channel, currency)`
    """
    sums = defaultdict(ChannelSums)
    for side in octopus.values():
        if not side.is_cancelled:
            line = sums[side.channel, side.currency]
            line.octopus_count += 1
            line.octopus_total += side.total
            line.octopus_refunded += side.refunded
    for side in odoo.values():
        if not side.is_cancelled:
            line = sums[side.channel, side.currency]
            line.odoo_count += 1
            line.odoo_total += side.total
            line.odoo_refunded += side.refunded
    return dict(sums)
