"""Which lines a refund is about, and its money: `lib/refunds.py`."""

from decimal import Decimal

import pytest
from refunds import (
    has_changed,
    pieces_with,
    refund_money,
    refunded_pieces,
    sold_lines,
    stated_amount,
    statement,
    with_parts,
)

from octopus_api import Order

LINES = [
    {"id": 1, "variant_id": 71, "sku": "CHAIR", "quantity": 3, "price": "10.00"},
    {"id": 2, "variant_id": 72, "sku": "TABLE", "quantity": 1, "price": "40.00"},
    {"id": 3, "variant_id": 73, "sku": "LAMP", "quantity": 2, "price": "10.00"},
]


def read(refund, lines=LINES):
    order = Order.from_json({"id": 1, "line_items": lines, "refunds": [{"id": 9, **refund}]})
    return order.refunds[0], sold_lines(order.lines)


def pieces_of(lines, *, order_lines=LINES, is_everything=False, **refund):
    """Return (place in the order, pieces, are they restocked) of each line."""
    refund, sold = read({"refund_line_items": lines, **refund}, order_lines)
    found = refunded_pieces(refund, sold, is_everything=is_everything)
    return [(piece.at, piece.quantity, piece.is_restocked) for piece in found]


# === WHICH LINES === #


@pytest.mark.parametrize(
    ("bundles", "parts", "lines", "found"),
    [
        (2, 6, [(1, 1)], [(0, 1), (1, 3)]),
        (2, 6, [(1, 2)], [(0, 2), (1, 6)]),
        (2, 6, [(1, 1), (2, 3)], [(0, 1), (1, 3)]),  # the part is named as well
        (2, 6, [(1, 1), (2, 1)], [(0, 1), (1, 1), (1, 2)]),
        (2, 6, [(2, 1)], [(1, 1)]),
        (2, 6, [(1, 0)], [(0, 0)]),  # money only
        (0, 6, [(1, 1)], [(0, 1)]),  # nobody knows how many were sold
    ],
)
def test_the_parts_of_a_bundle_come_back_with_it(bundles, parts, lines, found):
    sold_items = [
        {"id": 1, "sku": "SET", "quantity": bundles, "price": "10.00"},
        {"id": 2, "sku": "PART", "quantity": parts, "price": "0.00"},
    ]
    items = [{"line_item_id": ref, "quantity": quantity} for ref, quantity in lines]
    refund, sold = read({"refund_line_items": items}, sold_items)
    of_bundle = pieces_with(sold, 0, [([1], None)])
    pieces = with_parts(refunded_pieces(refund, sold), sold, {0: of_bundle})
    assert [(piece.at, piece.quantity) for piece in pieces] == found


@pytest.mark.parametrize(
    ("price", "lines", "parts", "found"),
    [
        # A kit of two chairs; another chair was bought besides, and has a price.
        ("50.00", [(4, "0.00"), (1, "9.00")], [([1, 2], 2)], {1: 4}),
        ("50.00", [(1, "9.00"), (4, "0.00")], [([1, 2], 2)], {2: 4}),
        # The pieces have the price: what has none was given away.
        ("0.00", [(1, "0.00"), (4, "9.00")], [([1, 2], 2)], {2: 4}),
        # All are on one line, and in parts on two.
        ("50.00", [(5, "0.00")], [([1], 2)], {1: 4}),
        ("50.00", [(3, "0.00"), (3, "0.00")], [([1, 2], 2)], {1: 3, 2: 1}),
        # Two choices of the same goods take each piece once.
        ("50.00", [(3, "0.00")], [([1], 1), ([1], 1)], {1: 3}),
        # A choice that is on no line, and parts of which only the lines are known.
        ("50.00", [(2, "0.00")], [([], 1), ([1], None)], {1: 2}),
    ],
)
def test_what_was_bought_besides_a_set_is_not_part_of_it(price, lines, parts, found):
    items = [{"id": 0, "quantity": 2, "price": price}] + [
        {"id": place, "quantity": quantity, "price": of_piece}
        for place, (quantity, of_piece) in enumerate(lines, 1)
    ]
    _refund, sold = read({}, items)
    assert pieces_with(sold, 0, parts) == found


@pytest.mark.parametrize(
    ("word", "is_restocked"),
    [
        ("return", True),
        ("Return", True),
        ("cancel", True),
        ("CANCELLED", True),
        ("restock", True),
        ("legacy_restock", True),
        ("Legacy Restock", True),
        (True, True),
        ("no_restock", False),
        ("No-Restock", False),
        ("none", False),
        (False, False),
        ("scrapped", False),
        ("", None),
        (None, None),
    ],
)
def test_every_spelling_of_a_restock_type_means_what_the_channel_means(word, is_restocked):
    line = {"line_item_id": 1, "quantity": 1, "restock_type": word}
    for restock in True, False:
        expected = restock if is_restocked is None else is_restocked
        assert pieces_of([line], restock=restock) == [(0, 1, expected)]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ({"line_item_id": 2}, 1),
        ({"line_item_id": 999, "line_item": {"variant_id": 73}}, 2),
        ({"line_item_id": 999, "line_item": {"id": 999, "sku": "TABLE"}}, 1),
        ({"sku": "LAMP"}, 2),
        ({"variant_id": 72, "line_item_id": 999}, 1),
        ({"line_item_id": 999, "subtotal": "40.00"}, 1),
        ({"line_item_id": 999, "subtotal": 40}, 1),
        ({"line_item_id": 999, "subtotal": "10.00"}, None),  # chair or lamp
        ({"line_item_id": 999, "subtotal": "7.77"}, None),
        ({"line_item_id": 999}, None),
        ({}, None),
    ],
)
def test_a_line_is_found_by_id_variant_sku_or_amount(line, place):
    assert pieces_of([{"quantity": 1, **line}], restock=True) == [(place, 1, True)]


