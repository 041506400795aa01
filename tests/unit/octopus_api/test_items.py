"""Items: the addon's words stand under the keys that Octopus expects."""

from datetime import datetime

import pytest

from octopus_api.items import (
    DatedPrice,
    KnownVariant,
    ProductItem,
    VariantItem,
    archive_item,
    collect_item,
    collection_item,
    collection_values,
    level_item,
)


def variant(ref="1", **values):
    return VariantItem(
        **{
            "ref": ref,
            "sku": f"SKU-{ref}",
            "price": "9.49",
            "cost_price": "4.00",
            "barcode": "",
            "is_taxed": True,
            "weight": "1.50",
            "weight_unit": "kg",
            "is_counted": True,
            "oversell_policy": "deny",
            **values,
        }
    )


def product(*variants, **values):
    return ProductItem(
        ref="7",
        title="Chair",
        body_html="",
        vendor="ACME",
        product_type="Seats",
        tags="New",
        variants=variants,
        **values,
    )


def test_a_product_without_options_has_the_one_default_value():
    data = product(variant()).to_json()
    assert data["options"] == [{"name": "Title", "position": 1, "values": ["Default Title"]}]
    [sent] = data["variants"]
    assert (sent["option1"], sent["option2"], sent["option3"]) == ("Default Title", None, None)
    assert (data["SV_Temp_ProductId"], sent["SV_Temp_variantId"]) == ("7", "1")
    assert "id" not in data
    assert "id" not in sent


def test_options_are_numbered_and_each_variant_has_its_choices():
    options = (("Size", ("S", "M")), ("Wood", ("Oak",)))
    data = product(variant(choices=("M", None)), options=options).to_json()
    assert [(option["name"], option["position"]) for option in data["options"]] == [
        ("Size", 1),
        ("Wood", 2),
    ]
    assert data["options"][0]["values"] == ["S", "M"]
    [sent] = data["variants"]
    assert (sent["option1"], sent["option2"], sent["option3"]) == ("M", None, None)


def test_what_octopus_has_is_sent_with_its_id():
    data = product(variant("1"), variant("2")).to_json("p_9", {"2": "v_8"})
    assert data["id"] == "p_9"
    assert [sent.get("id") for sent in data["variants"]] == [None, "v_8"]


def test_a_sale_and_its_days():
    start = datetime.fromisoformat("2026-11-24 08:30")
    sent = variant(sale=DatedPrice("7.00", start)).to_json()
    assert (sent["sales_price"], sent["SaleStartDate"], sent["SaleEndDate"]) == (
        "7.00",
        "2026-11-24T08:30:00+00:00",
        "",
    )
    assert "sales_price" not in variant().to_json()


@pytest.mark.parametrize(("is_counted", "told"), [(True, "octopus"), (False, None)])
def test_only_counted_variants_are_managed(is_counted, told):
    assert variant(is_counted=is_counted).to_json()["inventory_management"] == told


def test_quantities_never_go_with_a_product():
    assert "inventory_quantity" not in variant().to_json()


def test_archiving_repeats_what_octopus_knows():
    item = archive_item(
        "3", octopus_ref="p_9", title="Chair", variants=[KnownVariant("5", "v_8", "A", "1.00")]
    )
    assert (item["SV_Temp_ProductId"], item["id"], item["status"]) == ("3", "p_9", "archived")
    assert item["variants"] == [
        {"SV_Temp_variantId": "5", "id": "v_8", "sku": "A", "price": "1.00"}
    ]


def test_collections_and_collects():
    values = collection_values("A > B", {"sort_order": "manual", "title": "Other"})
    assert values == {"sort_order": "manual", "title": "A > B"}
    assert collection_item("1", values) == {"sv_temp_id": "1", **values}
    assert collect_item("2", product_ref="p", collection_ref="c") == {
        "sv_temp_id": "2",
        "product_id": "p",
        "collection_id": "c",
    }


@pytest.mark.parametrize(("ref", "sent"), [("17", 17), ("inv_17", "inv_17")])
def test_ids_of_a_level_are_numbers_where_they_can_be(ref, sent):
    item = level_item("1", location_ref="1001", inventory_item_ref=ref, available=-3)
    assert item == {
        "sv_temp_id": "1",
        "location_id": 1001,
        "inventory_item_id": sent,
        "available": -3,
    }


def test_fields_of_others_are_sent_and_replace_none_of_ours():
    extra = {"material": "oak", "sku": "OTHER", "title": "Other", "SV_Temp_ProductId": "9"}
    item = ProductItem(
        ref="1",
        title="Table",
        body_html="",
        vendor="",
        product_type="",
        tags="",
        variants=(variant(extra=extra),),
        extra=extra,
    )
    data = item.to_json()
    assert (data["material"], data["title"], data["SV_Temp_ProductId"]) == ("oak", "Table", "1")
    assert (data["variants"][0]["material"], data["variants"][0]["sku"]) == ("oak", "SKU-1")


def test_other_prices_and_attributes_are_sent_when_they_are_given_only():
    silent = variant().to_json()
    assert {"compare_at_price", "msrp", "price_a", "custom_attributes"}.isdisjoint(silent)
    details = {
        "prices": {"compare_at": "12.00", "msrp": "", "list": "11.00", "a": "8.00"},
        "attributes": {"Material": "Oak"},
    }
    sent = variant(details=details).to_json()
    prices = {name: sent[name] for name in ("compare_at_price", "msrp", "list_price", "price_a")}
    assert list(prices.values()) == ["12.00", "", "11.00", "8.00"]
    assert sent["custom_attributes"] == [
        {"attribute_name": "Material", "attribute_value": "Oak"},
    ]
    # An empty list deletes what Octopus has.
    assert variant(details={"attributes": {}}).to_json()["custom_attributes"] == []
