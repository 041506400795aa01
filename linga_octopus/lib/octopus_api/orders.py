"""An online order as Octopus sends it, by webhook or by list, read into immutable objects.

Tolerant: only ``id`` is required, every other field may be missing, null or blank. Validating:
what is there must make sense, and the error names the field that does not.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .const import FACILITATOR_SOURCES, FINANCIAL_STATUS_SYNONYMS
from .order_reader import InvalidOrder, Reader, unwrapped
from .parsing import MAX_NAME, MAX_REF, as_text

__all__ = [
    "Address",
    "Customer",
    "InvalidOrder",
    "Order",
    "OrderLine",
    "Refund",
    "RefundLine",
    "ShippingLine",
]

# The keys of the API for those attributes of an Order that have another name there.
KEYS = {
    "gateway": ("gateway", "payment_gateway_names"),
    "lines": ("line_items",),
    "total_shipping": ("shipping_lines",),
    "total_tip": ("total_tip_received",),
}


@dataclass(frozen=True)
class Address:
    """A postal address; unknown parts are empty texts."""

    name: str
    company: str
    street: str
    street2: str
    zip: str
    city: str
    state: str
    state_code: str
    country: str
    country_code: str
    phone: str

    @classmethod
    def from_reader(cls, address):
        """Return the Address of a Reader, or None without one. Values that are no texts, such as
        lists, are unknown parts."""
        if address is None:
            return None
        data = address.data

        def text(key):
            value = data.get(key)
            return as_text(value) if isinstance(value, str | int) else ""

        return cls(
            name=text("name") or f"{text('first_name')} {text('last_name')}".strip(),
            company=text("company"),
            street=text("address1"),
            street2=text("address2"),
            zip=text("zip"),
            city=text("city"),
            state=text("province"),
            state_code=text("province_code"),
            country=text("country"),
            country_code=text("country_code"),
            phone=text("phone"),
        )


@dataclass(frozen=True)
class Customer:
    """The person who ordered; texts are empty when unknown."""

    ref: str | None
    name: str
    email: str
    phone: str
    default_address: Address | None = field(repr=False)

    @classmethod
    def from_order(cls, order):
        """Return the customer of an order, filled up from the order and its addresses."""
        given = order.child("customer") or order.empty
        address = given.child("default_address")
        places = [
            place
            for place in (order.child("billing_address"), order.child("shipping_address"), address)
            if place
        ]
        return cls(
            ref=given.ref("id"),
            name=_first(_full_name(who) for who in (given, *places)),
            email=given.name("email") or order.name("email"),
            phone=_first(who.name("phone") for who in (given, order, *places)),
            default_address=Address.from_reader(address),
        )


@dataclass(frozen=True)
class OrderLine:
    """One line: ``quantity`` pieces at ``price`` each, before ``total_discount`` and ``tax``."""

    ref: str | None
    variant_ref: str | None
    sku: str
    barcode: str
    title: str
    quantity: Decimal
    price: Decimal
    total_discount: Decimal
    tax: Decimal
    requires_shipping: bool
    # (name, value) of what the customer chose or had written on the goods
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_reader(cls, line):
        return cls(
            ref=line.ref("id"),
            variant_ref=line.ref("variant_id"),
            sku=line.text("sku"),
            barcode=line.text("barcode"),
            title=line.text("title") or line.text("name"),
            # a line that does not say how many: somebody ordered the thing, so one
            quantity=line.count("quantity", default=Decimal(1)),
            price=line.number("price", default=Decimal(0)),
            total_discount=line.number("total_discount", default=Decimal(0)),
            tax=_sum(line, "tax_lines") or Decimal(0),
            requires_shipping=line.flag("requires_shipping") is not False,
            options=tuple(map(_option, line.items("properties"))),
        )


@dataclass(frozen=True)
class ShippingLine:
    """A way of delivery that the customer chose."""

    title: str
    code: str

    @classmethod
    def from_reader(cls, line):
        return cls(title=str(line.data.get("title") or ""), code=str(line.data.get("code") or ""))


@dataclass(frozen=True)
class RefundLine:
    line_ref: str | None
    quantity: Decimal
    restock_type: str

    @classmethod
    def from_reader(cls, line):
        return cls(
            line_ref=line.ref("line_item_id"),
            quantity=line.count("quantity", default=Decimal(0)),
            restock_type=line.text("restock_type").lower(),
        )


@dataclass(frozen=True)
class Refund:
    """Money given back; ``restock`` tells whether the channel put the goods back on sale."""

    ref: str | None
    restock: bool
    lines: tuple[RefundLine, ...]

    @classmethod
    def from_reader(cls, refund):
        lines = refund.children("refund_line_items")
        return cls(
            ref=refund.ref("id"),
            restock=refund.flag("restock") is True,
            lines=tuple(map(RefundLine.from_reader, lines)),
        )


@dataclass(frozen=True)
class Order:
    """An online order. Times are UTC; amounts None when Octopus did not send them."""

    ref: str  # Aggregator Order No.
    source: str  # Third Party Name
    number: str  # Third Party Order No.
    created_at: datetime | None  # the channel's time
    updated_at: datetime | None  # Octopus's time: what list filters compare with
    octopus_created_at: datetime | None
    cancelled_at: datetime | None
    closed_at: datetime | None
    cancel_reason: str
    currency: str
    total_price: Decimal | None
    subtotal_price: Decimal | None
    total_tax: Decimal | None
    total_discounts: Decimal | None
    total_shipping: Decimal | None
    total_tip: Decimal | None
    taxes_included: bool | None
    financial_status: str
    fulfillment_status: str
    note: str
    tags: str
    gateway: str
    location_ref: str | None
    customer: Customer
    billing_address: Address | None = field(repr=False)
    shipping_address: Address | None = field(repr=False)
    shipping_lines: tuple[ShippingLine, ...] = field(repr=False)
    lines: tuple[OrderLine, ...]
    refunds: tuple[Refund, ...]
    test: bool
    raw: dict = field(repr=False, compare=False)

    @property
    def is_tax_paid_by_channel(self):
        """Whether the channel pays the sales tax itself, so that it is no part of the total."""
        return self.source in FACILITATOR_SOURCES

    def states(self, attribute):
        """Return whether the payload holds this attribute, even an empty one. An update leaves out
        what did not change."""
        return any(key in self.raw for key in KEYS.get(attribute, (attribute,)))

    @staticmethod
    def ref_of(payload):
        """Return the id of an order as for ``from_json``, and read nothing else of it.

        :raise InvalidOrder: there is none
        """
        return _order_ref(Reader(unwrapped(payload, "order")))

    @staticmethod
    def ref_to_show(payload):
        """Return what stands for the id in data that may be no order, as a text to store."""
        return as_text(str(payload.get("id") or ""), MAX_REF)

    @classmethod
    def from_json(cls, payload):
        """Return the Order for a JSON object, bare or under ``order``.

        :raise InvalidOrder: it is no order; says which field
        """
        order = Reader.of(payload, "order")
        status = order.text("financial_status").lower()
        return cls(
            ref=_order_ref(order),
            source=order.text("source").upper(),
            number=_first(order.ref(key) or "" for key in ("order_number", "number", "name")),
            created_at=order.moment("created_at"),
            updated_at=order.moment("octopus_updated_at") or order.moment("updated_at"),
            octopus_created_at=order.moment("octopus_created_at"),
            cancelled_at=order.moment("cancelled_at"),
            closed_at=order.moment("closed_at"),
            cancel_reason=order.text("cancel_reason"),
            currency=order.text("currency").upper(),
            total_price=order.number("total_price"),
            subtotal_price=order.number("subtotal_price"),
            total_tax=order.number("total_tax"),
            total_discounts=order.number("total_discounts"),
            total_shipping=_sum(order, "shipping_lines"),
            total_tip=order.number("total_tip_received"),
            taxes_included=order.flag("taxes_included"),
            financial_status=FINANCIAL_STATUS_SYNONYMS.get(status, status),
            fulfillment_status=order.text("fulfillment_status").lower(),
            note=order.text("note"),
            tags=order.joined("tags"),
            gateway=order.text("gateway") or order.joined("payment_gateway_names"),
            location_ref=_location_ref(order),
            customer=Customer.from_order(order),
            billing_address=Address.from_reader(order.child("billing_address")),
            shipping_address=Address.from_reader(order.child("shipping_address")),
            shipping_lines=tuple(map(ShippingLine.from_reader, order.children("shipping_lines"))),
            lines=tuple(map(OrderLine.from_reader, order.children("line_items"))),
            refunds=tuple(map(Refund.from_reader, order.children("refunds"))),
            test=order.flag("test") is True,
            raw=order.data,
        )


def _order_ref(order):
    ref = order.ref("id")
    if ref is None:
        raise InvalidOrder("id", "is missing")
    if ref in (".", ".."):  # in an address they are steps, not names
        raise InvalidOrder("id", "is not an id")
    return ref


def _location_ref(order):
    places = [order, *order.children("fulfillments")]
    return next(filter(None, (place.ref("location_id") for place in places)), None)


def _sum(record, key):
    """Return the sum of the prices in a list; None without such a list."""
    prices = [line.number("price", default=Decimal(0)) for line in record.children(key)]
    return sum(prices, Decimal(0)) if isinstance(record.data.get(key), list) else None


def _option(entry):
    """Return (name, value) of an entry of a line's options; parts that are no texts are empty."""
    parts = (entry.get("name"), entry.get("value")) if isinstance(entry, dict) else ("", entry)
    name, value = (as_text(part) if isinstance(part, str | int | Decimal) else "" for part in parts)
    return name, value


def _full_name(who):
    full = f"{who.name('first_name')} {who.name('last_name')}".strip()
    return full[:MAX_NAME] or who.name("name")


def _first(texts):
    return next(filter(None, texts), "")
