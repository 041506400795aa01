"""Orders as each channel sends them: sent by the sandbox, read by the client."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from order_mapping import changeable_values

from octopus_api import Order
from octopus_sandbox.profiles import PROFILES, Goods, tell

ZONE = ZoneInfo("Europe/Berlin")
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


def test_when_the_customer_of_a_profile_comes():
    goods = [Goods(line["sku"], line["title"], Decimal(line["price"])) for line in LINES]
    seen = set()
    for seed in range(40):
        story = tell("SHOPIFY", seed, goods, only=["pickup"])
        remote = Order.from_json(story.versions[0], ZONE)
        local = remote.pickup_due_at and remote.pickup_due_at.astimezone(ZONE)
        assert (local and local.replace(tzinfo=None)) == story.pickup_due
        assert remote.pickup_code == (story.pickup_code or "")
        seen.add((bool(story.pickup_due), bool(story.pickup_code)))
    assert seen == {(False, False), (True, False), (True, True)}
