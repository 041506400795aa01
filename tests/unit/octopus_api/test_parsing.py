"""Single values: what Octopus writes for nothing, and what cannot be meant."""

from datetime import datetime, timezone
from decimal import Decimal

import pytest

from octopus_api.parsing import (
    MAX_REF,
    MAX_TEXT,
    as_bool,
    as_datetime,
    as_decimal,
    as_int,
    as_ref,
    as_storable,
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
    ["yesterday", "2014-13-01", "2014-02-30T00:00:00Z", "9999-12-31T23:59:59-01:00", 1735221673]
    + ["2014-04-25T25:00:00Z", "/Date(999999999999999)/", "/Date()/", "2014-04-25T16:15:47Zz", {}],
)
def test_what_is_no_time(value):
    with pytest.raises(ValueError, match="is not a"):
        as_datetime(value)


def test_text_is_stripped_bounded_and_storable():
    assert as_text(" a\x00b\ud800c ") == "abc"
    assert as_text(None) == ""
    assert as_text(12) == "12"
    assert len(as_text("x" * (MAX_TEXT + 1))) == MAX_TEXT


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), ("true", True), (1, True), (False, False), ("FALSE", False), (0, False)]
    + [(None, None), ("", None)],
)
def test_flags(value, expected):
    assert as_bool(value) is expected


def test_what_is_no_flag():
    with pytest.raises(ValueError, match="is neither"):
        as_bool("maybe")


def test_storable_data_has_no_nul_at_any_depth():
    data = {"a\x00": ["x\x00", {"b": "\udfff"}], "n": 1}
    assert as_storable(data) == {"a": ["x", {"b": ""}], "n": 1}


def test_data_nested_without_end_is_refused():
    data = []
    for _ in range(200):
        data = [data]
    with pytest.raises(ValueError, match="nested too deeply"):
        as_storable(data)
