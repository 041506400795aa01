"""Which lines of an order a refund is about, and how much money it gave back.

Pure functions on the value objects of `octopus_api`: no Odoo, no database.
"""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

NOTHING = Decimal(0)
# Two prices are the same when they differ by less: channels round the share of a discount.
SAME_PRICE = Decimal("0.01")


@dataclass(frozen=True)
class SoldLine:
    """A line of the order, as a refund may name it."""

    ref: str | None
    variant_ref: str | None
    sku: str
    quantity: Decimal
    price: Decimal
    subtotal: Decimal  # of the whole line, less its discount
    tax: Decimal
    refunded: Decimal = NOTHING  # pieces of other refunds


@dataclass(frozen=True)
class RefundedPieces:
    """Pieces of one line of an order that a refund gave money back for."""

    at: int | None  # the place of the line in the order; None when it is not clear
    ref: str | None  # what the refund calls the line
    quantity: Decimal
    is_restocked: bool
    location_ref: str | None
    amount: Decimal
    tax: Decimal


@dataclass(frozen=True)
class RefundMoney:
    """The money of a refund, not rounded; ``amount`` is all of it, the others are parts."""

    amount: Decimal
    tax: Decimal
    shipping: Decimal
    tip: Decimal


def sold_lines(lines):
    """Return the SoldLines of an order as Octopus sends it."""
    return [
        SoldLine(
            ref=line.ref,
            variant_ref=line.variant_ref,
            sku=line.sku,
            quantity=line.quantity or NOTHING,
            price=line.price or NOTHING,
            subtotal=(line.price or NOTHING) * (line.quantity or NOTHING)
            - (line.total_discount or NOTHING),
            tax=line.tax or NOTHING,
        )
        for line in lines
    ]


# === PIECES === #


def refunded_pieces(refund, sold, *, is_everything=False):
    """Return the RefundedPieces of a refund.

    :param Refund refund: whose quantities are all known
    :param sold: list of the SoldLines of the order
    :param bool is_everything: whether the refund gave back all the money of the order
    """
    lines = [line for line in refund.lines if line.quantity >= 0]
    if not lines and (is_everything or refund.restock):
        return _whole_order(refund, sold, is_everything)
    pieces = []
    for line, shares in zip(lines, _match(refund, lines, sold), strict=True):
        for at, quantity in shares:
            part = quantity / line.quantity if line.quantity else Decimal(1)
            amount, tax = _line_money(line, sold[at] if at is not None else None)
            pieces.append(
                RefundedPieces(
                    at=at,
                    ref=line.line_ref,
                    quantity=quantity,
                    is_restocked=refund.restocks(line) and quantity > 0,
                    location_ref=line.location_ref or refund.location_ref,
                    amount=amount * part,
                    tax=tax * part,
                )
            )
    return pieces


def pieces_with(sold, bundle, parts):
    """Return {place of a line: how many of its pieces were sold with all of a bundle}.

    :param list sold: the SoldLines of the order
    :param int bundle: the place of the bundle
    :param parts: of each part, the places of the lines that may have it, and how many are in one
        bundle; None: all that these lines have
    """
    found = Counter()
    for places, each in parts:
        all_of_them = sum(sold[at].quantity for at in places)
        left = all_of_them if each is None else each * sold[bundle].quantity
        # What was sold besides has a price where the bundle has one.
        for at in sorted(places, key=lambda at: bool(sold[at].price) is bool(sold[bundle].price)):
            taken = min(left, sold[at].quantity - found[at])
            found[at] += taken
            left -= taken
    return {at: quantity for at, quantity in found.items() if quantity}


def with_parts(pieces, sold, parts):
    """Return these RefundedPieces, and those of the parts of a bundle or of a configurable product
    that come back with it and that the refund does not name: without money, which the bundle has.
    None of a bundle of which nobody knows how many were sold.

    :param sold: list of the SoldLines of the order
    :param dict parts: {place of a bundle: what `pieces_with` returns}
    """
    named, left, found = Counter(), _left(sold), list(pieces)
    for piece in pieces:
        named[piece.at] += piece.quantity
    for piece in pieces:
        is_known = piece.at in parts and sold[piece.at].quantity
        for at, with_all in parts[piece.at].items() if is_known and piece.quantity else ():
            wanted = with_all * piece.quantity / sold[piece.at].quantity
            itself = min(wanted, named[at])
            quantity = min(wanted, left[at]) - itself
            named[at] -= itself
            left[at] -= itself + quantity
            if quantity > 0:
                found.append(replace(piece, at=at, quantity=quantity, amount=NOTHING, tax=NOTHING))
    return found


