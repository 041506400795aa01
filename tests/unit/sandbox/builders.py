"""Requests as a well-behaved caller writes them."""

import struct
import zlib


class Caller:
    """Calls below one path and hands back the answer, or its JSON when it was a success."""

    def __init__(self, client, base):
        self.client = client
        self.base = base

    def send(self, method, path, **options):
        return self.client.request(method, f"{self.base}/{path}", **options)

    def ok(self, method, path, body=None):
        answer = self.send(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def refused(self, method, path, body=None, *, status=422):
        answer = self.send(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()["error"]


def variant(sku, **fields):
    return {"SV_Temp_variantId": f"v-{sku}", "sku": sku, "price": "9.4900"} | fields


def product(sku, **fields):
    return {"SV_Temp_ProductId": f"p-{sku}", "title": f"Product {sku}"} | {
        "variants": [variant(sku)],
        **fields,
    }


def bulk(entity_type, items):
    return {
        "entity_type": entity_type,
        "entity_count": len(items),
        "created_at": "2026-11-23T10:00:00-00:00",
        "items": items,
    }


def add_products(api, *items):
    """Create products; return the items of the answer."""
    answer = api.ok("POST", "BulkProduct/bulkpost.json", bulk("Products", list(items)))
    assert answer["errors"] is None
    return answer["items"]


def add_collections(api, *titles):
    """Create collections; return their ids."""
    items = [{"sv_temp_id": title, "title": title} for title in titles]
    answer = api.ok("POST", "bulkcustom_collections.json", bulk("category", items))
    return [item["id"] for item in answer["items"]]


def png(width=2, height=2, shade=0):
    """Return a real grey PNG."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\x00" + bytes([shade]) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
