"""Bulk calls: the envelope that goes out, and who in the answer succeeded."""

from datetime import datetime, timedelta, timezone

import pytest

from octopus_api import BulkItem, OctopusBadAnswer, VariantRef
from octopus_api.bulk import NO_ID, NOT_CONFIRMED


def product(ref, *variant_refs, **values):
    variants = [{"SV_Temp_variantId": variant_ref, "sku": "A"} for variant_ref in variant_refs]
    return {"SV_Temp_ProductId": ref, "title": "T", "variants": variants, **values}


def product_echo(ref, product_id, **variant_ids):
    variants = [
        {"SV_Temp_variantId": variant_ref, "variantId": number, "inventory_item_id": number + 1}
        for variant_ref, number in variant_ids.items()
    ]
    return {"SV_Temp_ProductId": ref, "productid": product_id, "variants": variants}


def collects(*refs):
    return [{"sv_temp_id": ref, "collection_id": "5", "product_id": "7"} for ref in refs]


def levels(*refs):
    return [
        {"sv_temp_id": ref, "location_id": "1", "inventory_item_id": "2", "available": 3}
        for ref in refs
    ]


def refs(items):
    return [item.ref for item in items]


# === WHAT GOES OUT === #


@pytest.mark.parametrize(
    ("method", "path", "entity_type", "items"),
    [
        ("bulk_products", "BulkProduct/bulkpost.json", "Products", [product("p1", "v1")]),
        (
            "bulk_collections",
            "bulkcustom_collections.json",
            "category",
            [{"sv_temp_id": "c1", "title": "SALE > SHOES"}],
        ),
        ("bulk_collects", "bulkcollects.json", "Collects", collects("1", "2")),
        (
            "bulk_set_levels",
            "bulkinventory_levels/bulkset.json",
            "Inventory_Levels",
            levels("1", "2"),
        ),
    ],
)
def test_the_envelope(octopus, client, method, path, entity_type, items):
    octopus.answer({"items": [], "errors": None})
    getattr(client, method)(iter(items))
    (request,) = octopus.requests
    envelope = request.json
    created_at = datetime.fromisoformat(envelope.pop("created_at"))
    assert (request.method, request.path) == ("POST", path)
    assert envelope == {
        "entity_type": entity_type,
        "entity_count": len(items),
        "items": items,
    }
    assert created_at.utcoffset() == timedelta(0)
    assert abs(datetime.now(timezone.utc) - created_at) < timedelta(hours=1)


def test_nothing_to_send_is_no_call(octopus, client):
    assert client.bulk_products([]).items == {}
    assert not octopus.requests


def test_at_most_250_items(octopus, client):
    octopus.answer({"items": [], "errors": None})
    assert len(client.bulk_set_levels(levels(*range(1, 251))).items) == 250
    with pytest.raises(ValueError, match="251 items"):
        client.bulk_set_levels(levels(*range(1, 252)))
    assert len(octopus.requests) == 1


@pytest.mark.parametrize("items", [levels("1", 1), levels(""), [{"available": 1}]])
def test_every_item_needs_a_correlation_id_of_its_own(octopus, client, items):
    with pytest.raises(ValueError, match="sv_temp_id of its own"):
        client.bulk_set_levels(items)
    assert not octopus.requests


# === ITEMS WITH IDS === #


def test_answers_are_matched_by_correlation_id_not_by_position(octopus, client):
    octopus.answer(
        {
            "entity_type": "Products",
            "created_at": "/Date(1735221673533)/",
            "items": [product_echo(2, 702, v3=90), product_echo("1", 701, v2=20, v1=10)],
            "errors": None,
        }
    )
    result = client.bulk_products([product("1", "v1", "v2"), product("2", "v3")])
    assert result.items == {
        "1": BulkItem(
            "1", "701", None, {"v1": VariantRef("10", "11"), "v2": VariantRef("20", "21")}
        ),
        "2": BulkItem("2", "702", None, {"v3": VariantRef("90", "91")}),
    }
    assert refs(result.ok) == ["1", "2"]
    assert not result.failed


def test_every_item_sent_has_an_entry(octopus, client):
    octopus.answer({"items": [{"sv_temp_id": "2", "id": 20}], "errors": []})
    result = client.bulk_collects(collects("1", "2", "3"))
    assert refs(result.ok) == ["2"]
    assert {item.ref: item.error for item in result.failed} == {"1": NO_ID, "3": NO_ID}


@pytest.mark.parametrize("no_id", [None, "", 0, "0", {}, []])
def test_an_echo_without_id_failed(octopus, client, no_id):
    octopus.answer({"items": [{"sv_temp_id": "1", "id": no_id}], "errors": None})
    (item,) = client.bulk_collects(collects("1")).failed
    assert (item.octopus_ref, item.error) == (None, NO_ID)


