"""Every endpoint: the exact request, and the answers in the shapes that Octopus gives them."""

from base64 import b64decode

import pytest

from octopus_api import (
    Collect,
    Collection,
    InventoryLevel,
    Location,
    OctopusBadAnswer,
    OctopusError,
    OctopusNotFound,
    OctopusValidationError,
    Shop,
)


def sent(octopus):
    """Return the only request as (method, path, query or JSON)."""
    (request,) = octopus.requests
    return request.method, request.path, request.json if request.body else request.query


# === SHOP === #


def test_shop_is_the_first_of_its_list(octopus, client):
    octopus.answer(
        {
            "shop": [
                {
                    "id": 690933842,
                    "name": "Corner shop",
                    "currency": "USD",
                    "iana_timezone": "America/New_York",
                    "weight_unit": "kg",
                    "taxes_included": None,
                    "primary_location_id": 905684977,
                    "country_code": "US",
                },
                {"id": 2, "name": "Second location"},
            ]
        }
    )
    shop = client.get_shop()
    assert shop == Shop(
        "690933842", "Corner shop", "USD", "America/New_York", "kg", None, "905684977", "US"
    )
    assert shop.raw["name"] == "Corner shop"


@pytest.mark.parametrize(
    "answer",
    [{"shop": []}, {"shop": None}, {}, [], {"shop": "x"}, {"shop": ["x"]}, 5, None]
    + [{"shop": [{"name": "no id"}]}, {"shop": [{"id": {}}]}],
)
def test_what_is_no_shop(octopus, client, answer):
    octopus.answer(answer)
    with pytest.raises(OctopusBadAnswer, match="shop"):
        client.get_shop()


def test_locations(octopus, client):
    octopus.answer(
        {
            "locations": [
                {"id": 1, "name": "Main", "active": True},
                {"id": "loc_2", "name": "Old", "active": "false"},
                {"id": 3, "name": "Silent"},
            ]
        }
    )
    assert client.get_locations() == [
        Location("1", "Main", True),
        Location("loc_2", "Old", False),
        Location("3", "Silent", True),
    ]
    assert sent(octopus) == ("GET", "locations.json", {})


# === PRODUCTS === #


@pytest.mark.parametrize(
    "answer",
    [
        {"variants": [{"id": 1, "sku": "A-10"}, {"id": 2, "sku": "A-1", "product_id": 7}]},
        {"variant": [{"id": 2, "sku": "A-1", "product_id": 7}]},
        {"variant": {"id": 2, "sku": "A-1", "product_id": 7}},
        [{"id": 2, "sku": "A-1", "product_id": 7}],
        {"id": 2, "sku": "A-1", "product_id": 7},
    ],
)
def test_a_variant_is_found_by_its_exact_sku(octopus, client, answer):
    octopus.answer(answer)
    assert client.find_variant("A-1").raw == {"id": 2, "sku": "A-1", "product_id": 7}
    assert sent(octopus) == ("GET", "Variants.json", {"sku": "A-1"})


@pytest.mark.parametrize("answer", [{"variants": []}, {"variant": None}, {"variants": [{"id": 1}]}])
def test_no_variant_with_this_sku(octopus, client, answer):
    octopus.answer(answer)
    assert client.find_variant("A-1") is None


def test_a_similar_sku_is_not_the_same(octopus, client):
    octopus.answer({"variants": [{"id": 1, "sku": "a-1"}, {"id": 2, "sku": "A-11"}]})
    assert client.find_variant("A-1") is None


def test_a_numeric_sku_is_text(octopus, client):
    octopus.answer({"variants": [{"id": 1, "sku": 4711, "product_id": 7}]})
    assert client.find_variant("4711").ref == "1"


def test_404_means_no_variant(octopus, client):
    octopus.answer({"error": {"message": "none"}}, status=404)
    assert client.find_variant("A-1") is None


@pytest.mark.parametrize(
    ("call", "request_", "answer"),
    [
        (
            lambda client: client.update_product("7", {"title": "Shoe"}),
            ("PUT", "products/7.json", {"product": {"title": "Shoe"}}),
            {"product": {"id": 1}},
        ),
        (
            lambda client: client.create_variant("7", {"sku": "A"}),
            ("POST", "products/7/variants.json", {"variant": {"sku": "A"}}),
            {"variant": {"id": 1}},
        ),
        (
            lambda client: client.update_variant("8", {"price": 1}),
            ("PUT", "variants/8.json", {"variant": {"price": 1}}),
            {"variant": [{"id": 1}]},
        ),
        (
            lambda client: client.update_collection("5", {"title": "Shoes"}),
            ("PUT", "custom_collections/5.json", {"custom_collection": {"title": "Shoes"}}),
            {"id": 1},
        ),
        (
            lambda client: client.update_order("ord_1010", {"note": "n"}),
            ("PUT", "orders/ord_1010.json", {"order": {"note": "n"}}),
            {"order": {"id": 1}},
        ),
        (
            lambda client: client.cancel_order("ord_1010"),
            ("POST", "orders/ord_1010/cancel.json", {"restock": True}),
            {"order": {"id": 1}},
        ),
        (
            lambda client: client.cancel_order("9", reason="fraud"),
            ("POST", "orders/9/cancel.json", {"restock": True, "reason": "fraud"}),
            {"id": 1},
        ),
        (
            lambda client: client.cancel_order("9", restock=False),
            ("POST", "orders/9/cancel.json", {"restock": False}),
            {"id": 1},
        ),
        (
            lambda client: client.get_order("ord_1010"),
            ("GET", "orders/ord_1010.json", {}),
            {"order": {"id": 1}},
        ),
    ],
)
def test_calls_that_answer_a_record(octopus, client, call, request_, answer):
    octopus.answer(answer)
    assert call(client) == {"id": 1}
    assert sent(octopus) == request_