def _whole_order(refund, sold, is_everything):
    """Return all pieces that are left, or one entry that is not clear."""
    left = enumerate(_left(sold))
    shares = [(at, quantity) for at, quantity in left if quantity > 0]
    if not is_everything and len(shares) != 1:
        shares = [(None, NOTHING)]
    return [
        RefundedPieces(
            at, None, quantity, bool(refund.restock), refund.location_ref, NOTHING, NOTHING
        )
        for at, quantity in shares
    ]


def _left(sold):
    return [line.quantity - line.refunded for line in sold]


def _match(refund, lines, sold):
    """Return for each line of a refund a list of (place in the order or None, pieces).

    A line is found by its id, its variant or SKU, its price, and at last because nothing else is
    left that it can be.
    """
    left, found = _left(sold), [None] * len(lines)
    for rule in (_by_ref, _by_product, _by_price):
        for index, line in enumerate(lines):
            if found[index] is None and (at := rule(line, sold, left)) is not None:
                found[index] = [(at, line.quantity)]
                left[at] -= line.quantity
    unclear = [index for index, shares in enumerate(found) if shares is None]
    for index, shares in _by_rest(refund, lines, unclear, left).items():
        found[index] = shares
    return [shares or [(None, line.quantity)] for line, shares in zip(lines, found, strict=True)]


def _by_ref(line, sold, _left):
    return next(
        (at for at, other in enumerate(sold) if line.line_ref and other.ref == line.line_ref), None
    )


def _by_product(line, sold, left):
    """Return a line of the same variant or SKU, best one with so many pieces left."""
    inner = line.line
    variant_ref = line.variant_ref or (inner and inner.variant_ref)
    sku = line.sku or (inner and inner.sku)
    for same in (
        [at for at, other in enumerate(sold) if variant_ref and other.variant_ref == variant_ref],
        [at for at, other in enumerate(sold) if sku and other.sku == sku],
    ):
        if same:
            return next((at for at in same if left[at] >= line.quantity), same[0])
    return None


def _by_price(line, sold, left):
    """Return the only line whose pieces cost what the refund gave back for each."""
    if not (line.amount and line.quantity):
        return None
    price = line.amount / line.quantity
    same = [
        at
        for at, other in enumerate(sold)
        if left[at] >= line.quantity
        and any(abs(price - known) < SAME_PRICE for known in _prices(other))
    ]
    return same[0] if len(same) == 1 else None


def _prices(sold):
    """Return what a piece of a line costs: without and with its discount, and without its tax."""
    net = sold.subtotal / sold.quantity
    return sold.price, net, net - sold.tax / sold.quantity


def _by_rest(refund, lines, unclear, left):
    """Return {index of a line of the refund: shares} of lines that can be nothing else."""
    fitting = [at for at, quantity in enumerate(left) if quantity > 0]
    pieces = sum((lines[index].quantity for index in unclear), NOTHING)
    kinds = {(refund.restocks(lines[index]), lines[index].location_ref) for index in unclear}
    if pieces and len(kinds) == 1 and pieces == sum((left[at] for at in fitting), NOTHING):
        # All that is left was refunded: which of these lines is which makes no difference.
        return _dealt(lines, unclear, left, fitting)
    if len(unclear) == 1 and pieces:
        same = [at for at in fitting if left[at] >= pieces]
        if len(same) == 1:
            return {unclear[0]: [(same[0], pieces)]}
    return {}


def _dealt(lines, unclear, left, fitting):
    shares, left = {}, list(left)
    for index in unclear:
        wanted = lines[index].quantity
        for at in fitting:
            taken = min(wanted, left[at])
            if taken > 0:
                shares.setdefault(index, []).append((at, taken))
                left[at] -= taken
                wanted -= taken
    return shares


