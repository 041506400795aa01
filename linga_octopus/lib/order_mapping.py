"""The values of online orders in Odoo, from what Octopus says of them.

Functions on the value objects of `octopus_api`, pure but for the codes of pickups: no Odoo, no
database. The keys of the values are fields of `octopus.order` and `octopus.order.line`.
"""

import re
import secrets
from dataclasses import asdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial
from typing import NamedTuple

# Precision of a sum over all lines of an order; Python's default of 28 digits is too small.
SUM_DIGITS = Context(prec=60)
# An amount that cannot be read: every sum with it is unknown too.
UNKNOWN = Decimal("NaN")
NO_GAP = Decimal(0)

# An address without a country that Odoo knows: Odoo's own default.
LAYOUT = "%(street)s\n%(street2)s\n%(city)s %(state_code)s %(zip)s\n%(country_name)s"
PLACE = re.compile(r"%\((\w+)\)s")
# A time that is later than the clock of Odoo by more than this is a mistake of the channel.
CLOCK_SKEW = timedelta(minutes=10)
# Where the tax of an order is.
ON_TOP, INCLUDED, PAID_BY_CHANNEL = "on top", "included", "paid by the channel"
# Of the codes for pickups: letters and digits that nobody takes for each other.
CODE_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"
CODE_LENGTH = 6
# The variant of a product that has only one, as Shopify and those that follow it call it.
NO_VARIANT = "default title"
WORD = re.compile(r"\w+")
# What a product is found by: (group, the surest first; spelling, the exact one first).
FOUND_BY = {
    "variant": (0, 0),
    "alias_variant": (1, 0),
    "alias_sku": (2, 0),
    "alias_barcode": (3, 0),
    "bound_sku": (4, 0),
    "sku": (4, 1),
    "padded_sku": (4, 2),
    "barcode": (5, 0),
    "padded_barcode": (5, 1),
    "barcode_form": (5, 2),
    # Shops without barcodes of their own often put them in the SKU.
    "sku_barcode": (6, 0),
    "sku_form": (6, 1),
    "former_sku": (7, 0),
}
BARCODES = ("barcode", "padded_barcode", "barcode_form", "sku_barcode", "sku_form")
# More than anybody can engrave.
MAX_OPTION_LINES = 50
MAX_OPTIONS_TEXT = 2_000
MAX_VARIANT = 255


def rounded(number, digits):
    """Return a Decimal with `digits` decimals, rounded half up as Odoo stores it; None as it is."""
    if number is None:
        return None
    return Decimal(number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, SUM_DIGITS)


# === ORDERS === #


def placed_values(remote, now):
    """Return the values of a new order that no update changes.

    :param Order remote: the order
    :param now: when it arrives, aware: the time of an order that states none, or one that is still
        to come
    """
    placed = next((m for m in remote.placed_moments if m <= now + CLOCK_SKEW), now)
    return {
        "aggregator_order_no": remote.ref,
        "third_party_name": remote.source,
        "third_party_order_no": remote.number,
        "other_numbers": ", ".join(remote.other_numbers) or None,
        "transaction_time": placed.replace(microsecond=0, tzinfo=None),
        "transaction_day": placed.astimezone(remote.zone).date(),
        "octopus_updated_at": remote.updated_at and remote.updated_at.replace(tzinfo=None),
        "is_test": bool(remote.test),
    }


def future_moment(remote, now):
    """Return the time of an order that is still to come, as `placed_values`; None as a rule."""
    stated = remote.placed_moments[:1]
    return next((moment for moment in stated if moment > now + CLOCK_SKEW), None)


def changeable_values(remote, digits, known=None, *, pays_tax=None, layouts=()):
    """Return the values that Octopus may change after an order was placed.

    :param Order remote: a new order, or an update of one that may leave out what stays
    :param int digits: decimals of the order's currency
    :param known: the `order_updates.KNOWN_FIELDS` of the order in Odoo; None for a new order
    :param pays_tax: whether the channel pays the tax itself, as for `tax_place`
    :param layouts: as for `address_text`
    """
    customer, due = remote.customer, remote.pickup_due_at
    way = _way_to_customer(remote, known)
    return {
        "customer_name": customer.name or customer.email or customer.phone,
        "customer_ref": customer.ref,
        "customer_address": contact_address(remote),
        "email": customer.email,
        "phone": customer.phone,
        "billing_address": address_text(remote.billing_address, layouts),
        "shipping_address": address_text(remote.shipping_address, layouts),
        **way,
        "pickup_code": way["fulfillment"] == "pickup" and _pickup_code(remote, known),
        "pickup_due_at": due and due.replace(microsecond=0, tzinfo=None),
        "note": remote.note,
        "tags": remote.tags,
        "financial_status": remote.financial_status,
        "payment_method": remote.gateway,
        "unread": _unread(remote, known),
        **amounts(remote, digits, known, pays_tax=pays_tax),
    }


