"""The number that Octopus gets, and why two numbers differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stock_number import (
    Quantities,
    StockRow,
    StoreRules,
    computed_quantities,
    difference_reason,
    difference_state,
    highest_buffers,
    kits_made_of,
    nearest_buffers,
    stock_figures,
    stock_number,
)

ROW = StockRow(
    product_id=1,
    is_stored=True,
    on_hand=10.0,
    reserved=0.0,
    expired=0.0,
    is_sold=True,
    has_own_buffer=False,
    own_buffer=None,
    own_cap=None,
    sold_out_at=None,
    factor=1.0,
)
RULES = StoreRules(basis="free", buffer=0, cap=0)


def number(row=ROW, rules=RULES, **options):
    return stock_figures(row, rules, **options).number


# === FROM QUANTITY TO NUMBER === #


def test_below_zero_is_shown_as_zero():
    assert number(ROW._replace(on_hand=-15.0)) == 0


def test_fractions_are_rounded_down():
    assert number(ROW._replace(on_hand=2.99)) == 2


def test_a_whole_number_survives_binary_fractions():
    assert 4.1 - 0.1 < 4
    assert number(ROW._replace(on_hand=4.1), RULES._replace(buffer=0.1)) == 4
    assert number(ROW._replace(on_hand=0.1 + 0.2), RULES._replace(buffer=0.3)) == 0


def test_what_is_not_sold_is_shown_as_sold_out():
    assert number(ROW._replace(is_sold=False)) == 0


def test_no_more_than_the_cap_is_shown():
    capped = RULES._replace(cap=5)
    assert number(rules=capped) == 5
    assert number(ROW._replace(own_cap=8), capped) == 8
    assert number(ROW._replace(own_cap=0), capped) == 5
    assert number(ROW._replace(own_cap=8)) == 8


def test_few_pieces_are_shown_as_none():
    few = ROW._replace(sold_out_at=2)
    quantities = (2.0, 2.9, 3.0, -1.0)
    assert [number(few._replace(on_hand=each)) for each in quantities] == [0, 0, 3, 0]
    assert number(few._replace(on_hand=5.0), RULES._replace(buffer=3)) == 0
    assert number(few._replace(on_hand=5.0), RULES._replace(cap=2)) == 2


def test_only_whole_packagings_are_shown():
    boxes = ROW._replace(factor=6.0)
    assert [number(boxes._replace(on_hand=each)) for each in (5.0, 6.0, 17.9, 18.0)] == [0, 1, 2, 3]
    assert number(boxes._replace(on_hand=18.0), RULES._replace(buffer=1)) == 2
    assert number(boxes._replace(on_hand=18.0), RULES._replace(cap=2)) == 2
    assert number(boxes._replace(on_hand=18.0, sold_out_at=3)) == 0


@given(
    st.floats(-1e6, 1e6),
    st.floats(0, 1e6),
    st.integers(0, 1000),
    st.booleans(),
)
def test_the_number_is_whole_in_bounds_and_never_more_than_there_is(available, buffer, cap, sold):
    result = stock_number(available - buffer, cap, sold)
    assert isinstance(result, int)
    assert 0 <= result <= max(0, available - buffer + 1e-6)
    assert not cap or result <= cap
    assert sold or result == 0


# === BASIS === #


def test_free_to_use_leaves_out_what_is_reserved_or_expired():
    row = ROW._replace(on_hand=13.0, reserved=2.0, expired=5.0)
    assert number(row) == 6
    assert number(row, RULES._replace(basis="on_hand")) == 13


def test_a_product_that_is_not_kept_in_stock_has_no_figures():
    assert stock_figures(ROW._replace(is_stored=False), RULES) is None


def test_computed_quantities_count_instead_of_the_sum_even_of_what_is_not_stored():
    kit = ROW._replace(is_stored=False, on_hand=0.0)
    computed = computed_quantities(3.0, 2.0, 7.0, expired=0.0, basis="free")
    assert computed == Quantities(on_hand=3.0, reserved=1.0, expired=0.0, available=2.0)
    assert number(kit, computed=computed) == 2


@pytest.mark.parametrize(("basis", "available"), [("free", 6), ("on_hand", 13), ("forecast", 26)])
def test_the_basis_chooses_among_computed_quantities(basis, available):
    computed = computed_quantities(13.0, 6.0, 26.0, expired=5.0, basis=basis)
    assert computed == Quantities(13.0, 2.0, 5.0, available)


# === BUFFERS === #


def test_the_buffer_of_the_product_beats_that_of_its_categories_and_the_store():
    rules = RULES._replace(buffer=1)
    assert number(rules=rules) == 9
    assert number(rules=rules, category_buffer=3) == 7
    assert number(rules=rules, category_buffer=0.0) == 10
    own = ROW._replace(has_own_buffer=True, own_buffer=0.0)
    assert number(own, rules, category_buffer=3) == 10
    never_filled = ROW._replace(has_own_buffer=True, own_buffer=None)
    assert number(never_filled, rules, category_buffer=3) == 10


def test_the_nearest_category_with_a_buffer_counts():
    parents = {"seats": None, "stools": "seats", "bar stools": "stools", "lamps": None}
    assert nearest_buffers(parents, {}) == {}
    assert nearest_buffers(parents, {"seats": 2}) == {"seats": 2, "stools": 2, "bar stools": 2}
    assert nearest_buffers(parents, {"seats": 2, "stools": 0})["bar stools"] == 0


def test_of_two_categories_the_careful_one_counts():
    memberships = [("chair", "seats"), ("chair", "wood"), ("lamp", "light")]
    assert highest_buffers(memberships, {"seats": 4, "wood": 1}) == {"chair": 4}


# === KITS === #


def test_kits_of_kits_follow_their_components_in_the_same_warehouse():
    kits_of = {"leg": ["table"], "table": ["set"], "chair": ["set"]}

    def find_kits(components):
        return [(one, kit) for one in components for kit in kits_of.get(one, ())]

    assert kits_made_of({("leg", 1), ("chair", 2)}, find_kits) == {
        ("table", 1),
        ("set", 1),
        ("set", 2),
    }
    assert kits_made_of(set(), find_kits) == set()


def test_kits_in_a_circle_come_to_an_end():
    circle = {"a": "b", "b": "a"}
    found = kits_made_of({("a", 1)}, lambda names: [(name, circle[name]) for name in names])
    assert found == {("a", 1), ("b", 1)}


# === DIFFERENCES === #


@pytest.mark.parametrize(
    ("number", "remote", "pushed", "reason"),
    [
        (10, 99, 10, "there"),
        (3, 10, 10, "here"),
        (3, 99, 10, "both"),
        (0, 5, None, "never"),
        (0, None, None, "never"),
        (10, None, 10, "unlisted"),
    ],
)
def test_the_three_numbers_tell_the_reason(number, remote, pushed, reason):
    flags = {"is_waiting": False, "is_refused": False}
    assert difference_reason(number, remote, pushed, **flags) == reason
    assert difference_reason(number, remote, pushed, **flags | {"is_refused": True}) == "refused"
    flags = {"is_waiting": True, "is_refused": True}
    assert difference_reason(number, remote, pushed, **flags) == "waiting"


@pytest.mark.parametrize(
    ("reason", "is_dry_run", "is_corrected", "state"),
    [
        ("there", False, True, "sent"),
        ("there", False, False, "open"),
        ("waiting", False, False, "sent"),
        ("waiting", True, False, "preview"),
        ("there", True, False, "preview"),
    ],
)
def test_a_difference_is_open_only_when_somebody_has_to_decide(
    reason, is_dry_run, is_corrected, state
):
    assert difference_state(reason, is_dry_run=is_dry_run, is_corrected=is_corrected) == state