def test_ids_of_other_records_are_not_the_collects_own(octopus, client):
    octopus.answer({"items": collects("1"), "errors": None})
    assert refs(client.bulk_collects(collects("1")).failed) == ["1"]


def test_what_was_never_sent_is_ignored(octopus, client):
    octopus.answer(
        {
            "items": [
                {"sv_temp_id": "99", "id": 1},
                {"id": 2},
                "nonsense",
                None,
                {"sv_temp_id": "1", "id": 3},
            ],
            "errors": None,
        }
    )
    result = client.bulk_collects(collects("1"))
    assert {ref: item.octopus_ref for ref, item in result.items.items()} == {"1": "3"}


def test_of_repeated_answers_the_first_with_an_id_counts(octopus, client):
    octopus.answer(
        {
            "items": [
                {"sv_temp_id": "1", "id": None},
                {"sv_temp_id": "1", "id": 11},
                {"sv_temp_id": "1", "id": 12},
            ],
            "errors": None,
        }
    )
    assert client.bulk_collects(collects("1")).items["1"].octopus_ref == "11"


def test_letter_case_of_keys_does_not_matter(octopus, client):
    octopus.answer(
        {
            "Items": [
                {
                    "sv_temp_productid": "1",
                    "ProductId": "p_701",
                    "Variants": [
                        {"SV_TEMP_VARIANTID": "v1", "variantid": "v_1", "Inventory_Item_Id": 5}
                    ],
                }
            ],
            "Errors": None,
        }
    )
    item = client.bulk_products([product("1", "v1")]).items["1"]
    assert item.octopus_ref == "p_701"
    assert item.variants == {"v1": VariantRef("v_1", "5")}


def test_our_own_id_may_be_zero(octopus, client):
    octopus.answer({"items": [{"sv_temp_id": 0, "id": 3}], "errors": None})
    assert client.bulk_collects(collects(0)).items["0"].octopus_ref == "3"


def test_the_raw_echo_is_kept(octopus, client):
    octopus.answer({"items": [{"sv_temp_id": "1", "id": 3, "extra": "x"}], "errors": None})
    assert client.bulk_collects(collects("1")).items["1"].raw["extra"] == "x"


def test_a_bare_list_is_an_answer(octopus, client):
    octopus.answer([{"sv_temp_id": "1", "id": 3}])
    assert client.bulk_collects(collects("1")).items["1"].octopus_ref == "3"


@pytest.mark.parametrize("answer", [{}, {"shop": []}, "x", None, {"items": "x"}])
def test_what_is_no_bulk_answer_may_have_been_done(octopus, client, answer):
    octopus.answer(answer)
    with pytest.raises(OctopusBadAnswer, match="no items") as caught:
        client.bulk_collects(collects("1"))
    assert caught.value.maybe_done


# === VARIANTS === #


def test_a_variant_without_id_is_a_problem_of_a_product_that_exists(octopus, client):
    octopus.answer({"items": [product_echo("1", 701, v1=10)], "errors": None})
    (item,) = client.bulk_products([product("1", "v1", "v2")]).failed
    assert item.octopus_ref == "701"
    assert item.variants == {"v1": VariantRef("10", "11")}
    assert item.error == "Octopus returned no id for its variant v2."


def test_a_variant_that_has_an_id_already_needs_none(octopus, client):
    sent = product("1", "v1", id="701")
    sent["variants"][0]["id"] = "10"
    octopus.answer({"items": [{"SV_Temp_ProductId": "1", "productid": 701}], "errors": None})
    (item,) = client.bulk_products([sent]).ok
    assert item.variants == {}


def test_foreign_and_broken_variants_are_ignored(octopus, client):
    echo = product_echo("1", 701, v1=10, foreign=20)
    echo["variants"] += [None, "x", {"SV_Temp_variantId": "v1", "variantId": 30}]
    octopus.answer({"items": [echo], "errors": None})
    (item,) = client.bulk_products([product("1", "v1")]).ok
    assert item.variants == {"v1": VariantRef("10", "11")}


# === ERRORS === #


@pytest.mark.parametrize(
    "errors",
    [
        [{"sv_temp_id": "2", "message": "no such product"}],
        [{"SV_Temp_Id": 2, "error": "no such product"}],
        [{"sv_temp_id": "2", "errors": ["no such product"]}],
        {"sv_temp_id": "2", "message": "no such product"},
        {"2": "no such product"},
        {"2": ["no such product"]},
        {"2": {"message": "no such product"}},
        [{"2": "no such product"}],
        {"errors": [{"sv_temp_id": "2", "message": "no such product"}]},
    ],
)
def test_errors_that_name_an_item(octopus, client, errors):
    octopus.answer({"items": [{"sv_temp_id": "1", "id": 10}], "errors": errors})
    result = client.bulk_collects(collects("1", "2", "3"))
    assert result.items["1"].error is None
    assert result.items["2"].error == "no such product"
    assert result.items["3"].error == NO_ID