def _unread(remote, known):
    before = known and known["unread"]
    return (remote.unread_with(before) if before else [*map(list, remote.unread)]) or None


def amounts(remote, digits, known=None, *, pays_tax=None):
    """Return the amounts as Decimals, and the difference that they leave to the total of Octopus.

    Each is rounded first, so that the shown amounts add up to the shown total. An amount that
    cannot be read is None, as is every sum with it; `unknown_amounts` names them. Parameters as
    for `changeable_values`.
    """

    amount = partial(_amount, remote, digits, known)
    lines = remote.lines
    goods = rounded(sum(_sure(line.price) * _sure(line.quantity) for line in lines), digits)
    of_lines = sum(_sure(line.total_discount) for line in lines)
    discount = amount("amount_discount", "total_discounts", of_lines)
    tax = amount("amount_tax", "total_tax", sum(_sure(line.tax) for line in lines))
    shipping = amount("amount_shipping", "total_shipping")
    tip = amount("amount_tip", "total_tip")
    untaxed = goods - discount + shipping + tip
    place, is_sure = _tax_place(remote, digits, known, untaxed, tax, pays_tax)
    added_tax = tax if place == ON_TOP else 0
    if added_tax and not is_sure and "taxes_included" in remote.unread_attributes:
        added_tax = UNKNOWN
    explained = untaxed + added_tax
    total = _total(remote, digits, explained)
    values = {
        "check_total": total,
        "amount_subtotal": goods,
        "amount_discount": discount,
        "amount_shipping": shipping,
        "amount_tax": tax,
        "amount_tip": tip,
        "amount_difference": total - explained,
    }
    return {
        **_with_unknown_named(values),
        "taxes_included": place == INCLUDED,
        "is_tax_paid_by_channel": place == PAID_BY_CHANNEL,
    }


def _tax_place(remote, digits, known, untaxed, tax, pays_tax):
    """Return where the tax of an order is, and whether its total says so."""
    included, total = remote.taxes_included, remote.total_price
    is_whole = True
    if known is not None:
        is_whole = remote.states_amounts
        if not remote.states("taxes_included") or "taxes_included" in remote.unread_attributes:
            included = known["taxes_included"]
    left = None if total is None or not is_whole else rounded(total, digits) - untaxed
    # Every line and the shipping may have been rounded.
    slack = Decimal(1).scaleb(-digits) * (len(remote.lines) + 1)
    return tax_place(left, tax, slack, included=included, pays_tax=pays_tax)


def tax_place(left, tax, slack, *, included, pays_tax):
    """Return where the tax is, and whether the total says so.

    The total decides: either it holds the tax on top of the prices, or not. Where it says nothing,
    or does not add up either way, the channel's setting decides.

    :param left: what the total leaves after all but the tax; None when unknown
    :param slack: the difference that roundings may make
    :param included: whether the order says that its prices include the tax; None: it says nothing
    :param pays_tax: whether the channel pays the tax itself; None: nobody has decided, and it is
        not known for it
    """
    if included:
        return INCLUDED, True
    gaps = (NO_GAP, NO_GAP) if left is None else (abs(left), abs(left - tax))
    without_tax, with_tax = gaps
    if any(map(Decimal.is_nan, gaps)) or without_tax == with_tax or min(gaps) > slack:
        return PAID_BY_CHANNEL if pays_tax else ON_TOP, False
    if with_tax < without_tax:
        return ON_TOP, True
    # The total does not hold the tax besides the prices: they include it, unless it is paid.
    is_paid = pays_tax or (pays_tax is None and included is False)
    return PAID_BY_CHANNEL if is_paid else INCLUDED, True


def _amount(remote, digits, known, name, attribute, of_lines=0):
    """Return an amount that the order states, else that of its lines, or the one that Odoo knows.

    :param name: of the field in Odoo
    :param attribute: of the Order
    """
    if known is not None and not remote.states(attribute):
        is_unknown = name in (known["unknown_amounts"] or "")
        return UNKNOWN if is_unknown else rounded(known[name], digits)
    stated = getattr(remote, attribute)
    if stated is None and attribute in remote.unread_attributes:
        return UNKNOWN
    return rounded(of_lines if stated is None else stated, digits)


