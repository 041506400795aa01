"""Orders: every field from a full sample, and what may be missing. See also `test_odd_orders`."""

import sys
from datetime import datetime, timezone
from decimal import Decimal
from itertools import pairwise

import pytest

from octopus_api import (
    Order,
    OrderLine,
    Refund,
    RefundLine,
    ShippingLine,
    dumps,
    loads,
)

UTC = timezone.utc
FULL = """
{
  "id": 5997, "source": "Shopify", "order_number": 105, "number": 5, "name": "#105",
  "created_at": "2026-03-01T10:00:00-05:00", "updated_at": "2026-03-01T10:30:00-05:00",
  "octopus_created_at": "2026-03-01T15:00:05-00:00",
  "octopus_updated_at": "/Date(1772380800000)/",
  "cancelled_at": null, "closed_at": "", "cancel_reason": null,
  "currency": "usd", "total_price": "5997.0000", "subtotal_price": 5900.10, "total_tax": "96.90",
  "total_discounts": "0.00", "total_tip_received": "", "taxes_included": false,
  "financial_status": "Authorization", "fulfillment_status": null,
  "note": "Ring\\u0000 twice", "tags": "web, new", "gateway": "",
  "payment_gateway_names": ["stripe", "gift card"],
  "location_id": "", "fulfillments": [{"location_id": 0}, {"location_id": 905684977}],
  "email": "order@example.com", "phone": "",
  "customer": {"id": 207119551, "first_name": "Jane", "last_name": "Doe", "email": "j@example.com",
               "phone": null, "default_address": {"city": "Ottawa"}},
  "billing_address": {"name": "J. Doe", "phone": "555-1", "city": "Ottawa"},
  "shipping_address": [],
  "shipping_lines": [{"title": "Post", "price": "4.50"}, {"title": "Extra", "price": 1}],
  "line_items": [
    {"id": 1, "variant_id": 11, "product_id": 111, "sku": "A-1", "title": "Shoe", "quantity": "2",
     "price": 9.4900, "total_discount": "1.00", "tax_lines": [{"price": "0.50"}, {"price": 0.25}],
     "requires_shipping": true, "properties": [{"name": "gift", "value": "yes"}]},
    {"id": "li_2", "variant_id": null, "sku": 4711, "name": "Service", "quantity": 0.5,
     "requires_shipping": false}
  ],
  "refunds": [{"id": 9, "restock": true, "refund_line_items": [
    {"line_item_id": 1, "quantity": 1, "restock_type": "Return"}]}],
  "test": true, "unknown_field": {"a": 1}
}
"""


def order(**values):
    return Order.from_json({"id": 1, **values})


@pytest.fixture
def full():
    return Order.from_json(loads(FULL))


# === A FULL ORDER === #


def test_numbers_of_the_order(full):
    assert (full.ref, full.source, full.number) == ("5997", "SHOPIFY", "#105")


def test_times_are_utc(full):
    assert full.created_at == datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
    assert full.octopus_created_at == datetime(2026, 3, 1, 15, 0, 5, tzinfo=UTC)
    assert full.updated_at == datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    assert full.cancelled_at is None
    assert full.closed_at is None


def test_amounts_keep_their_digits(full):
    assert str(full.total_price) == "5997.0000"
    assert str(full.subtotal_price) == "5900.10"
    assert full.total_tax == Decimal("96.90")
    assert full.total_discounts == 0
    assert full.total_shipping == Decimal("5.50")
    assert full.total_tip is None
    assert full.currency == "USD"
    assert full.taxes_included is False


def test_states_and_texts(full):
    assert full.financial_status == "authorized"
    assert full.fulfillment_status == ""
    assert full.cancel_reason == ""
    assert full.note == "Ring twice"
    assert full.tags == "web, new"
    assert full.gateway == "stripe, gift card"
    assert full.test is True


def test_location_comes_from_the_first_fulfillment_that_knows_it(full):
    assert full.location_ref == "905684977"


