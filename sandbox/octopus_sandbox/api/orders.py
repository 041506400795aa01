"""Orders: read, annotate, cancel."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request

from .. import queries, schemas
from ..answer import JsonAnswer
from ..errors import ApiError, invalid
from ..order_json import build_transactions
from ..state import Here
from .common import id_list, sent

router = APIRouter(tags=["orders"])


async def refuse_page(request: Request):
    """Refuse page numbers: the list of orders has only the Link header."""
    if "page" in request.query_params:
        raise ApiError(400, "page is not supported; follow the Link header.", field="page")


@router.get(
    "/orders.json",
    summary="List orders; the next page is in the Link header",
    dependencies=[Depends(refuse_page)],
)
async def list_orders(here: Here, request: Request, query: Annotated[queries.OrderQuery, Query()]):
    filters = query.model_dump()
    filters["ids"] = id_list("ids", query.ids)
    filters["limit"] = query.limit + 1  # one more shows whether there is a next page
    found = here.store.orders.search(**filters)
    page = found[: query.limit]
    headers = None
    if len(found) > len(page):
        params = dict(request.query_params) | {"since_id": page[-1]["id"]}
        url = f"{str(request.url).partition('?')[0]}?{urlencode(params)}"
        headers = {"Link": f'<{url}>; rel="next"'}
    return JsonAnswer({"orders": page}, headers=headers)


@router.get("/orders/count.json", summary="Count orders")
async def count_orders(here: Here, query: Annotated[queries.OrderCountQuery, Query()]):
    return JsonAnswer({"count": here.store.orders.count(**query.model_dump())})


@router.get("/orders/{id:int}.json", summary="One order")
async def get_order(here: Here, id: int):
    return JsonAnswer({"order": here.store.orders.get(id)})


@router.put("/orders/{id:int}.json", summary="Change contact data, addresses, note or tags")
async def update_order(here: Here, id: int, body: schemas.OrderBody):
    change = sent(body.order or body)
    if not change:
        raise invalid("order", "Nothing to change was sent.")
    change.pop("email_notif", None)
    order = here.store.orders.open(id)
    order.update(change)
    here.webhooks.send("orders/updated", here.store.orders.save(order))
    return JsonAnswer({"order": order})


@router.post("/orders/{id:int}/cancel.json", summary="Cancel an order")
async def cancel_order(here: Here, id: int, body: schemas.OrderCancel):
    order = here.store.orders.cancel(id, body.reason)
    here.webhooks.send("orders/updated", order)
    return JsonAnswer({"order": order})


@router.get("/orders/{id:int}/transactions.json", summary="Payments of an order")
async def list_transactions(here: Here, id: int):
    return JsonAnswer({"transactions": build_transactions(here.store.orders.get(id))})
