"""JSON in and out without a float in between."""

import json
from decimal import Decimal

import pytest

from octopus_api import dumps, loads


def test_fractions_are_decimals_with_all_digits():
    value = loads('{"price": 9.4900, "big": 12345678901234567.89}')
    assert str(value["price"]) == "9.4900"
    assert str(value["big"]) == "12345678901234567.89"


@pytest.mark.parametrize("text", ["", "{", "<html>", "NaN", '{"a": Infinity}', "[" * 100_000])
def test_what_is_no_json(text):
    with pytest.raises(ValueError, match=r"Expecting|not JSON|nested"):
        loads(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [("9.4900", "9.4900"), ("0.1", "0.1"), ("1E+3", "1000"), ("0E-8", "0.00000000"), ("-7", "-7")],
)
def test_decimals_are_written_as_plain_numbers(number, text):
    assert dumps([Decimal(number)]) == f"[{text}]"


def test_the_rest_is_ordinary_json():
    value = {"text": 'é"\n', "list": [1, None, True, {"a": []}], "5": {}}
    assert json.loads(dumps(value)) == value
    assert dumps((1, 2)) == "[1,2]"


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), float("nan")])
def test_what_json_cannot_say(value):
    with pytest.raises(ValueError, match="JSON"):
        dumps({"a": value})


def test_a_huge_exponent_is_not_written_out():
    assert dumps(Decimal("1E+999999")) == "1E+999999"