def test_customer_is_filled_up_from_the_order(full):
    customer = full.customer
    assert (customer.ref, customer.name) == ("207119551", "Jane Doe")
    assert (customer.email, customer.phone) == ("j@example.com", "555-1")
    assert customer.default_address.city == "Ottawa"
    assert full.billing_address.name == "J. Doe"
    assert full.billing_address.city == "Ottawa"
    assert full.shipping_address is None


def test_lines(full):
    assert full.lines == (
        OrderLine(
            ref="1",
            variant_ref="11",
            sku="A-1",
            barcode="",
            title="Shoe",
            quantity=Decimal(2),
            price=Decimal("9.4900"),
            total_discount=Decimal("1.00"),
            tax=Decimal("0.75"),
            requires_shipping=True,
            options=(("gift", "yes"),),
        ),
        OrderLine(
            ref="li_2",
            variant_ref=None,
            sku="4711",
            barcode="",
            title="Service",
            full_title="Service",
            quantity=Decimal("0.5"),
            price=Decimal(0),
            total_discount=Decimal(0),
            tax=Decimal(0),
            requires_shipping=False,
        ),
    )
    assert full.shipping_lines[0] == ShippingLine(title="Post", code="", price=Decimal("4.50"))


def test_refunds(full):
    assert full.refunds == (Refund("9", True, lines=(RefundLine("1", Decimal(1), "return"),)),)


def test_raw_is_the_payload_fit_for_a_database(full):
    raw = loads(dumps(full.raw))
    assert raw["unknown_field"] == {"a": 1}
    assert raw["note"] == "Ring twice"
    assert str(raw["line_items"][0]["price"]) == "9.4900"


def test_an_order_cannot_be_changed(full):
    with pytest.raises(AttributeError):
        full.ref = "2"


def test_who_follows_the_reading_of_an_order_changes_file_twice():
    """From the declarations to the reading and back, not to and fro for each field."""
    data, files = loads(FULL), []

    def note_first_call(frame, event, _argument):
        file = frame.f_code.co_filename
        if event == "call" and "octopus_api" in file and frame.f_code not in seen:
            seen.add(frame.f_code)
            files.append(file)

    Order.from_json({"id": 1})
    seen = set()
    sys.setprofile(note_first_call)
    try:
        Order.from_json(data)
    finally:
        sys.setprofile(None)
    assert sum(file != after for file, after in pairwise(files)) <= 4


def test_a_sound_order_has_nothing_unread(full):
    assert full.unread == ()


# === WHAT MAY BE MISSING === #


def test_only_the_id_is_required():
    bare = Order.from_json({"id": "ord_1010"})
    assert bare.ref == "ord_1010"
    assert bare.lines == bare.refunds == bare.shipping_lines == ()
    assert bare.total_price is bare.total_shipping is bare.created_at is bare.location_ref is None
    assert bare.source == bare.number == bare.currency == bare.customer.name == ""
    assert bare.taxes_included is None
    assert bare.test is False
    assert bare.customer.ref is bare.billing_address is None


@pytest.mark.parametrize("nothing", [None, ""])
def test_null_and_blank_are_nothing(nothing):
    fields = list(loads(FULL))
    blank = Order.from_json(dict.fromkeys(fields, nothing) | {"id": 1})
    assert blank == Order.from_json({"id": 1})


def test_a_line_that_says_nothing_is_one_piece_of_something():
    (line,) = order(line_items=[{}]).lines
    assert line.quantity == 1
    assert line.price == line.total_discount == line.tax == 0
    assert line.ref is line.variant_ref is None
    assert line.requires_shipping is True


@pytest.mark.parametrize(
    "payload", [{"id": 7}, {"order": {"id": 7}}, {"order": [{"id": 7}]}, [{"id": 7}]]
)
def test_the_order_may_be_wrapped(payload):
    assert Order.from_json(payload).ref == "7"


def test_an_order_may_have_a_field_of_that_name():
    assert order(order={"id": 2}).ref == "1"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("AUTHORIZED", "authorized"),
        ("authorization", "authorized"),
        ("Refund", "refunded"),
        ("refunded", "refunded"),
        ("Partially_Refunded", "partially_refunded"),
        ("void", "void"),
        ("Voided", "void"),
        ("capture", "capture"),
        ("something new", "something new"),
    ],
)
def test_financial_status_has_one_spelling(given, status):
    assert order(financial_status=given).financial_status == status


