"""Which lines of an online order are goods, and where these leave.

Pure functions on the value objects of `octopus_api`: no Odoo, no database. The keys of the values
are fields of `octopus.order.line`.
"""

import re
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

# The kinds of a line. The goods of a parent stand on lines of their own.
GOODS, SERVICE, NOT_GOODS, GIFT_CARD, PARENT = (
    "goods",
    "service",
    "not_goods",
    "gift_card",
    "parent",
)

# What channels call a product that consists of others.
PARENT_TYPES = frozenset({"configurable", "bundle", "bundled", "grouped", "composite", "combo"})
# Options by which a part of a bundle names the bundle, without the underscore that hides them.
BUNDLE_OPTIONS = frozenset(
    {
        *("bundle", "bundle_id", "bundle_sku", "bundle_name", "bundle_title", "bundled_by"),
        *("parent", "parent_id", "parent_sku", "parent_item_id", "part_of"),
    }
)

# Titles of what is no goods, in lower case; Latin, Chinese and Arabic.
GIFT_CARD_WORDS = (
    *("gift card", "e-gift card", "digital gift card", "gift certificate", "gift voucher"),
    *("tarjeta regalo", "tarjeta de regalo", "carte cadeau", "chèque cadeau"),
    *("geschenkgutschein", "geschenkkarte", "礼品卡", "بطاقة هدية"),
)
NOT_GOODS_WORDS = (
    *("tip", "tips", "gratuity", "propina", "pourboire", "trinkgeld", "小费", "بقشيش"),
    *("gift wrap", "gift wrapping", "giftwrap", "gift-wrapping", "gift message", "gift note"),
    *("envoltorio de regalo", "envoltorio para regalo", "papel de regalo", "emballage cadeau"),
    *("paquet cadeau", "geschenkverpackung", "礼品包装", "تغليف هدية", "تغليف الهدايا"),
    *("deposit", "bottle deposit", "container deposit", "security deposit", "pfand"),
    *("depósito", "fianza", "consigne", "caution", "押金", "وديعة", "تأمين"),
    *("donation", "charity donation", "donación", "don", "spende", "捐款", "تبرع"),
    *("insurance", "shipping insurance", "delivery insurance", "shipping protection"),
    *("package protection", "order protection", "delivery protection", "route protection"),
    *("route shipping protection", "seguro", "seguro de envío", "assurance", "运费险", "保险"),
    *("assurance livraison", "transportversicherung", "versandversicherung", "تأمين الشحن"),
    *("coupon", "discount", "voucher", "promotion", "promo code", "store credit"),
    *("cupón", "descuento", "remise", "réduction", "code promo", "gutschein", "rabatt"),
    *("优惠券", "折扣", "قسيمة", "خصم", "loyalty points", "reward points", "extended warranty"),
    *("fee", "handling", "handling fee", "service fee", "processing fee", "convenience fee"),
    *("surcharge", "small order fee", "bag fee", "cod fee", "restocking fee", "rush fee"),
    *("shipping", "shipping fee", "delivery", "delivery fee", "delivery charge", "postage"),
    *("rounding", "cash rounding", "rounding adjustment", "tax", "sales tax", "adjustment"),
    *("gastos de envío", "frais de port", "frais de livraison", "versandkosten", "运费"),
    *("رسوم الشحن", "carbon offset", "carbon neutral shipping"),
)
_PARTS = re.compile(r"\s*[:;|,/()\[\]\u2013\u2014]\s*|\s+-\s+")
_AMOUNT = re.compile(r"[\d.,]+\s*(?:%|[A-Z]{3}\b)?|[$£¥€%]")
_JOINTS = r"\s+(?:by|from|for|to|of|de|du|von|für|para|pour|par|a)\s.*"
_AS_WHOLE = {
    kind: re.compile("(?:" + "|".join(map(re.escape, words)) + ")")
    for kind, words in ((GIFT_CARD, GIFT_CARD_WORDS), (NOT_GOODS, NOT_GOODS_WORDS))
}
_AS_PART = {kind: re.compile(f"{words.pattern}(?:{_JOINTS})?") for kind, words in _AS_WHOLE.items()}

