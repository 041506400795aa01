"""Orders: placed in the sandbox, read, annotated and cancelled by the client."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from octopus_api import OctopusNotFound, OctopusValidationError, Order

CUSTOMER = {
    "first_name": "Jane",
    "last_name": "Doe",
    "email": "jane@example.com",
    "phone": "555-1",
}


@pytest.fixture
def place(sandbox, make_products):
    """Return a function that places an order for two pieces of A."""
    make_products("A")

    def place(**fields):
        lines = [{"sku": "A", "quantity": 2, "price": "9.49"}]
        return sandbox.place_order(lines, customer=CUSTOMER, **fields)

    return place


def test_an_order_is_understood(client, place):
    placed = place(source="Shopify", shipping="4.50", tax="1.25", tip="2", note="Ring twice")
    order = Order.from_json(client.get_order(placed["id"]))
    assert order.ref == str(placed["id"])
    assert (order.source, order.number) == ("SHOPIFY", placed["name"])
    assert (order.customer.name, order.customer.email) == ("Jane Doe", "jane@example.com")
    assert (order.financial_status, order.note, order.currency) == ("paid", "Ring twice", "USD")
    assert order.total_price == Decimal("18.98") + Decimal("4.50") + Decimal("1.25") + 2
    assert (order.total_shipping, order.total_tip) == (Decimal("4.50"), 2)
    assert order.cancelled_at is None
    assert order.location_ref is None
    age = datetime.now(timezone.utc) - order.updated_at
    assert timedelta(seconds=-2) < age < timedelta(minutes=5)
    (line,) = order.lines
    assert (line.sku, line.quantity, line.price) == ("A", 2, Decimal("9.49"))
    assert line.variant_ref == client.find_variant("A").ref


@pytest.mark.parametrize("source", ["AMAZON", "EBAY", "WALMART"])
def test_marketplaces_keep_the_tax(client, place, source):
    placed = place(source=source, tax="1.25")
    order = Order.from_json(client.get_order(placed["id"]))
    assert (order.total_price, order.total_tax) == (Decimal("18.98"), Decimal("1.25"))


def test_pages_of_orders(client, place, sandbox):
    placed = [place()["id"] for _ in range(5)]
    sandbox.forget_requests()
    assert [order["id"] for order in client.iter_orders(limit=2)] == placed
    assert sandbox.requests() == {"GET /orders.json": 3}

    first, link = client.get_orders_page(limit=2)
    second, link = client.get_orders_page(link)
    last, end = client.get_orders_page(link)
    assert [order["id"] for order in [*first, *second, *last]] == placed
    assert end is None


def test_orders_by_filter(client, place):
    paid, pending = place()["id"], place(financial_status="pending")["id"]
    assert [order["id"] for order in client.iter_orders(ids=[pending, paid])] == [paid, pending]
    assert [order["id"] for order in client.iter_orders(financial_status="pending")] == [pending]
    now = datetime.now(timezone.utc)
    assert len(list(client.iter_orders(updated_at_min=now - timedelta(minutes=5)))) == 2
    assert not list(client.iter_orders(updated_at_min=now + timedelta(minutes=5)))
    assert client.count_orders() == 2
    assert client.count_orders(financial_status="pending") == 1
    assert client.count_orders(created_at_max=now - timedelta(minutes=5)) == 0


def test_notes_and_tags(client, place):
    ref = str(place()["id"])
    client.update_order(ref, {"tags": "linga, packed", "note": "done"})
    order = Order.from_json(client.get_order(ref))
    assert (order.tags, order.note) == ("linga, packed", "done")


def test_a_cancelled_order_is_final(client, place):
    ref = str(place()["id"])
    cancelled = Order.from_json(client.cancel_order(ref))
    assert cancelled.cancelled_at is not None
    assert cancelled.cancel_reason == "other"
    for change in (
        lambda: client.cancel_order(ref),
        lambda: client.update_order(ref, {"note": ""}),
    ):
        with pytest.raises(OctopusValidationError) as caught:
            change()
        assert caught.value.code == "ORDER_NOT_EDITABLE"


def test_a_cancelled_order_has_its_reason(client, place):
    cancelled = Order.from_json(client.cancel_order(str(place()["id"]), reason="customer"))
    assert cancelled.cancel_reason == "customer"


def test_a_refund_tells_what_went_back(client, place, sandbox):
    placed = place()
    sandbox.refund_order(placed["id"], lines=[{"sku": "A", "quantity": 1}])
    order = Order.from_json(client.get_order(placed["id"]))
    (refund,) = order.refunds
    (line,) = refund.lines
    assert refund.restock is True
    assert (line.line_ref, line.quantity) == (order.lines[0].ref, 1)
    assert order.financial_status == "partially_refunded"


def test_payments(client, place):
    payments = client.get_transactions(place()["id"])
    assert payments
    assert all(isinstance(payment["amount"], str | Decimal) for payment in payments)


def test_an_order_that_does_not_exist(client):
    with pytest.raises(OctopusNotFound):
        client.get_order("999999999")
