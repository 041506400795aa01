"""What an order consists of: `lib/ledger_parts.py`."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_parts import (
    CHANNEL_PAYS,
    UNTITLED,
    GivenBack,
    SoldItem,
    SoldOrder,
    StatedTax,
    refund_parts,
    sale_parts,
    spread,
)

VAT = ("VAT", D("0.19"))


def item(gross, key="7", kind="goods", tax=None, discount="0", name=VAT):
    taxes = [StatedTax(*name, D(tax))] if tax is not None else []
    return SoldItem(kind, D(gross), key, D(discount), taxes)


def order(*items, discount=None, tax=None, **values):
    discount = sum(i.discount for i in items) if discount is None else D(discount)
    tax = sum(i.tax for i in items) if tax is None else D(tax)
    return SoldOrder(list(items), discount, tax, **values)


def tax_of(name):
    """Return the part of the tax with this title and rate."""
    return ("tax", *name, ())


def by_kind(parts):
    sums = {}
    for (kind, *_), amount in parts.items():
        sums[kind] = sums.get(kind, 0) + amount
    return sums


def test_prices_without_tax_are_net():
    parts = sale_parts(order(item("100", tax="19")))
    assert parts == {("goods", "7", 0, (VAT,)): 100, tax_of(VAT): 19}


def test_the_tax_is_taken_out_of_prices_that_include_it():
    parts = sale_parts(order(item("119", tax="19"), is_tax_included=True))
    assert parts == {("goods", "7", 0, (VAT,)): 100, tax_of(VAT): 19}


def test_a_discount_of_included_prices_is_net_too():
    sold = order(item("119", tax="9.50", discount="59.50"), is_tax_included=True)
    assert by_kind(sale_parts(sold)) == {"goods": 100, "discount": -50, "tax": D("9.50")}


def test_a_discount_of_the_order_is_dealt_out_to_the_goods():
    sold = order(item("60", "1"), item("40", "2"), item("8", "", "shipping"), discount="10.00")
    parts = sale_parts(sold)
    assert [parts["discount", key, 0, ()] for key in ("1", "2")] == [-6, -4]
    assert sum(parts.values()) == 98


def test_shipping_that_is_discounted_to_nothing_brings_nothing():
    sold = order(item("50"), item("10", "", "shipping", discount="10"))
    assert by_kind(sale_parts(sold)) == {"goods": 50, "shipping": 10, "discount": -10}


def test_a_tax_of_all_lines_on_line_1_is_dealt_out():
    """3 x 395.00 with 5 % tax included, less 59.00: total 1,126.00."""
    name = ("IVA", D("0.05"))
    sold = order(
        item("395.00", "1", tax="53.62", discount="19.67", name=name),
        item("395.00", "2", discount="19.67"),
        item("395.00", "3", discount="19.66"),
        is_tax_included=True,
    )
    parts = sale_parts(sold)
    assert sum(parts.values()) == D("1126.00")
    assert parts[tax_of(name)] == D("53.62")
    for key in "123":
        net = parts["goods", key, 0, (name,)] + parts["discount", key, 0, (name,)]
        assert abs(net - D("1072.38") / 3) < D("0.02")


def test_a_tax_of_one_line_only_stays_there():
    sold = order(item("100", "1", tax="19"), item("100", "2"))
    assert ("goods", "2", 0, ()) in sale_parts(sold)


def test_a_tax_that_only_the_order_states_has_no_title():
    parts = sale_parts(order(item("60", "1"), item("40", "2"), tax="8.25"))
    untitled = (UNTITLED, 0)
    assert parts[tax_of(untitled)] == D("8.25")
    assert parts["goods", "1", 0, (untitled,)] == 60


def test_a_cent_between_the_order_and_its_lines_goes_to_the_largest_tax():
    parts = sale_parts(order(item("10", tax="1.90"), item("5", "8", tax="0.95"), tax="2.86"))
    assert parts[tax_of(VAT)] == D("2.86")


def test_a_tax_that_the_channel_pays_is_no_money():
    sold = order(item("100", tax="8.25"), is_tax_paid_by_channel=True)
    assert sale_parts(sold) == {("goods", "7", 0, ((CHANNEL_PAYS, 0),)): 100}


def test_gift_cards_and_tips_carry_no_tax():
    sold = order(item("80"), item("50", "", "gift_card_sold"), tip=D(5), gift_card=D(30))
    assert by_kind(sale_parts(sold)) == {
        "goods": 80,
        "gift_card_sold": 50,
        "tip": 5,
        "gift_card_used": -30,
    }


# === REFUNDS === #


def test_a_refunded_line_gives_back_its_net_amount_and_tax():
    sold = order(item("119", tax="19"), is_tax_included=True)
    sale_parts(sold)
    parts = refund_parts(
        sold, GivenBack(D("59.50"), D("9.50"), lines=((0, D("59.50"), D("9.50")),))
    )
    assert parts == {("goods", "7", 0, (VAT,)): -50, tax_of(VAT): D("-9.50")}


def test_a_restocking_fee_is_a_difference():
    sold = order(item("100"))
    sale_parts(sold)
    parts = refund_parts(sold, GivenBack(D(90), lines=((0, D(100), D(0)),)))
    assert by_kind(parts) == {"goods": -100, "difference": 10}


def test_a_tip_is_refunded_as_a_tip():
    sold = order(item("100"), tip=D(5))
    sale_parts(sold)
    assert by_kind(refund_parts(sold, GivenBack(D(5), tip=D(5)))) == {"tip": -5}


def test_shipping_is_refunded_with_its_tax():
    sold = order(item("100", tax="19"), item("10", "", "shipping", tax="1.90"))
    sale_parts(sold)
    parts = refund_parts(sold, GivenBack(D("11.90"), D("1.90"), shipping=D(10)))
    assert by_kind(parts) == {"shipping": -10, "tax": D("-1.90")}


def test_an_amount_without_lines_is_a_share_of_everything():
    sold = order(item("100", tax="19"))
    sale_parts(sold)
    parts = refund_parts(sold, GivenBack(D("11.90")))
    assert by_kind(parts) == {"goods": -10, "tax": D("-1.90")}


# === ANY ORDER === #

CENTS = st.integers(0, 99_999).map(lambda cents: D(cents) / 100)
ITEMS = st.lists(
    st.builds(
        lambda gross, share, tax, has_tax: item(
            gross, tax=tax if has_tax else None, discount=(gross * share).quantize(D("0.01"))
        ),
        CENTS,
        st.sampled_from([D(0), D("0.1"), D(1)]),
        CENTS,
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@given(ITEMS, CENTS, CENTS, CENTS, st.booleans(), st.booleans())
def test_the_parts_add_up_to_what_the_channel_states(items, discount, tax, tip, included, paid):
    sold = order(*items, discount=discount, tax=tax, tip=tip)
    sold.is_tax_included, sold.is_tax_paid_by_channel = included and not paid, paid
    gross = sum(i.gross for i in items)
    added = D(0) if included or paid else tax
    parts = sale_parts(sold)
    assert sum(parts.values()) == gross - discount + tip + added
    again = sale_parts(sold)
    assert again == parts


@given(CENTS, st.lists(CENTS, min_size=1, max_size=9), st.sampled_from([0, 2, 3]))
def test_shares_add_up(amount, weights, digits):
    amount = amount.quantize(D(1).scaleb(-digits))
    shares = spread(amount, weights, digits)
    assert sum(shares) == amount
    assert all(share == share.quantize(D(1).scaleb(-digits)) for share in shares)


@pytest.mark.parametrize("amount", ["0.01", "-0.05", "100"])
def test_nothing_to_weigh_is_dealt_out_evenly(amount):
    assert sum(spread(D(amount), [D(0)] * 3, 2)) == D(amount)