@pytest.mark.parametrize(
    ("values", "name", "phone"),
    [
        ({"customer": {"name": "ACME"}}, "ACME", ""),
        ({"customer": {"first_name": "Jane"}, "phone": "1"}, "Jane", "1"),
        ({"billing_address": {"first_name": "A", "last_name": "B", "phone": "2"}}, "A B", "2"),
        ({"shipping_address": {"name": "C D", "phone": "3"}}, "C D", "3"),
        ({"customer": {"default_address": {"name": "E", "phone": "4"}}}, "E", "4"),
    ],
)
def test_a_customer_is_known_by_what_there_is(values, name, phone):
    customer = order(**values).customer
    assert (customer.name, customer.phone) == (name, phone)


def test_updated_at_falls_back_to_the_channels():
    assert order(updated_at="2026-03-01").updated_at == datetime(2026, 3, 1, tzinfo=UTC)


def test_own_location_comes_first():
    found = order(location_id="loc_1", fulfillments=[{"location_id": 2}])
    assert found.location_ref == "loc_1"


def test_tags_may_be_a_list():
    assert order(tags=["a", "", "b"]).tags == "a, b"


def test_parts_of_an_address_that_are_no_texts_are_unknown():
    odd = {"address1": ["x"], "city": 5, "zip": {"a": 1}, "first_name": " Ada ", "province": None}
    address = order(shipping_address=odd).shipping_address
    assert (address.street, address.city, address.zip, address.state) == ("", "5", "", "")
    assert address.name == "Ada"


@pytest.mark.parametrize(
    ("properties", "options"),
    [
        (
            [{"name": "Gift", "value": True}, {"name": " Size ", "value": 4}],
            (("Gift", "True"), ("Size", "4")),
        ),
        ([{"name": "", "value": "red"}, {"value": None}, {}], (("", "red"), ("", ""), ("", ""))),
        (["in a box", None, ["x"]], (("", "in a box"), ("", ""), ("", ""))),
        ([{"name": {"a": 1}, "value": [2]}], (("", ""),)),
        ([{"name": "Price", "value": Decimal("1.50")}], (("Price", "1.50"),)),
        (None, ()),
        ({"a": "b", "c": 1}, (("a", "b"), ("c", "1"))),
        ({"name": "Gift", "value": "yes"}, (("Gift", "yes"),)),
        ("For Ada", (("", "For Ada"),)),
        (5, (("", "5"),)),
    ],
)
def test_options_of_a_line(properties, options):
    (line,) = order(line_items=[{"properties": properties}]).lines
    assert line.options == options


def test_an_update_states_what_it_holds_even_if_empty():
    update = order(note=None, line_items=[], total_tip_received="", payment_gateway_names=[])
    assert all(map(update.states, ("note", "lines", "total_tip", "gateway")))
    assert not any(map(update.states, ("tags", "shipping_lines", "total_shipping", "total_tax")))


@pytest.mark.parametrize(
    ("values", "is_pos_sale"),
    [
        ({"source": "Shopify", "source_name": "POS"}, True),
        ({"source": "SQUARE_POS"}, True),
        ({"source": "Shopify", "source_name": "web"}, False),
        ({"source": "POSTER SHOP", "source_name": 5}, False),
        ({}, False),
    ],
)
def test_sales_at_the_pos_of_a_channel(values, is_pos_sale):
    assert order(**values).is_pos_sale is is_pos_sale


def test_no_shipping_lines_is_not_free_shipping():
    assert order().total_shipping is None
    assert order(shipping_lines=[]).total_shipping == 0


def test_long_texts_are_cut():
    assert len(order(note="x" * 20_000).note) == 10_000


@pytest.mark.parametrize("place", ["customer", "billing_address"])
@pytest.mark.parametrize("keys", [("first_name", "last_name"), ("name",), ("email",), ("phone",)])
def test_the_name_of_a_customer_is_no_novel(place, keys):
    found = order(**{place: dict.fromkeys(keys, "x" * 20_000)}).customer
    assert max(len(found.name), len(found.email), len(found.phone)) <= 255
