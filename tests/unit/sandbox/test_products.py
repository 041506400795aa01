"""Products in bulk and one by one."""

import pytest

from .builders import add_products, bulk, product, variant

BULK = "BulkProduct/bulkpost.json"


def test_bulk_answer_carries_our_ids_and_the_new_ones(api):
    answer = api.ok("POST", BULK, bulk("Products", [product("A"), product("B")]))
    first, second = answer["items"]
    assert (first["SV_Temp_ProductId"], second["SV_Temp_ProductId"]) == ("p-A", "p-B")
    assert first["variants"][0]["SV_Temp_variantId"] == "v-A"
    ids = {first["productid"], second["productid"]}
    ids |= {first["variants"][0]["variantId"], first["variants"][0]["inventory_item_id"]}
    assert len(ids) == 4
    assert answer["errors"] is None
    assert answer["created_at"].startswith("/Date(")


def test_the_same_create_twice_makes_two_products(api):
    add_products(api, product("A"))
    add_products(api, product("A"))
    assert len(api.ok("GET", "products.json")["product"]) == 2
    assert len(api.ok("GET", "Variants.json?sku=A")["variants"]) == 2


def test_an_item_with_id_updates_only_what_it_sends(api):
    (made,) = add_products(api, product("A", vendor="Maker"))
    change = product("A", id=str(made["productid"]), title="New", variants=[variant("A", price=3)])
    (changed,) = add_products(api, change)
    assert changed["productid"] == made["productid"]
    assert changed["variants"][0]["variantId"] == made["variants"][0]["variantId"]
    (shown,) = api.ok("GET", "products.json")["product"]
    assert (shown["title"], shown["vendor"]) == ("New", "Maker")
    assert [v["price"] for v in shown["variants"]] == [3]


def test_a_variant_with_id_may_change_its_sku(api):
    (made,) = add_products(api, product("A"))
    variant_id = made["variants"][0]["variantId"]
    add_products(api, product("A", id=made["productid"], variants=[variant("NEW", id=variant_id)]))
    (shown,) = api.ok("GET", "products.json")["product"]
    assert [(v["id"], v["sku"]) for v in shown["variants"]] == [(variant_id, "NEW")]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "x" * 256}, "title"),
        ({"title": " "}, "title"),
        ({"variants": []}, "variants"),
        ({"variants": [variant(" ")]}, "variants[0].sku"),
        ({"variants": [variant("B", price=-1)]}, "variants[0].price"),
        ({"options": [{"name": str(n)} for n in range(4)]}, "options"),
        ({"variants": [variant("B", option1="Red")]}, "options"),
        ({"variants": [variant("B"), variant("C")]}, "variants"),
        ({"options": [{"name": "Size", "values": ["S"]}]}, "option1"),
        ({"id": 77}, "id"),
    ],
)
def test_a_wrong_value_fails_its_own_item_only(api, fields, field):
    answer = api.ok("POST", BULK, bulk("Products", [product("A"), product("B", **fields)]))
    good, bad = answer["items"]
    assert good["productid"]
    assert "productid" not in bad
    assert "id" not in bad
    (error,) = answer["errors"]
    assert (error["SV_Temp_ProductId"], error["field"]) == ("p-B", field)
    assert error["message"]
    assert len(api.ok("GET", "products.json")["product"]) == 1


@pytest.mark.parametrize(
    ("items", "fields", "field"),
    [
        ([product("A", colour="red")], {}, "items[0].colour"),
        (
            [product("A"), product("B", variants=[variant("B", inventory_quantity=3)])],
            {},
            "items[1].variants[0].inventory_quantity",
        ),
        ([product("A", variants=[variant("A", PriceA=1)])], {}, "items[0].variants[0].PriceA"),
        ([{"SV_Temp_ProductId": 1, "variants": []}], {}, "items[0].title"),
        ([product("A", variants=[{"sku": "A"}])], {}, "items[0].variants[0].price"),
        ([product("A", status="sold")], {}, "items[0].status"),
        ([product("A")], {"entity_type": "products"}, "entity_type"),
        ([product("A")], {"entity_count": 2}, "entity_count"),
        ([product(str(n)) for n in range(251)], {}, "items"),
    ],
)
def test_a_wrong_shape_refuses_the_whole_call(api, items, fields, field):
    error = api.refused("POST", BULK, bulk("Products", items) | fields)
    assert error["field"] == field
    assert api.ok("GET", "products.json")["product"] == []


