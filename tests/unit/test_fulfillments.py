"""Parcels of an order, and what the channel says of them: `lib/fulfillments.py`."""

from decimal import Decimal
from itertools import count

import pytest
from fulfillments import (
    UNNAMED,
    LinePieces,
    Parcel,
    followed_numbers,
    fulfilled_state,
    recognized,
    stated_parcels,
)
from hypothesis import given
from hypothesis import strategies as st

from octopus_api import Order

LINES = {"1": LinePieces(Decimal(3)), "2": LinePieces(Decimal(1))}
pieces = st.integers(0, 5).map(Decimal)
line_pieces = st.builds(LinePieces, pieces, pieces, pieces, pieces, pieces)
numbers = st.lists(st.sampled_from(["1Z 1", "1z1", "00-34", "777"]), max_size=3).map(tuple)


def parcels_of(*fulfillments, lines=LINES, known=(), **fields):
    """Return the parcels of an update with these fulfillments."""
    remote = Order.from_json({"id": 1, "fulfillments": list(fulfillments), **fields})
    return stated_parcels(remote, lines, known)


def entry(ref, pieces=None, **fields):
    """Return a fulfillment as Octopus sends it."""
    lines = [{"id": line, "quantity": quantity} for line, quantity in (pieces or {}).items()]
    return {"id": ref, "status": "success", "line_items": lines, **fields}


def ours(key, pieces, *numbers, **fields):
    pieces = {line: Decimal(quantity) for line, quantity in pieces.items()}
    return Parcel(key=key, pieces=pieces, numbers=numbers, is_open=True, **fields)


# === PIECES === #


@given(line_pieces)
def test_never_more_is_handed_over_than_ordered_less_refunded(line):
    assert 0 <= line.fulfilled <= max(line.ordered - line.refunded, 0)
    assert line.fulfilled <= line.shipped + line.shipped_elsewhere
    assert line.fulfilled + line.left == line.due


@given(line_pieces)
def test_what_is_left_here_can_be_shipped_and_no_piece_more(line):
    assert 0 <= line.left_here <= line.left
    after = LinePieces(
        line.ordered,
        line.refunded,
        line.elsewhere,
        line.shipped + line.left_here,
        line.shipped_elsewhere,
    )
    assert after.left_here == 0
    assert after.fulfilled == line.fulfilled + line.left_here


def test_what_the_channel_ships_from_elsewhere_is_not_left_here():
    line = LinePieces(Decimal(3), elsewhere=Decimal(2))
    assert (line.left, line.left_here) == (3, 1)
    assert LinePieces(Decimal(3), elsewhere=Decimal(2), shipped=Decimal(1)).left_here == 0


@pytest.mark.parametrize(
    ("shipped", "is_by_channel", "state"),
    [
        (0, False, None),
        (0, True, None),
        (1, True, "part"),
        (3, False, "full"),
        (3, True, "channel"),
    ],
)
def test_the_state_of_an_order(shipped, is_by_channel, state):
    lines = [LinePieces(Decimal(3), shipped=Decimal(shipped))]
    assert fulfilled_state(lines, is_by_channel=is_by_channel) == state


def test_a_refund_of_what_is_left_completes_the_order():
    lines = [LinePieces(Decimal(3), Decimal(1), shipped=Decimal(2))]
    assert fulfilled_state(lines, is_by_channel=False) == "full"


# === WHAT THE CHANNEL SAYS === #


def test_a_parcel_is_read_with_its_numbers_and_links():
    fields = {
        "tracking_company": "UPS",
        "tracking_numbers": ["1Z1", "1Z2"],
        "tracking_number": "1Z1",
        "tracking_url": "https://track/1Z1",
        "location_id": 7,
        "service": "manual",
    }
    [parcel] = parcels_of(entry(5, {1: 2}, **fields))
    assert (parcel.ref, parcel.carrier, parcel.service) == ("5", "UPS", "manual")
    assert (parcel.numbers, parcel.urls) == (("1Z1", "1Z2"), ("https://track/1Z1",))
    assert (parcel.pieces, parcel.location_ref) == ({"1": 2}, "7")


def test_a_parcel_without_lines_contains_what_no_other_contains():
    parcels = parcels_of(entry(5), entry(6, {1: 1}))
    assert parcels[0].pieces == {"1": 2, "2": 1}


def test_a_cancelled_parcel_without_lines_contains_nothing():
    dead, alive = parcels_of(entry(5, status="cancelled"), entry(6))
    assert (dead.is_dead, dead.pieces) == (True, {})
    assert alive.pieces == {"1": 3, "2": 1}


def test_an_order_that_is_handed_over_as_a_whole_has_a_parcel_without_a_name():
    [named, rest] = parcels_of(entry(5, {1: 3}), fulfillment_status="Fulfilled")
    assert (rest.ref, rest.pieces) == (UNNAMED, {"2": 1})
    assert parcels_of(fulfillment_status="partial") == []


