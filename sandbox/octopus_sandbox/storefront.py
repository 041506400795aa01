"""The shop page at `/`, its data, and the pictures."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from .answer import JsonAnswer
from .control import PlaceOrder, create_order
from .parcels import is_alive
from .state import Here
from .store.stock import LOCATIONS

router = APIRouter(include_in_schema=False)

PAGE = Path(__file__).parent / "shop"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES = {
    file.name: MEDIA_TYPES[file.suffix] for file in PAGE.iterdir() if file.suffix in MEDIA_TYPES
}
LATEST_ORDERS = 12
MOST = 1000  # products, and collections: the page is for people, not for benchmarks


@router.get("/")
async def page():
    return FileResponse(PAGE / "shop.html", media_type="text/html")


@router.get("/shop/data.json")
async def data(here: Here, request: Request):
    """Return the data of the page, which asks every few seconds; usually nothing has changed."""
    store = here.store
    version = f'"{store.db.version()}"'
    if request.headers.get("if-none-match") == version:
        return Response(status_code=304)
    collects: dict[int, list[int]] = {}
    for collect in store.collections.search_collects(limit=-1):
        collects.setdefault(collect["product_id"], []).append(collect["collection_id"])
    levels: dict[int, dict[int, int]] = {}
    for level in store.stock.search():
        at = levels.setdefault(level["inventory_item_id"], {})
        at[level["location_id"]] = level["available"]
    products = [
        _product(product, collects, levels)
        for product in store.catalog.search(limit=MOST)
        if product["status"] == "active"
    ]
    return JsonAnswer(
        {
            "currency": here.settings.currency,
            "locations": LOCATIONS,
            "collections": [
                {"id": c["id"], "title": c["title"]} for c in store.collections.search(limit=MOST)
            ],
            "products": products,
            "orders": [_order(order) for order in store.orders.latest(LATEST_ORDERS)],
        },
        headers={"ETag": version},
    )


@router.post("/shop/orders")
async def order(here: Here, body: PlaceOrder):
    return JsonAnswer(_order(create_order(here, body)), 201)


@router.get("/shop/{name}")
async def asset(name: str):
    if name not in FILES:
        return Response(status_code=404)
    return FileResponse(PAGE / name, media_type=FILES[name])


@router.get("/files/{image_id:int}/{name}")
async def picture(here: Here, image_id: int, name: str):
    content, media_type = here.store.images.content(image_id)
    return Response(content, media_type=media_type)


def _product(product, collects, levels):
    return {
        "id": product["id"],
        "title": product["title"],
        "body_html": product["body_html"],
        "picture": f"/files/{product['image']['id']}/{product['image']['filename']}"
        if product["image"]
        else None,
        "collections": collects.get(product["id"], []),
        "options": [o["name"] for o in product["options"]],
        "variants": [_variant(variant, levels) for variant in product["variants"]],
    }


def _alive(parcels):
    # The orders of profiles hold odd types.
    parcels = parcels if isinstance(parcels, list) else []
    return [parcel for parcel in parcels if isinstance(parcel, dict) and is_alive(parcel)]


def _parcel(parcel):
    """Return what the customer sees of a parcel."""
    words = [parcel.get("tracking_company") or "", *(parcel.get("tracking_numbers") or ())]
    urls = parcel.get("tracking_urls") or [None]
    return {"text": " ".join(filter(None, words)) or "On its way", "url": urls[0]}


def _variant(variant, levels):
    at = levels.get(variant["inventory_item_id"], {})
    chosen = [variant[key] for key in ("option1", "option2", "option3") if variant[key]]
    return {
        "sku": variant["sku"],
        "title": " / ".join(value for value in chosen if value != "Default Title"),
        "price": variant["price"],
        "tracked": variant["inventory_management"] == "octopus",
        "sell_on": variant["inventory_policy"] == "continue",
        "available": sum(at.values()) if at else None,
        "levels": at,
    }


def _order(order):
    # The orders of profiles hold odd types.
    customer = order["customer"] if isinstance(order["customer"], dict) else {}
    return {
        "id": order["id"],
        "name": order["name"],
        "source": order["source"],
        "customer": f"{customer.get('first_name', '')} {customer.get('last_name', '')}".strip(),
        "total": order["total_price"],
        "currency": order["currency"],
        "created_at": order["octopus_created_at"],
        "status": "cancelled" if order["cancelled_at"] else str(order["financial_status"]),
        "note": order["note"],
        "tags": order["tags"],
        "lines": [f"{i['quantity']} × {i['name']}" for i in order["line_items"]],
        "parcels": [_parcel(parcel) for parcel in _alive(order["fulfillments"])],
    }
