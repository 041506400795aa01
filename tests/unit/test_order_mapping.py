"""The values of online orders: amounts, addresses, pickup, lines, refunds, and updates."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from order_mapping import (
    MAX_OPTION_LINES,
    MAX_OPTIONS_TEXT,
    amounts,
    changeable_values,
    line_values,
    options_text,
    rounded,
    variant_name,
    with_variant,
)
from order_updates import KNOWN_FIELDS, stated_values

from octopus_api import Order, dumps, loads

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "address1": "12 St James's Square",
    "city": "London",
    "zip": "SW1Y 4JH",
    "country": "United Kingdom",
}
POST = {"shipping_lines": [{"title": "Post", "price": "4.99"}]}
PICKUP = {"shipping_lines": [{"title": "Store Pickup", "price": "0"}]}


def order(price="10.00", quantity=1, **values):
    """Return an order of one line."""
    line = {"id": 11, "sku": "CHAIR", "quantity": quantity, "price": price}
    return Order.from_json({"id": 1, "line_items": [line], **values})


def update(**values):
    """Return an update that states nothing else than these values."""
    return Order.from_json({"id": 1, **values})


def known(remote, digits=2):
    """Return what Odoo has of an order, as `changeable_values` takes it."""
    values = changeable_values(remote, digits)
    return {name: values[name] for name in KNOWN_FIELDS}


# === AMOUNTS === #


def test_the_total_is_explained_to_the_cent():
    remote = order(
        quantity=3,
        total_discounts="2.50",
        total_tax="4.13",
        total_tip_received="1.00",
        total_price="37.62",
        **POST,
    )
    assert amounts(remote, 2) == {
        "check_total": Decimal("37.62"),
        "amount_subtotal": 30,
        "amount_discount": Decimal("2.50"),
        "amount_shipping": Decimal("4.99"),
        "amount_tax": Decimal("4.13"),
        "amount_tip": 1,
        "amount_difference": 0,
        "unknown_amounts": None,
        "taxes_included": False,
        "is_tax_paid_by_channel": False,
    }


@pytest.mark.parametrize(
    ("price", "shipping", "total", "difference"),
    [
        ("0.1250", None, "0.13", "0"),
        ("10.005", "1.005", "11.01", "-0.01"),
        ("10.004", "1.005", "11.009", "0"),
        ("0.1250", None, None, "0"),
    ],
)
def test_the_shown_amounts_add_up_below_a_cent(price, shipping, total, difference):
    lines = [{"title": "Post", "price": shipping}] if shipping else []
    values = amounts(order(price, total_price=total, shipping_lines=lines), 2)
    assert values["amount_difference"] == Decimal(difference)
    shown = values["amount_subtotal"] + values["amount_shipping"] + values["amount_difference"]
    assert shown == values["check_total"]


def test_a_total_that_does_not_add_up_is_kept():
    values = amounts(order(quantity=3, total_price="31.07"), 2)
    assert (values["check_total"], values["amount_difference"]) == (
        Decimal("31.07"),
        Decimal("1.07"),
    )


@pytest.mark.parametrize(
    ("pays_tax", "total", "included", "expected"),
    [
        # pays_tax: True: the channel pays the tax; False: a user says no; None: nobody knows
        (True, "30", None, "paid"),
        (True, "30", False, "paid"),
        (True, "33", False, "on top"),  # a seller in the EU owes the tax himself
        (True, "30", True, "included"),
        (True, "33.02", False, "on top"),  # two roundings
        (True, "30.02", False, "paid"),
        (None, "33", None, "on top"),
        (None, "33", False, "on top"),
        (None, "30", True, "included"),
        (None, "30", None, "included"),
        (None, "30", False, "paid"),
        (False, "33", False, "on top"),
        (False, "30", None, "included"),
        (False, "30", False, "included"),
        (False, None, False, "on top"),
        (True, None, False, "paid"),
        (None, None, True, "included"),
    ],
)
def test_the_total_says_where_the_tax_is(pays_tax, total, included, expected):
    remote = order(quantity=3, total_tax="3.00", total_price=total, taxes_included=included)
    values = amounts(remote, 2, pays_tax=pays_tax)
    assert abs(values["amount_difference"]) <= Decimal("0.02")
    assert values["amount_tax"] == 3
    assert values["is_tax_paid_by_channel"] is (expected == "paid")
    assert values["taxes_included"] is (expected == "included")


@pytest.mark.parametrize(("pays_tax", "difference"), [(True, 1), (False, -2), (None, -2)])
def test_a_total_that_does_not_add_up_either_way_is_named(pays_tax, difference):
    values = amounts(order(total_tax="3.00", total_price="11"), 2, pays_tax=pays_tax)
    assert values["amount_difference"] == difference
    assert values["is_tax_paid_by_channel"] is (pays_tax is True)


def test_an_update_without_the_whole_sum_says_nothing_about_the_tax():
    before = known(order(total_tax="3.00", total_price="13"))
    remote = update(source="X", total_price="0")
    assert not amounts(remote, 2, before)["taxes_included"]
    assert "taxes_included" not in stated_values(changeable_values(remote, 2, before), remote)


@pytest.mark.parametrize(
    ("changes", "unknown"),
    [
        ({"total_price": "1,999"}, "check_total amount_difference"),
        ({"total_tax": "x"}, "amount_tax amount_difference"),
        ({"total_tax": "x", "taxes_included": True}, "amount_tax"),
        ({"total_tax": "x", "total_price": None}, "check_total amount_tax amount_difference"),
        ({"total_tax": "1", "taxes_included": "perhaps", "total_price": "20"}, "amount_difference"),
        ({"total_tax": "1", "taxes_included": "perhaps"}, ""),  # the total says that they are
        ({"taxes_included": "perhaps"}, ""),
        ({"shipping_lines": [{"price": "x"}]}, "amount_shipping amount_difference"),
        ({"shipping_lines": 5}, "amount_shipping amount_difference"),
        ({"total_tip_received": "x"}, "amount_tip amount_difference"),
        ({"total_discounts": "x"}, "amount_discount amount_difference"),
        ({"price": "x"}, "amount_subtotal amount_difference"),
        ({"quantity": "x"}, "amount_subtotal amount_difference"),
        ({"quantity": "x", "total_price": None}, "check_total amount_subtotal amount_difference"),
    ],
)
def test_what_cannot_be_read_makes_its_sums_unknown_and_no_others(changes, unknown):
    remote = order(**{"total_price": "10", **changes})
    values = amounts(remote, 2)
    assert (values.pop("unknown_amounts") or "") == unknown
    assert {name for name, value in values.items() if value is None} == set(unknown.split())


def test_an_amount_stays_unknown_until_it_is_read():
    before = known(order(total_tax="x", total_price="10", note=["x", {}]))
    assert (before["unknown_amounts"], len(before["unread"])) == ("amount_tax amount_difference", 2)
    again = changeable_values(order(source="X", total_price="10", note="y"), 2, before)
    assert again["amount_tax"] is None
    assert again["unread"] == [["total_tax", "is not a number"]]
    read = changeable_values(order(source="X", total_price="10", total_tax="0"), 2, before)
    assert (read["amount_tax"], read["unknown_amounts"]) == (0, None)


def test_what_cannot_be_read_is_no_reason_to_forget_what_is_known():
    remote = order(source="X", note={"a": 1}, shipping_address=5, total_price="x")
    values = stated_values(changeable_values(remote, 2, known(order())), remote)
    assert not {"note", "shipping_address"} & set(values)
    assert values["check_total"] is None


def test_a_line_that_does_not_say_how_many_takes_nothing():
    values = line_values(order(quantity="two").lines[0], 3, 2, 2)
    assert (values["quantity"], values["is_quantity_unknown"]) == (0, True)
    assert (values["price_unit"], values["subtotal"]) == (10, None)


def test_a_line_of_fewer_than_none_explains_its_total():
    remote = order(quantity=-1, total_price="-10")
    assert amounts(remote, 2)["amount_difference"] == 0
    assert line_values(remote.lines[0], 3, 2, 2)["subtotal"] == -10


def test_money_is_not_bent_by_floats():
    payload = {"id": 1, "total_price": Decimal("0.30")}
    payload["line_items"] = [{"quantity": 3, "price": Decimal("0.1")}]
    assert amounts(Order.from_json(loads(dumps(payload))), 2)["amount_difference"] == 0


def test_discounts_and_taxes_of_the_lines_count_when_the_order_states_none():
    line = {"quantity": 1, "price": "10", "total_discount": "1", "tax_lines": [{"price": "0.9"}]}
    values = amounts(Order.from_json({"id": 1, "line_items": [line]}), 2)
    assert (values["amount_discount"], values["amount_tax"]) == (1, Decimal("0.90"))
    assert values["check_total"] == Decimal("9.90")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("shipping_lines", "amount_shipping"),
        ("total_discounts", "amount_discount"),
        ("total_tax", "amount_tax"),
        ("total_tip_received", "amount_tip"),
        ("taxes_included", "taxes_included"),
    ],
)
def test_amounts_that_an_update_leaves_out_stay(key, name):
    stated = {
        **POST,
        "total_discounts": "2.50",
        "total_tax": "4.13",
        "total_tip_received": "1.00",
        "taxes_included": True,
    }
    whole = order(quantity=3, total_price="33.49", **stated)
    before = amounts(whole, 2)
    assert before["amount_difference"] == 0
    partial = order(
        quantity=3,
        total_price="33.49",
        **{other: value for other, value in stated.items() if other != key},
    )
    # Odoo returns amounts as floats.
    of_odoo = known(whole) | {name: float(before[name])}
    assert amounts(partial, 2, of_odoo) == before
    emptied = order(quantity=3, total_price="33.49", **dict.fromkeys(stated))
    after = amounts(emptied, 2, of_odoo)
    assert not after[name]
    assert after["amount_difference"] == Decimal("3.49")


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 5))
def test_rounded_is_half_up_for_both_signs(number, digits):
    step = Decimal(1).scaleb(-digits)
    result = rounded(number, digits)
    assert abs(result - number) <= step / 2
    assert abs(result) >= abs(number) or abs(result - number) < step / 2


# === THE WAY TO THE CUSTOMER === #

E_BOOK = {"line_items": [{"id": 1, "requires_shipping": False, "price": "10"}]}
E_BOOK_AND_CHAIR = {"line_items": [*E_BOOK["line_items"], {"id": 2, "sku": "CHAIR"}]}
AT_POS = {"source_name": "pos"}


@pytest.mark.parametrize(
    ("values", "fulfillment"),
    [
        ({}, "pickup"),
        ({"shipping_address": ADDRESS}, "delivery"),
        ({"shipping_address": ADDRESS, **POST}, "delivery"),
        ({"shipping_address": ADDRESS, **PICKUP}, "pickup"),
        (
            {"shipping_address": ADDRESS, "shipping_lines": [{"code": "to COLLECT"}]},
            "pickup",
        ),
        ({"shipping_address": ADDRESS, "shipping_lines": [{"title": {"a": 1}}, {}]}, "delivery"),
        (E_BOOK, "digital"),
        (E_BOOK_AND_CHAIR, "pickup"),
        (E_BOOK | PICKUP, "pickup"),
        # The reference's sample says of a helmet that it requires no shipping.
        (E_BOOK | {"shipping_address": ADDRESS}, "delivery"),
        ({"line_items": []}, "pickup"),
        ({"line_items": [{"id": 1, "requires_shipping": "?"}]}, "pickup"),
        (AT_POS, "in_store"),
        (AT_POS | E_BOOK, "in_store"),
        ({"source": "SHOPIFY POS"}, "in_store"),
        ({"source": "COMPOSER", "source_name": "composer"}, "pickup"),
        (AT_POS | {"shipping_address": ADDRESS}, "delivery"),
        (AT_POS | PICKUP, "pickup"),
    ],
)
def test_how_the_goods_reach_the_customer(values, fulfillment):
    assert changeable_values(order(**values), 2)["fulfillment"] == fulfillment


def test_every_pickup_has_a_code_and_keeps_it():
    new = changeable_values(order(**PICKUP), 2)
    assert re.fullmatch(r"[A-Z0-9]{6}", new["pickup_code"])
    assert not changeable_values(order(shipping_address=ADDRESS), 2)["pickup_code"]
    known = {name: new.get(name) for name in KNOWN_FIELDS}
    again = changeable_values(order(**PICKUP), 2, known)
    assert again["pickup_code"] == new["pickup_code"]
    named = order(**PICKUP, note_attributes=[{"name": "Pickup Code", "value": "CC1"}])
    assert changeable_values(named, 2, known)["pickup_code"] == "CC1"


@pytest.mark.parametrize(
    ("first", "then", "fulfillment"),
    [
        (PICKUP | {"shipping_address": ADDRESS}, {"shipping_address": ADDRESS}, "pickup"),
        (PICKUP | {"shipping_address": ADDRESS}, POST, "delivery"),
        (PICKUP | {"shipping_address": ADDRESS}, {"shipping_address": None}, "pickup"),
        (POST | {"shipping_address": ADDRESS}, {"shipping_address": ADDRESS}, "delivery"),
        (POST | {"shipping_address": ADDRESS}, PICKUP, "pickup"),
        (POST | {"shipping_address": ADDRESS}, {"shipping_address": None}, "pickup"),
        (POST, {"shipping_address": ADDRESS}, "delivery"),
        (PICKUP, {"shipping_address": ADDRESS}, "pickup"),
        (PICKUP, POST | {"shipping_address": ADDRESS}, "delivery"),
        ({}, POST, "pickup"),
        (AT_POS, {"shipping_lines": []}, "in_store"),
        (AT_POS, {"shipping_address": ADDRESS}, "delivery"),
        (E_BOOK, {"shipping_lines": []}, "digital"),
        (E_BOOK, E_BOOK_AND_CHAIR, "pickup"),
        (E_BOOK, POST, "pickup"),
        ({}, E_BOOK, "pickup"),
        ({"shipping_lines": []} | E_BOOK, E_BOOK | {"shipping_lines": []}, "digital"),
    ],
)
def test_an_update_of_address_or_way_of_delivery_is_completed(first, then, fulfillment):
    remote = update(**then)
    values = changeable_values(remote, 2, known(order(**first)))
    assert stated_values(values, remote)["fulfillment"] == fulfillment


# === UPDATES === #


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ({"note": None}, {"note"}),
        ({"financial_status": "voided"}, {"financial_status"}),
        ({"payment_gateway_names": ["visa"]}, {"payment_method"}),
        ({"customer": {}}, {"customer_name", "customer_ref", "email", "phone"}),
        ({"shipping_address": None}, {"shipping_address", "fulfillment", "pickup_code"}),
        ({"shipping_lines": []}, {"is_pickup_chosen", "fulfillment", "pickup_code"}),
        ({"source": "EBAY"}, set()),
        ({"line_items": []}, {"customer_address", "fulfillment", "pickup_code"}),
        ({"note_attributes": []}, {"pickup_due_at", "pickup_code"}),
        ({"taxes_included": True}, {"taxes_included"}),
        ({"total_price": 5}, set()),
    ],
)
def test_an_update_changes_what_it_states(stated, names):
    remote = update(**stated)
    values = changeable_values(remote, 2, known(order()))
    assert set(stated_values(values, remote)) == names | {"unread"}


def test_a_whole_update_changes_the_amounts():
    remote = order(source="SHOPIFY", total_price="10")
    values = changeable_values(remote, 2, known(order()))
    assert set(amounts(remote, 2)) <= set(stated_values(values, remote))


# === LINES === #


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ([{"name": "Engraving", "value": "For <b>Ada</b>"}], "Engraving: For <b>Ada</b>"),
        ([{"name": "Gift", "value": True}, {"name": " Size ", "value": 4}], "Gift: True\nSize: 4"),
        ([{"name": "", "value": "red"}, {"name": "Note", "value": None}, {}], "red\nNote"),
        (["in a box", None, ["x"], {"name": {"a": 1}, "value": [2]}], "in a box"),
        ([{"name": "Price", "value": Decimal("1.50")}], "Price: 1.50"),
        ([], ""),
        (None, ""),
    ],
)
def test_what_the_customer_chose_is_readable(properties, text):
    (line,) = order(line_items=[{"properties": properties}]).lines
    assert options_text(line.options) == text


def test_a_customer_who_writes_a_novel_is_cut_short():
    assert len(options_text((("Chapter", "x" * 9_999),))) == MAX_OPTIONS_TEXT
    many = tuple((str(number), "x") for number in range(5_000))
    assert len(options_text(many).splitlines()) == MAX_OPTION_LINES


def test_the_values_of_a_line():
    line = {
        "id": 7,
        "variant_id": 901,
        "sku": "CHAIR",
        "barcode": "4006",
        "quantity": "2.0004",
        "price": "3.333",
        "total_discount": "1",
        "tax_lines": [{"price": "0.455"}],
    }
    (line,) = order(line_items=[line]).lines
    assert line_values(line, units=2, prices=2, digits=2) == {
        "octopus_ref": "7",
        "octopus_variant_ref": "901",
        "sku": "CHAIR",
        "barcode": "4006",
        "name": "CHAIR",
        "variant_name": False,
        "properties": False,
        "is_quantity_unknown": False,
        "quantity": 2,
        "price_unit": Decimal("3.33"),
        "discount": 1,
        "tax": Decimal("0.46"),
        "subtotal": Decimal("5.67"),
    }


@pytest.mark.parametrize(
    ("line", "variant"),
    [
        ({"title": "Shirt", "variant_title": "Red / L"}, "Red / L"),
        ({"title": "Shirt", "variant_title": "Red / L", "name": "Shirt - Red / L"}, "Red / L"),
        ({"title": "Shirt", "name": "Shirt - Red / L"}, "Red / L"),
        ({"title": "Shirt", "name": "Shirt (Red, L)"}, "Red, L"),
        ({"title": "Shirt", "variant_title": 42}, "42"),
        ({"title": "Lamp", "variant_title": "L"}, "L"),
        # none
        ({"title": "Shirt"}, ""),
        ({"title": "Shirt", "variant_title": None, "name": "Shirt"}, ""),
        ({"title": "Shirt", "variant_title": "Default Title"}, ""),
        ({"title": "Shirt", "name": "Shirt - Default Title"}, ""),
        ({"title": "Shirt", "name": "Shirts of silk"}, ""),
        ({"title": "Shirt", "name": "Something else"}, ""),
        ({"title": "Shirt", "name": ["Shirt - Red"]}, ""),
        # the title says it already
        ({"title": "Shirt - Red / L", "variant_title": "Red / L"}, ""),
        ({"title": "SHIRT red, l", "variant_title": "Red / L"}, ""),
        ({"name": "Shirt - Red / L", "variant_title": "Red / L"}, ""),
        ({"sku": "RED-L", "variant_title": "Red L"}, ""),
    ],
)
def test_the_variant_of_a_line_is_said_once(line, variant):
    [read] = Order.from_json({"id": 1, "line_items": [line]}).lines
    assert variant_name(read) == variant


def test_an_odd_full_title_is_named_only_when_it_is_needed():
    lines = [{"title": "Shirt", "name": ["Shirt"]}, {"name": ["Shirt"]}]
    remote = Order.from_json({"id": 1, "line_items": lines})
    assert remote.unread == (("line_items[1].name", "is not a text"),)


def test_a_name_gets_its_variant_once():
    assert with_variant("Shirt", "Red / L") == "Shirt (Red / L)"
    assert with_variant("[S-1] Shirt (Red, L)", "Red / L") == "[S-1] Shirt (Red, L)"
    assert with_variant("Shirt", "") == "Shirt"
    assert with_variant("Shirt ★", "★") == "Shirt ★"
