"""Sums of products: repeated options, periods of sale prices, fingerprints."""

from datetime import datetime

from fingerprint import fingerprint
from product_sums import common_period, converted_weight, first_repeated


def test_the_first_choice_that_two_variants_share():
    assert first_repeated([("S", "Red"), ("M", "Red"), ("S", "Red"), ("M", "Red")]) == ("S", "Red")
    assert first_repeated([("S",), ("M",)]) is None
    assert first_repeated([]) is None


def test_a_weight_in_another_unit():
    assert converted_weight(1.5, "kg", "g") == "1500.0000"
    assert converted_weight(1.0, "lb", "oz") == "16.0000"
    assert converted_weight(0.01, "lb", "kg") == "0.0045"


def test_a_chain_of_rules_holds_while_all_of_them_do():
    early, start, end, late = (
        datetime.fromisoformat(f"2026-11-{day}") for day in ("01", "05", "10", "20")
    )
    assert common_period([(early, end), (start, late)]) == (start, end)
    assert common_period([(False, end), (start, False)]) == (start, end)
    assert common_period([(False, False)]) == (None, None)


def test_a_fingerprint_changes_with_the_data_only():
    one = fingerprint({"a": 1, "b": [1, 2]})
    assert one == fingerprint({"b": [1, 2], "a": 1})
    assert one != fingerprint({"a": 1, "b": [2, 1]})
    assert len(one) == 32
    assert fingerprint("Größe ✓") != fingerprint("Grosse")
