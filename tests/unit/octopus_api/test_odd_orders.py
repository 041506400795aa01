"""Orders that are odd: fields that cannot be read, lists for objects, and what is no order."""

from decimal import Decimal

import pytest

from octopus_api import InvalidOrder, Order, dumps


def order(**values):
    return Order.from_json({"id": 1, **values})


# === ONE FIELD THAT CANNOT BE READ === #


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"line_items": "none"}, "line_items"),
        ({"line_items": [{}, 5]}, "line_items[1]"),
        ({"line_items": [{}] * 1001}, "line_items"),
        ({"line_items": [{"quantity": "two"}]}, "line_items[0].quantity"),
        ({"line_items": [{"quantity": True}]}, "line_items[0].quantity"),
        ({"line_items": [{"quantity": -1}]}, "line_items[0].quantity"),
        ({"line_items": [{"quantity": 10**12}]}, "line_items[0].quantity"),
        ({"line_items": [{"price": "NaN"}]}, "line_items[0].price"),
        ({"line_items": [{"tax_lines": [{"price": "x"}]}]}, "line_items[0].tax_lines[0].price"),
        ({"total_price": float("inf")}, "total_price"),
        ({"total_price": "1e999999"}, "total_price"),
        ({"total_price": "a lot"}, "total_price"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"cancelled_at": True}, "cancelled_at"),
        ({"note": {"a": 1}}, "note"),
        ({"tags": [[1]]}, "tags"),
        ({"test": "perhaps"}, "test"),
        ({"customer": 5}, "customer"),
        ({"customer": {"email": []}}, "customer.email"),
        ({"customer": {"first_name": {}, "last_name": "Lee"}}, "customer.name"),
        ({"billing_address": {"city": ["x"]}}, "billing_address.city"),
        ({"fulfillments": 5}, "fulfillments"),
        ({"refunds": [{"refund_line_items": 1}]}, "refunds[0].refund_line_items"),
        (
            {"refunds": [{"refund_line_items": [{"quantity": "x"}]}]},
            "refunds[0].refund_line_items[0].quantity",
        ),
        ({"location_id": "9" * 201}, "location_id"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_and_hides_nothing(fields, place):
    found = order(source="Etsy", **fields)
    assert [where for where, _reason in found.unread] == [place]
    assert all(reason for _where, reason in found.unread)
    assert (found.ref, found.source) == ("1", "ETSY")


@pytest.mark.parametrize(
    ("attribute", "unread", "is_it"),
    [
        ("total_price", {"total_price": "x"}, True),
        ("total_shipping", {"shipping_lines": [{"price": "x"}]}, True),
        ("total_tip", {"total_tip_received": "x"}, True),
        ("customer", {"customer": {"email": []}}, True),
        ("total_price", {"total_tax": "x"}, False),
    ],
)
def test_an_attribute_is_unread_when_something_in_it_is(attribute, unread, is_it):
    assert (attribute in order(**unread).unread_attributes) is is_it


def test_numbers_that_cannot_be_read_are_not_taken_for_nothing():
    (line,) = order(
        line_items=[
            {
                "quantity": "two",
                "price": "1,999",
                "total_discount": "x",
                "tax_lines": [{"price": "y"}],
            }
        ]
    ).lines
    assert (line.quantity, line.price, line.total_discount, line.tax) == (None,) * 4
    assert order(shipping_lines=[{"price": "1"}, {"price": "x"}]).total_shipping is None


def test_a_line_of_fewer_than_none_keeps_its_number():
    (line,) = order(line_items=[{"quantity": -1, "price": "5"}]).lines
    assert (line.quantity, line.price) == (-1, 5)


@pytest.mark.parametrize(
    ("lines", "quantities"),
    [
        ("none", [None]),
        ([{}, 5], [1, None]),
        ([{}] * 1500, [1] * 1000 + [None]),
    ],
)
def test_lines_that_cannot_be_read_are_not_taken_for_none(lines, quantities):
    found = order(line_items=lines).lines
    assert [line.quantity for line in found] == quantities


def test_what_is_left_of_a_list_is_not_its_sum():
    assert order(shipping_lines=[{"price": "4"}, 5]).total_shipping is None
    assert order(line_items=[{"tax_lines": [{"price": "4"}, 5]}]).lines[0].tax is None
    assert order(refunds=[5, {"id": 1}], fulfillments=[5]).refunds[0].ref == "1"


def test_what_an_update_leaves_out_stays_unread():
    before = [["total_price", "is not a number"], ["note", "is not a text"]]
    update = order(note="now", total_tax="x")
    assert update.unread_with(before) == [before[0], ["total_tax", "is not a number"]]


@pytest.mark.parametrize(
    ("stated", "is_cancelled"),
    [("2026-11-20", True), ("10/05/2026", True), ("", False), (None, False), ("never", False)],
)
def test_an_order_is_cancelled_even_on_an_unclear_day(stated, is_cancelled):
    assert order(cancelled_at=stated).is_cancelled is is_cancelled


# === LISTS AND OBJECTS FOR EACH OTHER === #


@pytest.mark.parametrize(
    ("values", "attribute", "expected"),
    [
        ({"customer": "Ada Lovelace"}, "customer.name", "Ada Lovelace"),
        ({"customer": [{"first_name": "Ada"}]}, "customer.name", "Ada"),
        ({"customer": []}, "customer.name", ""),
        ({"shipping_address": "80 Citizen Court"}, "shipping_address.street", "80 Citizen Court"),
        ({"fulfillments": {"location_id": 7}}, "location_ref", "7"),
        ({"fulfillments": {"0": {"location_id": 0}, "1": {"location_id": 8}}}, "location_ref", "8"),
        ({"shipping_lines": {"title": "Post", "price": "4"}}, "total_shipping", 4),
        ({"shipping_lines": "Pickup"}, "shipping_lines.0.title", "Pickup"),
        ({"line_items": {"sku": "A"}}, "lines.0.sku", "A"),
        ({"line_items": {}}, "lines", ()),
        ({"line_items": [{"tax_lines": {"price": "0,50"}}]}, "lines.0.tax", Decimal("0.50")),
        ({"refunds": {"id": 5}}, "refunds.0.ref", "5"),
        ({"note": ["Ring", "twice"]}, "note", "Ring, twice"),
        ({"total_price": {"shop_money": {"amount": "5.0"}}}, "total_price", 5),
        ({"total_price": {"amount": "5.0", "currency_code": "EUR"}}, "total_price", 5),
        ({"taxes_included": "Y"}, "taxes_included", True),
        ({"taxes_included": "N"}, "taxes_included", False),
    ],
)
def test_what_is_meant_is_read(values, attribute, expected):
    found = order(**values)
    assert found.unread == ()
    for step in attribute.split("."):
        found = found[int(step)] if step.isdigit() else getattr(found, step)
    assert found == expected


# === WHAT IS NO ORDER === #


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (None, "order"),
        ("order", "order"),
        ([], "order"),
        ([{"id": 1}, {"id": 2}], "order"),
        ({"order": None}, "order"),
        ({}, "id"),
        ({"id": None}, "id"),
        ({"id": "  "}, "id"),
        ({"id": 0}, "id"),
        ({"id": True}, "id"),
        ({"id": {"x": 1}}, "id"),
        ({"id": "9" * 201}, "id"),
        ({"id": "."}, "id"),
        ({"id": " .. "}, "id"),
    ],
)
def test_only_what_has_no_id_is_no_order(payload, field):
    for read in (Order.from_json, Order.ref_of):
        with pytest.raises(InvalidOrder) as caught:
            read(payload)
        assert caught.value.field == field
        assert str(caught.value) == f"{field} {caught.value.message}"
        assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("ref", [Decimal("123.0"), 123.0, "123.00"])
