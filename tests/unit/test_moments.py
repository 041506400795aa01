from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from moments import day_of, naive_utc, span_of_days, start_of_day, zone_named

BERLIN = ZoneInfo("Europe/Berlin")


def test_an_aware_moment_becomes_naive_utc():
    moment = datetime(2026, 11, 28, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert naive_utc(moment) == datetime.fromisoformat("2026-11-27T23:30")
    assert naive_utc(None) is None


@pytest.mark.parametrize(
    ("names", "zone"),
    [
        (("Europe/Berlin", "UTC"), BERLIN),
        (("Nowhere/At All", None, "", "Europe/Berlin"), BERLIN),
        (("../etc/passwd",), timezone.utc),
        ((), timezone.utc),
    ],
)
def test_the_first_zone_that_exists_is_used(names, zone):
    assert zone_named(*names) == zone


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
