"""The money of an order beyond its totals: taxes by title and rate, and payments with gift cards.

Read when the order is to be booked and not when it comes in. What cannot be read is left out: the
totals of the order win anyway.
"""

from dataclasses import dataclass
from decimal import Decimal

from .orders import Order
from .parsing import as_amount, as_name, as_ref

GIFT_CARD_GATEWAYS = frozenset({"gift_card", "giftcard", "gift card", "store_credit"})
PAYMENT_KINDS = frozenset({"sale", "capture", "payment", ""})
PAYMENT_STATES = frozenset({"success", "succeeded", "completed", "paid", ""})


@dataclass(frozen=True)
class TaxLine:
    """A tax as the channel states it; ``rate`` of 0.19 is 19 %."""

    title: str
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True)
class StatedLine:
    """The taxes of one line, and what it costs before its discount, None when that cannot be read;
    ``ref`` is its id."""

    ref: str | None
    taxes: tuple[TaxLine, ...]
    gross: Decimal | None = None


@dataclass(frozen=True)
class OrderMoney:
    lines: tuple[StatedLine, ...]
    shipping_taxes: tuple[TaxLine, ...]
    shipping_discount: Decimal
    gift_card: Decimal

    @classmethod
    def from_json(cls, payload):
        """Return the OrderMoney of an order as Octopus sends it.

        :raise InvalidOrder: it is no order
        """
        data = Order.payloads(payload)[0]
        ways = _objects(data.get("shipping_lines"))
        prices = [
            (_amount(way.get("price")), _amount(way.get("discounted_price"), None)) for way in ways
        ]
        return cls(
            lines=tuple(
                StatedLine(_safe(as_ref, line.get("id")), _taxes(line), _gross(line))
                for line in _objects(data.get("line_items"))
            ),
            shipping_taxes=tuple(tax for way in ways for tax in _taxes(way)),
            shipping_discount=sum(
                (price - left for price, left in prices if left is not None), Decimal(0)
            ),
            gift_card=_paid_with_gift_cards(data),
        )


def _gross(line):
    price, quantity = (_amount(line.get(key), None) for key in ("price", "quantity"))
    return None if price is None or quantity is None else price * quantity


def _taxes(data):
    found = []
    for tax in _objects(data.get("tax_lines")):
        rate = _amount(tax.get("rate"))
        # Some channels write 19 for 19 %.
        rate = rate / 100 if rate > 1 else rate
        title = _safe(as_name, tax.get("title")) or ""
        found.append(TaxLine(title, rate.normalize(), _amount(tax.get("price"))))
    return tuple(found)


def _paid_with_gift_cards(data):
    paid = Decimal(0)
    for payment in _objects(data.get("transactions")):
        gateway, kind, state = (
            str(payment.get(key) or "").strip().lower() for key in ("gateway", "kind", "status")
        )
        if gateway in GIFT_CARD_GATEWAYS and kind in PAYMENT_KINDS and state in PAYMENT_STATES:
            paid += _amount(payment.get("amount"))
    return paid


def _objects(value):
    value = value if isinstance(value, list) else [value]
    return [entry for entry in value if isinstance(entry, dict)]


def _amount(value, missing=Decimal(0)):
    number = _safe(as_amount, value)
    return missing if number is None else number


def _safe(convert, value):
    try:
        return convert(value)
    except (ValueError, TypeError):
        return None
