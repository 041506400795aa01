"""What an online order consists of, as the books need it: net amounts, and taxes by title and rate.

Pure functions: no Odoo, no database. The channel's own amounts win. They are only dealt out to the
lines, so that each net amount carries its taxes. A part is a tuple (kind, key, rate, taxes): see
`ledger.Part`.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

NO_MONEY = Decimal(0)
# The title of the tax of orders on which the channel pays the tax itself. No channel writes this.
CHANNEL_PAYS = "\N{BULLET}"
# A tax that the channel states without saying which.
UNTITLED = ""
# Of a tax: how far it may be from its rate, for each line that was rounded.
LINE_SLACK = Decimal("0.01")


@dataclass(frozen=True)
class StatedTax:
    """A tax of a line or of the shipping, as the channel states it; a rate of 0.19 is 19 %."""

    title: str
    rate: Decimal
    amount: Decimal


@dataclass
class SoldItem:
    """A line of an order, or its shipping: what it costs before its discount.

    ``kind``: of `ledger.KINDS`; ``key``: the id of the product, empty when unknown
    """

    kind: str
    gross: Decimal
    key: str = ""
    discount: Decimal = NO_MONEY
    taxes: list[StatedTax] = field(default_factory=list)

    @property
    def left(self):
        """What the customer pays for it, without taxes that are added."""
        return self.gross - self.discount

    @property
    def tax(self):
        return sum((tax.amount for tax in self.taxes), NO_MONEY)

    @property
    def tax_names(self):
        return tuple(sorted({(tax.title, tax.rate) for tax in self.taxes}))


@dataclass
class SoldOrder:
    """The amounts of an order as the channel states them.

    ``items``: its lines, and its shipping as the last one; ``digits``: decimals of its currency;
    ``gift_card``: what was paid with gift cards
    """

    items: list[SoldItem]
    discount: Decimal
    tax: Decimal
    tip: Decimal = NO_MONEY
    gift_card: Decimal = NO_MONEY
    is_tax_included: bool = False
    is_tax_paid_by_channel: bool = False
    digits: int = 2


@dataclass
class GivenBack:
    """A refund: ``lines`` are (place of the item or None, amount, tax); the others are parts of the
    money. ``amount`` of lines is with their tax when the prices of the order include it."""

    amount: Decimal
    tax: Decimal = NO_MONEY
    shipping: Decimal = NO_MONEY
    tip: Decimal = NO_MONEY
    lines: tuple = ()


# === A SALE === #


def sale_parts(order):
    """Return the amounts of an order by part, signed as the customer owes them."""
    deal_out(order)
    sums = defaultdict(Decimal)
    for item in order.items:
        names = _names(order, item)
        net = item.left - (item.tax if order.is_tax_included else NO_MONEY)
        gross = _before_discount(item, net, order.digits)
        sums[item.kind, item.key, NO_MONEY, names] += gross
        sums["discount", item.key, NO_MONEY, names] += net - gross
        if not order.is_tax_paid_by_channel:
            for tax in item.taxes:
                sums["tax", tax.title, tax.rate, ()] += tax.amount
    sums["tip", "", NO_MONEY, ()] += order.tip
    sums["gift_card_used", "", NO_MONEY, ()] -= order.gift_card
    return _without_zeros(sums)


def deal_out(order):
    """Deal the discount and the taxes of an order out to its items, as far as they do not say it
    themselves."""
    items = order.items
    given = sum((item.discount for item in items), NO_MONEY)
    weights = [max(item.left, NO_MONEY) for item in items]
    goods = [weight if item.kind != "shipping" else NO_MONEY for item, weight in _pairs(order)]
    if rest := order.discount - given:
        for item, share in zip(
            items, spread(rest, _some(goods, weights), order.digits), strict=True
        ):
            item.discount += share
    _deal_out_taxes(order)
    if not order.is_tax_paid_by_channel:
        _spread_piled_taxes(order)


def _pairs(order):
    return [(item, max(item.left, NO_MONEY)) for item in order.items]


def _some(*choices):
    """Return the first list of weights that has any."""
    return next((weights for weights in choices if any(weights)), choices[-1])


def _deal_out_taxes(order):
    """Add what the order states of taxes beyond those of its items, or less."""
    stated = [tax for item in order.items for tax in item.taxes]
    gap = order.tax - sum((tax.amount for tax in stated), NO_MONEY)
    if not gap:
        return
    if stated and abs(gap) <= LINE_SLACK * max(len(stated), 1):
        item = max(order.items, key=lambda item: abs(item.tax))
        at = max(range(len(item.taxes)), key=lambda at: abs(item.taxes[at].amount))
        tax = item.taxes[at]
        item.taxes[at] = StatedTax(tax.title, tax.rate, tax.amount + gap)
        return
    pairs = _pairs(order)
    goods = [left if item.kind in ("goods", "shipping") else NO_MONEY for item, left in pairs]
    bare = [NO_MONEY if item.taxes else left for item, left in zip(order.items, goods, strict=True)]
    weights = _some(bare, goods, [left for _item, left in pairs])
    for item, share in zip(order.items, spread(gap, weights, order.digits), strict=True):
        if share:
            item.taxes.append(StatedTax(UNTITLED, NO_MONEY, share))


def _spread_piled_taxes(order):
    """Deal a tax out to all goods when it stands on one line, and is that of all lines."""
    for title, rate in {(tax.title, tax.rate) for item in order.items for tax in item.taxes}:
        if not rate:
            continue
        goods = [item for item in order.items if item.kind == "goods" and item.left > 0]
        with_it = [item for item in goods if (title, rate) in item.tax_names]
        if not with_it or len(with_it) == len(goods):
            continue
        amount, own = (_tax_of(items, title, rate) for items in (goods, with_it))
        slack = LINE_SLACK * (len(goods) + 1)
        if abs(own - _expected(with_it, rate, order)) <= slack:
            continue
        if abs(amount - _expected(goods, rate, order)) > slack:
            continue
        shares = spread(amount, [item.left for item in goods], order.digits)
        for item, share in zip(goods, shares, strict=True):
            others = [tax for tax in item.taxes if (tax.title, tax.rate) != (title, rate)]
            item.taxes = [*others, StatedTax(title, rate, share)]


def _tax_of(items, title, rate):
    taxes = (tax for item in items for tax in item.taxes)
    return sum((tax.amount for tax in taxes if (tax.title, tax.rate) == (title, rate)), NO_MONEY)


def _expected(items, rate, order):
    base = sum((item.left for item in items), NO_MONEY)
    if order.is_tax_included:
        base /= 1 + rate
    return base * rate


def _names(order, item):
    """Return the (title, rate) of the taxes on an item."""
    return ((CHANNEL_PAYS, NO_MONEY),) if order.is_tax_paid_by_channel else item.tax_names


def _before_discount(item, net, digits):
    """Return the net amount before the discount, with the share of the taxes that it would have."""
    if not item.left or not item.discount:
        return net if not item.discount else item.gross
    return _rounded(item.gross * net / item.left, digits)


# === A REFUND === #


def refund_parts(order, refund, tolerance=NO_MONEY):
    """Return the amounts of a refund by part, signed like those of the sale: below zero.

    What the refund says beyond its lines, shipping and tip (a restocking fee, goodwill) is a
    difference. A refund that says nothing but an amount is a share of everything that was sold.

    :param SoldOrder order: the order after `sale_parts`
    :param GivenBack refund: the refund
    :param tolerance: what is left to the rounding
    """
    sums = defaultdict(Decimal)
    _add_lines(sums, order, refund)
    _add_shipping(sums, order, refund)
    sums["tip", "", NO_MONEY, ()] -= refund.tip
    rest = -refund.amount - sum(sums.values(), NO_MONEY)
    if not (refund.lines or refund.shipping or refund.tip):
        return _share(order, refund.amount)
    if abs(rest) > tolerance:
        sums["difference", "", NO_MONEY, ()] += rest
    return _without_zeros(sums)


def _add_lines(sums, order, refund):
    for place, amount, tax in refund.lines:
        item = order.items[place] if place is not None else SoldItem("goods", NO_MONEY)
        net = amount - (tax if order.is_tax_included else NO_MONEY)
        sums[item.kind, item.key, NO_MONEY, _names(order, item)] -= net
        _add_tax(sums, order, item, tax)


def _add_shipping(sums, order, refund):
    tax = refund.tax - sum((tax for _place, _amount, tax in refund.lines), NO_MONEY)
    item = next((item for item in order.items if item.kind == "shipping"), None)
    if item is None or not refund.shipping:
        if tax:
            _add_tax(sums, order, max(order.items, key=lambda item: abs(item.tax)), tax)
        return
    net = refund.shipping - (tax if order.is_tax_included else NO_MONEY)
    sums["shipping", "", NO_MONEY, _names(order, item)] -= net
    _add_tax(sums, order, item, tax)


def _add_tax(sums, order, item, amount):
    """Give back a tax: each of the taxes of the item has its share."""
    if order.is_tax_paid_by_channel or not amount:
        return
    taxes = item.taxes or [StatedTax(UNTITLED, NO_MONEY, amount)]
    shares = spread(amount, [abs(tax.amount) for tax in taxes], order.digits)
    for tax, share in zip(taxes, shares, strict=True):
        sums["tax", tax.title, tax.rate, ()] -= share


def _share(order, amount):
    """Return the share of `amount` in everything that the customer paid for."""
    parts = {
        part: value for part, value in sale_parts(order).items() if part[0] != "gift_card_used"
    }
    total = sum(parts.values(), NO_MONEY)
    if not total:
        return {("difference", "", NO_MONEY, ()): -amount}
    shares = spread(-amount, list(parts.values()), order.digits)
    return _without_zeros(dict(zip(parts, shares, strict=True)))


# === SUMS === #


def spread(amount, weights, digits):
    """Return the shares of an amount by these weights, which add up to it exactly.

    :param int digits: decimals of each share
    """
    if not weights:
        return []
    total = sum(weights, NO_MONEY)
    if not total:
        weights, total = [Decimal(1)] * len(weights), Decimal(len(weights))
    step = Decimal(1).scaleb(-digits)
    exact = [amount * weight / total for weight in weights]
    shares = [share.quantize(step, ROUND_DOWN) for share in exact]
    left = amount - sum(shares, NO_MONEY)
    # Whoever lost most by the rounding gets the next cent.
    losers = sorted(range(len(shares)), key=lambda at: -abs(exact[at] - shares[at]))
    for at in losers:
        if not left:
            break
        cent = max(min(left, step), -step)
        shares[at] += cent
        left -= cent
    shares[losers[0]] += left
    return shares


def _rounded(amount, digits):
    return amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _without_zeros(sums):
    return {part: amount for part, amount in sums.items() if amount}