# === WHAT IT SAYS === #


def statement(refund):
    """Return what a refund states, as JSON: the same for the same refund, however it is written."""
    lines = [
        [
            line.line_ref,
            _plain(line.quantity),
            refund.restocks(line),
            _plain(line.amount),
            _plain(line.tax),
        ]
        for line in refund.lines
    ]
    payments = [
        _plain(payment.amount)
        for payment in refund.payments
        if payment.is_refund and not payment.has_failed
    ]
    adjustments = [[_plain(entry.amount), _plain(entry.tax)] for entry in refund.adjustments]
    return [lines, payments, adjustments]


def has_changed(before, now):
    """Return whether one statement contradicts an earlier one; what was unknown does not."""
    if isinstance(before, list) and isinstance(now, list):
        return len(before) != len(now) or any(map(has_changed, before, now))
    return before is not None and before != now


def _plain(number):
    return None if number is None else format(number.normalize(), "f")


# === MONEY === #


def _line_money(line, sold):
    """Return amount and tax of a line of a refund, as stated or as a share of the order's line."""
    share = line.quantity / sold.quantity if sold and sold.quantity else NOTHING
    amount = sold.subtotal * share if line.amount is None and sold else line.amount or NOTHING
    tax = sold.tax * share if line.tax is None and sold else line.tax or NOTHING
    return amount, tax


def stated_amount(refund, currency):
    """Return the money that was paid back, None when the refund does not say.

    :param str currency: of the order; payments in another one say nothing about it
    """
    payments = [payment for payment in refund.payments if payment.is_refund]
    paid = [payment for payment in payments if not payment.has_failed]
    in_other = any(payment.currency not in ("", currency) for payment in paid)
    if not payments or in_other or any(payment.amount is None for payment in paid):
        return None
    return sum((abs(payment.amount) for payment in paid), NOTHING)


def refund_money(refund, pieces, *, currency, is_tax_added):
    """Return the RefundMoney of a refund.

    :param pieces: its RefundedPieces
    :param str currency: of the order
    :param bool is_tax_added: whether taxes are no part of the amounts of lines
    """
    shipping = tip = other = NOTHING
    tax = sum((piece.tax for piece in pieces), NOTHING)
    for adjustment in refund.adjustments:
        amount = -(adjustment.amount or NOTHING)
        tax -= adjustment.tax or NOTHING
        if "shipping" in adjustment.kind:
            shipping += amount
        elif "tip" in adjustment.kind:
            tip += amount
        else:
            other += amount
    amount = stated_amount(refund, currency)
    if amount is None:
        goods = sum((piece.amount for piece in pieces), NOTHING)
        amount = goods + shipping + tip + other + (tax if is_tax_added else NOTHING)
    return RefundMoney(amount, tax, shipping, tip)


def refunded_amount(remote, total, currency, digits, *, is_tax_added):
    """Return the money that all refunds of an order gave back.

    :param Order remote: the order as Octopus sends it
    :param total: its total, None when unknown
    :param str currency: of the order
    :param int digits: decimals of the currency
    :param is_tax_added: whether the tax is in the total besides the prices
    """
    sold, left = sold_lines(remote.lines), total or NOTHING
    for refund in remote.refunds:
        if any(line.quantity is None for line in refund.lines):
            continue
        stated = stated_amount(refund, currency)
        is_everything = stated is not None and 0 < left <= stated
        pieces = refunded_pieces(refund, sold, is_everything=is_everything)
        money = refund_money(
            refund,
            pieces,
            currency=currency,
            is_tax_added=is_tax_added,
        )
        left -= money.amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        sold = _after(sold, pieces)
    return (total or NOTHING) - left


def _after(sold, pieces):
    """Return the lines after these pieces were refunded."""
    refunded = {}
    for piece in pieces:
        refunded[piece.at] = refunded.get(piece.at, NOTHING) + piece.quantity
    return [
        replace(line, refunded=line.refunded + refunded.get(at, NOTHING))
        for at, line in enumerate(sold)
    ]
