"""Links of tracking numbers, and the numbers that people paste: `lib/tracking.py`."""

import pytest
from tracking import PastedNumber, pasted_numbers, split_numbers, tracking_link

ORDERS = [("105", "9001"), ("106", "9002"), ("107", "9003")]


@pytest.mark.parametrize(
    ("carrier", "link"),
    [
        ("DHL Express", "https://www.dhl.com/en/express/tracking.html?AWB=1%202"),
        ("Royal Mail", "https://www.royalmail.com/track-your-item#/tracking-results/1%202"),
        ("Groups", ""),
        ("", ""),
        (False, ""),
    ],
)
def test_the_link_of_a_carrier(carrier, link):
    assert tracking_link(carrier, "1 2") == link


def test_the_carrier_in_odoo_has_its_own_link():
    template = "https://my.carrier/<shipmenttrackingnumber>"
    assert tracking_link("DHL", "A/1", template) == "https://my.carrier/A%2F1"


def test_numbers_are_split_at_whatever_people_type():
    assert split_numbers(" A1, A2;A3\nA4 A1") == ("A1", "A2", "A3", "A4")
    assert split_numbers(False) == ()


def test_numbers_with_their_orders():
    text = "#106\tDHL\tA1\n9001; A2\n107\nA3\nA4\n"
    found, unknown = pasted_numbers(text, ORDERS, ["DHL"])
    assert found == [
        PastedNumber(1, "DHL", "A1"),
        PastedNumber(0, "", "A2"),
        PastedNumber(2, "", "A3"),
        PastedNumber(2, "", "A4"),
    ]
    assert unknown == []


def test_numbers_go_on_behind_the_orders_that_have_one():
    found, unknown = pasted_numbers("A2;A3\nA4\nA5", ORDERS, taken={0})
    assert found == [
        PastedNumber(1, "", "A2"),
        PastedNumber(1, "", "A3"),
        PastedNumber(2, "", "A4"),
    ]
    assert unknown == ["A5"]


def test_numbers_alone_go_to_the_orders_one_by_one():
    found, unknown = pasted_numbers("A1\nA2\n\nA3\nA4", ORDERS)
    assert [(entry.at, entry.number) for entry in found] == [(0, "A1"), (1, "A2"), (2, "A3")]
    assert unknown == ["A4"]