def test_250_items_are_taken(api):
    assert len(add_products(api, *(product(str(n)) for n in range(250)))) == 250


def test_matrix_product(api):
    options = [{"name": "Size", "values": ["S", "M"]}, {"name": "Colour", "values": ["Red"]}]
    variants = [variant(size, option1=size, option2="Red") for size in ("S", "M")]
    (made,) = add_products(api, product("T", options=options, variants=variants))
    (shown,) = api.ok("GET", "products.json")["product"]
    assert [v["variantId"] for v in made["variants"]] == [v["id"] for v in shown["variants"]]
    assert [o["name"] for o in shown["options"]] == ["Size", "Colour"]


def test_list_is_walked_with_since_id_and_filtered(api):
    made = add_products(api, *(product(sku, vendor=f"V{sku}") for sku in "ABC"))
    ids = [item["productid"] for item in made]
    page = api.ok("GET", "products.json?limit=2")["product"]
    assert [p["id"] for p in page] == ids[:2]
    rest = api.ok("GET", f"products.json?limit=2&since_id={ids[1]}")["product"]
    assert [p["id"] for p in rest] == ids[2:]
    assert [p["id"] for p in api.ok("GET", "products.json?title=duct B")["product"]] == ids[1:2]
    assert [p["id"] for p in api.ok("GET", "products.json?vendor=VC")["product"]] == ids[2:]
    assert api.ok("GET", "products.json?title=%25")["product"] == []


def test_put_changes_the_sent_fields_and_answers_a_list(api):
    (made,) = add_products(api, product("A", tags="x"))
    path = f"products/{made['productid']}.json"
    (changed,) = api.ok("PUT", path, {"product": {"title": "New"}})["product"]
    assert (changed["title"], changed["tags"], changed["variants"][0]["sku"]) == ("New", "x", "A")
    assert api.refused("PUT", path, {"product": {"title": "x" * 256}})["field"] == "title"
    assert api.refused("PUT", path, {"product": {"colour": 1}})["field"] == "product.colour"


def test_delete_takes_everything_along(api, control):
    (made,) = add_products(api, product("A"))
    item = made["variants"][0]["inventory_item_id"]
    level = {"location_id": 1001, "inventory_item_id": item, "available": 1}
    api.ok("POST", "inventory_levels/set.json", level)
    assert api.ok("DELETE", f"products/{made['productid']}.json") == {}
    api.refused("DELETE", f"products/{made['productid']}.json", status=404)
    assert control.ok("GET", "state")["levels"] == []
    assert api.ok("GET", "Variants.json?sku=A")["variants"] == []


def test_attributes_are_kept_deleted_and_limited(api):
    def attributes(count):
        return [{"attribute_name": f"n{n}", "attribute_value": "v"} for n in range(count)]

    (made,) = add_products(
        api, product("A", variants=[variant("A", custom_attributes=attributes(20))])
    )
    path = f"variants/{made['variants'][0]['variantId']}.json"
    kept = api.ok("PUT", path, {"variant": {"price": "1"}})["variant"]["custom_attributes"]
    assert len(kept) == 20
    gone = api.ok("PUT", path, {"variant": {"custom_attributes": []}})["variant"]
    assert gone["custom_attributes"] == []
    body = {"variant": {"custom_attributes": [{"attribute_name": "21", "attribute_value": "v"}]}}
    assert api.refused("PUT", path, body)["field"] == "custom_attributes"


def test_variants_one_by_one(api):
    options = [{"name": "Size", "values": []}]
    (made,) = add_products(api, product("S", options=options, variants=[variant("S", option1="S")]))
    pid, first = made["productid"], made["variants"][0]["variantId"]
    new = {"sku": "M", "price": "1.5", "option1": "M"}
    second = api.ok("POST", f"products/{pid}/variants.json", {"variant": new})["variant"]["id"]
    same = {"variant": new | {"sku": "M2"}}
    assert api.refused("POST", f"products/{pid}/variants.json", same)["field"] == "variants"
    changed = api.ok("PUT", f"variants/{second}.json", {"variant": {"price": 2}})["variant"]
    assert (changed["price"], changed["sku"]) == (2, "M")
    assert api.ok("DELETE", f"products/{pid}/variants/{first}.json") == {}
    api.refused("DELETE", f"products/{pid}/variants/{first}.json", status=404)
    last = api.refused("DELETE", f"products/{pid}/variants/{second}.json")
    assert "at least one" in last["message"]
