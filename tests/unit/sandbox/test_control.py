"""Faults, state, reset, and the data of the shop page."""

import re

import pytest

from octopus_sandbox.altered import FOREIGN_REF

from .builders import add_collections, add_products, bulk, product


def statuses(api, count, path="shop.json"):
    return [api.send("GET", path).status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, [503, 503, 503, 503]),
        ({"times": 1}, [503, 200, 200, 200]),
        ({"after": 1, "times": 2}, [200, 503, 503, 200]),
        ({"every": 2}, [200, 503, 200, 503]),
        ({"method": "POST"}, [200, 200, 200, 200]),
        ({"path": "/sh*"}, [503, 503, 503, 503]),
        ({"path": "/orders*"}, [200, 200, 200, 200]),
    ],
)
def test_when_a_fault_fires(api, control, rule, expected):
    control.ok("PUT", "faults", [{"path": "/shop.json", "status": 503} | rule])
    assert statuses(api, 4) == expected


def test_a_fault_by_template_with_a_body_of_its_own(api, control):
    rule = {"path": "/orders/{id}.json", "status": 502, "body": "<html>", "times": 1}
    control.ok(
        "PUT", "faults", [rule | {"content_type": "text/html", "headers": {"Retry-After": "7"}}]
    )
    answer = api.send("GET", "orders/5.json")
    assert (answer.status_code, answer.text) == (502, "<html>")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["retry-after"] == "7"
    (kept,) = control.ok("GET", "faults")
    assert (kept["matched"], kept["fired"]) == (1, 1)
    control.ok("DELETE", "faults")
    assert control.ok("GET", "faults") == []


def test_a_dropped_answer_did_the_work(api, control):
    control.ok("PUT", "faults", [{"path": "/BulkProduct/*", "drop": True}])
    with pytest.raises(ConnectionResetError):
        api.send("POST", "BulkProduct/bulkpost.json", json=bulk("Products", [product("A")]))
    assert len(api.ok("GET", "products.json")["product"]) == 1


@pytest.mark.parametrize(
    ("alter", "expected"),
    [
        ("missing", ["1"]),
        ("reordered", ["1", "0"]),
        ("repeated", ["0", "1", "0", "1"]),
        ("foreign", [FOREIGN_REF, "0", "1"]),
    ],
)
def test_an_altered_answer_did_the_work(api, control, alter, expected):
    control.ok("PUT", "faults", [{"path": "/BulkProduct/*", "alter": alter}])
    items = [product("A") | {"SV_Temp_ProductId": "0"}, product("B") | {"SV_Temp_ProductId": "1"}]
    answer = api.ok("POST", "BulkProduct/bulkpost.json", bulk("Products", items))
    assert [item["SV_Temp_ProductId"] for item in answer["items"]] == expected
    assert len(api.ok("GET", "products.json")["product"]) == 2


@pytest.mark.parametrize("alter", ["missing", "foreign", "reordered"])
def test_an_altered_answer_of_one_record(api, control, alter):
    add_products(api, product("A"))
    ref = control.ok("POST", "orders", {"lines": [{"sku": "A"}]})["id"]
    path = f"orders/{ref}.json"
    control.ok("PUT", "faults", [{"path": f"/{path}", "alter": alter, "times": 1}])
    answer = api.ok("PUT", path, {"order": {"note": "Ring twice"}})["order"]
    expected = {"missing": None, "foreign": FOREIGN_REF, "reordered": ref}[alter]
    assert answer.get("id") == expected
    assert api.ok("GET", path)["order"]["note"] == "Ring twice"


def test_a_late_answer_with_another_label(api, control):
    control.ok(
        "PUT", "faults", [{"path": "/shop.json", "hang": 0.01, "relabel": "text/html; charset=x"}]
    )
    answer = api.send("GET", "shop.json")
    assert answer.headers["content-type"] == "text/html; charset=x"
    assert answer.json()["shop"]


def test_state_and_reset(api, control):
    (collection,) = add_collections(api, "A")
    (made,) = add_products(api, product("A"))
    collect = {"collection_id": collection, "product_id": made["productid"]}
    api.ok("POST", "collects.json", {"collect": collect})
    control.ok("POST", "orders", {"lines": [{"sku": "A"}]})
    control.ok("PUT", "faults", [{"path": "/x", "status": 500}])
    control.ok("PUT", "settings", {"rate_limit": 9})
    state = control.ok("GET", "state")
    assert state["products"][0]["collects"][0]["collection_id"] == collection
    assert len(state["orders"]) == 1

    control.ok("POST", "reset")
    state = control.ok("GET", "state")
    assert [state[key] for key in ("collections", "products", "levels", "orders")] == [[]] * 4
    assert control.ok("GET", "faults") == []
    assert "X-RateLimit-Limit" not in api.send("GET", "shop.json").headers
    (again,) = add_products(api, product("A"))
    assert again["productid"] > made["productid"]


def files(client, address):
    """Return the names of the files that the shop page needs, each of which is there."""
    answer = client.get(address)
    assert answer.is_success, address
    named = set(re.findall(r'"(?:/shop|\.)/([a-z]+\.[a-z]+)"', answer.text))
    return named.union(*(files(client, f"/shop/{name}") for name in named))


def test_shop_page_and_its_data(api, client):
    (collection,) = add_collections(api, "Drinks > Tea")
    (made,) = add_products(api, product("A", status="active"))
    add_products(api, product("B", status="draft"))
    collect = {"collection_id": collection, "product_id": made["productid"]}
    api.ok("POST", "collects.json", {"collect": collect})
    item = made["variants"][0]["inventory_item_id"]
    for location, available in ((1001, 3), (1002, 4)):
        level = {"location_id": location, "inventory_item_id": item, "available": available}
        api.ok("POST", "inventory_levels/set.json", level)

    assert "<html" in client.get("/").text
    assert {"shop.css", "shop.js", "icon.svg"} < files(client, "/")
    order = {"source": "EBAY", "lines": [{"sku": "A", "quantity": 2}]}
    assert client.post("/shop/orders", json=order).status_code == 201
    answer = client.get("/shop/data.json")
    data = answer.json()
    (shown,) = data["products"]
    assert shown["collections"] == [collection]
    assert shown["variants"][0]["available"] == 7
    assert [o["source"] for o in data["orders"]] == ["EBAY"]
    unchanged = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/shop/data.json", headers=unchanged).status_code == 304
    client.post("/shop/orders", json=order)
    assert client.get("/shop/data.json", headers=unchanged).status_code == 200