# Services that ship from a warehouse of the marketplace, or of a company that fulfills orders.
# "Amazon" alone says who sold the goods.
_ELSEWHERE = re.compile(
    r"(?<![a-z])(?:fba|afn|mcf|wfs|fbt|fbl|fbe|amazon_(?:na|eu|fe|jp|in)"
    r"|fulfill?(?:ed|ment)[ _-]by[ _-](?:amazon|walmart|tiktok|lazada|emag)"
    r"|(?:amazon|walmart)[ _-]?fulfill?(?:ed|ment)|multi[ _-]?channel[ _-]fulfill?ment)(?![a-z])",
    re.IGNORECASE,
)


# === WHAT A LINE IS === #


def title_key(title):
    """Return a title as it is compared: without regard to case and blanks."""
    return " ".join((title or "").casefold().split())


def named_kind(title, *, as_whole):
    """Return the kind that a title names: a gift card, not goods, or None.

    :param as_whole: whether the title must be the name and nothing else but an amount; otherwise
        something may be added ("Gift wrap - red")
    """
    text = title_key(_AMOUNT.sub(" ", title or ""))
    if not as_whole:
        text = next(filter(None, _PARTS.split(text)), "")
    for kind, pattern in (_AS_WHOLE if as_whole else _AS_PART).items():
        if pattern.fullmatch(text.strip(" -+:().")):
            return kind
    return None


def line_kinds(lines, products, no_goods=()):
    """Return the kind of each line of an order.

    :param lines: the `OrderLine` objects
    :param products: of each line, the id of the product that was found, or None
    :param no_goods: the titles, as `title_key`, that a user has said to be no goods
    """
    kinds = [_kind(line, product, no_goods) for line, product in zip(lines, products, strict=True)]
    parents = {
        parent
        for parent, part in _named_parents(lines, kinds)
        if _is_parent(lines, products, parent, part)
    }
    parents |= {bundle for bundle, _part in _named_bundles(lines)}
    for place in parents:
        if kinds[place] == GOODS:
            kinds[place] = PARENT
    return kinds


def parts(lines, kinds):
    """Return {place of a parent: places of the lines that have its goods}.

    :param lines: the `OrderLine` objects
    :param kinds: of each line
    """
    found = {}
    # A line may name its parent in both ways.
    for parent, part in dict.fromkeys((*_named_parents(lines, kinds), *_named_bundles(lines))):
        if (kinds[parent], kinds[part]) == (PARENT, GOODS):
            found.setdefault(parent, []).append(part)
    return found


def _kind(line, product, no_goods):
    if line.gift_card or line.service.lower() == "gift_card":
        return GIFT_CARD
    if line.price is not None and line.price < 0:
        return NOT_GOODS
    if product:
        return GOODS
    if title_key(line.title or line.sku) in no_goods:
        return NOT_GOODS
    if line.sku or line.variant_ref or line.barcode:
        return named_kind(line.title, as_whole=True) or GOODS
    named = named_kind(line.title, as_whole=False)
    # Channels state of many goods that they need no shipping: alone it says nothing.
    return named or (NOT_GOODS if line.requires_shipping is False else GOODS)


def _named_parents(lines, kinds):
    """Yield the places of a line, and of one with goods that names it as its parent."""
    latest = None
    by_ref = {line.ref: place for place, line in enumerate(lines) if line.ref}
    for place, line in enumerate(lines):
        if line.parent_ref and kinds[place] == GOODS:
            # Some channels name the parent by an id that Octopus does not pass on.
            parent = by_ref.get(line.parent_ref, latest)
            if parent not in (None, place):
                yield parent, place
        elif line.product_type in PARENT_TYPES:
            latest = place