def test_an_update_may_answer_nothing(octopus, client):
    octopus.answer(text="", status=204)
    assert client.update_product("7", {"title": "Shoe"}) == {}


def test_an_update_that_answers_something_else_may_be_done(octopus, client):
    octopus.answer({"weather": "fine"})
    with pytest.raises(OctopusBadAnswer) as caught:
        client.update_product("7", {"title": "Shoe"})
    assert caught.value.maybe_done


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda client: client.delete_product("7"), "products/7.json"),
        (lambda client: client.delete_variant("7", "8"), "products/7/variants/8.json"),
        (lambda client: client.delete_image("7", "9"), "products/7/images/9.json"),
        (lambda client: client.delete_collection("5"), "custom_collections/5.json"),
        (lambda client: client.delete_collect("6"), "collects/6.json"),
    ],
)
@pytest.mark.parametrize("status", [200, 204, 404])
def test_deletions_may_find_nothing_to_delete(octopus, client, call, path, status):
    octopus.answer(text="", status=status)
    assert call(client) is None
    assert sent(octopus) == ("DELETE", path, {})


def test_the_last_variant_stays(octopus, client):
    octopus.answer({"error": {"message": "last variant"}}, status=422)
    with pytest.raises(OctopusValidationError, match="last variant"):
        client.delete_variant("7", "8")


@pytest.mark.parametrize("ref", ["", None, ".", ".."])
def test_an_id_that_is_none_reaches_no_endpoint(octopus, client, ref):
    with pytest.raises(ValueError, match="id is missing"):
        client.delete_product(ref)
    assert not octopus.requests


def test_an_id_stays_one_part_of_the_path(octopus, client):
    octopus.answer(text="")
    client.delete_product("../orders/1?x=#y")
    assert sent(octopus) == ("DELETE", "products/..%2Forders%2F1%3Fx%3D%23y.json", {})


# === IMAGES === #


def test_an_image_is_sent_in_base64(octopus, client):
    octopus.answer({"image": {"id": 850703190}})
    content = bytes(range(256))
    ref = client.create_image(
        "7", content=content, filename="shoe.png", position=2, alt="A shoe", variant_refs=["8"]
    )
    assert ref == "850703190"
    method, path, body = sent(octopus)
    assert (method, path) == ("POST", "products/7/images.json")
    assert b64decode(body["image"].pop("attachment")) == content
    assert body == {
        "image": {
            "position": "2",
            "filename": "shoe.png",
            "alt": "A shoe",
            "variant_ids": ["8"],
        }
    }


def test_an_image_without_extras(octopus, client):
    octopus.answer({"image": {"id": 1}})
    client.create_image("7", content=b"x", filename="x.jpg")
    assert sent(octopus)[2]["image"].keys() == {"position", "attachment", "filename"}


@pytest.mark.parametrize("answer", [{"image": {}}, {"image": {"id": 0}}, {}, {"image": []}])
@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.create_image("7", content=b"x", filename="x.jpg"),
        lambda client: client.create_variant("7", {"sku": "A"}),
        lambda client: client.create_collection({"title": "Shoes"}),
    ],
)
def test_a_create_without_id_may_be_done(octopus, client, call, answer):
    octopus.answer(answer)
    with pytest.raises(OctopusBadAnswer, match="no id for the new") as caught:
        call(client)
    assert caught.value.maybe_done


# === COLLECTIONS === #


def test_create_collection(octopus, client):
    octopus.answer({"custom_collection": {"id": 5, "title": "Shoes"}})
    assert client.create_collection({"title": "Shoes"}) == "5"
    body = {"custom_collection": {"title": "Shoes"}}
    assert sent(octopus) == ("POST", "custom_collections.json", body)


def test_collections_are_a_list_under_a_singular_key(octopus, client):
    octopus.answer({"custom_collection": [{"id": 5, "title": "SALE > SHOES"}]})
    assert list(client.iter_collections()) == [Collection("5", "SALE > SHOES")]


