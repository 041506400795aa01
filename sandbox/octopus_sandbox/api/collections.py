"""Custom collections (categories) and collects."""

from typing import Annotated

from fastapi import APIRouter, Query

from .. import queries, schemas
from ..answer import JsonAnswer
from ..state import Here
from .common import bulk_answer, bulk_items, sent

router = APIRouter(tags=["collections"])


@router.get("/custom_collections.json", summary="List collections")
async def list_collections(here: Here, query: Annotated[queries.CollectionQuery, Query()]):
    found = here.store.collections.search(**query.model_dump())
    return JsonAnswer({"custom_collection": found})


@router.get("/custom_collections/count.json", summary="Count collections")
async def count_collections(here: Here):
    return JsonAnswer({"count": here.store.collections.count()})


@router.get("/custom_collections/{id:int}.json", summary="One collection")
async def get_collection(here: Here, id: int):
    return JsonAnswer({"custom_collection": here.store.collections.get(id)})


@router.post("/custom_collections.json", status_code=201, summary="Create a collection")
async def create_collection(here: Here, body: schemas.NewCollectionBody):
    created = here.store.collections.create(sent(body.custom_collection))
    return JsonAnswer({"custom_collection": created}, 201)


@router.put("/custom_collections/{id:int}.json", summary="Change the sent fields of a collection")
async def update_collection(here: Here, id: int, body: schemas.CollectionBody):
    changed = here.store.collections.update(id, sent(body.custom_collection))
    return JsonAnswer({"custom_collection": changed})


@router.delete("/custom_collections/{id:int}.json", summary="Delete a collection, not its products")
async def delete_collection(here: Here, id: int):
    here.store.collections.delete(id)
    return JsonAnswer({})


@router.post("/bulkcustom_collections.json", summary="Create up to 250 collections")
async def bulk_collections(here: Here, body: schemas.BulkCollections):
    return bulk_answer(body, *here.store.collections.bulk(bulk_items(body)))


@router.get("/collects.json", summary="List collects")
async def list_collects(here: Here, query: Annotated[queries.CollectQuery, Query()]):
    found = here.store.collections.search_collects(**query.model_dump())
    return JsonAnswer({"collects": found})


@router.post("/collects.json", status_code=201, summary="Put a product into a collection")
async def create_collect(here: Here, body: schemas.CollectBody):
    return JsonAnswer({"collect": here.store.collections.create_collect(sent(body.collect))}, 201)


@router.delete("/collects/{id:int}.json", summary="Take a product out of a collection")
async def delete_collect(here: Here, id: int):
    here.store.collections.delete_collect(id)
    return JsonAnswer({})


@router.post("/bulkcollects.json", summary="Put up to 250 products into collections")
async def bulk_collects(here: Here, body: schemas.BulkCollects):
    return bulk_answer(body, *here.store.collections.bulk_collects(bulk_items(body)))
