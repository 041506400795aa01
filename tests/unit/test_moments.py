from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from moments import day_of, naive_utc, shop_zone, span_of_days, start_of_day

BERLIN = ZoneInfo("Europe/Berlin")


def test_an_aware_moment_becomes_naive_utc():
    moment = datetime(2026, 11, 28, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert naive_utc(moment) == datetime.fromisoformat("2026-11-27T23:30")
    assert naive_utc(None) is None


def shop(zone, of_company=None):
    """Return a store that is in a time zone, and whose company is in another one."""
    company = SimpleNamespace(partner_id=SimpleNamespace(tz=of_company))
    return SimpleNamespace(shop_timezone=zone, company_id=company)


@pytest.mark.parametrize(
    ("names", "zone"),
    [
        (("Europe/Berlin", "UTC"), BERLIN),
        (("Nowhere/At All", "Europe/Berlin"), BERLIN),
        ((None, "Europe/Berlin"), BERLIN),
        (("", False), timezone.utc),
        (("../etc/passwd", "Europe/"), timezone.utc),
    ],
)
def test_the_zone_of_a_shop_is_the_first_that_exists(names, zone):
    assert shop_zone(shop(*names)) == zone


def test_a_company_is_only_asked_when_octopus_names_no_zone():
    assert shop_zone(SimpleNamespace(shop_timezone="Europe/Berlin")) == BERLIN


def test_the_day_is_that_of_the_zone():
    late = datetime.fromisoformat("2026-12-31T23:30")
    assert day_of(late, BERLIN) == date(2027, 1, 1)
    assert day_of(late, timezone.utc) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)]
)
def test_a_day_with_a_clock_change_is_whole(day, hours):
    day = date.fromisoformat(day)
    start, end = span_of_days(day, day, BERLIN)
    assert end - start == timedelta(hours=hours)
    assert start == start_of_day(day, BERLIN)
    assert day_of(start, BERLIN) == day
    assert day_of(end - timedelta(seconds=1), BERLIN) == day
