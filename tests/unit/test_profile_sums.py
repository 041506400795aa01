"""Sums of the orders as each channel sends them: no Odoo is needed to see that they are right.

`tests/odoo/order/test_channel_profiles.py` has the same orders in Odoo.
"""

from decimal import Decimal

import pytest
from channels import pays_tax_itself
from order_mapping import amounts
from refunds import refunded_amount

from octopus_api import Order
from octopus_sandbox.profiles import PROFILES, Goods, tell

ORDERS = 200  # of each profile
DIGITS = 3
GOODS = [Goods("CHAIR", "Chair", Decimal("49.90")), Goods("TABLE", "Table", Decimal("199.00"))]


@pytest.fixture(scope="module", params=PROFILES)
def channel_and_stories(request):
    stories = [tell(request.param, seed, GOODS) for seed in range(ORDERS)]
    return PROFILES[request.param], stories


def sums(order):
    return amounts(order, DIGITS, pays_tax=pays_tax_itself(order.source) or None)


def test_a_total_is_explained_or_the_gap_is_named(channel_and_stories):
    channel, stories = channel_and_stories
    for story in stories:
        for order in map(Order.from_json, story.versions):
            values = sums(order)
            if story.odd:  # what cannot be read is unknown, and named
                unknown = (values["unknown_amounts"] or "").split()
                assert [name for name in values if name in unknown] == unknown
                assert ("amount_difference" in unknown) == (values["amount_difference"] is None)
                assert not unknown or order.unread
                continue
            assert values["amount_difference"] == story.explained["rounding"], story.traits
            if order.total_tax:
                is_paid = channel.keeps_tax and not order.taxes_included
                assert values["is_tax_paid_by_channel"] is is_paid


def test_what_was_paid_back_is_what_the_channel_says(channel_and_stories):
    _channel, stories = channel_and_stories
    count = 0
    for story in stories:
        if story.odd:
            continue
        for payload in story.versions:
            order = Order.from_json(payload)
            values = sums(order)
            is_added = not (values["taxes_included"] or values["is_tax_paid_by_channel"])
            refunded = refunded_amount(
                order, values["check_total"], order.currency, DIGITS, is_tax_added=is_added
            )
            payments = [paid for refund in payload["refunds"] for paid in refund["transactions"]]
            assert refunded == sum(Decimal(paid["amount"]) for paid in payments), story.traits
            count += bool(payments)
    assert count > 10
