"""Inventory levels."""

from typing import Annotated

from fastapi import APIRouter, Query

from .. import queries, schemas
from ..answer import JsonAnswer
from ..errors import invalid
from ..state import Here
from .common import bulk_answer, bulk_items, id_list, sent

router = APIRouter(tags=["inventory"])


@router.get("/inventory_levels.json", summary="Stock of items, at locations, or both")
async def list_levels(here: Here, query: Annotated[queries.LevelQuery, Query()]):
    item_ids = id_list("inventory_item_ids", query.inventory_item_ids)
    location_ids = id_list("location_ids", query.location_ids)
    if item_ids is None and location_ids is None:
        raise invalid("inventory_item_ids", "Send inventory_item_ids or location_ids.")
    levels = here.store.stock.search(
        item_ids=item_ids, location_ids=location_ids, limit=query.limit
    )
    return JsonAnswer({"inventory_levels": levels})


@router.post("/inventory_levels/set.json", summary="Set one level")
async def set_level(here: Here, body: schemas.NewLevel):
    return JsonAnswer({"inventory_level": here.store.stock.set(sent(body))})


@router.post("/bulkinventory_levels/bulkset.json", summary="Set up to 250 levels")
async def bulk_set_levels(here: Here, body: schemas.BulkLevels):
    return bulk_answer(body, *here.store.stock.bulk(bulk_items(body)))