def _total(remote, digits, explained):
    """Return the total that Octopus states, else the sum of what explains it."""
    if remote.total_price is None:
        return UNKNOWN if "total_price" in remote.unread_attributes else explained
    return rounded(remote.total_price, digits)


def net_values(values, rate, digits):
    """Return what a new order brings in, also in the currency of the company; None when unknown.

    :param dict values: of the order
    :param rate: units of the order's currency for one of the company's
    :param int digits: decimals of the company's currency
    """
    total = 0 if values["is_test"] else values["check_total"]
    own = None if total is None else Decimal(total) / Decimal(str(rate))
    return {
        "currency_rate": rate,
        "amount_refunded": 0,
        "amount_net": total,
        "amount_net_company": rounded(own, digits),
    }


def _with_unknown_named(values):
    unknown = [name for name, value in values.items() if value.is_nan()]
    return {**values, **dict.fromkeys(unknown), "unknown_amounts": " ".join(unknown) or None}


def _sure(number):
    return UNKNOWN if number is None else number


def address_text(address, layouts=()):
    """Return an Address as the lines of an envelope; empty without one.

    :param layouts: (code, name, layout) of the countries that it may be in, the layout as Odoo's
        `res.country.address_format`
    """
    if not address:
        return ""
    country = {address.country_code.upper(), address.country.casefold()} - {""}
    known = (text for code, name, text in layouts if country & {code, name.casefold()})
    layout = next(known, LAYOUT)
    parts = {
        **asdict(address),
        "state_name": address.state,
        "country_name": address.country,
    }
    for pair in (("state_name", "state_code"), ("country_name", "country_code")):
        for name, other in (pair, pair[::-1]):
            # A code stands for the name, and the name for the code, but not beside it.
            if not parts[name] and other not in PLACE.findall(layout):
                parts[name] = parts[other]
    lines = (PLACE.sub(lambda place: parts.get(place[1], ""), line) for line in layout.split("\n"))
    lines = (re.sub(r"[ \t]+", " ", line).strip(" ,-") for line in lines)
    return "\n".join(filter(None, (address.name, address.company, *lines, address.phone)))


def contact_address(remote):
    """Return the address for a contact of the customer, as a dict of the known parts of an
    Address; None when there are none."""
    address = remote.customer.default_address or remote.billing_address or remote.shipping_address
    if not address:
        return None
    unused = ("name", "company", "phone")
    return {
        key: text for key, text in asdict(address).items() if text and key not in unused
    } or None


# === THE WAY TO THE CUSTOMER === #


def _way_to_customer(remote, known):
    """Return the values of `fulfillment`, from what an order states and else from what is known."""
    before = known and known["fulfillment"]
    is_pickup_chosen, has_way = remote.is_pickup_chosen, bool(remote.shipping_lines)
    has_address = bool(remote.shipping_address)
    is_pos_sale, nothing_to_ship = remote.is_pos_sale, _has_nothing_to_ship(remote.lines)
    if known is not None:
        if not remote.states("shipping_lines"):
            is_pickup_chosen = known["is_pickup_chosen"]
            has_way = before not in ("digital", "in_store")
        if not remote.states("shipping_address"):
            has_address = bool(known["shipping_address"])
        if not remote.states("source_name"):
            is_pos_sale = before == "in_store"
        if not remote.states("lines"):
            nothing_to_ship = before == "digital"
    way = "pickup"
    if is_pos_sale and not (has_way or has_address):
        way = "in_store"
    elif has_address and not is_pickup_chosen:
        way = "delivery"
    elif nothing_to_ship and not has_way:
        way = "digital"
    # Otherwise there is no address to bring the goods to: the customer comes for them.
    return {"fulfillment": way, "is_pickup_chosen": is_pickup_chosen}


def _pickup_code(remote, known):
    return remote.pickup_code or (known and known["pickup_code"]) or new_pickup_code()


def new_pickup_code():
    """Return a code that nobody guesses."""
    return "".join([secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH)])


def _has_nothing_to_ship(lines):
    """Return whether no line is about goods.

    Some channels say so of ordinary goods: it counts for orders without address and way only.
    """
    return bool(lines) and all(line.requires_shipping is False for line in lines)


