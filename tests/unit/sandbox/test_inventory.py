"""Stock levels."""

import pytest

from .builders import add_products, bulk, product

BULK = "bulkinventory_levels/bulkset.json"


@pytest.fixture
def items(api):
    """The inventory item ids of two products."""
    made = add_products(api, product("A"), product("B"))
    return [item["variants"][0]["inventory_item_id"] for item in made]


def level(ref, item, available, location=1001):
    return {"sv_temp_id": ref, "location_id": location, "inventory_item_id": item} | {
        "available": available
    }


def test_quantities_are_absolute_and_per_location(api, items):
    sent = [level(1, items[0], 5), level(2, items[0], 7, 1002), level(3, items[1], -2)]
    for _twice in range(2):
        assert api.ok("POST", BULK, bulk("Inventory_Levels", sent))["errors"] is None
    found = api.ok("GET", f"inventory_levels.json?inventory_item_ids={items[0]}")
    assert [x["available"] for x in found["inventory_levels"]] == [5, 7]
    found = api.ok("GET", f"inventory_levels.json?location_ids=1001&inventory_item_ids={items[1]}")
    assert [x["available"] for x in found["inventory_levels"]] == [-2]


def test_unknown_ids_fail_their_own_item(api, items):
    sent = [level("a", 1, 5), level("b", items[0], 5, 99), level("c", items[0], 5)]
    answer = api.ok("POST", BULK, bulk("Inventory_Levels", sent))
    assert [("id" in item) for item in answer["items"]] == [False, False, True]
    assert [(e["sv_temp_id"], e["field"]) for e in answer["errors"]] == [
        ("a", "inventory_item_id"),
        ("b", "location_id"),
    ]


def test_a_variant_id_is_no_inventory_item_id(api):
    (made,) = add_products(api, product("A"))
    sent = [level(1, made["variants"][0]["variantId"], 5)]
    assert api.ok("POST", BULK, bulk("Inventory_Levels", sent))["errors"]


@pytest.mark.parametrize("available", [1.5, "many", None])
def test_quantities_are_whole_numbers(api, items, available):
    error = api.refused("POST", BULK, bulk("Inventory_Levels", [level(1, items[0], available)]))
    assert error["field"] == "items[0].available"


def test_set_one(api, items):
    sent = {"location_id": "1002", "inventory_item_id": str(items[0]), "available": "17"}
    answer = api.ok("POST", "inventory_levels/set.json", sent)["inventory_level"]
    assert (answer["location_id"], answer["available"]) == (1002, 17)
    wrong = sent | {"inventory_item_id": 1}
    assert api.refused("POST", "inventory_levels/set.json", wrong)["field"] == "inventory_item_id"


def test_reading_needs_a_filter(api):
    assert api.refused("GET", "inventory_levels.json")["field"] == "inventory_item_ids"
    assert api.refused("GET", "inventory_levels.json?location_ids=x")["field"] == "location_ids"
