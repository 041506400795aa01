"""What an order is called, when it was placed, and where its customer lives."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from order_mapping import CLOCK_SKEW, address_text, contact_address, future_moment, placed_values

from octopus_api import Order

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)
ADDRESS = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "address1": "12 St James's Square",
    "city": "London",
    "zip": "SW1Y 4JH",
    "country": "United Kingdom",
}
LAYOUTS = [
    ("DE", "Germany", "%(street)s\n%(street2)s\n%(zip)s %(city)s\n%(country_name)s"),
    ("GB", "United Kingdom", "%(street)s\n%(street2)s\n%(city)s\n%(zip)s\n%(country_name)s"),
    ("IN", "India", "%(street)s\n%(city)s %(zip)s\n%(state_name)s %(state_code)s"),
    ("JP", "Japan", "%(zip)s\n%(state_name)s %(city)s\n%(street)s\n%(country_name)s"),
    ("US", "United States", "%(street)s\n%(city)s, %(state_code)s %(zip)s\n%(country_name)s"),
    ("XX", "Oddland", "%(street)s\n%(company_name)s %(planet)s\n%(city)s 100%%"),
]


def order(zone=timezone.utc, **values):
    return Order.from_json({"id": 1, **values}, zone)


def address(**values):
    return order(shipping_address=values).shipping_address


# === WHEN === #


@pytest.mark.parametrize(
    ("created_at", "moment", "day"),
    [
        ("2026-11-20T01:00:00Z", "2026-11-20T01:00", "2026-11-19"),
        ("2026-11-19T20:00:00", "2026-11-20T01:00", "2026-11-19"),
        ("2026-11-01T03:59:59Z", "2026-11-01T03:59:59", "2026-10-31"),
        ("2026-11-01T04:00:00Z", "2026-11-01T04:00", "2026-11-01"),
        ("2026-11-02T04:59:59Z", "2026-11-02T04:59:59", "2026-11-01"),  # a day of 25 hours
        (None, "2026-11-20T02:00", "2026-11-19"),  # when it arrives
    ],
)
def test_the_day_is_that_of_the_shop(created_at, moment, day):
    values = placed_values(order(NEW_YORK, created_at=created_at), NOW)
    assert values["transaction_time"] == datetime.fromisoformat(moment)
    assert values["transaction_day"] == date.fromisoformat(day)


def test_an_order_of_the_future_stands_where_it_arrived():
    soon, later = (str(NOW + CLOCK_SKEW + timedelta(seconds=after)) for after in (0, 1))
    assert placed_values(order(created_at=soon), NOW)["transaction_time"].minute == 10
    assert future_moment(order(created_at=soon), NOW) is None
    remote = order(created_at=later)
    assert placed_values(remote, NOW)["transaction_time"] == NOW.replace(tzinfo=None)
    assert future_moment(remote, NOW) == remote.created_at


def test_octopus_may_know_better_when_it_was_placed():
    remote = order(created_at="2027-01-05T00:00:00Z", octopus_created_at="2026-11-18T05:00:00Z")
    values = placed_values(remote, NOW)
    assert values["transaction_time"] == datetime.fromisoformat("2026-11-18T05:00")
    assert future_moment(remote, NOW) == remote.created_at


def test_numbers_are_kept_as_one_text():
    values = placed_values(order(name="#1150", number=150, po_number="PO 9"), NOW)
    assert values["third_party_order_no"] == "#1150"
    assert values["other_numbers"] == "150, PO 9"
    assert placed_values(order(), NOW)["other_numbers"] is None


# === WHERE === #


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "Ada Lovelace\n12 St James's Square\nLondon\nSW1Y 4JH\nUnited Kingdom"),
        (
            {"country": "", "country_code": "de", "city": "Köln", "zip": "50667"},
            "Ada Lovelace\n12 St James's Square\n50667 Köln\nde",
        ),
        (
            {"country_code": "US", "country": "USA", "province_code": "CA", "phone": "555"},
            "Ada Lovelace\n12 St James's Square\nLondon, CA SW1Y 4JH\nUSA\n555",
        ),
        (
            {"country": "united states", "province": "California", "zip": "", "city": ""},
            "Ada Lovelace\n12 St James's Square\nCalifornia\nunited states",
        ),
        (
            {"country": "JAPAN", "province_code": "13", "company": "KK"},
            "Ada Lovelace\nKK\nSW1Y 4JH\n13 London\n12 St James's Square\nJAPAN",
        ),
        (
            {"country": "", "country_code": "IN", "province": "Uttar Pradesh"},
            "Ada Lovelace\n12 St James's Square\nLondon SW1Y 4JH\nUttar Pradesh",
        ),
        (
            {"country": "", "country_code": "IN", "province_code": "UP"},
            "Ada Lovelace\n12 St James's Square\nLondon SW1Y 4JH\nUP",
        ),
        (
            {"country": "Oddland"},
            "Ada Lovelace\n12 St James's Square\nLondon 100%%",
        ),
        (  # a country that Odoo does not have, and none
            {"country": "Atlantis", "address1": "1  High St\nFloor 2"},
            "Ada Lovelace\n1 High St\nFloor 2\nLondon SW1Y 4JH\nAtlantis",
        ),
        ({"country": ""}, "Ada Lovelace\n12 St James's Square\nLondon SW1Y 4JH"),
    ],
)
def test_an_address_is_laid_out_as_in_its_country(given, text):
    assert address_text(address(**{**ADDRESS, **given}), LAYOUTS) == text


def test_no_address_has_no_lines():
    assert address_text(None, LAYOUTS) == ""
    assert address_text(address(city=["x"])) == ""


def test_a_contact_gets_the_customers_own_address_first():
    given = {
        "customer": {"default_address": {"city": "Rome"}},
        "billing_address": {"city": "Paris", "country_code": "fr", "phone": "1", "name": "A"},
        "shipping_address": {"city": "London"},
    }
    assert contact_address(order(**given)) == {"city": "Rome"}
    del given["customer"]
    assert contact_address(order(**given)) == {"city": "Paris", "country_code": "fr"}
    del given["billing_address"]
    assert contact_address(order(**given)) == {"city": "London"}
    assert contact_address(order()) is None
    assert contact_address(order(billing_address={"city": ["x"]})) is None