def test_what_we_shipped_is_not_shipped_by_the_channel():
    known = [ours("A", {"1": 3})]
    [rest] = parcels_of(known=known, fulfillment_status="fulfilled")
    assert rest.pieces == {"2": 1}
    own = entry(5, {1: 3}, tracking_number="1Z1")
    assert [p.ref for p in parcels_of(own, known=known, fulfillment_status="fulfilled")] == [
        "5",
        UNNAMED,
    ]


# === OUR PARCELS COMING BACK === #


def test_our_parcel_is_recognized_by_id_number_or_lines():
    known = [
        Parcel(key="A", ref="5", pieces={"1": Decimal(1)}),
        ours("B", {"1": 1}, "00 34-1"),
        ours("C", {"1": 1}),
    ]
    theirs = parcels_of(
        entry(9, {1: 1}), entry(8, {2: 1}, tracking_number="00341"), entry(5, {2: 1})
    )
    assert recognized(known, theirs) == {2: "A", 1: "B", 0: "C"}


def test_two_numbers_are_two_parcels():
    theirs = parcels_of(entry(9, {1: 1}, tracking_number="777"))
    assert recognized([ours("A", {"1": 1}, "888")], theirs) == {}


def test_a_number_that_was_corrected_meanwhile_hides_no_parcel():
    corrected = ours("A", {"1": 1}, "888", sent_numbers=("777",))
    theirs = parcels_of(entry(9, {1: 1}, tracking_number="777"))
    assert recognized([corrected], theirs) == {0: "A"}
    assert recognized([ours("A", {"1": 1}, sent_numbers=("777",))], theirs) == {0: "A"}
    foreign = parcels_of(entry(9, {1: 1}, tracking_number="999"))
    assert recognized([ours("A", {"1": 1}, sent_numbers=("777",))], foreign) == {}


def test_a_parcel_that_the_channel_made_anew_is_the_same():
    known = [Parcel(key="A", ref="5", pieces={"1": Decimal(1)}, numbers=("777",))]
    anew = entry(6, {1: 1}, tracking_number="777")
    assert recognized(known, parcels_of(anew)) == {0: "A"}
    assert recognized(known, parcels_of(entry(5, {1: 1}, status="cancelled"), anew)) == {0: "A"}
    assert recognized(known, parcels_of(entry(6, {1: 1}))) == {}
    [gone] = [Parcel(key="A", ref="5", numbers=("777",), is_dead=True)]
    assert recognized([gone], parcels_of(anew)) == {}


def test_only_web_addresses_are_links():
    links = ["https://dhl.com/1", "javascript:alert(1)", "http://ups.com", "data:text/html,x"]
    [parcel] = parcels_of(entry(9, {1: 1}, tracking_urls=links))
    assert parcel.urls == ("https://dhl.com/1", "http://ups.com")


def test_a_cancelled_parcel_of_equal_lines_is_another_one():
    theirs = parcels_of(entry(9, {1: 1}, status="cancelled"))
    assert recognized([ours("A", {"1": 1})], theirs) == {}


some_parcels = st.lists(
    st.tuples(
        st.booleans(),  # has Octopus answered
        st.dictionaries(st.sampled_from(["1", "2"]), st.integers(1, 2), min_size=1),
        st.booleans(),  # has it a number
    ),
    max_size=5,
)


@given(some_parcels, st.randoms(use_true_random=False), st.integers(0, 2))
def test_each_of_our_parcels_is_recognized_once_and_no_foreign_one(given_parcels, dice, foreign):
    refs = count(100)
    known, theirs = [], []
    for key, (is_answered, lines, has_number) in enumerate(given_parcels):
        numbers = (f"NUMBER{key}",) if has_number else ()
        ref = str(next(refs))
        pieces = {line: Decimal(quantity) for line, quantity in lines.items()}
        known.append(
            Parcel(
                key=key,
                ref=ref if is_answered else "",
                numbers=numbers,
                pieces=pieces,
                is_open=not is_answered,
            )
        )
        theirs.append(Parcel(ref=ref, numbers=numbers, pieces=pieces))
    own = {parcel.ref for parcel in theirs}
    theirs += [
        Parcel(ref=f"foreign{n}", numbers=(f"FOREIGN{n}",), pieces={"3": Decimal(1)})
        for n in range(foreign)
    ]
    dice.shuffle(theirs)
    found = recognized(known, theirs)
    assert sorted(found.values()) == sorted(parcel.key for parcel in known)
    assert {theirs[place].ref for place in found} == own


@given(numbers, numbers, st.booleans())
def test_no_update_takes_all_numbers_away_and_an_older_one_none(known, stated, is_newer):
    after = followed_numbers(known, stated, is_newer=is_newer)
    if is_newer and stated:
        assert after == stated
    else:
        assert after[: len(known)] == known
    assert followed_numbers(after, stated, is_newer=is_newer) == after