def test_only_one_line_has_so_many_pieces():
    assert pieces_of([{"line_item_id": 999, "quantity": 3}]) == [(0, 3, False)]


def test_when_all_is_refunded_the_names_of_the_lines_do_not_matter():
    lines = [
        {"line_item_id": 900 + place, "quantity": line["quantity"]}
        for place, line in enumerate(LINES)
    ]
    assert sorted(pieces_of(lines, restock=True)) == [(0, 3, True), (1, 1, True), (2, 2, True)]


def test_what_is_not_named_at_all_is_everything_or_unclear():
    assert pieces_of([], restock=True) == [(None, 0, True)]
    assert pieces_of([], restock=True, order_lines=LINES[:1]) == [(0, 3, True)]
    everything = [(0, 3, True), (1, 1, True), (2, 2, True)]
    assert pieces_of([], restock=True, is_everything=True) == everything
    assert pieces_of([], restock=False) == []


def test_pieces_of_earlier_refunds_are_not_refunded_again():
    refund, sold = read({"refund_line_items": [{"line_item_id": 999, "quantity": 2}]})
    sold = [
        type(line)(**{**line.__dict__, "refunded": Decimal(2) if line.sku == "CHAIR" else 0})
        for line in sold
    ]
    assert [piece.at for piece in refunded_pieces(refund, sold)] == [2]


def test_a_line_names_where_its_goods_are_now():
    lines = [{"line_item_id": 1, "quantity": 1}, {"line_item_id": 2, "quantity": 1}]
    lines[0]["location_id"] = 55
    refund, sold = read({"refund_line_items": lines, "location_id": 44})
    assert [piece.location_ref for piece in refunded_pieces(refund, sold)] == ["55", "44"]


# === MONEY === #


def money_of(refund, *, is_tax_added=True, currency="USD"):
    refund, sold = read(refund)
    money = refund_money(
        refund,
        refunded_pieces(refund, sold),
        currency=currency,
        is_tax_added=is_tax_added,
    )
    return tuple(f"{part:.2f}" for part in (money.amount, money.tax, money.shipping, money.tip))


LINE = {"line_item_id": 1, "quantity": 2, "subtotal": 20.0, "total_tax": 1.9}
SHIPPING = {"kind": "shipping_refund", "amount": "-5.00", "tax_amount": "-0.50"}


@pytest.mark.parametrize(
    ("refund", "money"),
    [
        # What was paid back wins.
        ({"transactions": [{"kind": "refund", "amount": "21.00"}]}, ("21.00", "1.90")),
        ({"transactions": [{"kind": "", "amount": "-21", "currency": "usd"}]}, ("21.00", "1.90")),
        # Else the parts say it.
        ({}, ("21.90", "1.90")),
        ({"transactions": [{"kind": "sale", "amount": "99"}]}, ("21.90", "1.90")),
        (
            {"transactions": [{"kind": "refund", "amount": "9", "currency": "EUR"}]},
            ("21.90", "1.90"),
        ),
        ({"transactions": [{"kind": "refund", "amount": "?"}]}, ("21.90", "1.90")),
        # Money that never arrived was not given back.
        (
            {"transactions": [{"kind": "refund", "status": "failure", "amount": "9"}]},
            ("0.00", "1.90"),
        ),
    ],
)
def test_the_money_of_a_refund(refund, money):
    assert money_of({"refund_line_items": [LINE], **refund})[:2] == money


def test_shipping_and_adjustments_are_money_too():
    adjustments = [SHIPPING, {"kind": "refund_discrepancy", "amount": "-2.00"}]
    refund = {"refund_line_items": [LINE], "order_adjustments": adjustments}
    assert money_of(refund) == ("29.40", "2.40", "5.00", "0.00")
    assert money_of(refund, is_tax_added=False) == ("27.00", "2.40", "5.00", "0.00")
    # The sample of the reference: two that cancel each other out.
    adjustments = [{"amount": "5.00"}, {"amount": "-5.00"}]
    assert money_of({"order_adjustments": adjustments})[0] == "0.00"


def test_a_line_without_money_is_worth_its_share_of_the_orders_line():
    assert money_of({"refund_line_items": [{"line_item_id": 1, "quantity": 2}]})[0] == "20.00"


def test_nothing_stated_is_not_nothing_paid():
    assert stated_amount(read({})[0], "USD") is None
    paid = {"transactions": [{"kind": "refund", "amount": "0"}]}
    assert stated_amount(read(paid)[0], "USD") == 0


# === EDITS === #


@pytest.mark.parametrize(
    ("change", "is_other"),
    [
        ({}, False),
        ({"quantity": "2.0", "subtotal": "20.000"}, False),
        ({"quantity": 1}, True),
        ({"restock_type": "return"}, True),
        ({"subtotal": 19}, True),
    ],
)
def test_an_edited_refund_is_noticed(change, is_other):
    before, now = ({"refund_line_items": [{**LINE, **fields}]} for fields in ({}, change))
    before, now = (statement(read(refund)[0]) for refund in (before, now))
    assert has_changed(before, now) is is_other


def test_what_becomes_known_later_is_no_edit():
    before, now = ({"refund_line_items": [{**LINE, "subtotal": text}]} for text in ("?", "20"))
    assert not has_changed(*(statement(read(refund)[0]) for refund in (before, now)))
    assert has_changed([[], []], [[["1"]], []])
