"""The search box of online orders: what is a moment, an amount, a number."""

from datetime import date, datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_text import Language, amount_range, day_span, indexed_digits, moment_span

ENGLISH = Language()
GERMAN = Language("%d.%m.%Y", "%H:%M:%S", ",", ".")
TODAY = date(2026, 11, 28)
TOKYO = ZoneInfo("Asia/Tokyo")


def days(text, language=ENGLISH):
    found = day_span(text, language)
    return found and tuple(map(str, found))


def span(text, language=ENGLISH, zone=timezone.utc):
    found = moment_span(text, language, TODAY, zone)
    return found and tuple(f"{moment:%Y-%m-%d %H:%M}" for moment in found)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05",
        "03/05/2026",
        "5 Mar 2026",
        "05 March 2026",
        "March 5, 2026",
        "  Mar  5,2026 ",
    ],
)
def test_a_day_is_written_in_many_ways(text):
    assert days(text) == ("2026-03-05", "2026-03-06")
    assert span(text) is None


def test_a_day_in_the_way_of_the_language():
    assert days("5.3.2026", GERMAN) == ("2026-03-05", "2026-03-06")
    assert span("05.03.2026 14:30", GERMAN) == ("2026-03-05 14:30", "2026-03-05 14:31")
    assert days("5.3.2026") is None


@pytest.mark.parametrize("text", ["2026-12", "12/2026", "Dec 2026", "december 2026"])
def test_a_month_ends_where_the_next_one_begins(text):
    assert days(text) == ("2026-12-01", "2027-01-01")


@pytest.mark.parametrize(
    "text", ["2026-03-05 14:30", "March 5, 2026 2:30 PM", "03/05/2026 02:30pm"]
)
def test_a_minute(text):
    assert span(text) == ("2026-03-05 14:30", "2026-03-05 14:31")


def test_a_time_alone_is_today():
    assert span("8:43 PM") == ("2026-11-28 20:43", "2026-11-28 20:44")
    assert span("20:43:59") == ("2026-11-28 20:43", "2026-11-28 20:44")


def test_minutes_are_those_of_the_zone():
    assert span("2026-03-05 14:30", zone=TOKYO) == ("2026-03-05 05:30", "2026-03-05 05:31")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Lima"])
@pytest.mark.parametrize("text", ["9999-12-31", "12/9999", "9999-12-31 23:59"])
def test_the_end_of_the_calendar_is_no_moment(text, zone):
    assert span(text, zone=ZoneInfo(zone)) is None
    assert days(text) is None


@pytest.mark.parametrize("text", ["0001-01-01 00:00", "01/01/0001 00:00"])
def test_the_beginning_of_the_calendar(text):
    assert span(text, zone=TOKYO) is None
    assert span(text, zone=ZoneInfo("America/Lima"))


@pytest.mark.parametrize(
    "text", ["", "2026", "Grace", "114-3941689-8772232", "2026-13-01", "25:00"]
)
def test_what_is_no_moment(text):
    assert span(text) is None


@pytest.mark.parametrize(
    ("text", "lowest", "above"),
    [
        ("12", "12", "13"),
        ("12.50", "12.50", None),
        ("$ 1,234.50", "1234.50", None),
        ("1,234", "1234", "1235"),
        ("-3", "-3", "-2"),
        ("€ 0.999", "0.999", None),
    ],
)
def test_an_amount_with_cents_is_exact_and_a_whole_one_is_not(text, lowest, above):
    assert amount_range(text, ENGLISH) == (Decimal(lowest), above and Decimal(above))


def test_cents_are_cents_after_a_point_or_a_comma():
    for language in ENGLISH, GERMAN:
        assert amount_range("12.50", language) == (Decimal("12.50"), None)
        assert amount_range("12,50 €", language) == (Decimal("12.50"), None)
    assert amount_range("1.234", GERMAN) == (Decimal(1234), Decimal(1235))


def test_an_amount_in_the_way_of_the_language():
    assert amount_range("1.234,50 €", GERMAN) == (Decimal("1234.50"), None)
    assert amount_range("1234", Language(thousands_sep="")) == (Decimal(1234), Decimal(1235))


@pytest.mark.parametrize(
    "text", ["", "$", "A12", "12 EUR", "1.2.3", "12.", ".5", "12.5000", "1234567890123", "1-2"]
)
def test_what_is_no_amount(text):
    assert amount_range(text, ENGLISH) is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("114-3941689-8772232", "3941689"),
        ("ORD_9004171", ""),  # "_" is a wildcard
        ("ORD-9004171", "9004171"),
        ("#123456789012", "56789012"),
        ("123456", ""),
        ("1234567890", "34567890"),
        ("#7731", ""),
        ("50%123456", ""),
        ("Grace", ""),
    ],
)
def test_the_index_looks_for_the_longest_digits(text, digits):
    assert indexed_digits(text) == digits


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read(text):
    assert indexed_digits(text) in text
    found = moment_span(text, ENGLISH, TODAY, TOKYO)
    assert found is None or found[0] < found[1]
    found = day_span(text, ENGLISH)
    assert found is None or found[0] < found[1]
    amounts = amount_range(text, ENGLISH)
    assert amounts is None or isinstance(amounts[0], Decimal)


def test_moments_are_aware():
    start, _end = moment_span("2026-03-05 00:00", ENGLISH, TODAY, TOKYO)
    assert start == datetime(2026, 3, 5, tzinfo=TOKYO)
    assert start.tzinfo is timezone.utc