@pytest.mark.parametrize(
    "errors", ["Item 2: no such product", ["Item 2: no such product"], {"message": "Item 2: no"}]
)
def test_texts_that_quote_an_item(octopus, client, errors):
    octopus.answer({"items": [{"sv_temp_id": "1", "id": 10}], "errors": errors})
    result = client.bulk_collects(collects("1", "2"))
    assert result.items["1"].error is None
    assert result.items["2"].error.startswith("Item 2: no")


@pytest.mark.parametrize("text", ["line 12 is bad", "price 2.50", "x-2", "2-x", "v2", "1.2"])
def test_a_number_inside_another_word_quotes_nobody(octopus, client, text):
    octopus.answer({"items": [], "errors": text})
    assert client.bulk_collects(collects("2")).items["2"].error == f"{NO_ID} It said: {text}"


def test_a_text_does_not_turn_an_item_with_an_id_into_a_failure(octopus, client):
    octopus.answer({"items": [{"sv_temp_id": "2", "id": 20}], "errors": "2 warnings"})
    assert refs(client.bulk_collects(collects("2")).ok) == ["2"]


def test_an_item_named_in_errors_failed_even_with_an_id(octopus, client):
    octopus.answer(
        {
            "items": [product_echo("1", 701, v1=10)],
            "errors": [{"SV_Temp_ProductId": "1", "field": "tags", "message": "too long"}],
        }
    )
    (item,) = client.bulk_products([product("1", "v1")]).failed
    assert item.octopus_ref == "701"
    assert item.error == "tags: too long"


def test_an_error_of_a_variant_is_one_of_its_product(octopus, client):
    octopus.answer(
        {
            "items": [product_echo("1", 701, v1=10)],
            "errors": [{"SV_Temp_variantId": "v2", "message": "sku is missing"}],
        }
    )
    result = client.bulk_products([product("1", "v1"), product("2", "v2")])
    assert result.items["1"].error is None
    assert result.items["2"].error == "sku is missing"


def test_an_echo_may_carry_its_own_error(octopus, client):
    octopus.answer({"items": [{"sv_temp_id": "1", "error": "no such product"}], "errors": None})
    assert client.bulk_collects(collects("1")).items["1"].error == "no such product"


def test_an_error_about_somebody_unknown_is_told_to_those_who_failed(octopus, client):
    octopus.answer({"items": [{"sv_temp_id": "1", "id": 10}], "errors": {"title": ["is too long"]}})
    result = client.bulk_collects(collects("1", "2"))
    assert result.items["1"].error is None
    assert result.items["2"].error == f"{NO_ID} It said: title: is too long"


def test_many_errors_of_one_item_are_joined_within_bounds(octopus, client):
    errors = [{"sv_temp_id": "1", "message": "x" * 600}, {"sv_temp_id": "1", "message": "y" * 600}]
    octopus.answer({"items": [], "errors": errors})
    error = client.bulk_collects(collects("1")).items["1"].error
    assert error.startswith("x" * 600 + "; y")
    assert len(error) == 1000


# === STOCK LEVELS: NO IDS === #


@pytest.mark.parametrize("errors", [None, [], {}, ""])
@pytest.mark.parametrize("items", [[], None, [{"sv_temp_id": "1"}]])
def test_levels_are_set_when_there_are_no_errors(octopus, client, items, errors):
    octopus.answer({"items": items, "errors": errors})
    assert refs(client.bulk_set_levels(levels("1", "2")).ok) == ["1", "2"]


def test_an_answer_about_other_levels_confirms_nothing(octopus, client):
    octopus.answer({"items": [{"sv_temp_id": "77"}], "errors": None})
    with pytest.raises(OctopusBadAnswer, match="about other items"):
        client.bulk_set_levels(levels("1", "2"))


def test_only_the_named_level_failed(octopus, client):
    octopus.answer({"items": [], "errors": [{"sv_temp_id": "2", "message": "no such location"}]})
    result = client.bulk_set_levels(levels("1", "2"))
    assert refs(result.ok) == ["1"]
    assert result.items["2"].error == "no such location"


def test_an_error_without_name_fails_all_levels_that_were_not_echoed(octopus, client):
    octopus.answer({"items": levels("1"), "errors": ["no such location"]})
    result = client.bulk_set_levels(levels("1", "2", "3"))
    assert refs(result.ok) == ["1"]
    assert result.items["2"].error == f"{NOT_CONFIRMED} It said: no such location"
    assert refs(result.failed) == ["2", "3"]
