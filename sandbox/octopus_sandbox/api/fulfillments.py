"""Parcels of an order. The reference has no such call: some merchants' Octopus has it."""

from fastapi import APIRouter, Depends

from .. import schemas
from ..answer import JsonAnswer, now
from ..errors import ApiError, not_found
from ..parcels import CALLS, build_parcel, follow_parcels, is_alive
from ..state import Here
from .common import sent


async def refuse_unless_offered(here: Here):
    """Answer as the Octopus of a merchant that does not have these calls."""
    if status := CALLS[here.settings.fulfillments]:
        raise ApiError(status, "This merchant has no calls for fulfillments.")


router = APIRouter(tags=["orders"], dependencies=[Depends(refuse_unless_offered)])


@router.post("/orders/{id:int}/fulfillments.json", summary="Tell of a parcel (undocumented)")
async def create_fulfillment(here: Here, id: int, body: schemas.FulfillmentBody):
    order = here.store.orders.open(id)
    parcel = build_parcel(
        order, sent(body.fulfillment), ref=here.store.db.new_id("fulfillment"), moment=now()
    )
    order["fulfillments"].append(parcel)
    return _saved(here, order, parcel, 201)


@router.put(
    "/orders/{id:int}/fulfillments/{fulfillment_id:int}.json",
    summary="Change carrier and tracking numbers of a parcel (undocumented)",
)
async def update_fulfillment(
    here: Here, id: int, fulfillment_id: int, body: schemas.FulfillmentChangeBody
):
    order, parcel = _found(here, id, fulfillment_id)
    change = sent(body.fulfillment)
    change.pop("notify_customer", None)
    parcel.update(change)
    return _saved(here, order, parcel)


@router.post(
    "/orders/{id:int}/fulfillments/{fulfillment_id:int}/cancel.json",
    summary="Cancel a parcel (undocumented)",
)
async def cancel_fulfillment(here: Here, id: int, fulfillment_id: int):
    order, parcel = _found(here, id, fulfillment_id)
    if not is_alive(parcel):
        raise ApiError(422, "The fulfillment is cancelled.", code="FULFILLMENT_NOT_EDITABLE")
    parcel["status"] = "cancelled"
    return _saved(here, order, parcel)


def _found(here, order_id, fulfillment_id):
    order = here.store.orders.get(order_id)
    for parcel in order["fulfillments"]:
        if parcel["id"] == fulfillment_id:
            return order, parcel
    raise not_found("Fulfillment")


def _saved(here, order, parcel, status=200):
    follow_parcels(order)
    here.webhooks.send("orders/updated", here.store.orders.save(order))
    return JsonAnswer({"fulfillment": parcel}, status)
