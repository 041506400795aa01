"""The Octopus Bridge API, one method per endpoint that we use."""

from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

from .answers import (
    linked_page,
    linked_pages,
    new_ref,
    query_values,
    record,
    records,
    since_id_pages,
    written,
)
from .bulk import COLLECTIONS, COLLECTS, LEVELS, PRODUCTS, BulkResult, bulk_call
from .const import DEFAULT_TIMEOUT, LEVELS_CHUNK, PAGE_LIMIT
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
from .parsing import as_int, as_own_ref, as_text
from .transport import Transport


class OctopusClient:
    """Calls Octopus for one merchant. Every method raises OctopusError when its call fails.

    :param base_url: such as ``DEFAULT_BASE_URL``; a trailing slash does not matter
    :param timeout: seconds to connect and to read
    :param session: a ``requests.Session`` of the caller's, instead of one of our own
    :raise OctopusError: an address or credentials that cannot be used at all
    """

    def __init__(
        self, base_url, merchant_name, access_id, *, timeout=DEFAULT_TIMEOUT, session=None
    ):
        self._transport = Transport(
            base_url, merchant_name, access_id, timeout=timeout, session=session
        )
        # What was wrong with the rows of lists that were skipped, for the caller to report.
        self.unreadable = []

    def __repr__(self):
        return f"<OctopusClient {self._transport.base_url}>"

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        self.close()

    def close(self):
        """Close the connections."""
        self._transport.close()

    @property
    def rate(self):
        """The RateLimit that the last answer told; None when none did."""
        return self._transport.rate

    @property
    def clock_skew(self):
        """How far Octopus's clock is ahead of ours, as the last answer told."""
        return self._transport.clock_skew

    @property
    def calls(self):
        """How many requests were sent so far."""
        return self._transport.calls

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
        pages = since_id_pages(self._transport, "products.json", ("product", "products"), filters)
        return self._readable(RemoteProduct, pages)

    def find_variant(self, sku) -> RemoteVariant | None:
        """Return the variant with exactly this SKU, or None."""
        try:
            data = self._get("Variants.json", sku=sku)
        except OctopusNotFound:
            return None
        found = records(data, "variants", "variant", "Variants", "Variant")
        wanted = as_text(sku)
        data = next((item for item in found if as_text(item.get("sku")) == wanted), None)
        return data and RemoteVariant.from_json(data)

    def bulk_products(self, items) -> BulkResult:
        """Create (without ``id``) or update products. Creating is not idempotent."""
        return bulk_call(self._transport, PRODUCTS, items)

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

    def delete_image(self, product_ref, image_ref):
        """Remove a picture; one that is gone already counts as done."""
        self._delete(_path("products", product_ref, "images", image_ref))

    # === COLLECTIONS === #

    def iter_collections(self) -> Iterator[Collection]:
        pages = since_id_pages(
            self._transport,
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
        return bulk_call(self._transport, COLLECTIONS, items)

    def bulk_collects(self, items) -> BulkResult:
        """Put products into collections; both must exist."""
        return bulk_call(self._transport, COLLECTS, items)

    def iter_collects(self, *, product_ref=None, collection_ref=None) -> Iterator[Collect]:
        pages = since_id_pages(
            self._transport,
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
                self._transport,
                "inventory_levels.json",
                ("inventory_levels", "inventory_level"),
                {"inventory_item_ids": chunk, "location_ids": locations or None},
            )
            yield from self._readable(InventoryLevel, pages)

    def bulk_set_levels(self, items) -> BulkResult:
        """Set stock levels, absolute numbers: safe to repeat."""
        return bulk_call(self._transport, LEVELS, items)

    # === ORDERS === #

    def iter_orders(self, **filters) -> Iterator[dict]:
        """Yield orders as Octopus sends them, for ``Order.from_json``.

        :param filters: ``ids, created_at_min/max, updated_at_min/max, since_id, location_id,
            financial_status, limit``; datetimes are sent as UTC, lists with commas
        """
        if "ids" in filters and filters["ids"] is not None and not filters["ids"]:
            return iter(())  # no ids: no orders. Octopus would answer all of them
        return linked_pages(self._transport, "orders.json", ("orders", "order"), filters)

    def get_orders_page(self, link=None, **filters) -> tuple[list[dict], str | None]:
        """Return one page of orders, and the link of the next one: None at the end.

        For who keeps the place; Octopus does not say for how long a link is good.

        :param link: what the page before answered; the filters are in it
        """
        return linked_page(self._transport, "orders.json", ("orders", "order"), filters, link)

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

    def cancel_order(self, ref, *, restock=True) -> dict:
        """Cancel an order. Hardly documented: a 404 or 405 may mean that this merchant's Octopus
        has no such call."""
        data = self._send("POST", _path("orders", ref, "cancel"), {"restock": restock})
        return written(data, "order")

    def get_transactions(self, ref) -> list[dict]:
        data = self._get(_path("orders", ref, "transactions"))
        return records(data, "transactions", "transaction")

    def _readable(self, kind, rows):
        """Yield the records of a list; one odd row does not spoil the others."""
        for row in rows:
            try:
                yield kind.from_json(row)
            except OctopusBadAnswer as error:
                self.unreadable.append(error.message)

    def _get(self, path, **params):
        return self._transport.request("GET", path, params=query_values(params)).data

    def _send(self, method, path, body):
        return self._transport.request(method, path, body=body).data

    def _delete(self, path):
        try:
            self._transport.request("DELETE", path)
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
