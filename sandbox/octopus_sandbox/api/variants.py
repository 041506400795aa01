"""Variants of products."""

from typing import Annotated

from fastapi import APIRouter, Query

from .. import queries, schemas
from ..answer import JsonAnswer
from ..state import Here
from .common import sent

router = APIRouter(tags=["variants"])


@router.get("/Variants.json", summary="Variants by SKU")
async def variants_by_sku(here: Here, query: Annotated[queries.VariantQuery, Query()]):
    return JsonAnswer({"variants": here.store.catalog.variants_by_sku(query.sku)})


@router.post("/products/{pid:int}/variants.json", status_code=201, summary="Add a variant")
async def create_variant(here: Here, pid: int, body: schemas.NewVariantBody):
    return JsonAnswer({"variant": here.store.catalog.add_variant(pid, sent(body.variant))}, 201)


@router.put("/variants/{id:int}.json", summary="Change the sent fields of a variant")
async def update_variant(here: Here, id: int, body: schemas.VariantBody):
    return JsonAnswer({"variant": here.store.catalog.update_variant(id, sent(body.variant))})


@router.delete("/products/{pid:int}/variants/{id:int}.json", summary="Delete a variant")
async def delete_variant(here: Here, pid: int, id: int):
    here.store.catalog.delete_variant(pid, id)
    return JsonAnswer({})
