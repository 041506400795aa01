"""The allowed parameters of query strings; others are refused with 422, as in bodies."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from .schemas import Strict
from .settings import MAX_ITEMS


class Page(Strict):
    limit: int = Field(50, ge=1, le=MAX_ITEMS)


class ProductQuery(Page):
    since_id: int = 0
    page: int = Field(1, ge=1)
    title: str | None = Field(None, description="Part of the title.")
    vendor: str | None = None
    product_type: str | None = None


class VariantQuery(Strict):
    sku: str


class CollectionQuery(Page):
    since_id: int = 0
    page: int = Field(1, ge=1)
    title: str | None = None


class CollectQuery(Page):
    since_id: int = 0
    page: int = Field(1, ge=1)
    product_id: int | None = None
    collection_id: int | None = None


class LevelQuery(Page):
    inventory_item_ids: str | None = Field(None, description="Comma-separated.")
    location_ids: str | None = Field(None, description="Comma-separated.")


def _existing_moment(text):
    datetime.fromisoformat(text or "2000-01-01")
    return text


Moment = Annotated[
    str | None,
    Field(
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$",
        description="UTC without offset; compared with octopus_created_at / octopus_updated_at.",
        examples=["2014-04-25T16:15:47"],
    ),
    AfterValidator(_existing_moment),
]


class OrderCountQuery(Strict):
    created_at_min: Moment = None
    created_at_max: Moment = None
    updated_at_min: Moment = None
    updated_at_max: Moment = None
    location_id: str | None = None
    financial_status: str | None = Field(None, description="Any letter case.")


class OrderQuery(OrderCountQuery, Page):
    ids: str | None = Field(None, description="Comma-separated.")
    since_id: int = 0
