"""What Octopus's smaller answers become: immutable, ids as text, the original under ``raw``."""

from dataclasses import dataclass, field
from math import isfinite

from .const import MAX_OPTIONS
from .errors import OctopusBadAnswer
from .parsing import as_bool, as_int, as_ref, as_text

WEIGHT_UNITS = ("kg", "g", "lb", "oz")
NO_OPTION = "Default Title"  # the value of a variant of a product without options


def _raw():
    return field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Shop:
    """The merchant's shop, as ``shop.json`` tells it."""

    ref: str
    name: str
    currency: str
    timezone: str
    weight_unit: str
    taxes_included: bool | None
    primary_location_ref: str | None
    country_code: str
    raw: dict = _raw()

    @classmethod
    def from_json(cls, data):
        with _Reading("shop", data) as read:
            return cls(
                ref=read.ref("id"),
                name=read.text("name"),
                currency=read.text("currency"),
                timezone=read.text("iana_timezone"),
                weight_unit=read.text("weight_unit"),
                taxes_included=as_bool(data.get("taxes_included")),
                primary_location_ref=as_ref(data.get("primary_location_id")),
                country_code=read.text("country_code"),
                raw=data,
            )


@dataclass(frozen=True)
class Location:
    """A place with its own stock."""

    ref: str
    name: str
    active: bool
    raw: dict = _raw()

    @classmethod
    def from_json(cls, data):
        with _Reading("location", data) as read:
            active = as_bool(data.get("active"))
            return cls(read.ref("id"), read.text("name"), active is not False, data)


@dataclass(frozen=True)
class RemoteImage:
    """A picture of a product in Octopus."""

    ref: str
    filename: str  # empty when Octopus only tells the address
    address: str
    variant_refs: tuple[str, ...]  # empty for a picture of the product itself
    raw: dict = _raw()

    @classmethod
    def from_json(cls, data):
        with _Reading("image", data) as read:
            refs = data.get("variant_ids")
            return cls(
                ref=read.ref("id"),
                filename=read.code("filename"),
                address=read.code("src"),
                variant_refs=tuple(map(str, refs)) if isinstance(refs, list) else (),
                raw=data,
            )

    def is_named(self, filename):
        """Tell whether the picture was sent under this file name."""
        return filename in (self.filename, self.address.split("/")[-1])


@dataclass(frozen=True)
class RemoteVariant:
    """A variant in Octopus."""

    ref: str
    product_ref: str
    inventory_item_ref: str | None
    sku: str
    barcode: str
    price: str = ""
    cost_price: float = 0.0
    weight: float = 0.0
    weight_unit: str = "kg"
    is_counted: bool = False
    choices: tuple[str, ...] = ()  # the value of each option of the product
    raw: dict = _raw()

    @classmethod
    def from_json(cls, data, product_ref=None):
        """Read a variant.

        :param product_ref: the id of the product whose answer the variant is part of; without it,
            the variant itself must name its product
        """
        with _Reading("variant", data) as read:
            return cls(
                ref=read.ref("id"),
                product_ref=product_ref or read.ref("product_id"),
                inventory_item_ref=as_ref(data.get("inventory_item_id")),
                sku=read.code("sku"),
                barcode=read.code("barcode"),
                price=read.code("price"),
                cost_price=read.number("cost_price"),
                weight=read.number("weight"),
                weight_unit=unit if (unit := read.code("weight_unit")) in WEIGHT_UNITS else "kg",
                is_counted=bool(read.code("inventory_management")),
                choices=_choices(read),
                raw=data,
            )


def _choices(read):
    """Return the values of a variant for the options of its product; none where there are none."""
    values = [read.code(f"option{number}") for number in range(1, MAX_OPTIONS + 1)]
    return tuple(value for value in values if value and value != NO_OPTION)


@dataclass(frozen=True)
class RemoteProduct:
    """A product in Octopus, with its variants and pictures."""

    ref: str
    variants: tuple[RemoteVariant, ...]
    images: tuple[RemoteImage, ...]
    title: str = ""
    body_html: str = ""
    status: str = ""
    options: tuple[str, ...] = ()  # their names, where its variants have choices
    raw: dict = _raw()

    @classmethod
    def from_json(cls, data):
        with _Reading("product", data) as read:
            ref = read.ref("id")
            variants = [RemoteVariant.from_json(item, ref) for item in read.records("variants")]
            names = [_Reading("option", item).code("name") for item in read.records("options")]
            return cls(
                ref=ref,
                variants=tuple(variants),
                images=tuple(map(RemoteImage.from_json, read.records("images"))),
                title=read.code("title"),
                body_html=read.code("body_html"),
                status=read.code("status").lower(),
                options=tuple(names[: min((len(each.choices) for each in variants), default=0)]),
                raw=data,
            )

    @property
    def is_archived(self):
        return self.status == "archived"

    @property
    def is_draft(self):
        return self.status == "draft"


@dataclass(frozen=True)
class Collection:
    """A category, in Octopus's words."""

    ref: str
    title: str
    raw: dict = _raw()

    @classmethod
    def from_json(cls, data):
        with _Reading("collection", data) as read:
            return cls(read.ref("id"), read.text("title"), data)


@dataclass(frozen=True)
class Collect:
    """The fact that a product is in a collection."""

    ref: str
    product_ref: str
    collection_ref: str
    raw: dict = _raw()

    @classmethod
    def from_json(cls, data):
        with _Reading("collect", data) as read:
            return cls(read.ref("id"), read.ref("product_id"), read.ref("collection_id"), data)


@dataclass(frozen=True)
class InventoryLevel:
    """How many of an item are available at a location; None when Octopus does not count it."""

    inventory_item_ref: str
    location_ref: str
    available: int | None
    raw: dict = _raw()

    @classmethod
    def from_json(cls, data):
        with _Reading("inventory level", data) as read:
            return cls(
                read.ref("inventory_item_id"),
                read.ref("location_id"),
                as_int(data.get("available")),
                data,
            )


class _Reading:
    """Turns what cannot be read in a record into an error that names the record."""

    def __init__(self, what, data):
        self._what = what
        self._data = data

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _traceback):
        if isinstance(error, ValueError):
            raise OctopusBadAnswer(f"A {self._what} in Octopus's answer {error}.") from error

    def ref(self, key):
        """Return a required id."""
        if (ref := as_ref(self._data.get(key))) is None:
            raise ValueError(f"has no {key}")
        return ref

    def text(self, key):
        return as_text(self._data.get(key))

    def code(self, key):
        """Return a text to compare with; empty for anything that is no text."""
        try:
            return as_text(self._data.get(key))
        except ValueError:
            return ""

    def number(self, key):
        """Return a number; 0 for anything that is none."""
        try:
            number = float(self.code(key) or 0)
        except ValueError:
            return 0.0
        return number if isfinite(number) else 0.0

    def records(self, key):
        """Return the records of a list; an answer may leave it out."""
        found = self._data.get(key)
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
