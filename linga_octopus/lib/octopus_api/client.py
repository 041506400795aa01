"""The Octopus Bridge API, one method per endpoint that we use."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from urllib.parse import quote

from .bulk import COLLECTIONS, COLLECTS, LEVELS, PRODUCTS, BulkResult, read_bulk
from .const import BULK_LIMIT, LEVELS_CHUNK, PAGE_LIMIT
from .errors import OctopusBadAnswer, OctopusNotFound
from .objects import (
    Collect,
    Collection,
    InventoryLevel,
    Location,
    RemoteProduct,
    RemoteVariant,
    Shop,
)
from .parsing import as_int, as_own_ref, as_ref, as_text
from .transport import Transport

CIRCLE = "Octopus's pages run in a circle."
PARCEL = ("fulfillment", "fulfillments")


class OctopusClient(Transport):
    """Calls Octopus for one merchant. Every method raises OctopusError when its call fails."""

    # === SHOP === #

    def get_shop(self) -> Shop:
        """Return the shop. Octopus answers a list: the shop, then its further locations."""
        return Shop.from_json(record(self._get("shop.json"), "shop"))

    def get_locations(self) -> list[Location]:
        data = self._get("locations.json")
        return list(self._readable(Location, records(data, "locations", "location")))

    # === PRODUCTS === #

    def iter_products(self, **filters) -> Iterator[RemoteProduct]:
        """Yield all products; filters: ``title, vendor, product_type, since_id, limit``."""
        pages = since_id_pages(self, "products.json", ("product", "products"), filters)
        return self._readable(RemoteProduct, pages)

    def find_variant(self, sku) -> RemoteVariant | None:
        """Return the variant with exactly this SKU, or None."""
        try:
            data = self._get("Variants.json", sku=sku)
        except OctopusNotFound:
            return None
        found = records(data, "variants", "variant", "Variants", "Variant")
        data = next((item for item in found if as_text(item.get("sku")) == as_text(sku)), None)
        return data and RemoteVariant.from_json(data)

    def bulk_products(self, items) -> BulkResult:
        """Create (without ``id``) or update products. Creating is not idempotent."""
        return self._bulk(PRODUCTS, items)

    def update_product(self, ref, values) -> dict:
        data = self._send("PUT", _path("products", ref), {"product": values})
        return written(data, "product", "products")

    def delete_product(self, ref):
        """Delete for good; one that is gone already counts as done."""
        self._delete(_path("products", ref))

    def create_variant(self, product_ref, values) -> dict:
        data = self._send("POST", _path("products", product_ref, "variants"), {"variant": values})
        new_ref(data, "variant", "variants")
        return record(data, "variant", "variants")

    def update_variant(self, ref, values) -> dict:
        data = self._send("PUT", _path("variants", ref), {"variant": values})
        return written(data, "variant", "variants")

    def delete_variant(self, product_ref, ref):
        """Delete a variant. The last one of a product is refused (OctopusValidationError)."""
        self._delete(_path("products", product_ref, "variants", ref))

    # === IMAGES === #

    def create_image(
        self, product_ref, *, content: bytes, filename, position=1, alt=None, variant_refs=()
    ) -> str:
        """Add a picture to a product and return its id.

        Octopus takes .jpg, .jpeg and .png up to 1000 x 1000 pixels and 5 MB. After the deletion
        of a picture its position is free again 10 seconds later.
        """
        image = {
            "position": str(position),
            "attachment": b64encode(content).decode(),
            "filename": filename,
        }
        if alt:
            image["alt"] = alt
        if variant_refs:
            image["variant_ids"] = list(variant_refs)
        data = self._send("POST", _path("products", product_ref, "images"), {"image": image})
        ref = new_ref(data, "image", "images")
        owner = as_own_ref(record(data, "image", "images").get("product_id"))
        if owner and owner != as_text(product_ref):
            # Its id would be taken for ours, and the picture of another removed one day.
            raise OctopusBadAnswer(
                "Octopus's answer is about a picture of another product.", maybe_done=True
            )
        return ref

    def move_image(self, product_ref, image_ref, position):
        """Put a picture of a product into another place among its pictures."""
        path = _path("products", product_ref, "images", image_ref)
        self._send("PUT", path, {"image": {"position": str(position)}})

    def delete_image(self, product_ref, image_ref):
        """Remove a picture; one that is gone already counts as done."""
        self._delete(_path("products", product_ref, "images", image_ref))

    # === COLLECTIONS === #

    def iter_collections(self) -> Iterator[Collection]:
        pages = since_id_pages(
            self,
            "custom_collections.json",
            ("custom_collection", "custom_collections"),
            {},
        )
        return self._readable(Collection, pages)

    def create_collection(self, values) -> str:
        """Create a collection and return its id."""
        data = self._send("POST", "custom_collections.json", {"custom_collection": values})
        return new_ref(data, "custom_collection", "custom_collections")

    def update_collection(self, ref, values) -> dict:
        data = self._send("PUT", _path("custom_collections", ref), {"custom_collection": values})
        return written(data, "custom_collection", "custom_collections")

    def delete_collection(self, ref):
        """Delete a collection, not its products; one that is gone already counts as done."""
        self._delete(_path("custom_collections", ref))

    def bulk_collections(self, items) -> BulkResult:
        """Create collections. To update one, use ``update_collection``."""
        return self._bulk(COLLECTIONS, items)

    def bulk_collects(self, items) -> BulkResult:
        """Put products into collections; both must exist."""
        return self._bulk(COLLECTS, items)

    def iter_collects(self, *, product_ref=None, collection_ref=None) -> Iterator[Collect]:
        pages = since_id_pages(
            self,
            "collects.json",
            ("collects", "collect"),
            {"product_id": product_ref, "collection_id": collection_ref},
        )
        return self._readable(Collect, pages)

    def delete_collect(self, ref):
        """Take a product out of a collection; done already counts as done."""
        self._delete(_path("collects", ref))

    # === STOCK === #

    def iter_inventory_levels(
        self, *, inventory_item_refs=(), location_refs=()
    ) -> Iterator[InventoryLevel]:
        """Yield stock levels of items, of locations, or of items at locations.

        Best with both: Octopus answers at most 250 levels and documents no further page, so the
        items are asked in chunks that fit. Without locations a chunk fits up to five of them.

        :raise ValueError: neither items nor locations
        """
        items, locations = list(inventory_item_refs), list(location_refs)
        if not items and not locations:
            raise ValueError("stock levels of which items or locations?")
        size = min(LEVELS_CHUNK, max(1, PAGE_LIMIT // len(locations)) if locations else PAGE_LIMIT)
        chunks = [items[at : at + size] for at in range(0, len(items), size)]
        for chunk in chunks or [None]:
            pages = linked_pages(
                self,
                "inventory_levels.json",
                ("inventory_levels", "inventory_level"),
                {"inventory_item_ids": chunk, "location_ids": locations or None},
            )
            yield from self._readable(InventoryLevel, pages)

    def bulk_set_levels(self, items) -> BulkResult:
        """Set stock levels, absolute numbers: safe to repeat."""
        return self._bulk(LEVELS, items)

    # === ORDERS === #

    def iter_orders(self, **filters) -> Iterator[dict]:
        """Yield orders as Octopus sends them, for ``Order.from_json``.

        :param filters: ``ids, created_at_min/max, updated_at_min/max, since_id, location_id,
            financial_status, limit``; datetimes are sent as UTC, lists with commas
        """
        if "ids" in filters and filters["ids"] is not None and not filters["ids"]:
            return iter(())  # no ids: no orders. Octopus would answer all of them
        return linked_pages(self, "orders.json", ("orders", "order"), filters)

    def get_orders_page(self, link=None, **filters) -> tuple[list[dict], str | None]:
        """Return one page of orders, and the link of the next one: None at the end.

        For who keeps the place; Octopus does not say for how long a link is good.

        :param link: what the page before answered; the filters are in it
        """
        return linked_page(self, "orders.json", ("orders", "order"), filters, link)

    def get_order(self, ref) -> dict:
        return record(self._get(_path("orders", ref)), "order", "orders")

    def count_orders(self, **filters) -> int:
        data = self._get("orders/count.json", **filters)
        try:
            count = as_int(data["count"])
        except (KeyError, TypeError, ValueError):
            count = None
        if count is None:
            raise OctopusBadAnswer("Octopus's answer holds no count.")
        return count

    def update_order(self, ref, values) -> dict:
        """Annotate an order: ``note, tags, email, phone, shipping_address, billing_address,
        email_notif``. Tags are replaced as a whole."""
        return written(self._send("PUT", _path("orders", ref), {"order": values}), "order")

    def cancel_order(self, ref, *, restock=True, reason="") -> dict:
        """Cancel an order. Hardly documented: a 404 or 405 may mean that this merchant's Octopus
        has no such call.

        :param reason: "customer", "inventory", "fraud" or "other", which the order then shows as
            its `cancel_reason`; not sent when it is empty
        """
        body = {"restock": restock} | ({"reason": reason} if reason else {})
        data = self._send("POST", _path("orders", ref, "cancel"), body)
        return written(data, "order")

    def create_fulfillment(self, order_ref, values) -> str:
        """Tell of a parcel, and return its id. Not idempotent, and undocumented: a 404 or 405 may
        mean that this merchant's Octopus has no such call.

        :param values: see `items.fulfillment_item`
        """
        path = _path("orders", order_ref, "fulfillments")
        return new_ref(self._send("POST", path, {"fulfillment": values}), *PARCEL)

    def update_fulfillment(self, order_ref, ref, values) -> dict:
        """Change carrier and tracking numbers of a parcel; as undocumented."""
        path = _path("orders", order_ref, "fulfillments", ref)
        return written(self._send("PUT", path, {"fulfillment": values}), *PARCEL)

    def cancel_fulfillment(self, order_ref, ref) -> dict:
        """Cancel a parcel: its pieces are to be shipped again; as undocumented."""
        path = _path("orders", order_ref, "fulfillments", ref, "cancel")
        return written(self._send("POST", path, {}), *PARCEL)

    def get_transactions(self, ref) -> list[dict]:
        data = self._get(_path("orders", ref, "transactions"))
        return records(data, "transactions", "transaction")

    # === CALLS === #

    def _bulk(self, kind, items):
        """Send items in one bulk call and return the BulkResult.

        :raise ValueError: more than 250 items, or a correlation id that is missing or repeated
        """
        items = list(items)
        if len(items) > BULK_LIMIT:
            raise ValueError(f"{len(items)} items in one bulk call; Octopus takes {BULK_LIMIT}")
        refs = [item.get(kind.correlation) for item in items]
        sent = dict(zip(map(str, refs), items, strict=True))
        if None in refs or "" in refs or len(sent) < len(items):
            raise ValueError(f"every item needs a {kind.correlation} of its own")
        if not items:
            return BulkResult({})
        envelope = {
            "entity_type": kind.entity_type,
            "entity_count": len(items),
            "created_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "items": items,
        }
        result = read_bulk(kind, sent, self._send("POST", kind.path, envelope))
        return BulkResult(
            {
                ref: replace(item, error=self.hide(item.error)) if item.error else item
                for ref, item in result.items.items()
            }
        )

    def _readable(self, kind, rows):
        """Yield the records of a list; one odd row does not spoil the others."""
        for row in rows:
            try:
                yield kind.from_json(row)
            except OctopusBadAnswer as error:
                self.unreadable.append(error.message)

    def _get(self, path, **params):
        return self.request("GET", path, params=query_values(params)).data

    def _send(self, method, path, body):
        return self.request(method, path, body=body).data

    def _delete(self, path):
        try:
            self.request("DELETE", path)
        except OctopusNotFound:
            return  # what we wanted


def _path(*parts):
    """Return a path for names and ids; an id cannot break out of its place.

    :raise ValueError: an id that is empty or a step in a path
    """
    texts = [as_text(part) for part in parts]
    if any(text in ("", ".", "..") for text in texts):
        raise ValueError("an id is missing")
    return "/".join(quote(text, safe="") for text in texts) + ".json"


# === ANSWERS === #


def records(data, *keys):
    """Return the records of a list answer.

    Octopus puts lists under plural or singular keys, answers a bare list, or one bare object
    when there is only one.

    :param keys: the keys under which the list may be
    :raise OctopusBadAnswer: none of these shapes. Never an empty list instead: "no products" and
        "not an answer" lead to opposite actions.
    """
    found = data
    if isinstance(data, dict):
        key = next((key for key in keys if key in data), None)
        if key is not None:
            found = data[key] or []
        elif "id" not in data:
            found = None
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise OctopusBadAnswer(f"Octopus's answer holds no list of {keys[0]}.")
    return found


def record(data, *keys):
    """Return the only record of an answer.

    :raise OctopusBadAnswer: there is none
    """
    found = records(data, *keys)
    if not found:
        raise OctopusBadAnswer(f"Octopus's answer holds no {keys[0]}.")
    return found[0]


def written(data, *keys):
    """Return the record that a writing call answered; empty when Octopus answered nothing."""
    if data is None:
        return {}
    try:
        return record(data, *keys)
    except OctopusBadAnswer as error:
        error.maybe_done = True
        raise


def new_ref(data, *keys):
    """Return the id of the record that was just created.

    :raise OctopusBadAnswer: no id; the record may exist all the same
    """
    try:
        ref = as_ref(record(data, *keys).get("id"))
    except (ValueError, OctopusBadAnswer):
        ref = None
    if ref is None:
        raise OctopusBadAnswer(f"Octopus returned no id for the new {keys[0]}.", maybe_done=True)
    return ref


def since_id_pages(client, path, keys, filters) -> Iterator[dict]:
    """Yield the records of a list that is read with the cursor ``since_id``.

    Ends at a page that is not full, or that repeats known records: a server that ignores the
    cursor would otherwise keep us here for ever.
    """
    params = {"limit": PAGE_LIMIT} | query_values(filters)
    seen = set()
    while True:
        page = records(client.request("GET", path, params=params).data, *keys)
        fresh = [item for item in page if str(item.get("id")) not in seen]
        yield from fresh
        if not fresh or len(page) < int(params["limit"]):
            return
        seen.update(str(item.get("id")) for item in fresh)
        params["since_id"] = str(page[-1].get("id"))


def linked_page(client, path, keys, filters, link=None):
    """Return the records of one page, and the link of the next one: None at the end.

    :param link: where the page before said that this one is; None for the first page
    """
    if link:
        answer = client.request_url("GET", link)
    else:
        params = {"limit": PAGE_LIMIT} | query_values(filters)
        answer = client.request("GET", path, params=params)
    page = records(answer.data, *keys)
    return page, (answer.next_url if page else None)


def linked_pages(client, path, keys, filters) -> Iterator[dict]:
    """Yield the records of a list whose answers name the next page in their ``Link`` header.

    :raise OctopusBadAnswer: the pages run in a circle; ending there could miss records silently
    """
    visited, link = set(), None
    while True:
        page, link = linked_page(client, path, keys, filters, link)
        yield from page
        if not link:
            return
        if link in visited:
            raise OctopusBadAnswer(CIRCLE, retryable=False)
        visited.add(link)


def query_values(filters):
    """Return filters as query values: UTC without offset, lists with commas, None left out."""
    return {name: _query_value(value) for name, value in filters.items() if value is not None}


def _query_value(value):
    if isinstance(value, datetime):
        if value.tzinfo:
            value = value.astimezone(timezone.utc)
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(map(str, value))
    return str(value)
