"""When the customer comes, and the code to show, as plug-ins of shops write it."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from octopus_api import Order

NEW_YORK = ZoneInfo("America/New_York")


def order(attributes, **fields):
    entries = [{"name": name, "value": value} for name, value in attributes.items()]
    return Order.from_json({"id": 1, "note_attributes": entries, **fields}, NEW_YORK)


@pytest.mark.parametrize(
    ("attributes", "local"),
    [
        ({"Pickup-Date": "2026/11/27", "Pickup-Time": "02:30 PM"}, (27, 14, 30)),
        ({"Pickup Date": "27.11.2026", "Pickup Time": "10:00 - 11:00"}, (27, 10, 0)),
        ({"pickup_date": "2026-11-27", "pickup_slot": "9am-10am"}, (27, 9, 0)),
        ({"Store Pickup Date": "2026-11-27"}, (27, 23, 59)),
        ({"Collection Date": "2026-11-27", "Collection Time": "12:15 am"}, (27, 0, 15)),
        ({"pickup_at": "2026-11-27T16:45:00"}, (27, 16, 45)),
        ({"Pickup Datetime": "2026-11-27T21:45:00Z"}, (27, 16, 45)),
    ],
)
def test_due_times(attributes, local):
    remote = order(attributes)
    expected = datetime(2026, 11, *local, tzinfo=NEW_YORK).astimezone(timezone.utc)
    assert remote.pickup_due_at == expected
    assert remote.pickup_due_at.tzinfo == timezone.utc
    assert not remote.unread


@pytest.mark.parametrize(
    "attributes",
    [{}, {"Delivery-Date": "2026/11/27"}, {"Pickup-Date": " "}, {"gift": "yes"}],
)
def test_no_due_time(attributes):
    assert order(attributes).pickup_due_at is None


@pytest.mark.parametrize(
    "attributes",
    [
        {"Pickup-Date": "next Friday"},
        {"Pickup-Date": "2026/11/27", "Pickup-Time": "noon"},
        {"Pickup-Date": "2026/11/27", "Pickup-Time": "31:00"},
        {"Pickup-Date": "2026/13/27"},
        {"Pickup-Date": "9999/12/31", "Pickup-Time": "24:00"},
    ],
)
def test_what_cannot_be_read_is_named(attributes):
    remote = order(attributes)
    assert remote.pickup_due_at is None
    assert ("note_attributes", "is not a date") in remote.unread


def test_the_code_of_the_channel():
    assert order({"Pickup Reference": " CC123 "}).pickup_code == "CC123"
    assert order({"Discount Code": "SAVE"}).pickup_code == ""


def test_an_attribute_says_that_it_is_a_pickup():
    assert order({"Checkout-Method": "pickup"}).is_pickup_chosen
    assert not order({"Checkout-Method": "delivery"}).is_pickup_chosen


def test_other_forms_of_attributes():
    assert Order.from_json({"id": 1, "note_attributes": {"pickup_code": "A1"}}).pickup_code == "A1"
    assert not Order.from_json({"id": 1, "note_attributes": "pickup_code"}).pickup_code
