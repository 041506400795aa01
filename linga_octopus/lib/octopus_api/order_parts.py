"""The parts of an online order as Octopus sends them: people, lines, parcels, refunds."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .const import DEAD_FULFILLMENTS, FAILED_PAYMENTS, REFUND_PAYMENTS, RESTOCK_TYPES
from .parsing import (
    as_addressee,
    as_amount,
    as_bool,
    as_code,
    as_gtins,
    as_joined,
    as_lower,
    as_moment,
    as_name,
    as_person,
    as_quantity,
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

NO_AMOUNT = Decimal(0)


def as_options(value):
    """Return pairs (name, value) of what a customer chose: a list of pairs or texts, an object of
    names and values, or a text. Parts that are no texts are empty."""
    if isinstance(value, dict):
        is_pair = "name" in value and "value" in value
        value = [value] if is_pair else [{"name": k, "value": v} for k, v in value.items()]
    elif value is None or value == "":
        value = []
    elif not isinstance(value, list):
        value = [value]
    return tuple(map(_option, value))


def _option(entry):
    parts = (entry.get("name"), entry.get("value")) if isinstance(entry, dict) else ("", entry)
    name, value = (
        as_words(part) if isinstance(part, str | int | Decimal) else "" for part in parts
    )
    return name, value


@dataclass(frozen=True)
class Address:
    """A postal address; unknown parts are empty texts."""

    name: str = read(as_addressee)
    company: str = read(as_words, "company")
    street: str = read(as_words, "address1")
    street2: str = read(as_words, "address2")
    zip: str = read(as_words, "zip")
    city: str = read(as_words, "city")
    state: str = read(as_words, "province")
    state_code: str = read(as_words, "province_code")
    country: str = read(as_words, "country")
    country_code: str = read(as_words, "country_code")
    phone: str = read(as_name, "phone")


@dataclass(frozen=True)
class Customer:
    """The person who ordered; texts are empty when unknown."""

    ref: str | None = read(as_ref, "id")
    name: str = read(as_person)
    email: str = read(as_name, "email")
    phone: str = read(as_name, "phone")
    default_address: Address | None = read_one(
        Address, "default_address", text="address1", repr=False
    )


@dataclass(frozen=True)
class TaxLine:
    price: Decimal | None = read(as_amount, "price", missing=NO_AMOUNT)


@dataclass(frozen=True)
class OrderLine:
    """One line: ``quantity`` pieces at ``price`` each, before ``total_discount`` and ``tax``."""

    ref: str | None = read(as_ref, "id")
    variant_ref: str | None = read(as_ref, "variant_id")
    sku: str = read(as_code, "sku")
    barcode: str = read(as_code, "barcode")
    # other spellings of these two as UPC or EAN
    sku_forms: tuple[str, ...] = read(as_gtins, "sku", repr=False)
    barcode_forms: tuple[str, ...] = read(as_gtins, "barcode", repr=False)
    title: str = read(as_words, "title", "name")
    variant_title: str = read(as_name, "variant_title")
    # the title, as a rule followed by that of the variant
    full_title: str = read(as_words_if_any, "name")
    # a line that does not say how many: somebody ordered the thing, so one
    quantity: Decimal | None = read(as_quantity, "quantity", missing=Decimal(1))
    price: Decimal | None = read(as_amount, "price", missing=NO_AMOUNT)
    total_discount: Decimal | None = read(as_amount, "total_discount", missing=NO_AMOUNT)
    tax: Decimal | None = read_many(TaxLine, "tax_lines", text="price", then=total, keep=True)
    requires_shipping: bool | None = read(as_bool, "requires_shipping", missing=True)
    gift_card: bool | None = read(as_bool, "gift_card", missing=False)
    product_type: str = read(as_lower, "product_type")
    # the line of the bundle, or of the configurable product, that this one is a part of
    parent_ref: str | None = read(as_ref, "parent_item_id", "parent_line_item_id", "bundled_by")
    service: str = read(as_name, "fulfillment_service")  # who ships it
    # (name, value) of what the customer chose or had written on the goods
    options: tuple[tuple[str, str], ...] = read(as_options, "properties")

    @classmethod
    def of_codes(cls, sku, barcode, variant_ref=None):
        """Return a line that says nothing but what its product is known by."""
        codes = {"sku": sku or None, "barcode": barcode or None, "variant_id": variant_ref or None}
        return make(cls, read_values(cls, codes, "", []))


@dataclass(frozen=True)
class ShippingLine:
    """A way of delivery that the customer chose."""

    title: str = read(as_words, "title")
    code: str = read(as_words, "code")
    price: Decimal | None = read(as_amount, "price", missing=NO_AMOUNT)


@dataclass(frozen=True)
class FulfillmentLine:
    line_ref: str | None = read(as_ref, "id", "line_item_id")
    quantity: Decimal | None = read(as_quantity, "quantity", missing=Decimal(0))


@dataclass(frozen=True)
class Fulfillment:
    """Goods that left, or will leave, from a location; everything when it names no lines."""

    ref: str | None = read(as_ref, "id")
    created_at: datetime | None = read(as_moment, "created_at", "updated_at")
    carrier: str = read(as_name, "tracking_company")
    numbers: str = read(as_joined, "tracking_numbers", "tracking_number")  # "1Z1, 1Z2"
    urls: str = read(as_joined, "tracking_urls", "tracking_url")
    location_ref: str | None = read(as_ref, "location_id")
    status: str = read(as_lower, "status")
    service: str = read(as_name, "service")  # who ships it
    lines: tuple[FulfillmentLine, ...] = read_many(FulfillmentLine, "line_items")

    @property
    def is_dead(self):
        """Return whether nothing left, or what left came back."""
        return self.status in DEAD_FULFILLMENTS


@dataclass(frozen=True)
class RefundLine:
    """Pieces of a line that were refunded, for ``amount`` without added ``tax``: None when Octopus
    does not say."""

    line_ref: str | None = read(as_ref, "line_item_id")
    quantity: Decimal | None = read(as_quantity, "quantity", missing=Decimal(0))
    restock_type: str = read(as_lower, "restock_type")
    location_ref: str | None = read(as_ref, "location_id")
    amount: Decimal | None = read(as_amount, "subtotal")
    tax: Decimal | None = read(as_amount, "total_tax")
    variant_ref: str | None = read(as_ref, "variant_id")
    sku: str = read(as_text, "sku")
    line: OrderLine | None = read_one(OrderLine, "line_item", text="title")


@dataclass(frozen=True)
class RefundPayment:
    """Money that went back to the customer, or is about to."""

    kind: str = read(as_lower, "kind")
    status: str = read(as_lower, "status")
    amount: Decimal | None = read(as_amount, "amount", missing=NO_AMOUNT)
    currency: str = read(as_upper, "currency")

    @property
    def is_refund(self):
        return self.kind in REFUND_PAYMENTS

    @property
    def has_failed(self):
        return self.status in FAILED_PAYMENTS


@dataclass(frozen=True)
class RefundAdjustment:
    """Money of a refund that is about no line; the customer gets what is below zero."""

    kind: str = read(as_lower, "kind")
    amount: Decimal | None = read(as_amount, "amount", missing=NO_AMOUNT)
    tax: Decimal | None = read(as_amount, "tax_amount", missing=NO_AMOUNT)


@dataclass(frozen=True)
class Refund:
    """Money given back; ``restock`` tells whether the channel put the goods back on sale."""

    ref: str | None = read(as_ref, "id")
    restock: bool | None = read(as_bool, "restock", missing=False)
    refunded_at: datetime | None = read(as_moment, "processed_at", "created_at")
    location_ref: str | None = read(as_ref, "location_id")
    lines: tuple[RefundLine, ...] = read_many(RefundLine, "refund_line_items")
    payments: tuple[RefundPayment, ...] = read_many(RefundPayment, "transactions")
    adjustments: tuple[RefundAdjustment, ...] = read_many(RefundAdjustment, "order_adjustments")

    def restocks(self, line):
        """Return whether the channel put the pieces of a line back on sale: the line says so, else
        the refund. An unknown word is none that puts anything back."""
        if line.restock_type:
            word = re.sub(r"[\s_-]+", "_", line.restock_type)
            return RESTOCK_TYPES.get(word, False)
        return bool(self.restock)
