"""Taxes by title and rate, and gift cards, of an order as Octopus sends it."""

from decimal import Decimal as D

import pytest

from octopus_api.order_money import OrderMoney, TaxLine


def read(**fields):
    return OrderMoney.from_json({"id": 1, **fields})


def test_taxes_of_lines_have_title_and_rate():
    line = {"id": 7, "tax_lines": [{"title": "VAT", "rate": 0.19, "price": "19.00"}]}
    (found,) = read(line_items=[line]).lines
    assert (found.ref, found.taxes) == ("7", (TaxLine("VAT", D("0.19"), D("19.00")),))


@pytest.mark.parametrize("rate", [0.21, "0.21", 21, "21.0"])
def test_a_rate_may_be_a_percentage(rate):
    way = {"price": "10", "tax_lines": [{"title": "BTW", "rate": rate, "price": 2.1}]}
    assert read(shipping_lines=[way]).shipping_taxes[0].rate == D("0.21")


def test_a_discount_of_the_shipping_is_known():
    assert (
        read(shipping_lines=[{"price": "10.00", "discounted_price": "0.00"}]).shipping_discount
        == 10
    )
    assert read(shipping_lines=[{"price": "10.00"}]).shipping_discount == 0


@pytest.mark.parametrize(
    ("payment", "paid"),
    [
        ({"gateway": "gift_card", "kind": "sale", "status": "success", "amount": "30.00"}, 30),
        ({"gateway": "gift_card", "kind": "sale", "status": "failure", "amount": "30.00"}, 0),
        ({"gateway": "gift_card", "kind": "refund", "status": "success", "amount": "30.00"}, 0),
        ({"gateway": "paypal", "kind": "sale", "status": "success", "amount": "30.00"}, 0),
    ],
)
def test_payments_with_gift_cards_are_added_up(payment, paid):
    assert read(transactions=[payment]).gift_card == paid


@pytest.mark.parametrize(
    "taxes", [None, "x", {}, [None], [{"price": "a"}], [{"rate": "0,5x", "title": []}]]
)
def test_what_cannot_be_read_is_left_out(taxes):
    money = read(line_items=[{"id": 1, "tax_lines": taxes}], shipping_lines="x", transactions=3)
    assert sum(tax.amount for tax in money.lines[0].taxes) == 0


@pytest.mark.parametrize(
    ("line", "gross"),
    [
        ({"price": "3.335", "quantity": 3}, D("10.005")),
        ({"price": "3.33"}, None),
        ({"price": "?", "quantity": 1}, None),
    ],
)
def test_what_a_line_costs_before_its_discount(line, gross):
    assert read(line_items=[line]).lines[0].gross == gross
