"""An online order as Octopus sends it, by webhook or by list, read into immutable objects.

The dataclasses declare where each field stands in the JSON and how it is read; `parsing` reads it.
Only an object with an ``id`` is an order; whatever else cannot be read is unknown, and listed in
``Order.unread``. Numbers that are not stated have a plain meaning (one piece, no discount); those
that cannot be read are None.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone, tzinfo
from decimal import Decimal

from .const import DEAD_FULFILLMENTS, FINANCIAL_STATUS_SYNONYMS, PAGE_LIMIT
from .order_numbers import CALLED, MAX_NUMBER, OTHERS
from .order_parts import (
    Address,
    Customer,
    Fulfillment,
    OrderLine,
    Refund,
    ShippingLine,
    as_options,
)
from .parsing import (
    AMBIGUOUS,
    MAX_REF,
    NO_OBJECT,
    NOT_A_DATE,
    NOT_AN_ID,
    NOT_THERE,
    UNSTORABLE,
    as_amount,
    as_bool,
    as_datetime,
    as_joined,
    as_joined_words,
    as_lower,
    as_moment,
    as_name,
    as_ref,
    as_text,
    as_upper,
    as_words,
    as_words_if_any,
    make,
    read,
    read_many,
    read_one,
    read_values,
    total,
)
from .pickup_time import pickup_code, pickup_due, says_pickup_method
from .pickup_words import says_pickup

# The keys of the API for those attributes of an Order that have another name there.
KEYS = {
    "attributes": ("note_attributes",),
    "gateway": ("gateway", "payment_gateway_names"),
    "lines": ("line_items",),
    "total_shipping": ("shipping_lines",),
    "total_tip": ("total_tip_received",),
}
# Places that are kept: nobody reads more.
MAX_UNREAD = 30
MAX_DEPTH = 50  # of data in data


class InvalidOrder(ValueError):
    """The data is no order.

    ``field``: where; ``message``: what is wrong with it
    """

    def __init__(self, field, message):
        super().__init__(f"{field} {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Order:
    """An online order. Times are UTC; amounts None when Octopus did not send them, or when they
    cannot be read: see `unread`."""

    ref: str = read(as_ref, "id")  # Aggregator Order No.
    source: str = read(as_upper, "source")  # Third Party Name
    source_name: str = read(as_lower, "source_name")  # the part of the channel
    number: str = read(as_ref, *CALLED, missing="")  # Third Party Order No.
    created_at: datetime | None = read(as_moment, "created_at")  # the channel's time
    # Octopus's time: what list filters compare with, in UTC
    updated_at: datetime | None = read(as_datetime, "octopus_updated_at", "updated_at")
    octopus_created_at: datetime | None = read(as_datetime, "octopus_created_at")
    cancelled_at: datetime | None = read(as_moment, "cancelled_at")
    closed_at: datetime | None = read(as_moment, "closed_at")
    cancel_reason: str = read(as_words, "cancel_reason")
    currency: str = read(as_upper, "currency")
    total_price: Decimal | None = read(as_amount, "total_price")
    subtotal_price: Decimal | None = read(as_amount, "subtotal_price")
    total_tax: Decimal | None = read(as_amount, "total_tax")
    total_discounts: Decimal | None = read(as_amount, "total_discounts")
    total_tip: Decimal | None = read(as_amount, "total_tip_received")
    taxes_included: bool | None = read(as_bool, "taxes_included")
    financial_status: str = read(as_lower, "financial_status")
    fulfillment_status: str = read(as_lower, "fulfillment_status")
    note: str = read(as_joined_words, "note")
    tags: str = read(as_joined, "tags")
    gateway: str = read(as_joined_words, "gateway", "payment_gateway_names")
    location_ref: str | None = read(as_ref, "location_id")
    email: str = read(as_name, "email")
    phone: str = read(as_name, "phone")
    customer: Customer | None = read_one(Customer, "customer", text="name")
    billing_address: Address | None = read_one(
        Address, "billing_address", text="address1", repr=False
    )
    shipping_address: Address | None = read_one(
        Address, "shipping_address", text="address1", repr=False
    )
    shipping_lines: tuple[ShippingLine, ...] = read_many(
        ShippingLine, "shipping_lines", text="title", keep=True, repr=False
    )
    lines: tuple[OrderLine, ...] = read_many(OrderLine, "line_items", keep=True)
    fulfillments: tuple[Fulfillment, ...] = read_many(Fulfillment, "fulfillments", repr=False)
    refunds: tuple[Refund, ...] = read_many(Refund, "refunds")
    # (name, value) of what the shop and its plug-ins add
    attributes: tuple[tuple[str, str], ...] = read(as_options, "note_attributes", repr=False)
    test: bool | None = read(as_bool, "test", missing=False)
    zone: tzinfo = field(default=timezone.utc, repr=False, compare=False)  # of the shop
    # when it was placed, as far as known, the best first
    placed_moments: tuple[datetime, ...] = ()
    other_numbers: tuple[str, ...] = ()  # all that people may know it by, besides `number`
    own_location_ref: str | None = None  # `location_ref`, unless only a fulfillment names it
    location_refs: frozenset[str] = frozenset()  # all that goods leave from
    services: frozenset[str] = frozenset()  # all that ship goods
    # nothing but the products of the lines says which are goods, and where these leave
    is_plain: bool = True
    total_shipping: Decimal | None = None
    is_cancelled: bool = False  # even on a day that cannot be read
    is_pickup_chosen: bool = False  # by a way of delivery, or an attribute, that says so
    pickup_due_at: datetime | None = None  # when the customer comes, if the channel says it
    pickup_code: str = ""  # what the channel gave to the customer to show
    is_pos_sale: bool = False  # at the channel's own POS
    unread: tuple[tuple[str, str], ...] = ()  # (place, reason) of what could not be read
    # the attributes of this class that are unknown or incomplete because of that
    unread_attributes: frozenset[str] = frozenset()
    data: dict = field(default_factory=dict, repr=False, compare=False)

    @property
    def raw(self):
        """The payload, fit for a database."""
        return as_storable(self.data)

    def states(self, attribute):
        """Return whether the payload holds this attribute, even an empty one. An update leaves out
        what did not change."""
        return any(key in self.data for key in KEYS.get(attribute, (attribute,)))

    def is_called(self, number):
        """Return whether people may know the order by this number."""
        numbers = (self.number or "", *self.other_numbers)
        return number.lstrip("#") in (each.lstrip("#") for each in numbers)

    @property
    def states_amounts(self):
        """Return whether the payload holds all that its amounts are summed up from."""
        return all(map(self.states, ("source", "lines", "total_price")))

    def unread_with(self, before):
        """Return what cannot be read of an order of which these places could not be read before
        this update, which leaves out what did not change."""
        kept = [entry for entry in before if _top(entry[0]) not in self.data]
        return [*kept, *map(list, self.unread)][:MAX_UNREAD]

    @staticmethod
    def payloads(body):
        """Return the orders in a body: one object, bare or under ``order``, or a list of them.

        :raise InvalidOrder: there is none, or more than a page of a list has
        """
        if isinstance(body, dict) and "id" not in body:
            body = next((body[key] for key in ("order", "orders") if key in body), body)
        orders = body if isinstance(body, list) else [body]
        orders = [order for order in orders if isinstance(order, dict)]
        if not orders:
            raise InvalidOrder("order", NO_OBJECT)
        if len(orders) > PAGE_LIMIT:
            raise InvalidOrder("orders", f"has more than {PAGE_LIMIT} entries")
        return orders

    @classmethod
    def ref_of(cls, payload):
        """Return the id of an order as for ``from_json``, and read nothing else of it.

        :raise InvalidOrder: there is none
        """
        try:
            return _checked_ref(as_ref(_only(payload).get("id")))
        except InvalidOrder:
            raise
        except ValueError as error:
            raise InvalidOrder("id", str(error)) from error

    @staticmethod
    def ref_to_show(payload):
        """Return what stands for the id in data that may be no order, as a text to store."""
        return as_text(str(payload.get("id") or ""), MAX_REF)

    @classmethod
    def from_json(cls, payload, zone=timezone.utc):
        """Return the Order for a JSON object, bare, under ``order`` or alone in a list.

        :param zone: the time zone of the shop, in which the channel's times without an offset are
        :raise InvalidOrder: it is no order: no object, or one without an id
        """
        data, unread = _only(payload), []
        values = read_values(cls, data, "", unread, zone)
        _checked_ref(values["ref"], next((why for place, why in unread if place == "id"), None))
        status, source = values["financial_status"], values["source"].lower()
        alive = [
            parcel for parcel in values["fulfillments"] if parcel.status not in DEAD_FULFILLMENTS
        ]
        places = (values["location_ref"], *(parcel.location_ref for parcel in alive))
        ways = values["shipping_lines"]
        moments = (values[name] for name in ("created_at", "octopus_created_at", "updated_at"))
        values |= {
            "zone": zone,
            "placed_moments": tuple(filter(None, moments)),
            "other_numbers": _other_numbers(data, values["number"]),
            "financial_status": FINANCIAL_STATUS_SYNONYMS.get(status, status),
            "location_ref": next(filter(None, places), None),
            "own_location_ref": values["location_ref"],
            "location_refs": frozenset(filter(None, places)),
            "services": frozenset(x.service for x in (*alive, *values["lines"]) if x.service),
            "is_plain": not alive and all(map(_is_plain, values["lines"])),
            "customer": _whole_customer(values),
            # an empty list is free shipping, no list says nothing
            "total_shipping": total(ways) if ways or data.get("shipping_lines") == [] else None,
            "is_cancelled": bool(values["cancelled_at"]) or ("cancelled_at", AMBIGUOUS) in unread,
            "is_pickup_chosen": any(map(says_pickup, ways)),
            "is_pos_sale": "pos" in re.findall(r"[a-z]+", f"{values['source_name']} {source}"),
            "unread": tuple(unread[:MAX_UNREAD]),
            "unread_attributes": _attributes_of(unread) if unread else frozenset(),
            "data": data,
        }
        if values["attributes"]:
            values |= _pickup_values(values, zone)
        return make(cls, values)


def _pickup_values(values, zone):
    """Return what the attributes of an order say of its pickup."""
    attributes, unread = values["attributes"], values["unread"]
    due, unread_attributes = None, values["unread_attributes"]
    try:
        due = pickup_due(attributes, zone)
    except (ValueError, OverflowError):
        unread = (*unread, ("note_attributes", NOT_A_DATE))[:MAX_UNREAD]
        unread_attributes |= {"attributes"}
    return {
        "pickup_due_at": due,
        "pickup_code": pickup_code(attributes),
        "is_pickup_chosen": values["is_pickup_chosen"] or says_pickup_method(attributes),
        "unread": unread,
        "unread_attributes": unread_attributes,
    }


def _top(place):
    """Return the key of an order that a place such as `line_items[0].price` begins with."""
    return re.split(r"[.\[]", place, maxsplit=1)[0]


def _attributes_of(unread):
    """Return the attributes of an Order in which something could not be read."""
    tops = {_top(place) for place, _reason in unread}
    named = {name for name, keys in KEYS.items() if tops.intersection(keys)}
    return frozenset(tops | named)


def _other_numbers(data, number):
    """Return the numbers of an order besides this one; what is none is left out, and not named."""
    given = dict.fromkeys(as_words_if_any(data.get(key)) for key in (*CALLED, *OTHERS))
    bare = (number or "").lstrip("#")
    return tuple(
        text
        for text in given
        if re.search(r"\d", text)
        and text.lstrip("#") not in ("0", bare)
        and len(text) <= MAX_NUMBER
    )


def _only(payload):
    orders = Order.payloads(payload)
    if len(orders) > 1:
        raise InvalidOrder("order", NO_OBJECT)
    return orders[0]


def _checked_ref(ref, reason=None):
    if ref is None:
        raise InvalidOrder("id", reason or NOT_THERE)
    if ref in (".", ".."):  # in an address they are steps, not names
        raise InvalidOrder("id", NOT_AN_ID)
    return ref


def _is_plain(line):
    says_more = line.gift_card or line.product_type or line.parent_ref or line.service
    return not (says_more or line.options or line.price is None or line.price < 0)


def _whole_customer(values):
    """Return the customer of an order, filled up from the order and its addresses."""
    given = values["customer"] or Customer()
    places = (values["billing_address"], values["shipping_address"], given.default_address)
    places = [place for place in places if place]
    return make(
        Customer,
        {
            "ref": given.ref,
            "name": given.name or _first(place.name for place in places),
            "email": given.email or values["email"],
            "phone": given.phone or values["phone"] or _first(place.phone for place in places),
            "default_address": given.default_address,
        },
    )


def _first(texts):
    return next(filter(None, texts), "")


def as_storable(value, depth=0):
    """Return JSON data with text that a database can store, at any depth that has a meaning; what
    is nested more deeply is left out."""
    if isinstance(value, str):
        return UNSTORABLE.sub("", value)
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, dict):
        return {as_storable(key): as_storable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [as_storable(item, depth + 1) for item in value]
    return value
