"""Control endpoints for tests and demos: without credentials, for loopback only."""

import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from .answer import JsonAnswer, now
from .errors import invalid
from .faults import FaultRule
from .order_json import build_order, build_refund
from .parcels import build_parcel, follow_parcels
from .profiles import PROFILES, Goods, tell
from .profiles.story import MOST_LINES
from .schemas import Id, Money
from .state import Here
from .store.stock import LOCATIONS

router = APIRouter(prefix="/_sandbox", include_in_schema=False)

CATALOG_GOODS = 50  # products to choose from
OWN_FIELDS = {"id", "octopus_created_at", "octopus_updated_at"}  # set by Octopus itself


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Customer(Strict):
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""


class OrderLine(Strict):
    sku: str
    quantity: int = Field(1, ge=1)
    price: Money | None = None
    title: str | None = None


class PlaceOrder(Strict):
    source: str = "SHOPIFY"
    customer: Customer | None = Customer()
    lines: list[OrderLine] = []
    profile: str | None = None
    seed: int | None = None
    count: int | None = Field(None, ge=1, le=250)
    financial_status: str = "paid"
    location_id: int | str = ""
    currency: str | None = None
    number: int | None = None
    created_at: AwareDatetime | None = None
    note: str = ""
    tags: str = ""
    discount: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    tip: Decimal = Decimal(0)
    webhook: bool = True


class Cancel(Strict):
    reason: str = "customer"
    webhook: bool = True


class RefundLine(Strict):
    sku: str | None = None
    line_item_id: Id | None = None
    quantity: int = Field(1, ge=1)


class Refund(Strict):
    restock: bool = True
    lines: list[RefundLine] | None = None
    webhook: bool = True


class Fulfill(Strict):
    lines: list[RefundLine] | None = None
    tracking_company: str = ""
    tracking_numbers: list[str] = []
    location_id: Id | None = None
    service: str = "manual"
    webhook: bool = True


class WebhookSettings(Strict):
    url: str | list[str] | None = None
    credentials: bool = True
    duplicates: int = Field(0, ge=0)
    shuffle: bool = False


class SettingChanges(Strict):
    rate_limit: int = Field(0, ge=0)
    rate_window_seconds: float = Field(60, gt=0)
    image_replace_seconds: float = Field(10, ge=0)
    fulfillments: Literal["offered", "404", "405", "403"] = "offered"
    webhook_tries: int = Field(8, ge=1)
    webhook_first_delay: float = Field(0.5, ge=0)


# === Orders === #


@router.post("/orders")
async def place_order(here: Here, body: PlaceOrder):
    """Place one order; with `count`, several as a list."""
    if body.count and not body.profile:
        raise invalid("count", "Several orders need a profile.")
    seed = secrets.randbelow(10**6) if body.seed is None else body.seed
    orders = [create_order(here, body, seed + place) for place in range(body.count or 1)]
    return JsonAnswer({"orders": orders} if body.count else orders[0], 201)


@router.put("/orders/{id:int}")
async def change_order(here: Here, id: int, body: dict[str, Any]):
    """Change any field, as the channel does; send the webhook."""
    announce = body.pop("webhook", True)
    order = here.store.orders.get(id)
    if unknown := set(body) - (set(order) - OWN_FIELDS):
        raise invalid(sorted(unknown)[0], "A channel cannot change such a field.")
    order.update(body)
    return _announced(here, here.store.orders.save(order), announce)


@router.post("/orders/{id:int}/cancel")
async def cancel_order(here: Here, id: int, body: Cancel | None = None):
    body = body or Cancel()
    return _announced(here, here.store.orders.cancel(id, body.reason), body.webhook)


@router.post("/orders/{id:int}/refund")
async def refund_order(here: Here, id: int, body: Refund | None = None):
    body = body or Refund()
    order = here.store.orders.get(id)
    wanted = _refunded_quantities(order, body.lines)
    refund = build_refund(
        order,
        wanted,
        refund_id=here.store.db.new_id("refund"),
        restock=body.restock,
        location_id=order["location_id"] or 0,
        moment=now(),
    )
    order["refunds"].append(refund)
    whole = all(wanted.get(i["id"], 0) >= i["quantity"] for i in order["line_items"])
    order["financial_status"] = "refunded" if whole else "partially_refunded"
    return _announced(here, here.store.orders.save(order), body.webhook)


@router.post("/orders/{id:int}/fulfill")
async def fulfill_order(here: Here, id: int, body: Fulfill | None = None):
    """Ship pieces of an order as its channel; without lines, all that is left."""
    body = body or Fulfill()
    order = here.store.orders.get(id)
    given = body.model_dump(exclude={"lines", "webhook", "service"})
    if body.lines is not None:
        wanted = _refunded_quantities(order, body.lines)
        given["line_items"] = [{"id": ref, "quantity": n} for ref, n in wanted.items()]
    parcel = build_parcel(order, given, ref=here.store.db.new_id("fulfillment"), moment=now())
    order["fulfillments"].append(parcel | {"service": body.service})
    follow_parcels(order)
    return _announced(here, here.store.orders.save(order), body.webhook)


@router.delete("/orders/{id:int}")
async def delete_order(here: Here, id: int):
    here.webhooks.send("orders/delete", here.store.orders.delete(id))
    return JsonAnswer({})


