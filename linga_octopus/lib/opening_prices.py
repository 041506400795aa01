"""Prices of variants as Odoo keeps them: one of the product, and extra prices of values."""

from decimal import Decimal, InvalidOperation


def split_prices(variants):
    """Return the price of a product and the extra prices of its values; None if no such prices give
    those of all variants, or there is none.

    :param variants: (price as text, choices) of each variant
    :return: (Decimal, {(position of the option, value): Decimal})
    """
    prices = {tuple(choices): _amount(price) for price, choices in variants}
    if not prices:
        return None
    base_choices, base = min(prices.items(), key=lambda pair: pair[1])
    extras = {}
    for choices, price in prices.items():
        differing = [place for place in enumerate(choices) if place[1] != base_choices[place[0]]]
        if len(differing) == 1:
            extras[differing[0]] = price - base
    for choices, price in prices.items():
        if base + sum(extras.get(place, 0) for place in enumerate(choices)) != price:
            return None
    return base, {place: extra for place, extra in extras.items() if extra}


def _amount(text):
    try:
        amount = Decimal(text or "0")
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() and amount > 0 else Decimal(0)