def test_an_id_may_be_written_as_a_fraction(ref):
    assert Order.from_json({"id": ref}).ref == Order.ref_of({"id": ref}) == "123"


@pytest.mark.parametrize("wrap", ["order", "orders"])
def test_a_body_may_hold_several_orders(wrap):
    body = {wrap: [{"id": 1}, "x", {"id": 2}]}
    assert Order.payloads(body) == [{"id": 1}, {"id": 2}]
    assert Order.payloads(body[wrap]) == [{"id": 1}, {"id": 2}]
    assert Order.payloads({wrap: {"id": 3}}) == [{"id": 3}]


def test_a_body_holds_no_more_orders_than_a_page():
    assert len(Order.payloads([{"id": 1}] * 250)) == 250
    with pytest.raises(InvalidOrder, match="more than 250"):
        Order.payloads([{"id": 1}] * 251)


def test_an_order_nested_without_end_is_an_order():
    note = []
    for _ in range(500):
        note = [note]
    found = order(extra=note)
    assert found.unread == ()
    assert len(dumps(found.raw)) < 300


def test_the_id_alone_can_be_read_from_what_is_no_order():
    assert Order.ref_of({"order": {"id": 5997, "line_items": "none"}}) == "5997"
    assert Order.ref_of([{"id": " ord_1010\x00 "}]) == "ord_1010"


def test_a_long_order_is_an_order():
    assert len(order(line_items=[{}] * 1000).lines) == 1000
