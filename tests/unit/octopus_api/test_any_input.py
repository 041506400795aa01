"""Whatever Octopus, or somebody in its name, sends: a typed error or a sound object."""

import json
import tracemalloc
from copy import deepcopy
from datetime import timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from order_mapping import amounts, changeable_values, line_values

from octopus_api import InvalidOrder, OctopusBadAnswer, Order, dumps, loads
from octopus_api.bulk import COLLECTS, LEVELS, PRODUCTS, read_bulk

SENT = {
    "1": {"variants": [{"SV_Temp_variantId": "v1"}, {"SV_Temp_variantId": "v2"}]},
    "2": {"variants": [{"SV_Temp_variantId": "v3"}]},
}
ORDER_FIELDS = [
    *("id", "order", "source", "number", "created_at", "octopus_updated_at", "total_price"),
    *("customer", "default_address", "email", "billing_address", "shipping_lines", "price"),
    *("line_items", "quantity", "tax_lines", "properties", "refunds", "refund_line_items"),
    *("restock", "fulfillments", "location_id", "tags", "taxes_included", "note"),
]
BULK_FIELDS = [
    *("items", "errors", "error", "message", "field", "sv_temp_id", "SV_Temp_ProductId"),
    *("SV_Temp_variantId", "variants", "id", "productid", "variantId", "inventory_item_id"),
    *("1", "2", "v1"),
]

numbers = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
words = st.sampled_from(
    ["", " ", "0", "1", "2", "v1", "abc", "true", "NaN", "1e999999", "\x00", "\ud800", "12.50"]
    + ["2014-04-25T16:15:47-00:00", "0001-01-01", "9999-12-31T23:59:59-12:00", "/Date(1)/"]
)
scalars = st.none() | st.booleans() | numbers | words | st.text(max_size=5)


def json_data(fields):
    """Return a strategy for JSON data whose objects have mostly the keys that matter."""
    keys = st.sampled_from(fields) | st.text(max_size=3)
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(keys, inner, min_size=1, max_size=6)
        ),
        max_leaves=25,
    )


# Every field of the sample of the reference, and of what is in it, holds something odd.
ADDON = Path(__file__).parents[3] / "linga_octopus"
SAMPLE = json.loads((ADDON / "tests" / "order" / "sample_order.json").read_text())


def places_in(data, path=()):
    """Yield the paths of all fields in JSON data."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places_in(value, (*path, key))


def changed(data, path, value):
    """Return the data with something else at a path."""
    copy = deepcopy(data)
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copy


orders = st.dictionaries(st.sampled_from(ORDER_FIELDS), json_data(ORDER_FIELDS), max_size=8)
quick = settings(derandomize=True, deadline=None, max_examples=50)


def assert_sound_number(number):
    assert number is None or (isinstance(number, Decimal) and abs(number) < 10**12)


@quick
@given(json_data(ORDER_FIELDS) | orders | orders.map(lambda order: {**order, "id": 1}))
def test_an_order_is_sound_and_only_refused_without_an_id(payload):
    try:
        Order.ref_of(payload)
    except InvalidOrder:
        with pytest.raises(InvalidOrder):
            Order.from_json(payload)
        return
    order = Order.from_json(payload)
    assert order.ref == Order.ref_of(payload)
    for moment in (order.created_at, order.updated_at, order.cancelled_at):
        assert moment is None or moment.tzinfo is timezone.utc
    for number in (order.total_price, order.total_tax, *(line.quantity for line in order.lines)):
        assert_sound_number(number)
    for line in order.lines:
        assert line.quantity is None or line.quantity >= 0 or order.unread
    assert all(place and reason for place, reason in order.unread)
    amounts(order, 2)
    text = dumps(order.raw)
    assert "\\u0000" not in text
    text.encode()


@pytest.mark.parametrize("path", [path for path in places_in(SAMPLE) if path != ("id",)])
@settings(quick, max_examples=5)
@given(odd=json_data(ORDER_FIELDS))
def test_no_field_refuses_an_order_that_has_an_id(path, odd):
    found = Order.from_json(changed(SAMPLE, path, odd))
    assert found.ref == "8"
    changeable_values(found, 2)
    for line in found.lines:
        assert line_values(line, 2, 2, 2)["quantity"] is not None


@quick
@given(json_data(BULK_FIELDS))
def test_a_bulk_answer_has_an_entry_for_every_item_or_is_none(data):
    for kind in (PRODUCTS, COLLECTS, LEVELS):
        try:
            result = read_bulk(kind, SENT, data)
        except OctopusBadAnswer:
            continue
        assert list(result.items) == ["1", "2"]
        assert len(result.ok) + len(result.failed) == 2
        for item in result.failed:
            assert item.error
        if kind.id_keys:
            assert all(item.octopus_ref for item in result.ok)


@quick
@given(json_data(["a", "b"]))
def test_json_survives_a_round_trip(data):
    assert json.loads(dumps(data), parse_float=Decimal) == loads(dumps(data))
    assert dumps(loads(dumps(data))) == dumps(data)


HUGE = 10 * 1024 * 1024


@pytest.mark.parametrize("text", ["x" * HUGE, "9" * HUGE, "[" * HUGE, "\\" * HUGE, "<" * HUGE])
def test_ten_megabytes_in_every_field_stay_in_bounds(text):
    """What is kept of a text has a limit, and reading it takes no multiple of it."""
    payload = {name: text for name in ORDER_FIELDS if name not in ("order", "id")} | {"id": 1}
    payload["line_items"] = [{"id": 1, "sku": text, "title": text, "quantity": 1, "price": "1"}]
    payload["customer"] = {"first_name": text, "email": text}
    tracemalloc.start()
    try:
        order = Order.from_json(payload)
    finally:
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 8 * HUGE
    kept = (order.source, order.number, order.note, order.tags, order.customer.name)
    assert all(len(value or "") < HUGE / 8 for value in kept)


@pytest.mark.parametrize("text", ["[" * HUGE, '{"a":' * (HUGE // 5), '"' + "\\u0000" * 100_000])
def test_deep_or_broken_json_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        loads(text)