def test_collects_of_a_product(octopus, client):
    octopus.answer({"collects": [{"id": 1, "product_id": 7, "collection_id": 5}]})
    assert list(client.iter_collects(product_ref="7")) == [Collect("1", "7", "5")]
    query = {"limit": "250", "product_id": "7"}
    assert sent(octopus) == ("GET", "collects.json", query)


def test_a_collect_of_nothing_is_skipped_and_named(octopus, client):
    good = {"id": 2, "product_id": 7, "collection_id": 8}
    octopus.answer({"collects": [{"id": 1, "product_id": 7}, good]})
    assert [collect.ref for collect in client.iter_collects()] == ["2"]
    assert client.unreadable == ["A collect in Octopus's answer has no collection_id."]


# === STOCK === #


def test_levels(octopus, client):
    octopus.answer(
        {
            "inventory_levels": [
                {"inventory_item_id": 1, "location_id": 2, "available": 6},
                {"inventory_item_id": "3", "location_id": 2, "available": None},
                {"inventory_item_id": 4, "location_id": 2, "available": "-2.0"},
            ]
        }
    )
    levels = list(client.iter_inventory_levels(inventory_item_refs=["1"], location_refs=["2"]))
    assert levels == [
        InventoryLevel("1", "2", 6),
        InventoryLevel("3", "2", None),
        InventoryLevel("4", "2", -2),
    ]
    query = {"limit": "250", "inventory_item_ids": "1", "location_ids": "2"}
    assert sent(octopus) == ("GET", "inventory_levels.json", query)


def test_levels_of_many_items_are_asked_in_chunks(octopus, client):
    refs = [str(number) for number in range(1000, 1120)]
    octopus.answer({"inventory_levels": []})
    assert not list(client.iter_inventory_levels(inventory_item_refs=refs))
    asked = [request.query["inventory_item_ids"].split(",") for request in octopus.requests]
    assert [len(chunk) for chunk in asked] == [50, 50, 20]
    assert sum(asked, []) == refs


def test_levels_at_many_locations_fit_in_one_answer(octopus, client):
    octopus.answer({"inventory_levels": []})
    items, locations = [str(number) for number in range(1, 31)], range(1, 11)
    list(client.iter_inventory_levels(inventory_item_refs=items, location_refs=locations))
    asked = [request.query["inventory_item_ids"].split(",") for request in octopus.requests]
    assert [len(chunk) for chunk in asked] == [25, 5]


def test_levels_of_a_location_follow_the_pages(octopus, client):
    link = f'<{octopus.base_url}/inventory_levels.json?page_info=2>; rel="next"'
    level = {"inventory_item_id": 1, "location_id": 2, "available": 1}
    octopus.answer({"inventory_levels": [level]}, headers={"Link": link})
    octopus.answer({"inventory_levels": [{**level, "inventory_item_id": 2}]})
    levels = list(client.iter_inventory_levels(location_refs=["2"]))
    assert [level.inventory_item_ref for level in levels] == ["1", "2"]
    assert "inventory_item_ids" not in octopus.requests[0].query


def test_levels_of_nothing_in_particular(octopus, client):
    with pytest.raises(ValueError, match="which items or locations"):
        list(client.iter_inventory_levels())


@pytest.mark.parametrize(
    "odd", [{"available": "many"}, {"inventory_item_id": None}, {"location_id": None}]
)
def test_an_odd_level_is_skipped_and_named(octopus, client, odd):
    good = {"inventory_item_id": 1, "location_id": 2, "available": 3}
    octopus.answer({"inventory_levels": [{**good, **odd}, good]})
    [level] = client.iter_inventory_levels(location_refs=["2"])
    assert level.available == 3
    assert len(client.unreadable) == 1


# === ORDERS === #


def test_count_orders(octopus, client):
    octopus.answer({"count": "12"})
    assert client.count_orders(financial_status="paid") == 12
    assert sent(octopus) == ("GET", "orders/count.json", {"financial_status": "paid"})


@pytest.mark.parametrize("answer", [{}, [], {"count": None}, {"count": "x"}])
def test_what_is_no_count(octopus, client, answer):
    octopus.answer(answer)
    with pytest.raises(OctopusBadAnswer, match="no count"):
        client.count_orders()


def test_transactions(octopus, client):
    octopus.answer({"transactions": [{"id": 1, "amount": "5"}]})
    assert client.get_transactions("9") == [{"id": 1, "amount": "5"}]
    assert sent(octopus) == ("GET", "orders/9/transactions.json", {})


def test_an_order_that_is_gone(octopus, client):
    octopus.answer({"error": {"message": "gone"}}, status=404)
    with pytest.raises(OctopusNotFound):
        client.get_order("9")


@pytest.mark.parametrize("status", [404, 405])
def test_a_missing_cancel_call_can_be_told(octopus, client, status):
    octopus.answer(text="", status=status)
    with pytest.raises(OctopusError) as caught:
        client.cancel_order("9")
    assert caught.value.status == status
    assert not caught.value.retryable
    assert not caught.value.maybe_done
