"""Orders as each channel sends them: sent by the sandbox, read by the client."""

from decimal import Decimal

import pytest
from channels import pays_tax_itself
from order_mapping import amounts, changeable_values

from octopus_api import Order
from octopus_sandbox.profiles import PROFILES, Goods, tell

LINES = [
    {"sku": "CHAIR", "title": "Chair", "price": "49.90"},
    {"sku": "TABLE", "title": "Table", "price": "199.00"},
]


@pytest.mark.parametrize("profile", PROFILES)
def test_orders_of_a_channel_are_understood(client, sandbox, profile):
    placed = sandbox.place_profiled(profile, seed=1, count=40, lines=LINES)
    read = {order["id"]: order for order in client.iter_orders(limit=250)}
    assert len(placed) == len(read) == 40
    for order in map(Order.from_json, read.values()):
        assert order.source == PROFILES[profile].source
        assert order.lines
        for place, reason in order.unread:
            assert place
            assert reason


@pytest.mark.parametrize("profile", PROFILES)
def test_what_a_total_does_not_explain_is_cash_rounding(profile):
    goods = [Goods(line["sku"], line["title"], Decimal(line["price"])) for line in LINES]
    channel = PROFILES[profile]
    for seed in range(100):
        story = tell(profile, seed, goods)
        if story.odd:
            continue
        for order in map(Order.from_json, story.versions):
            values = amounts(order, 3, pays_tax=pays_tax_itself(order.source) or None)
            assert values["amount_difference"] == story.explained["rounding"], story.traits
            if order.total_tax:
                is_paid = channel.keeps_tax and not order.taxes_included
                assert values["is_tax_paid_by_channel"] is is_paid


@pytest.mark.parametrize(
    ("profile", "trait", "way"),
    [
        ("SHOPIFY", "pickup", "pickup"),
        ("SHOPIFY", "no_pickup", "delivery"),
        ("SHOPIFY", "digital", "digital"),
        ("POS", "in_store", "in_store"),
        ("SHOPIFY", "in_store", "pickup"),
    ],
)
def test_how_the_goods_of_a_profile_reach_the_customer(profile, trait, way):
    goods = [Goods(line["sku"], line["title"], Decimal(line["price"])) for line in LINES]
    for seed in range(20):  # every language, every wording
        story = tell(profile, seed, goods, only=[trait])
        values = changeable_values(Order.from_json(story.versions[0]), 2)
        assert values["fulfillment"] == way, story.versions[0]["shipping_lines"]
