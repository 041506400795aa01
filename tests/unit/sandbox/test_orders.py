"""Orders: placed on a channel, read and annotated over the API."""

import pytest

from .builders import add_products, product, variant

CUSTOMER = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com", "phone": "1"}
FIELDS = [
    "id", "source", "order_number", "number", "name", "created_at", "customer", "email", "phone",
    "billing_address", "shipping_address", "total_price", "subtotal_price", "total_tax",
    "taxes_included", "total_discounts", "total_tip_received", "currency", "financial_status",
    "fulfillment_status", "note", "tags", "gateway", "payment_gateway_names", "location_id",
    "fulfillments", "shipping_lines", "line_items", "refunds", "cancelled_at", "cancel_reason",
    "closed_at", "test", "octopus_created_at", "octopus_updated_at",
]  # fmt: skip


@pytest.fixture
def place(api, control):
    """A function that places orders for the SKUs A (9.49) and B (20)."""
    add_products(api, product("A"), product("B", variants=[variant("B", price=20)]))

    def place(*lines, **fields):
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in lines or [("A", 1)]]
        return control.ok("POST", "orders", {"lines": lines, "customer": CUSTOMER} | fields)

    return place


def test_an_order_has_every_documented_field(api, place):
    order = place(("A", 2), ("B", 1), source="bigcommerce", shipping="5", tax="3", discount="1")
    assert api.ok("GET", f"orders/{order['id']}.json") == {"order": order}
    assert set(FIELDS) <= set(order)
    assert order["source"] == "BIGCOMMERCE"
    assert order["name"] == f"#{order['order_number']}"
    assert order["customer"]["first_name"] == "Ann"
    assert order["total_price"] == "45.9800"
    line = order["line_items"][0]
    assert (line["sku"], line["quantity"], line["price"]) == ("A", 2, "9.4900")
    assert line["variant_id"]


def test_amazon_totals_leave_the_tax_out(place):
    order = place(("B", 1), source="AMAZON", tax="3")
    assert (order["total_price"], order["total_tax"]) == ("20.0000", "3.0000")


def test_an_order_of_a_profile_is_placed_when_it_is_told_to_be(place):
    order = place(("A", 1), ("B", 1), profile="SHOPIFY", created_at="2026-06-30T12:00:00+00:00")
    assert order["created_at"].startswith("2026-06-30")


def test_an_order_changes_no_stock(api, place, control):
    (item,) = api.ok("GET", "Variants.json?sku=A")["variants"]
    sent = {"location_id": 1001, "inventory_item_id": item["inventory_item_id"], "available": 5}
    api.ok("POST", "inventory_levels/set.json", sent)
    place(("A", 2))
    assert [x["available"] for x in control.ok("GET", "state")["levels"]] == [5]


def test_an_unknown_sku_needs_price_and_title(control):
    line = {"sku": "ghost", "quantity": 1}
    assert control.refused("POST", "orders", {"lines": [line]})["field"] == "lines.sku"
    order = control.ok("POST", "orders", {"lines": [line | {"price": "2", "title": "Ghost"}]})
    assert order["line_items"][0]["product_exists"] is False


def test_the_next_page_is_in_the_link_header(api, place):
    ids = [place()["id"] for _ in range(5)]
    answer = api.send("GET", "orders.json?limit=2&financial_status=PAID")
    seen = [o["id"] for o in answer.json()["orders"]]
    while "Link" in answer.headers:
        url = answer.links["next"]["url"]
        assert "financial_status=PAID" in url
        answer = api.client.get(url)
        seen += [o["id"] for o in answer.json()["orders"]]
    assert seen == ids


def test_page_is_an_error(api):
    assert api.refused("GET", "orders.json?page=1", status=400)["field"] == "page"


