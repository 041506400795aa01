"""A day's orders on two sides: where they differ, and the sums of each channel."""

from dataclasses import replace
from decimal import Decimal

import pytest
from day_comparison import (
    ChannelSums,
    OrderSide,
    count_open,
    differences,
    kind_of_difference,
    sums_by_channel,
)

SIDE = OrderSide(
    number="1",
    third_party_number="#1001",
    channel="SHOPIFY",
    customer="Ada",
    currency="USD",
    total=Decimal("10.00"),
    is_cancelled=False,
)
CANCELLED = replace(SIDE, is_cancelled=True)


def sides(*orders):
    return {order.number: order for order in orders}


@pytest.mark.parametrize(
    ("octopus", "odoo", "kind"),
    [
        (SIDE, SIDE, None),
        (SIDE, replace(SIDE, customer="Grace", total=Decimal(10), order_id=7), None),
        (SIDE, None, "missing"),
        (None, SIDE, "extra"),
        (CANCELLED, None, None),
        (None, CANCELLED, None),
        (CANCELLED, CANCELLED, None),
        (CANCELLED, replace(CANCELLED, total=Decimal(11)), None),
        (CANCELLED, SIDE, "cancelled_there"),
        (SIDE, CANCELLED, "cancelled_here"),
        (SIDE, replace(SIDE, total=Decimal("10.01")), "total"),
        (SIDE, replace(SIDE, currency="EUR"), "total"),
        (SIDE, replace(SIDE, refunded=Decimal(1)), "refund"),
        (replace(SIDE, refunded=Decimal("1.0")), replace(SIDE, refunded=Decimal(1)), None),
        (replace(SIDE, fulfilled=Decimal(2)), replace(SIDE, fulfilled=Decimal(1)), "parcels"),
        (replace(SIDE, fulfilled=Decimal(2)), replace(SIDE, fulfilled=Decimal("2.0")), None),
        (replace(SIDE, fulfilled=Decimal(2)), SIDE, None),
        (replace(CANCELLED, fulfilled=Decimal(2)), CANCELLED, None),
    ],
)
def test_kinds_of_difference(octopus, odoo, kind):
    assert kind_of_difference(octopus, odoo) == kind


def test_differences_stand_in_the_order_of_octopus_then_of_odoo():
    other = replace(SIDE, number="2")
    ours = replace(SIDE, number="3")
    same = replace(SIDE, number="4")
    assert differences(sides(other, same, SIDE), sides(ours, same)) == [
        ("missing", other, None),
        ("missing", SIDE, None),
        ("extra", None, ours),
    ]


def test_cancelled_orders_do_not_count():
    assert count_open(sides(SIDE, replace(CANCELLED, number="2"))) == 1


def test_sums_are_those_of_a_channel_and_a_currency():
    second = replace(SIDE, number="2", total=Decimal("0.10"))
    amazon = replace(SIDE, number="3", channel="AMAZON")
    euros = replace(SIDE, number="4", currency="EUR")
    cancelled = replace(CANCELLED, number="5", channel="EBAY")
    assert sums_by_channel(sides(SIDE, second, amazon, cancelled), sides(SIDE, euros)) == {
        ("SHOPIFY", "USD"): ChannelSums(2, 1, Decimal("10.10"), Decimal("10.00")),
        ("AMAZON", "USD"): ChannelSums(1, 0, Decimal("10.00"), Decimal(0)),
        ("SHOPIFY", "EUR"): ChannelSums(0, 1, Decimal(0), Decimal("10.00")),
    }


def test_refunds_are_summed_beside_the_totals():
    refunded = replace(SIDE, refunded=Decimal("2.50"))
    [sums] = sums_by_channel(sides(refunded), sides(SIDE)).values()
    assert (sums.octopus_refunded, sums.odoo_refunded) == (Decimal("2.50"), 0)