def create_order(here, body: PlaceOrder, seed=0):
    """Create the order of a customer of a channel; send the webhook."""
    if body.profile:
        return _create_profiled(here, body, seed)
    if not body.lines:
        raise invalid("lines", "An order has a line.")
    lines = [_resolved(here, line) for line in body.lines]
    order_id, number, line_ids = here.store.orders.new_ids(len(lines))
    order = build_order(
        body.model_dump(),
        lines,
        order_id=order_id,
        number=body.number or number,
        line_ids=line_ids,
        currency=body.currency or here.settings.currency,
        moment=now(),
    )
    here.store.orders.save(order, changed=False)
    if body.webhook:
        here.webhooks.send("orders/create", order)
    return order


def _create_profiled(here, body, seed):
    """Create an order as its channel sends it, of some of the given lines or of the catalog."""
    if body.profile not in PROFILES:
        raise invalid("profile", f"The profiles are {', '.join(PROFILES)}.")
    lines = [_resolved(here, line) for line in body.lines] or _catalog_lines(here)
    goods = [Goods(line["sku"], line["title"], line["price"], line["variant"]) for line in lines]
    order_id, number, line_ids = here.store.orders.new_ids(MOST_LINES)
    story = tell(
        body.profile,
        seed,
        goods,
        order_id=order_id,
        number=body.number or number,
        line_ids=line_ids,
        location_id=body.location_id,
        moment=body.created_at or now(),
        step=timedelta(seconds=1),
    )
    for place, version in enumerate(story.versions):
        here.store.orders.save(version, changed=False)
        if body.webhook:
            here.webhooks.send("orders/updated" if place else "orders/create", version)
    return version


def _catalog_lines(here):
    products = here.store.catalog.search(limit=CATALOG_GOODS)
    found = [
        {"variant": variant, "sku": variant["sku"], "title": product["title"]}
        | {"price": Decimal(str(variant["price"]))}
        for product in products
        for variant in product["variants"]
    ]
    if not found:
        raise invalid("lines", "The catalog is empty: send lines with price and title.")
    return found


def _resolved(here, line):
    found = here.store.catalog.variants_by_sku(line.sku)
    if not found and (line.price is None or line.title is None):
        raise invalid(
            "lines.sku", f"No product has the SKU {line.sku!r}: send price and title too."
        )
    variant = found[0] if found else None
    title = line.title
    if title is None:
        title = here.store.catalog.bare(variant["product_id"])["title"]
    price = line.price if line.price is not None else Decimal(str(variant["price"]))
    return {
        "variant": variant,
        "sku": line.sku,
        "title": title,
        "quantity": line.quantity,
        "price": price,
    }


def _refunded_quantities(order, lines):
    """Return ``{line item id: quantity}``; without `lines`, of all lines."""
    if lines is None:
        return {item["id"]: item["quantity"] for item in order["line_items"]}
    wanted = {}
    for line in lines:
        for item in order["line_items"]:
            if line.line_item_id == item["id"] or (line.sku and line.sku == item["sku"]):
                wanted[item["id"]] = line.quantity
                break
        else:
            raise invalid("lines", "The order has no such line.")
    return wanted


def _announced(here, order, announce):
    if announce:
        here.webhooks.send("orders/updated", order)
    return JsonAnswer(order)


# === Switches === #


@router.get("/requests")
async def get_requests(here: Here):
    return JsonAnswer(dict(sorted(here.requests.items())))


@router.delete("/requests")
async def forget_requests(here: Here):
    here.requests.clear()
    return JsonAnswer({})


@router.get("/faults")
async def get_faults(here: Here):
    return JsonAnswer(here.faults.describe())


@router.put("/faults")
async def set_faults(here: Here, rules: list[FaultRule]):
    here.faults.replace(rules)
    return JsonAnswer(here.faults.describe())


@router.delete("/faults")
async def clear_faults(here: Here):
    here.faults.replace([])
    return JsonAnswer([])


@router.get("/webhooks")
async def get_webhooks(here: Here):
    return JsonAnswer(here.webhooks.describe())


@router.put("/webhooks")
async def set_webhooks(here: Here, body: WebhookSettings):
    options = body.model_dump()
    url = options.pop("url")
    here.webhooks.configure(([url] if isinstance(url, str) else url) or [], **options)
    return JsonAnswer(here.webhooks.describe())


@router.put("/settings")
async def change_settings(here: Here, body: SettingChanges):
    here.change_settings(body.model_dump(exclude_unset=True))
    return JsonAnswer({name: getattr(here.settings, name) for name in SettingChanges.model_fields})


@router.post("/reset")
async def reset(here: Here):
    here.reset()
    return JsonAnswer({})


# === State === #


@router.get("/counts")
async def counts(here: Here):
    """Count the rows of each kind; fast even with 100,000 products."""
    return JsonAnswer(here.store.db.counts())


class StateQuery(Strict):
    orders: int = Field(1000, ge=0, description="How many of the latest orders.")


@router.get("/state")
async def state(here: Here, query: Annotated[StateQuery, Query()]):
    """Return everything; products with their variants, images and collects."""
    store = here.store
    products = {product["id"]: product for product in store.catalog.search(limit=-1)}
    for product in products.values():
        product["collects"] = []
    for collect in store.collections.search_collects(limit=-1):
        products[collect["product_id"]]["collects"].append(collect)
    return JsonAnswer(
        {
            "locations": [{"id": ref, "name": name} for ref, name in LOCATIONS.items()],
            "collections": store.collections.search(limit=-1),
            "products": list(products.values()),
            "levels": store.stock.search(),
            "orders": store.orders.latest(query.orders),
        }
    )
