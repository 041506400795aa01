"""Stock levels: set in bulk, read back in chunks."""

import pytest


@pytest.fixture
def location(client):
    return client.get_shop().primary_location_ref


def level(ref, item_ref, location_ref, available):
    return {
        "sv_temp_id": ref,
        "inventory_item_id": item_ref,
        "location_id": location_ref,
        "available": available,
    }


def test_levels_are_absolute_and_read_back(client, make_products, location, sandbox):
    made = make_products(*(f"S{number:03}" for number in range(60)))
    items = {
        f"v{position}": item.variants[f"v-{sku}"].inventory_item_ref
        for position, (sku, item) in enumerate(made.items())
    }
    sent = [
        level(ref, item_ref, location, position)
        for position, (ref, item_ref) in enumerate(items.items())
    ]
    for _ in range(2):
        result = client.bulk_set_levels(sent)
        assert len(result.ok) == 60
    sandbox.forget_requests()
    levels = client.iter_inventory_levels(
        inventory_item_refs=items.values(), location_refs=[location]
    )
    found = {entry.inventory_item_ref: entry.available for entry in levels}
    assert found == {item_ref: position for position, item_ref in enumerate(items.values())}
    assert sandbox.requests() == {"GET /inventory_levels.json": 2}


def test_one_bad_level_does_not_stop_the_others(client, make_products, location):
    item_ref = make_products("A")["A"].variants["v-A"].inventory_item_ref
    result = client.bulk_set_levels(
        [
            level("bad place", item_ref, "999999", 3),
            level("good", item_ref, location, 4),
            level("bad item", "999999999", location, 5),
        ]
    )
    assert [item.ref for item in result.ok] == ["good"]
    assert "ocation" in result.items["bad place"].error
    assert "tem" in result.items["bad item"].error
    (found,) = client.iter_inventory_levels(location_refs=[location])
    assert (found.inventory_item_ref, found.available) == (item_ref, 4)


def test_negative_stock_is_a_number_too(client, make_products, location):
    item_ref = make_products("A")["A"].variants["v-A"].inventory_item_ref
    assert client.bulk_set_levels([level("1", item_ref, location, -3)]).ok
    (found,) = client.iter_inventory_levels(inventory_item_refs=[item_ref])
    assert found.available == -3
