"""The items of bulk calls: the addon's words under the keys of Octopus.

Every item has a ``ref``: a text of the caller's by which the answer is matched to the item (see
``bulk``). No other file knows under which keys Octopus expects what.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .bulk import COLLECTIONS, COLLECTS, LEVELS, PRODUCTS, VARIANT_CORRELATION
from .const import MAX_OPTIONS

# Under which key an item has its `ref`.
PRODUCT_KEY = PRODUCTS.correlation
COLLECTION_KEY = COLLECTIONS.correlation
COLLECT_KEY = COLLECTS.correlation
LEVEL_KEY = LEVELS.correlation

# The prices beside the one that is charged, by the addon's words.
OTHER_PRICES = {
    "compare_at": "compare_at_price",
    "msrp": "msrp",
    "list": "list_price",
    "a": "price_a",
    "b": "price_b",
    "c": "price_c",
}

# How Octopus spells a product that has no options.
_DEFAULT_VALUE = "Default Title"
_NO_OPTIONS = (("Title", (_DEFAULT_VALUE,)),)
_NO_CHOICES = (_DEFAULT_VALUE,)


@dataclass(frozen=True)
class DatedPrice:
    """A sale price between two moments (naive UTC); without a moment that end is open."""

    price: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VariantItem:
    """A variant to be created or updated. Prices and weights are decimal numbers as text."""

    ref: str
    sku: str
    price: str
    cost_price: str
    barcode: str
    is_taxed: bool
    weight: str
    weight_unit: str
    is_counted: bool  # whether Octopus counts its stock
    oversell_policy: str  # at a stock of zero: "deny" or "continue"
    choices: tuple[str | None, ...] = ()  # a value for each option of the product
    sale: DatedPrice | None = None
    # "prices": those of OTHER_PRICES by name; "attributes": values by name, where an empty mapping
    # removes all. What is left out stays as it is in Octopus.
    details: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    extra: Mapping = field(default_factory=dict)  # fields of others, under Octopus's own keys

    def to_json(self, octopus_ref=None):
        """Return the variant as Octopus takes it.

        :param octopus_ref: the id that Octopus has given the variant already
        """
        data = {
            **self.extra,
            VARIANT_CORRELATION: self.ref,
            "sku": self.sku,
            "price": self.price,
            "cost_price": self.cost_price,
            "barcode": self.barcode,
            "taxable": self.is_taxed,
            "weight": self.weight,
            "weight_unit": self.weight_unit,
            "inventory_management": "octopus" if self.is_counted else None,
            "inventory_policy": self.oversell_policy,
        }
        choices = self.choices or _NO_CHOICES
        for number in range(MAX_OPTIONS):
            data[f"option{number + 1}"] = choices[number] if number < len(choices) else None
        if self.sale:
            data["sales_price"] = self.sale.price
            data["SaleStartDate"] = _moment(self.sale.start)
            data["SaleEndDate"] = _moment(self.sale.end)
        for name, price in self.details.get("prices", {}).items():
            data[OTHER_PRICES[name]] = price
        if "attributes" in self.details:
            data["custom_attributes"] = [
                {"attribute_name": name, "attribute_value": value}
                for name, value in self.details["attributes"].items()
            ]
        if octopus_ref:
            data["id"] = octopus_ref
        return data


@dataclass(frozen=True, kw_only=True)
class ProductItem:
    """A product to be created or updated, with all its variants."""

    ref: str
    title: str
    body_html: str
    vendor: str
    product_type: str
    tags: str  # separated by commas
    variants: tuple[VariantItem, ...]
    is_draft: bool = False  # channels are to show it only when somebody publishes it in Octopus
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()  # names, each with its values
    extra: Mapping = field(default_factory=dict)  # fields of others, under Octopus's own keys

    def to_json(self, octopus_ref=None, variant_refs: Mapping[str, str] | None = None):
        """Return the product as Octopus takes it.

        :param octopus_ref: the id that Octopus has given the product already
        :param variant_refs: the ids of the variants that Octopus has already, by their ``ref``
        """
        refs = variant_refs or {}
        data = {
            **self.extra,
            PRODUCT_KEY: self.ref,
            "title": self.title,
            "body_html": self.body_html,
            "vendor": self.vendor,
            "product_type": self.product_type,
            **status_values(is_archived=False, is_draft=self.is_draft),
            "tags": self.tags,
            "options": [
                {"name": name, "position": position, "values": list(values)}
                for position, (name, values) in enumerate(self.options or _NO_OPTIONS, 1)
            ],
            "variants": [variant.to_json(refs.get(variant.ref)) for variant in self.variants],
        }
        if octopus_ref:
            data["id"] = octopus_ref
        return data


@dataclass(frozen=True)
class KnownVariant:
    """A variant that Octopus has, as it was told of it last."""

    ref: str
    octopus_ref: str
    sku: str
    price: str


def archive_item(ref, *, octopus_ref, title, variants: Iterable[KnownVariant]):
    """Return the item that archives a product: no channel sells it any more."""
    return {
        PRODUCT_KEY: ref,
        "id": octopus_ref,
        "title": title,
        "status": "archived",
        "variants": [
            {
                VARIANT_CORRELATION: variant.ref,
                "id": variant.octopus_ref,
                "sku": variant.sku,
                "price": variant.price,
            }
            for variant in variants
        ],
    }


def status_values(*, is_archived, is_draft):
    """Return the status of a product as ``update_product`` takes it."""
    if is_archived:
        return {"status": "archived"}
    return {"status": "draft" if is_draft else "active"}


def collection_item(ref, values):
    """Return the item that creates a collection with these `collection_values`."""
    return {**values, COLLECTION_KEY: ref}


def collection_values(title, extra):
    """Return a collection as ``update_collection`` takes it.

    :param dict extra: fields of others, under Octopus's own keys
    """
    return {**extra, "title": title}


def collect_item(ref, *, product_ref, collection_ref):
    """Return the item that puts a product into a collection."""
    return {COLLECT_KEY: ref, "collection_id": collection_ref, "product_id": product_ref}


def level_item(ref, *, location_ref, inventory_item_ref, available):
    """Return the item that sets a stock level.

    :param int available: the new number itself, not a difference
    """
    return {
        LEVEL_KEY: ref,
        "location_id": _as_sent(location_ref),
        "inventory_item_id": _as_sent(inventory_item_ref),
        "available": available,
    }


def fulfillment_item(*, numbers, carrier="", urls=(), location_ref=None, pieces=(), notify=None):
    """Return a parcel as ``create_fulfillment`` and ``update_fulfillment`` take it; what is left
    out stays as it is.

    :param numbers: the tracking numbers
    :param pieces: {line: how many}; everything that is left, without any
    :param notify: whether the channel tells the customer
    """
    item = {
        "tracking_company": carrier,
        "tracking_number": numbers[0] if numbers else None,
        "tracking_numbers": list(numbers),
        "tracking_urls": list(urls),
    }
    if location_ref:
        item["location_id"] = _as_sent(location_ref)
    if pieces:
        item["line_items"] = [
            {"id": _as_sent(ref), "quantity": _whole(pieces[ref])} for ref in pieces
        ]
    if notify is not None:
        item["notify_customer"] = notify
    return item


def _whole(quantity):
    return int(quantity) if quantity == int(quantity) else float(quantity)


def _as_sent(ref):
    """Return an id as Octopus's own samples show it: a number where it is one."""
    return int(ref) if ref.isdecimal() else ref


def _moment(value):
    return value.strftime("%Y-%m-%dT%H:%M:%S+00:00") if value else ""
