"""Orders as each channel sends them: sent by the sandbox, read by the client."""

from decimal import Decimal

import pytest
from order_mapping import amounts

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
def test_what_a_total_does_not_explain_is_cash_rounding_or_a_tax_that_the_channel_keeps(profile):
    goods = [Goods(line["sku"], line["title"], Decimal(line["price"])) for line in LINES]
    for seed in range(100):
        story = tell(profile, seed, goods)
        if story.odd:
            continue
        for order in map(Order.from_json, story.versions):
            gap = story.explained["rounding"]
            if PROFILES[profile].keeps_tax and not order.taxes_included:
                gap -= 0 if order.is_tax_paid_by_channel else order.total_tax
            assert amounts(order, 3)["amount_difference"] == gap, story.traits
