"""Sums of products: SKUs, repeated options, periods of sale prices, fingerprints."""

from datetime import datetime

import pytest
from fingerprint import fingerprint
from product_sums import common_period, first_repeated, generated_ids, sku_of


@pytest.mark.parametrize(
    ("reference", "barcode", "sku"),
    [
        (" R-1 ", "111", "R-1"),
        (" \t", " 111 ", "111"),
        (False, False, "ODOO-5"),
        ("", None, "ODOO-5"),
    ],
)
def test_internal_reference_then_barcode_then_generated(reference, barcode, sku):
    assert sku_of(reference, barcode, 5) == sku


def test_ids_of_generated_skus():
    assert generated_ids(["ODOO-5", "ODOO-", "ODOO-x", "R-1", "ODOO-12"]) == [5, 12]


def test_the_first_choice_that_two_variants_share():
    assert first_repeated([("S", "Red"), ("M", "Red"), ("S", "Red"), ("M", "Red")]) == ("S", "Red")
    assert first_repeated([("S",), ("M",)]) is None
    assert first_repeated([]) is None


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
