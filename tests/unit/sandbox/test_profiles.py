"""The orders of each channel: one order a seed, sums that explain totals, every trait."""

import functools
import json
from decimal import Decimal

import pytest

from octopus_sandbox.profiles import PROFILES, TRAITS, Goods, tell
from octopus_sandbox.profiles.traits import PICKUP

from .builders import add_products, product

GOODS = [
    Goods("CHAIR", "Chair", Decimal("49.90")),
    Goods("TABLE", "Table", Decimal("199.00")),
    Goods("LAMP", "Lamp", Decimal("15.50")),
]
SEEDS = range(200)
# Each trait with a channel that has it.
WITH_TRAIT = {
    name: next(profile for profile, channel in PROFILES.items() if name in channel.traits)
    for name in TRAITS
}


@functools.cache
def stories(profile):
    return [tell(profile, seed, GOODS) for seed in SEEDS]


def money(value):
    return Decimal(str(value))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_seed_is_the_same_order(profile):
    for seed in range(20):
        first, again = (tell(profile, seed, GOODS) for _time in range(2))
        assert json.dumps(first.versions) == json.dumps(again.versions)
        assert (first.traits, first.leaves) == (again.traits, again.leaves)
    assert tell(profile, 1, GOODS).versions != tell(profile, 2, GOODS).versions


@pytest.mark.parametrize("profile", PROFILES)
def test_sums_explain_the_total(profile):
    channel = PROFILES[profile]
    for story in stories(profile):
        if story.odd:
            continue
        order = story.versions[0]
        total = sum(money(line["price"]) * line["quantity"] for line in order["line_items"])
        total -= money(order["total_discounts"])
        total += sum(money(line["price"]) for line in order["shipping_lines"])
        total += money(order["total_tip_received"]) + story.explained["rounding"]
        if not (order["taxes_included"] or channel.keeps_tax):
            total += money(order["total_tax"])
        assert money(order["total_price"]) == total == sum(story.explained.values()), story.traits
        for order in story.versions:
            taxed = [*order["line_items"], *order["shipping_lines"]]
            taxes = sum(money(tax["price"]) for line in taxed for tax in line["tax_lines"])
            assert money(order["total_tax"]) == taxes, story.traits


@pytest.mark.parametrize("profile", PROFILES)
def test_every_trait_of_a_channel_occurs(profile):
    seen = {name for story in stories(profile) for name in story.traits}
    assert seen == set(PROFILES[profile].traits)


def test_every_trait_belongs_to_a_channel():
    assert {name for channel in PROFILES.values() for name in channel.traits} == set(TRAITS)


@pytest.mark.parametrize("name", TRAITS)
def test_a_trait_can_be_asked_for(name):
    plain = tell(WITH_TRAIT[name], 5, GOODS, only=())
    with_it = tell(WITH_TRAIT[name], 5, GOODS, only=(name,))
    assert with_it.traits == (name,)
    assert with_it.versions != plain.versions


def test_what_leaves_is_on_the_last_version_and_no_less_than_nothing():
    for profile in PROFILES:
        for story in stories(profile):
            skus = {line["sku"] for line in story.versions[-1]["line_items"]}
            assert set(story.leaves) <= skus
            assert all(pieces >= 0 for pieces in story.leaves.values())


def test_what_is_exchanged_has_the_variant_of_its_goods():
    names = "CHAIR", "TABLE", "LAMP"
    variants = {sku: {"id": 1 + n, "product_id": 10 + n} for n, sku in enumerate(names)}
    goods = [Goods(sku, sku.title(), Decimal("9.90"), variants[sku]) for sku in variants]
    stories = [tell("SHOPIFY", seed, goods, only=("exchange",)) for seed in range(20)]
    assert any(len(story.versions[-1]["line_items"]) > 1 for story in stories)
    for story in stories:
        for line in story.versions[-1]["line_items"]:
            assert line["variant_id"] == variants[line["sku"]]["id"]
            assert line["product_id"] == variants[line["sku"]]["product_id"]
            assert line["sku"].title() in line["name"]


