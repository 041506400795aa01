"""Single values: what Octopus writes for nothing, and what cannot be meant."""

from datetime import datetime, timezone
from decimal import Decimal

import pytest

from octopus_api.orders import as_storable
from octopus_api.parsing import (
    AMBIGUOUS,
    MAX_REF,
    MAX_TEXT,
    as_amount,
    as_bool,
    as_datetime,
    as_decimal,
    as_int,
    as_ref,
    as_text,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5997, "5997"),
        ("ord_1010", "ord_1010"),
        (" 12 ", "12"),
        (12345678901234567890, "12345678901234567890"),
        (None, None),
        ("", None),
        ("  ", None),
        (0, None),
        ("0", None),
        ("123.0", "123"),
        (Decimal("123.00"), "123"),
        (Decimal("0.0"), None),
        ("1.50", "1.50"),
        ("v1.0", "v1.0"),
    ],
)
def test_ids_are_text_and_zero_is_none(value, expected):
    assert as_ref(value) == expected


@pytest.mark.parametrize("value", [True, {"id": 1}, [1], "x" * (MAX_REF + 1)])
def test_what_is_no_id(value):
    with pytest.raises(ValueError, match="is (not|too long)"):
        as_ref(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5997.0000", "5997.0000"),
        (" 12 ", "12"),
        (7, "7"),
        (Decimal("9.4900"), "9.4900"),
        (0.1, "0.1"),
        ("-3.5", "-3.5"),
        ("1e3", "1E+3"),
        (".5", "0.5"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_money_keeps_its_digits(value, expected):
    assert str(as_decimal(value)) == expected


@pytest.mark.parametrize("value", [None, "", "  "])
def test_no_money(value):
    assert as_decimal(value) is None


@pytest.mark.parametrize(
    "value",
    ["abc", "1,234.50", "1_000", "٣", "NaN", "Infinity", "-inf", True, {}, [], "12 34", "0x10"]
    + [float("nan"), float("inf"), Decimal("NaN"), "1e", "1e9999999"],
)
def test_what_is_no_number(value):
    with pytest.raises(ValueError, match="is not a number"):
        as_decimal(value)


@pytest.mark.parametrize("value", ["1000000000000", 10**12, "-1e12", "1e999999", "0e999999"])
def test_absurd_amounts_are_refused_without_being_computed(value):
    with pytest.raises(ValueError, match="is too large"):
        as_decimal(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12,50", "12.50"),
        ("12,5", "12.5"),
        (",5", "0.5"),
        ("0,999", "0.999"),
        ("5997,0000", "5997.0000"),
        ("5997,000", "5997.000"),
        ("1.999,00", "1999.00"),
        ("1,999.00", "1999.00"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1,99,999.50", "199999.50"),
        ("1 999,00", "1999.00"),
        ("1\u00a0999,00", "1999.00"),
        ("1'999.00", "1999.00"),
        ("1.999", "1.999"),
        ("$12.50", "12.50"),
        ("-$12.50", "-12.50"),
        ("$-12.50", "-12.50"),
        ("\u221212,50 €", "-12.50"),
        ("12.50 USD", "12.50"),
        ("EUR 12,50", "12.50"),
        ("US$12.50", "12.50"),
        ("Rs. 1,99,999.00", "199999.00"),
        ("₹500", "500"),
        ("+3,00", "3.00"),
    ],
)
def test_money_as_people_write_it(text, expected):
    assert as_amount(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["1,999", "12,500", "$999,999", "-1,234", "USD 1,000"])
def test_what_could_be_a_thousand_times_more_is_not_read(text):
    with pytest.raises(ValueError, match=AMBIGUOUS):
        as_amount(text)


@pytest.mark.parametrize(
    "text",
    ["a lot", "12 34", "1,2,3", "1.2.3", "1,23.4,5", "12.50 each", "$", ",", ".", "--5", "NaN"]
    + ["1,999.000.00", "0x10", "USD", "1e", {"amount": {}}, {}, [], True, "1000000000000,00"],
)
def test_what_is_no_money(text):
    with pytest.raises(ValueError, match="is (not a number|too large)"):
        as_amount(text)


def test_whole_numbers():
    assert [as_int(value) for value in ("12", "12.000", -3, None)] == [12, 12, -3, None]
    with pytest.raises(ValueError, match="is not a whole number"):
        as_int("1.5")


UTC = timezone.utc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014-04-25T16:15:47Z", datetime(2014, 4, 25, 16, 15, 47, tzinfo=UTC)),
        ("2014-04-25T16:15:47-00:00", datetime(2014, 4, 25, 16, 15, 47, tzinfo=UTC)),
        ("2014-04-25T16:15:47-04:30", datetime(2014, 4, 25, 20, 45, 47, tzinfo=UTC)),
        ("2014-04-25T16:15:47+0200", datetime(2014, 4, 25, 14, 15, 47, tzinfo=UTC)),
        ("2014-04-25T16:15:47", datetime(2014, 4, 25, 16, 15, 47, tzinfo=UTC)),
        ("2014-04-25 16:15", datetime(2014, 4, 25, 16, 15, tzinfo=UTC)),
        ("2014-04-25", datetime(2014, 4, 25, tzinfo=UTC)),
        ("2014-04-25T16:15:47.1234567Z", datetime(2014, 4, 25, 16, 15, 47, 123456, tzinfo=UTC)),
        ("2014-04-25T16:15:47.5Z", datetime(2014, 4, 25, 16, 15, 47, 500000, tzinfo=UTC)),
        ("/Date(1735221673533)/", datetime(2024, 12, 26, 14, 1, 13, 533000, tzinfo=UTC)),
        ("/Date(1735221673533+0200)/", datetime(2024, 12, 26, 14, 1, 13, 533000, tzinfo=UTC)),
        ("/Date(-1000)/", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (1606500000, datetime(2020, 11, 27, 18, 0, tzinfo=UTC)),
        ("1606500000", datetime(2020, 11, 27, 18, 0, tzinfo=UTC)),
        (Decimal("1606500000.5"), datetime(2020, 11, 27, 18, 0, tzinfo=UTC)),
        (1606500000123, datetime(2020, 11, 27, 18, 0, 0, 123000, tzinfo=UTC)),
        ("10/25/2020 02:30:00 PM", datetime(2020, 10, 25, 14, 30, tzinfo=UTC)),
        ("10/25/2020 12:30 am", datetime(2020, 10, 25, 0, 30, tzinfo=UTC)),
        ("1/2/2020 12:00:01 PM", datetime(2020, 1, 2, 12, 0, 1, tzinfo=UTC)),
        ("25/10/2020 14:30", datetime(2020, 10, 25, 14, 30, tzinfo=UTC)),
        ("5/5/2020", datetime(2020, 5, 5, tzinfo=UTC)),
        ("05.10.2020 14:30:05", datetime(2020, 10, 5, 14, 30, 5, tzinfo=UTC)),
        ("2020/10/05 14:30", datetime(2020, 10, 5, 14, 30, tzinfo=UTC)),
        ("Sun, 25 Oct 2020 14:30:00 +0200", datetime(2020, 10, 25, 12, 30, tzinfo=UTC)),
    ],
)
def test_times_become_utc(text, expected):
    moment = as_datetime(text)
    assert moment == expected
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [None, "", "0001-01-01T00:00:00", "0001-01-01T00:00:00+05:00"] + ["/Date(-62135596800000)/"],
)
def test_no_time(value):
    assert as_datetime(value) is None