def _is_parent(lines, products, parent, child):
    """Return whether the goods of a line are those of one that names it: a warranty names what it
    is for, too, and is nothing that the store has."""
    is_typed = lines[parent].product_type in PARENT_TYPES
    return bool(is_typed or products[child] or not products[parent])


def _named_bundles(lines):
    """Yield the places of a line, and of another one that names it as its bundle by an option."""
    for place, part in enumerate(lines):
        named = {
            value
            for name, value in part.options
            if value and name.strip("_ ").lower().replace(" ", "_") in BUNDLE_OPTIONS
        }
        for other, line in enumerate(lines) if named else ():
            if (
                other != place
                and named.intersection((line.ref, line.variant_ref, line.sku, line.title))
                and not named.intersection(value for _name, value in line.options)
            ):
                yield other, place


# === WHERE THE GOODS LEAVE === #


def says_elsewhere(service):
    """Return whether the name of a service says that it ships from a warehouse of its own."""
    return bool(_ELSEWHERE.search(service or ""))


def line_places(remote, elsewhere):
    """Return of each line {location: pieces}.

    A location is Octopus's id, None for that of the order, or False for elsewhere.

    :param elsewhere: the services that do not ship from this store
    """
    left = [max(line.quantity or Decimal(0), Decimal(0)) for line in remote.lines]
    places = [Counter() for _line in remote.lines]
    for fulfillment in remote.fulfillments:
        if fulfillment.is_dead:
            continue
        for place, pieces in _fulfilled(fulfillment, remote.lines, left):
            # A fulfillment that names no service is that of whoever ships its lines.
            service = fulfillment.service or remote.lines[place].service
            location = False if service in elsewhere else fulfillment.location_ref
            taken = min(pieces, left[place])
            if taken > 0:
                places[place][location] += taken
                left[place] -= taken
    for place, line in enumerate(remote.lines):
        if left[place]:
            places[place][False if line.service in elsewhere else None] += left[place]
    return [dict(found) for found in places]


def _fulfilled(fulfillment, lines, left):
    """Yield (place, pieces) of what a fulfillment contains; everything when it does not say."""
    if not fulfillment.lines:
        yield from enumerate(list(left))
        return
    by_ref = {line.ref: place for place, line in enumerate(lines) if line.ref}
    for entry in fulfillment.lines:
        if entry.line_ref in by_ref:
            yield by_ref[entry.line_ref], entry.quantity or Decimal(0)


class Places(NamedTuple):
    """The locations that an order names. ``by_ref``: {Octopus's id: id in Odoo}; ``order``: that of
    the order; ``default``: that of what names no location"""

    by_ref: dict
    order: int | None
    default: int | None


def elsewhere_services(remote, decided):
    """Return those services of an order that do not ship from this store.

    :param dict decided: {name: does it ship from elsewhere} of the services that are known
    """
    return {name for name in remote.services if decided.get(name, says_elsewhere(name))}


def place_values(remote, places, elsewhere):
    """Return the values of each line that say where its pieces leave.

    :param Places places: the locations
    :param elsewhere: the services that do not ship from this store
    """
    own = places.by_ref.get(remote.own_location_ref, places.default)
    found = []
    for by_location in line_places(remote, elsewhere):
        others = Counter()
        for ref, pieces in by_location.items():
            location = places.by_ref.get(ref, own)
            if ref is not False and location and location != places.order:
                others[str(location)] += float(pieces)
        gone = by_location.get(False, Decimal(0))
        found.append({"quantity_elsewhere": gone, "places": dict(others) or None})
    return found


def unknown_locations(remote, known, elsewhere):
    """Return the ids of Octopus of the locations that goods of an order leave from, and that are
    none of `known`."""
    named = {ref for by_location in line_places(remote, elsewhere) for ref in by_location}
    named.add(remote.own_location_ref)
    return sorted(named - {None, False, *known})
