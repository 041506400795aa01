"""Collections and collects."""

from .builders import add_collections, add_products, bulk, product


def test_bulk_makes_duplicates_and_explains_failures(api):
    items = [
        {"sv_temp_id": 1, "title": "SALE > SHOES"},
        {"sv_temp_id": 2, "title": "SALE > SHOES"},
        {"sv_temp_id": 3, "title": "x" * 256},
    ]
    answer = api.ok("POST", "bulkcustom_collections.json", bulk("category", items))
    first, second, third = answer["items"]
    assert first["id"] != second["id"]
    assert "id" not in third
    assert [e["sv_temp_id"] for e in answer["errors"]] == [3]
    assert api.ok("GET", "custom_collections/count.json") == {"count": 2}


def test_bulk_refuses_an_id(api):
    items = [{"sv_temp_id": 1, "title": "A", "id": 5}]
    error = api.refused("POST", "bulkcustom_collections.json", bulk("category", items))
    assert error["field"] == "items[0].id"


def test_one_by_one(api):
    made = api.ok("POST", "custom_collections.json", {"custom_collection": {"title": "A > B"}})
    path = f"custom_collections/{made['custom_collection']['id']}.json"
    change = {"custom_collection": {"body_html": "<p>x</p>"}}
    assert api.ok("PUT", path, change)["custom_collection"]["title"] == "A > B"
    shown = api.ok("GET", path)["custom_collection"]
    assert (shown["body_html"], shown["handle"]) == ("<p>x</p>", "a-b")
    assert api.ok("GET", "custom_collections.json")["custom_collection"] == [shown]
    api.ok("DELETE", path)
    api.refused("GET", path, status=404)


def test_collects_join_what_exists(api):
    collection, _other = add_collections(api, "A", "B")
    (made,) = add_products(api, product("A"))
    pid = made["productid"]
    items = [
        {"sv_temp_id": "ok", "collection_id": str(collection), "product_id": str(pid)},
        {"sv_temp_id": "no product", "collection_id": collection, "product_id": collection},
        {"sv_temp_id": "no collection", "collection_id": pid, "product_id": pid},
    ]
    answer = api.ok("POST", "bulkcollects.json", bulk("Collects", items))
    assert [("id" in item) for item in answer["items"]] == [True, False, False]
    assert [(e["sv_temp_id"], e["field"]) for e in answer["errors"]] == [
        ("no product", "product_id"),
        ("no collection", "collection_id"),
    ]
    (collect,) = api.ok("GET", f"collects.json?product_id={pid}")["collects"]
    assert collect["collection_id"] == collection
    api.ok("DELETE", f"collects/{collect['id']}.json")
    assert api.ok("GET", "collects.json")["collects"] == []


def test_deleting_a_collection_keeps_its_products(api):
    (collection,) = add_collections(api, "A")
    (made,) = add_products(api, product("A"))
    collect = {"collection_id": collection, "product_id": made["productid"]}
    api.ok("POST", "collects.json", {"collect": collect})
    api.ok("DELETE", f"custom_collections/{collection}.json")
    assert api.ok("GET", "collects.json")["collects"] == []
    assert len(api.ok("GET", "products.json")["product"]) == 1