def test_filters(api, place):
    paid, pending = place(location_id=1001), place(financial_status="pending")

    def found(query):
        return [o["id"] for o in api.ok("GET", f"orders.json?{query}")["orders"]]

    assert found("financial_status=PENDING") == [pending["id"]]
    assert found("location_id=1001") == [paid["id"]]
    assert found(f"ids={paid['id']},5") == [paid["id"]]
    assert found(f"since_id={paid['id']}") == [pending["id"]]
    assert api.ok("GET", "orders/count.json?financial_status=paid") == {"count": 1}


def test_dates_are_those_of_octopus_and_inclusive(api, place):
    order = place(created_at="2001-01-01T10:00:00+00:00")
    assert order["created_at"] == "2001-01-01T10:00:00-00:00"
    stamp = order["octopus_updated_at"][:19]
    assert order["octopus_created_at"] == order["octopus_updated_at"] == f"{stamp}-00:00"
    assert stamp > "2026"

    def count(query):
        return api.ok("GET", f"orders/count.json?{query}")["count"]

    assert count(f"updated_at_min={stamp}&updated_at_max={stamp}") == 1
    assert count(f"created_at_min={stamp}&created_at_max={stamp}") == 1
    assert count("created_at_min=2002-01-01T00:00:00") == 1
    assert count("created_at_max=2002-01-01T00:00:00") == 0
    assert count("updated_at_min=2100-01-01T00:00:00") == 0
    for moment in ("2002-01-01T00:00:00Z", "2002-99-01T00:00:00", "2002-01-01"):
        wrong = api.refused("GET", f"orders.json?updated_at_min={moment}")
        assert wrong["field"] == "updated_at_min"


@pytest.mark.parametrize("wrap", [lambda change: change, lambda change: {"order": change}])
def test_annotations(api, place, wrap):
    path = f"orders/{place(note='old', tags='a,b')['id']}.json"
    order = api.ok("PUT", path, wrap({"tags": "c", "email_notif": True}))["order"]
    assert (order["note"], order["tags"]) == ("old", "c")
    assert "email_notif" not in order
    api.refused("PUT", path, wrap({"line_items": []}))
    api.refused("PUT", path, wrap({}))


def test_a_cancelled_order_is_closed_to_changes(api, place):
    path = f"orders/{place()['id']}"
    order = api.ok("POST", f"{path}/cancel.json", {"restock": True, "reason": "customer"})["order"]
    assert (order["cancel_reason"], order["financial_status"]) == ("customer", "refunded")
    assert order["cancelled_at"]
    for method, call, body in (
        ("PUT", f"{path}.json", {"note": "x"}),
        ("POST", f"{path}/cancel.json", {"restock": True}),
    ):
        assert api.refused(method, call, body)["code"] == "ORDER_NOT_EDITABLE"


def test_refunds_and_transactions(api, place, control):
    order = place(("A", 2), ("B", 1))
    part = {"restock": True, "lines": [{"sku": "A", "quantity": 1}]}
    after = control.ok("POST", f"orders/{order['id']}/refund", part)
    assert after["financial_status"] == "partially_refunded"
    (refund,) = after["refunds"]
    (line,) = refund["refund_line_items"]
    assert (line["line_item_id"], line["quantity"]) == (order["line_items"][0]["id"], 1)
    assert (refund["restock"], line["restock_type"]) == (True, "return")
    whole = control.ok("POST", f"orders/{order['id']}/refund", {"restock": False})
    assert whole["financial_status"] == "refunded"
    kinds = api.ok("GET", f"orders/{order['id']}/transactions.json")["transactions"]
    assert [t["kind"] for t in kinds] == ["sale", "refund", "refund"]


def test_the_channel_may_change_and_delete(api, place, control):
    order = place()
    changed = control.ok("PUT", f"orders/{order['id']}", {"financial_status": "voided"})
    assert changed["financial_status"] == "voided"
    for field in ("colour", "octopus_updated_at"):
        assert control.refused("PUT", f"orders/{order['id']}", {field: 1})["field"] == field
    control.ok("DELETE", f"orders/{order['id']}")
    api.refused("GET", f"orders/{order['id']}.json", status=404)
