"""A product before it is saved: the stored fields, changed by the sent ones."""

import re
from dataclasses import dataclass, field

from .. import rules

NULLABLE = ("option1", "option2", "option3", "inventory_management")

# The shapes of the reference, with the defaults of fields that are not sent.
PRODUCT_BLANK = {
    "id": 0,
    "title": "",
    "sub_description1": "",
    "sub_description2": "",
    "sub_description3": "",
    "body_html": "",
    "vendor": "",
    "product_type": "",
    "status": "active",
    "created_at": "",
    "handle": "",
    "updated_at": "",
    "published_at": "",
    "template_suffix": None,
    "published_scope": None,
    "tags": "",
    "admin_graphql_api_id": None,
    "options": [],
}
VARIANT_BLANK = {
    "id": 0,
    "product_id": 0,
    "title": None,
    "price": 0,
    "price_a": "",
    "price_b": "",
    "price_c": "",
    "list_price": "",
    "msrp": "",
    "compare_at_price": "",
    "sku": "",
    "position": None,
    "inventory_policy": "deny",
    "fulfillment_service": None,
    "inventory_management": None,
    "cost_price": "",
    "sales_price": "",
    "SaleStartDate": "",
    "SaleEndDate": "",
    "option1": rules.DEFAULT_OPTION,
    "option2": None,
    "option3": None,
    "created_at": "",
    "updated_at": "",
    "taxable": False,
    "barcode": "",
    "grams": None,
    "image_id": None,
    "weight": "0",
    "weight_unit": "",
    "inventory_item_id": 0,
    "inventory_quantity": None,
    "old_inventory_quantity": None,
    "requires_shipping": None,
    "admin_graphql_api_id": None,
    "custom_attributes": [],
}


@dataclass
class Draft:
    """A product with its variants, and the variants to write."""

    product: dict
    variants: list[dict]
    touched: list[dict] = field(default_factory=list)  # in the order in which they were sent
    unknown_variant: int | None = None

    @classmethod
    def new(cls, stamp):
        """Return an empty product; saving gives it an id."""
        return cls(PRODUCT_BLANK | {"created_at": stamp, "published_at": stamp}, [])

    def apply(self, sent, stamp):
        """Change the product's sent fields, and the variants among them."""
        self.product.update(
            (key, value)
            for key, value in sent.items()
            if value is not None and key not in ("variants", "SV_Temp_ProductId", "id")
        )
        self.product["updated_at"] = stamp
        self.product["handle"] = handle_of(self.product["title"])
        self.product["options"] = _numbered_options(self.product["options"])
        for variant in sent.get("variants") or ():
            self._merge_variant(variant, stamp)

    def add_variant(self, sent, stamp):
        """Add one variant and return it."""
        variant = VARIANT_BLANK | _kept(sent)
        variant.update(product_id=self.product["id"], created_at=stamp, updated_at=stamp)
        self.variants.append(variant)
        self.touched.append(variant)
        return variant

    def change_variant(self, variant, sent, stamp):
        """Change the sent fields of one of the variants."""
        variant.update(_kept(sent), updated_at=stamp)
        self.touched.append(variant)

    def problem(self):
        """Return the first broken rule as ``(field, message)``."""
        if self.unknown_variant:
            return "variants", f"The product has no variant {self.unknown_variant}."
        options = [o for o in self.product["options"] if o["values"] != [rules.DEFAULT_OPTION]]
        product = self.product | {"options": options}
        return rules.product_problem(product, self.variants, self.touched)

    def echo(self, item):
        """Return `item` as a bulk answer shows it once the draft is saved."""
        variants = [
            {k: value for k, value in sent.items() if k != "id"}
            | {"variantId": kept["id"], "inventory_item_id": kept["inventory_item_id"]}
            for sent, kept in zip(item["variants"], self.touched, strict=True)
        ]
        return without_id(item) | {"productid": self.product["id"], "variants": variants}

    def _merge_variant(self, sent, stamp):
        """Change the variant with the id, or the SKU, of `sent`; otherwise add one."""
        key = "id" if sent.get("id") else "sku"
        for variant in self.variants:
            if variant["id"] and variant[key] == sent[key]:
                self.change_variant(variant, sent, stamp)
                return
        if key == "id":
            self.unknown_variant = sent["id"]
        self.add_variant(sent, stamp)


def without_id(item):
    """Return `item` as a bulk answer shows a failed one."""
    return {key: value for key, value in item.items() if key != "id"}


def handle_of(title):
    """Return the part of an address that is made from a title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _kept(variant):
    """Return the fields to store: the sent ones without the sender's own id."""
    return {
        key: value
        for key, value in variant.items()
        if key not in ("id", "SV_Temp_variantId") and (value is not None or key in NULLABLE)
    }


def _numbered_options(options):
    if not options:
        return [{"name": "Title", "position": 1, "values": [rules.DEFAULT_OPTION]}]
    return [
        {"name": o["name"], "position": o.get("position") or n, "values": o.get("values") or []}
        for n, o in enumerate(options, 1)
    ]
