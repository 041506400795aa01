"""Products and their images."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from .. import queries, schemas
from ..answer import JsonAnswer
from ..state import Here
from .common import bulk_answer, bulk_items, sent

router = APIRouter(tags=["products"])


@router.get("/products.json", summary="List products; the cursor is since_id")
async def list_products(here: Here, query: Annotated[queries.ProductQuery, Query()]):
    return JsonAnswer({"product": here.store.catalog.search(**query.model_dump())})


@router.post("/BulkProduct/bulkpost.json", summary="Create or update up to 250 products")
async def bulk_products(here: Here, body: schemas.BulkProducts):
    return bulk_answer(body, *here.store.catalog.bulk(bulk_items(body)))


@router.put("/products/{id:int}.json", summary="Change the sent fields of a product")
async def update_product(here: Here, id: int, body: schemas.ProductBody):
    return JsonAnswer({"product": [here.store.catalog.update(id, sent(body.product))]})


@router.delete("/products/{id:int}.json", summary="Delete a product for good")
async def delete_product(here: Here, id: int):
    here.store.catalog.delete(id)
    return JsonAnswer({})


@router.post("/products/{pid:int}/images.json", status_code=201, summary="Add an image")
async def create_image(here: Here, request: Request, pid: int, body: schemas.NewImageBody):
    image = here.store.images.create(
        pid,
        sent(body.image),
        replace_seconds=here.settings.image_replace_seconds,
        base_url=str(request.base_url).rstrip("/"),
    )
    return JsonAnswer({"image": image}, 201)


@router.put("/products/{pid:int}/images/{image_id:int}.json", summary="Change an image's data")
async def update_image(here: Here, pid: int, image_id: int, body: schemas.ImageBody):
    return JsonAnswer({"image": here.store.images.update(pid, image_id, sent(body.image))})


@router.delete("/products/{pid:int}/images/{image_id:int}.json", summary="Delete an image")
async def delete_image(here: Here, pid: int, image_id: int):
    here.store.images.delete(pid, image_id)
    return JsonAnswer({})