# === LINES === #


def line_values(line, units, prices, digits):
    """Return the values of a new line, all but its product.

    :param OrderLine line: the line as Octopus sends it
    :param int units: decimals of quantities
    :param int prices: decimals of unit prices
    :param int digits: decimals of the order's currency
    """
    subtotal = _sure(line.price) * _sure(line.quantity) - _sure(line.total_discount)
    return {
        "octopus_ref": line.ref,
        "octopus_variant_ref": line.variant_ref,
        "sku": line.sku,
        "barcode": line.barcode,
        "name": line.title or line.sku,
        "variant_name": variant_name(line) or False,
        "properties": options_text(line.options) or False,
        # Nothing leaves for a line that does not say how many.
        "quantity": rounded(line.quantity or 0, units),
        "is_quantity_unknown": line.quantity is None,
        "price_unit": rounded(line.price, prices),
        "discount": rounded(line.total_discount, digits),
        "tax": rounded(line.tax, digits),
        "subtotal": None if subtotal.is_nan() else rounded(subtotal, digits),
    }


class Candidate(NamedTuple):
    """A product that a line may be about.

    ``kind``: what it was found by, of FOUND_BY; ``uom_id``: the packaging, when the code is that of
    one; ``alias_id``: what a user chose before
    """

    kind: str
    product_id: int
    is_active: bool = True
    is_sold: bool = True
    uom_id: int | None = None
    alias_id: int | None = None

    @property
    def rank(self):
        """The place among all candidates, the best first: an archived product is the last resort.
        Of those with the same code, what is sold comes before an exact spelling."""
        group, spelling = FOUND_BY[self.kind]
        return not self.is_active, group, not self.is_sold, spelling


def product_values(candidates):
    """Return the values of a line that say which product it is about: see `best_candidate`."""
    best = best_candidate(candidates)
    return {
        "product_id": best and best.product_id,
        "uom_id": best and best.uom_id,
        "alias_id": best and best.alias_id,
    }


def best_candidate(candidates):
    """Return the best Candidate, None when there is none, or when several are equally good.

    Of several, the one is taken that another code of the line names, too.
    """
    first = min((candidate.rank for candidate in candidates), default=None)
    equal = {each[1:]: each for each in candidates if each.rank == first}
    if len(equal) > 1:
        named = {each.product_id for each in candidates if each.rank != first}
        equal = {key: each for key, each in equal.items() if each.product_id in named}
    if len(equal) != 1:
        return None
    [best] = equal.values()
    # The SKU says which product, and the barcode that it is a box of it.
    packed = {each.uom_id for each in candidates if each.product_id == best.product_id}
    is_bare = best.uom_id or any(
        each.kind in BARCODES and not each.uom_id and each.product_id == best.product_id
        for each in candidates
    )
    packed -= {None}
    return best if is_bare or len(packed) != 1 else best._replace(uom_id=packed.pop())


def variant_name(line):
    """Return which variant of the product was ordered, such as "Red / L"; empty when there is
    none, or when the title of the line says it already."""
    title = line.title or line.sku
    variant = line.variant_title or _behind(title, line.full_title)
    if variant.casefold() == NO_VARIANT or says(title, variant):
        return ""
    return variant


def _behind(title, full_title):
    """Return what a full title adds to the title, such as "Red / L" of "Shirt - Red / L"."""
    rest = full_title.removeprefix(title)
    if rest == full_title or WORD.match(rest):
        return ""
    return re.sub(r"^\((.*)\)$", r"\1", rest.strip(" \t-–—/|:,;·"))[:MAX_VARIANT]


def with_variant(name, variant):
    """Return a product's name with the variant behind it, unless the name says it already."""
    return f"{name} ({variant})" if variant and not says(name, variant) else name


def says(text, part):
    """Return whether the words of `part` follow each other in `text`, in any letter case."""
    words, wanted = (WORD.findall(each.casefold()) for each in (text, part))
    if not wanted:
        return part in text
    places = range(len(words) - len(wanted) + 1)
    return any(words[place : place + len(wanted)] == wanted for place in places)


def options_text(options):
    """Return what the customer chose as lines `name: value`, cut to a bearable length.

    :param options: pairs (name, value) of texts
    """
    lines = (": ".join(filter(None, option)) for option in options[:MAX_OPTION_LINES])
    return "\n".join(filter(None, lines))[:MAX_OPTIONS_TEXT]
