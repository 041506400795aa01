"""The allowed bodies of requests; anything else is refused with 422 and the name of the field.

These models check shapes and types. Rules about values are in `rules.py`: in a bulk call a wrong
shape refuses the whole call, but a wrong value only its item.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from .settings import MAX_ITEMS


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _blank_is_none(value):
    return None if value == "" else value


# A whole number, which the reference sometimes writes as a string.
Id = Annotated[int, WithJsonSchema({"type": ["integer", "string"]})]
Ref = Annotated[int | str, Field(description="The sender's own id, echoed in the answer.")]
Title = Annotated[str, Field(json_schema_extra={"minLength": 1, "maxLength": 255})]
Money = Annotated[
    Decimal,
    WithJsonSchema({"type": ["number", "string"], "examples": ["9.4900"]}),
]
OptionalMoney = Annotated[
    Decimal | None,
    BeforeValidator(_blank_is_none),
    WithJsonSchema({"type": ["number", "string", "null"]}),
]


# === Products === #


class CustomAttribute(Strict):
    attribute_name: str
    attribute_value: str


class VariantFields(Strict):
    """Fields that a variant may carry in every call."""

    option1: str | None = None
    option2: str | None = None
    option3: str | None = None
    barcode: str | None = None
    taxable: bool | None = None
    weight: OptionalMoney = None
    weight_unit: Literal["kg", "g", "lb", "oz", ""] | None = None
    inventory_management: Literal["octopus", ""] | None = None
    inventory_policy: Literal["deny", "continue"] | None = None
    compare_at_price: OptionalMoney = None
    cost_price: OptionalMoney = None
    sales_price: OptionalMoney = None
    SaleStartDate: str | None = None
    SaleEndDate: str | None = None
    price_a: OptionalMoney = None
    price_b: OptionalMoney = None
    price_c: OptionalMoney = None
    list_price: OptionalMoney = None
    msrp: OptionalMoney = None
    custom_attributes: list[CustomAttribute] | None = None


class NewVariant(VariantFields):
    sku: str
    price: Money


class VariantItem(NewVariant):
    """A variant in a product; with `id`, or with a SKU that the product has, it is an update."""

    SV_Temp_variantId: Ref | None = None
    id: Id | None = None


class VariantChange(VariantFields):
    id: Id | None = None
    sku: str | None = None
    price: Money | None = None


class ProductOption(Strict):
    name: str
    position: Id | None = None
    values: list[str] | None = None


class ProductFields(Strict):
    body_html: str | None = None
    vendor: str | None = None
    product_type: str | None = None
    status: Literal["active", "draft", "archived"] | None = None
    tags: str | None = Field(None, description="Comma-separated.")
    options: list[ProductOption] | None = Field(
        None, description="At most three.", json_schema_extra={"maxItems": 3}
    )


class ProductItem(ProductFields):
    SV_Temp_ProductId: Ref
    id: Id | None = Field(None, description="Present: an update. Absent: always a new product.")
    title: Title
    variants: list[VariantItem]


class ProductChange(ProductFields):
    id: Id | None = None
    title: Title | None = None
    variants: list[VariantItem] | None = None


# === Images === #


class NewImage(Strict):
    attachment: str = Field(description="Base64 of a JPEG or PNG, at most 1000 x 1000 and 5 MB.")
    filename: str = Field(description="Letters, digits, `-`, `_`, `.`; unique to the content.")
    position: Id | None = None
    alt: str | None = None
    variant_ids: list[Id] | None = None


class ImageChange(Strict):
    id: Id | None = None
    position: Id | None = None
    alt: str | None = None
    variant_ids: list[Id] | None = None


# === Collections === #


class CollectionFields(Strict):
    body_html: str | None = None
    image: Any = None
    handle: str | None = None
    published: bool | None = None
    sort_order: str | None = None


class NewCollection(CollectionFields):
    title: Title


class CollectionChange(CollectionFields):
    id: Id | None = None
    title: Title | None = None


class CollectionItem(Strict):
    sv_temp_id: Ref
    title: Title
    body_html: str | None = None
    image: Any = None


class NewCollect(Strict):
    collection_id: Id
    product_id: Id


class CollectItem(NewCollect):
    sv_temp_id: Ref


# === Stock === #


class NewLevel(Strict):
    location_id: Id
    inventory_item_id: Id
    available: Id = Field(description="Absolute, so safe to repeat.")


class LevelItem(NewLevel):
    sv_temp_id: Ref


# === Orders === #


class OrderChange(Strict):
    """The only fields of an order that can be changed."""

    email: str | None = None
    phone: str | None = None
    shipping_address: dict[str, Any] | None = None
    billing_address: dict[str, Any] | None = None
    note: str | None = Field(None, max_length=5000)
    tags: str | None = Field(None, description="Replaces all tags.")
    email_notif: bool | None = None


class OrderCancel(Strict):
    restock: bool = False
    reason: Literal["customer", "inventory", "fraud", "other"] = "other"


class FulfilledLine(Strict):
    id: Id
    quantity: int = Field(ge=1)


class FulfillmentChange(Strict):
    tracking_company: str | None = None
    tracking_number: str | None = None
    tracking_numbers: list[str] = []
    tracking_urls: list[str] = []
    notify_customer: bool = False


class NewFulfillment(FulfillmentChange):
    location_id: Id | None = None
    line_items: list[FulfilledLine] = Field([], description="Without any: all that is left.")


# === Bodies === #


class ProductBody(Strict):
    product: ProductChange


class NewVariantBody(Strict):
    variant: NewVariant


class VariantBody(Strict):
    variant: VariantChange


class NewImageBody(Strict):
    image: NewImage


class ImageBody(Strict):
    image: ImageChange


class NewCollectionBody(Strict):
    custom_collection: NewCollection


class CollectionBody(Strict):
    custom_collection: CollectionChange


class CollectBody(Strict):
    collect: NewCollect


class OrderBody(OrderChange):
    """The fields bare, as in the reference's sample, or under ``order``."""

    order: OrderChange | None = None


class FulfillmentBody(Strict):
    fulfillment: NewFulfillment


class FulfillmentChangeBody(Strict):
    fulfillment: FulfillmentChange


class Bulk(Strict):
    entity_count: int = Field(description="How many items follow.")
    created_at: str | None = None


class BulkProducts(Bulk):
    entity_type: Literal["Products"]
    items: list[ProductItem] = Field(max_length=MAX_ITEMS)


class BulkCollections(Bulk):
    entity_type: Literal["category"]
    items: list[CollectionItem] = Field(max_length=MAX_ITEMS)


class BulkCollects(Bulk):
    entity_type: Literal["Collects"]
    items: list[CollectItem] = Field(max_length=MAX_ITEMS)


class BulkLevels(Bulk):
    entity_type: Literal["Inventory_Levels"]
    items: list[LevelItem] = Field(max_length=MAX_ITEMS)
