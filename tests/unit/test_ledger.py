"""The books of an order: what it should have booked, and what is still to be booked."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger import (
    CANCEL,
    ON_COMPLETION,
    ON_PAYMENT,
    REFUND_MISSING,
    SALE,
    UNEXPLAINED,
    UNKNOWN_TOTAL,
    Event,
    NotBookable,
    Order,
    Part,
    entry_sums,
    from_json,
    postings,
    to_book,
    to_json,
    total_booked,
)
from moments import day_of

UTC = partial(day_of, zone=ZoneInfo("UTC"))
NOON = datetime.fromisoformat("2026-12-19T12:00")
TODAY = date(2026, 12, 28)
GOODS, TAX, CARD = Part("goods", "7"), Part("tax", "VAT", Decimal("0.21")), Part("gift_card_used")


def money(text):
    return Decimal(text)


def sale(parts, total=None, **values):
    """Return a paid order of these amounts by Part, whose total is their sum unless given."""
    parts = {part: money(amount) for part, amount in parts.items()}
    total = sum(parts.values(), Decimal(0)) if total is None else money(total)
    return Order(total, parts, NOON, **{"financial_status": "paid", **values})


def refund(ref, parts, days=1):
    parts = {part: -money(amount) for part, amount in parts.items()}
    return Event(ref, NOON + timedelta(days), parts, -sum(parts.values(), Decimal(0)))


def book(lines, order, today=TODAY, **options):
    """Book what is to be booked of an order; return the new postings by (key, version)."""
    due = postings(order, UTC, **options)
    new = to_book(due, total_booked(lines), today)
    lines += [(posting.key, version, posting.total, posting.parts) for posting, version in new]
    return {(posting.key, version): posting for posting, version in new}


# === WHAT SHOULD BE BOOKED === #


def test_a_paid_order_is_one_sale_on_the_day_of_the_order():
    (found,) = postings(sale({GOODS: "100", TAX: "21"}), UTC).values()
    assert (found.key, found.day, found.total) == (SALE, NOON.date(), 121)
    assert found.is_balanced


@pytest.mark.parametrize("status", ["", "pending", "authorized", "voided", "expired"])
def test_an_order_that_is_not_paid_stays_open(status):
    assert postings(sale({GOODS: "100"}, financial_status=status), UTC) == {}


def test_a_test_order_books_nothing():
    assert postings(sale({GOODS: "100"}, is_test=True), UTC) == {}


def test_an_order_that_was_cancelled_before_it_was_paid_books_nothing():
    order = sale({GOODS: "100"}, financial_status="voided", cancelled_at=NOON)
    assert postings(order, UTC) == {}


def test_the_day_is_that_of_the_rule():
    captured = datetime.fromisoformat("2026-12-21T09:00")
    order = sale({GOODS: "100"}, paid_at=captured)
    assert postings(order, UTC, rule=ON_PAYMENT)[SALE].day == captured.date()
    assert postings(order, UTC, rule=ON_COMPLETION) == {}
    done = replace(order, completed_at=datetime.fromisoformat("2026-12-22T09:00"))
    assert postings(done, UTC, rule=ON_COMPLETION)[SALE].day == date(2026, 12, 22)


def test_the_day_is_the_shops_whoever_looks():
    """2026-12-31T23:30-05:00 is already the next year in Paris and in UTC."""
    order = replace(sale({GOODS: "100"}), ordered_at=datetime.fromisoformat("2027-01-01T04:30"))
    assert postings(order, partial(day_of, zone=ZoneInfo("America/New_York")))[SALE].day == date(
        2026, 12, 31
    )
    assert postings(order, partial(day_of, zone=ZoneInfo("Europe/Paris")))[SALE].day == date(
        2027, 1, 1
    )


def test_an_unknown_total_is_not_booked():
    order = replace(sale({GOODS: "100"}), total=None)
    with pytest.raises(NotBookable, match=UNKNOWN_TOTAL):
        postings(order, UTC)


def test_what_does_not_add_up_is_not_booked_beyond_the_tolerance():
    order = sale({GOODS: "100"}, total="100.05")
    with pytest.raises(NotBookable, match=UNEXPLAINED):
        postings(order, UTC, tolerance=money("0.04"))
    found = postings(order, UTC, tolerance=money("0.05"))[SALE]
    assert found.parts[Part("rounding")] == money("0.05")
    assert found.is_balanced


def test_a_refund_without_its_amount_is_not_booked():
    with pytest.raises(NotBookable, match=REFUND_MISSING):
        postings(sale({GOODS: "100"}, financial_status="refunded"), UTC)


def test_a_refund_is_booked_on_its_own_day():
    order = sale({GOODS: "100", TAX: "21"}, refunds=(refund("1", {GOODS: "50", TAX: "10.50"}),))
    found = postings(order, UTC)["refund:1"]
    assert (found.day, found.total) == (date(2026, 12, 20), money("-60.50"))


def test_a_refund_is_never_before_its_sale():
    order = sale({GOODS: "100"}, refunds=(refund("1", {GOODS: "5"}, days=-3),))
    assert postings(order, UTC)["refund:1"].day == NOON.date()


def test_a_cancellation_gives_back_what_no_refund_gave():
    order = sale(
        {GOODS: "100", TAX: "21"},
        refunds=(refund("1", {GOODS: "40", TAX: "8.40"}),),
        cancelled_at=NOON + timedelta(2),
    )
    found = postings(order, UTC)
    assert found[CANCEL].parts == {GOODS: -60, TAX: money("-12.60")}
    assert entry_sums(found.values()) == (0, {})


def test_a_refund_of_one_cent_more_than_the_order_is_booked_as_it_is():
    order = sale({GOODS: "10.00"}, refunds=(refund("1", {GOODS: "10.01"}),))
    assert entry_sums(postings(order, UTC).values())[0] == money("-0.01")


def test_a_gift_card_that_pays_leaves_less_to_clear():
    found = postings(sale({GOODS: "80", CARD: "-30"}), UTC)[SALE]
    assert found.total == 50
    sold = postings(sale({Part("gift_card_sold"): "50"}), UTC)[SALE]
    assert sold.parts == {Part("gift_card_sold"): 50}


@pytest.mark.parametrize(
    "amounts",
    [
        ("7.02", "2.75", "118.6976", "44.58", "4.81", "35.916", "8.58", "5.69"),  # 21 %
        ("1", "2"),  # JPY
        ("12.345",),  # KWD
    ],
)
def test_the_sum_of_a_day_is_the_sum_of_its_orders(amounts):
    orders = [
        sale({GOODS: net, TAX: str(money(net) * money("0.21"))}, total=None) for net in amounts
    ]
    found = [postings(order, UTC)[SALE] for order in orders]
    total, parts = entry_sums(found)
    assert total == sum(order.total for order in orders) == sum(parts.values())


# === WHAT IS STILL TO BE BOOKED === #


def test_booking_twice_books_once():
    lines, order = [], sale({GOODS: "100", TAX: "21"})
    assert list(book(lines, order)) == [(SALE, 1)]
    assert book(lines, order) == {}


def test_a_change_after_booking_is_a_correction_today():
    lines = []
    book(lines, sale({GOODS: "500"}))
    correction = book(lines, sale({GOODS: "350"}))[SALE, 2]
    assert (correction.total, correction.day) == (-150, TODAY)
    assert book(lines, sale({GOODS: "350"})) == {}


def test_other_parts_of_the_same_total_are_a_correction_too():
    lines = []
    book(lines, sale({GOODS: "121"}))
    correction = book(lines, sale({GOODS: "100", TAX: "21"}))[SALE, 2]
    assert (correction.total, correction.parts) == (0, {GOODS: -21, TAX: 21})


def test_a_booked_order_that_should_not_be_is_taken_back_today():
    lines = []
    book(lines, sale({GOODS: "100"}))
    back = book(lines, sale({GOODS: "100"}, financial_status="voided"))[SALE, 2]
    assert (back.total, back.day) == (-100, TODAY)


def test_sales_are_booked_before_refunds_and_these_before_the_cancellation():
    order = sale({GOODS: "100"}, refunds=(refund("9", {GOODS: "1"}),), cancelled_at=NOON)
    assert [key for key, _version in book([], order)] == [SALE, "refund:9", CANCEL]


AMOUNT = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)
PARTS = st.dictionaries(
    st.sampled_from([GOODS, TAX, Part("shipping"), Part("tip"), Part("discount")]), AMOUNT
)
STATUS = st.sampled_from(["paid", "pending", "voided", "partially_paid"])


@st.composite
def versions(draw):
    """Return what a channel says of an order, one version after another."""
    found = []
    for _turn in range(draw(st.integers(1, 5))):
        parts = draw(PARTS)
        refunds = tuple(
            refund(str(number), draw(PARTS), draw(st.integers(-2, 9)))
            for number in range(draw(st.integers(0, 3)))
        )
        found.append(
            sale(
                parts,
                financial_status=draw(STATUS),
                refunds=refunds,
                cancelled_at=draw(st.none() | st.just(NOON)),
            )
        )
    return found


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(versions())
def test_whatever_happens_the_books_end_with_what_the_channel_says(story):
    lines = []
    for order in story:
        assert all(posting.is_balanced for posting in book(lines, order).values())
    assert book(lines, story[-1]) == {}
    booked = sum((total for _key, _version, total, _parts in lines), Decimal(0))
    due = entry_sums(postings(story[-1], UTC).values())[0]
    assert booked == due
    assert len({(key, version) for key, version, _total, _parts in lines}) == len(lines)


def test_parts_are_the_same_after_json():
    parts = {TAX: money("0.10"), Part("goods", "7", taxes=(("VAT", money("0.21")),)): money("-1")}
    assert from_json(json.loads(json.dumps(to_json(parts)))) == parts