def test_versions_are_of_one_order_and_newer_each_time():
    story = tell("SHOPIFY", 3, GOODS, only=("parcel", "alive_again"))
    assert len(story.versions) == 4
    assert len({version["id"] for version in story.versions}) == 1
    stamps = [version["octopus_updated_at"] for version in story.versions]
    assert stamps == sorted(set(stamps))
    assert [bool(version["cancelled_at"]) for version in story.versions] == [
        False,
        False,
        True,
        False,
    ]


def test_pickup_is_said_in_every_language():
    pickups = [tell("SHOPIFY", seed, GOODS, only=("pickup",)) for seed in SEEDS]
    assert {story.pickup for story in pickups} == set(PICKUP)
    for story in pickups:
        assert story.versions[0]["shipping_lines"][0]["title"] == PICKUP[story.pickup]


@pytest.mark.parametrize(
    ("profile", "trait", "currency", "digits"),
    [("SHOPIFY", "no_decimals", "JPY", 2), ("SHOPIFY", "three_decimals", "KWD", 3)],
)
def test_currencies_with_other_decimals(profile, trait, currency, digits):
    order = tell(profile, 1, GOODS, only=(trait,)).versions[0]
    assert order["currency"] == currency
    assert len(order["total_price"].partition(".")[2]) == digits
    if currency == "JPY":
        assert money(order["total_price"]) == int(money(order["total_price"]))


def test_yen_are_whole_in_all_amounts():
    for seed in SEEDS:
        story = tell("SHOPIFY", seed, GOODS, only=("no_decimals", "tip", "shipping_discount"))
        assert all(amount == int(amount) for amount in story.explained.values()), story.explained


def test_goods_that_leave_from_elsewhere_and_tests_take_none():
    assert tell("AMAZON_FBA", 1, GOODS, only=()).leaves == {}
    assert tell("AMAZON", 1, GOODS, only=("test_order",)).leaves == {}
    assert tell("AMAZON", 1, GOODS, only=()).leaves


# === BY THE CONTROL ENDPOINT === #


def test_a_profile_of_the_catalog(api, control):
    add_products(api, product("A"), product("B"))
    order = control.ok("POST", "orders", {"profile": "WOOCOMMERCE", "seed": 7})
    assert order["source"] == "WOOCOMMERCE"
    assert api.ok("GET", f"orders/{order['id']}.json") == {"order": order}
    line = next(item for item in order["line_items"] if item["sku"] in ("A", "B"))
    assert line["variant_id"]


def test_several_orders_of_a_profile(api, control):
    lines = [{"sku": "X", "title": "Ghost", "price": "5"}]
    body = {"profile": "ETSY", "seed": 1, "count": 5, "lines": lines}
    orders = control.ok("POST", "orders", body)["orders"]
    assert len({order["id"] for order in orders}) == 5
    assert api.ok("GET", "orders/count.json") == {"count": 5}
    again = control.ok("POST", "orders", body)["orders"]
    for first, second in zip(orders, again, strict=True):
        assert first["total_price"] == second["total_price"]
    assert control.send("GET", "state").is_success


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"profile": "NOWHERE"}, "profile"),
        ({"profile": "ETSY"}, "lines"),
        ({"profile": "ETSY", "count": 251}, "count"),
        ({"count": 2}, "count"),
        ({}, "lines"),
    ],
)
def test_what_is_no_profile_is_refused(control, body, field):
    assert control.refused("POST", "orders", body)["field"] == field


def test_the_shop_page_shows_orders_of_odd_types(api, control, client):
    add_products(api, product("A"))
    for profile in PROFILES:
        control.ok("POST", "orders", {"profile": profile, "seed": 1, "count": 30})
    assert client.get("/shop/data.json").is_success