@pytest.mark.parametrize(
    "value",
    ["yesterday", "2014-13-01", "2014-02-30T00:00:00Z", "9999-12-31T23:59:59-01:00", 17352216]
    + ["13/13/2020", "10/25/2020 14:30 PM", "10/25/2020 0:30 AM", "31.02.2020", True]
    + ["Sun, 99 Oct 2020 14:30:00 +0200", 173522167312345, "12345678901", "1.5", -1606500000]
    + ["2014-04-25T25:00:00Z", "/Date(999999999999999)/", "/Date()/", "2014-04-25T16:15:47Zz", {}],
)
def test_what_is_no_time(value):
    with pytest.raises(ValueError, match="is not a"):
        as_datetime(value)


@pytest.mark.parametrize("text", ["10/05/2020", "1/2/2020 14:30", "01-02-2020"])
def test_a_day_that_could_be_a_month_is_not_read(text):
    with pytest.raises(ValueError, match=AMBIGUOUS):
        as_datetime(text)


def test_text_is_stripped_bounded_and_storable():
    assert as_text(" a\x00b\ud800c ") == "abc"
    assert as_text(None) == ""
    assert as_text(12) == "12"
    assert len(as_text("x" * (MAX_TEXT + 1))) == MAX_TEXT


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), ("true", True), (1, True), (False, False), ("FALSE", False), (0, False)]
    + [(None, None), ("", None), ("Y", True), ("n", False)],
)
def test_flags(value, expected):
    assert as_bool(value) is expected


def test_what_is_no_flag():
    with pytest.raises(ValueError, match="is neither"):
        as_bool("maybe")


def test_storable_data_has_no_nul_at_any_depth():
    data = {"a\x00": ["x\x00", {"b": "\udfff"}], "n": 1}
    assert as_storable(data) == {"a": ["x", {"b": ""}], "n": 1}


def test_data_nested_without_end_is_cut_off():
    data = []
    for _ in range(200):
        data = [data]
    assert len(str(as_storable(data))) < 120
