"""What an online order should have booked, and what is still to be booked.

Pure functions: no Odoo, no database. An order is turned into *postings* (a sale, refunds, a
cancellation), each with its day in the zone of the shop. What was booked before is never changed:
when an order says something else than it has booked, the difference is a correction on the day on
which it became known.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)
SALE = "sale"
CANCEL = "cancel"

# When a sale counts.
ON_PAID_ORDER = "ordered"  # on the day of the order, once it is paid
ON_PAYMENT = "paid"
ON_COMPLETION = "completed"

# The states of payment in which money has come; an authorized or pending order stays open.
PAID = frozenset({"paid", "partially_paid", "partially_refunded", "refunded"})
REFUNDED = frozenset({"partially_refunded", "refunded"})

# The kinds of components. Amounts are signed as the customer owes them: goods are positive,
# discounts negative; a gift card that pays is negative, because it leaves less to pay.
KINDS = (
    "goods",
    "discount",
    "shipping",
    "tip",
    "gift_card_sold",
    "gift_card_used",
    "tax",
    "rounding",
    "difference",
    "cost",
)


class Part(NamedTuple):
    """What an amount is for: its kind, and what decides its account.

    ``key``: of goods the id of the product (empty when unknown), of a tax its title
    ``rate``: of a tax, a fraction such as Decimal("0.19")
    ``taxes``: of anything else, the (title, rate) of the taxes on it, sorted
    """

    kind: str
    key: str = ""
    rate: Decimal = ZERO
    taxes: tuple[tuple[str, Decimal], ...] = ()

    @property
    def is_product(self):
        """Whether the key is the id of a product."""
        return bool(self.key) and self.kind in ("goods", "discount", "cost")


@dataclass(frozen=True)
class Event:
    """A refund or cancellation of an order: when, and its parts, signed like those of a sale.

    ``total``: what the customer gets back, positive
    """

    ref: str
    moment: datetime  # naive UTC
    parts: dict[Part, Decimal]
    total: Decimal


@dataclass(frozen=True)
class Order:
    """An order as far as it concerns the books. Moments are naive UTC, amounts in its currency.

    ``total``: what the channel says the customer pays; None when it cannot be read
    """

    total: Decimal | None
    parts: dict[Part, Decimal]
    ordered_at: datetime
    financial_status: str
    paid_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    is_test: bool = False
    refunds: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Posting:
    """An amount to book: the clearing account gets ``total``, the ``parts`` get the other side."""

    key: str
    day: date
    total: Decimal
    parts: dict[Part, Decimal] = field(hash=False)

    @property
    def is_balanced(self):
        """Whether the parts add up to the total."""
        return sum(self.parts.values(), ZERO) == self.total


@dataclass(frozen=True)
class Booked:
    """What an order has booked under a key, in all versions together."""

    version: int
    total: Decimal
    parts: dict[Part, Decimal]


class NotBookable(ValueError):
    """The order cannot be booked as it is; the argument is one of the reasons below."""


UNKNOWN_TOTAL = "unknown_total"
UNEXPLAINED = "unexplained"
REFUND_MISSING = "refund_missing"  # refunded, and nothing says how much


# === WHAT SHOULD BE BOOKED === #


def postings(order, day_of, *, rule=ON_PAID_ORDER, tolerance=ZERO):
    """Return the postings that an order should have, by key: `sale`, `refund:<ref>`, `cancel`.

    :param Order order: the order as it is now
    :param day_of: function for the date of a naive UTC moment in the zone of the shop
    :param rule: when a sale counts: ON_PAID_ORDER, ON_PAYMENT, or ON_COMPLETION
    :param tolerance: how far the parts may be from the total; the rest is booked as rounding
    :raise NotBookable: the total or a refund is unknown, or the parts leave more than `tolerance`
        of it unexplained
    """
    moment = _sale_moment(order, rule)
    if order.is_test or moment is None:
        return {}
    if order.total is None:
        raise NotBookable(UNKNOWN_TOTAL)
    if order.financial_status in REFUNDED and not (order.refunds or order.cancelled_at):
        raise NotBookable(REFUND_MISSING)
    first = _posting(SALE, day_of(moment), order.total, order.parts, tolerance)
    found = [first]
    for refund in order.refunds:
        key = f"refund:{refund.ref}"
        day = max(day_of(refund.moment), first.day)
        found.append(_posting(key, day, -refund.total, refund.parts, tolerance))
    if order.cancelled_at:
        # Whatever no refund gave back goes back with the cancellation.
        day = max(day_of(order.cancelled_at), first.day)
        found.append(Posting(CANCEL, day, *_rest(found)))
    return {posting.key: posting for posting in found if posting.total or posting.parts}


def _sale_moment(order, rule):
    """Return when the sale counts, or None as long as it does not."""
    if order.financial_status not in PAID:
        return None
    if rule == ON_PAYMENT:
        return order.paid_at or order.ordered_at
    if rule == ON_COMPLETION:
        return order.completed_at
    return order.ordered_at


def _posting(key, day, total, parts, tolerance):
    gap = total - sum(parts.values(), ZERO)
    if abs(gap) > tolerance:
        raise NotBookable(UNEXPLAINED)
    return Posting(key, day, total, _sum((parts, {Part("rounding"): gap})))


def _rest(found):
    """Return total and parts that undo what these postings leave of a sale."""
    total = sum((posting.total for posting in found), ZERO)
    parts = _sum(posting.parts for posting in found)
    return -total, {part: -amount for part, amount in parts.items()}


# === WHAT IS STILL TO BE BOOKED === #


def to_book(due, booked, today):
    """Return what is to be booked now, as (posting, version) pairs.

    A key that was never booked is booked on its own day. A key that was booked with other amounts
    gets a correction of the difference on `today`; one that should not be booked any more is taken
    back on `today`. A key that has what it should have gets nothing: a second call books nothing.

    :param dict due: what `postings` returns
    :param dict booked: Booked by key
    :param date today: the shop day
    """
    result = []
    for key in sorted({*due, *booked}, key=_rank):
        wanted, had = due.get(key), booked.get(key)
        if had is None:
            result.append((wanted, 1))
            continue
        total = (wanted.total if wanted else ZERO) - had.total
        parts = _sum((wanted.parts if wanted else {}, _negated(had.parts)))
        if total or parts:
            result.append((Posting(key, today, total, parts), had.version + 1))
    return result


def total_booked(lines):
    """Return Booked by key of the ledger lines of an order.

    :param lines: (key, version, total, parts) of each
    """
    by_key = defaultdict(list)
    for key, version, total, parts in lines:
        by_key[key].append((version, total, parts))
    return {
        key: Booked(
            max(version for version, _total, _parts in versions),
            sum((total for _version, total, _parts in versions), ZERO),
            _sum(parts for _version, _total, parts in versions),
        )
        for key, versions in by_key.items()
    }


def _rank(key):
    """Sales first, cancellations last."""
    return (0 if key == SALE else 2 if key == CANCEL else 1, key)


# === SUMS === #


def entry_sums(found):
    """Return the total and the parts of an entry for several postings of one day."""
    found = list(found)
    return sum((posting.total for posting in found), ZERO), _sum(p.parts for p in found)


def _sum(many):
    """Return the sums of several dicts of amounts by Part, without zeros."""
    sums = defaultdict(Decimal)
    for parts in many:
        for part, amount in parts.items():
            sums[part] += amount
    return {part: amount for part, amount in sums.items() if amount}


def _negated(parts):
    return {part: -amount for part, amount in parts.items()}


# === AS JSON === #


def to_json(parts):
    """Return parts as JSON that `from_json` reads: amounts and rates are texts, and stay exact."""
    return [
        [kind, key, plain(rate), [[title, plain(of)] for title, of in taxes], plain(amount)]
        for (kind, key, rate, taxes), amount in sorted(parts.items())
    ]


def from_json(rows):
    """Return the parts that `to_json` wrote."""
    return {
        Part(kind, key, Decimal(rate), tuple((title, Decimal(of)) for title, of in taxes)): Decimal(
            amount
        )
        for kind, key, rate, taxes, amount in rows or ()
    }


def plain(amount):
    """Return a Decimal as a text that is the same for equal ones."""
    return format(amount.normalize(), "f")
