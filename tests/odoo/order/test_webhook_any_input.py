"""Whatever is posted to the webhook, it answers as its description says, and never with a 5xx."""

import json
from copy import deepcopy
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import HttpCase

from octopus_api import Order, loads

from ..support.orders import OrdersMixin

DESCRIPTION = json.loads((Path(__file__).parents[3] / "docs" / "webhook.openapi.json").read_text())
SCHEMAS = DESCRIPTION["components"]["schemas"]
FIELDS = SCHEMAS["Order"]["properties"]
RECEIVE = DESCRIPTION["paths"]["/octopus/webhook/{token}"]["post"]

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["0", "1e400", "-1", "/Date(1735221673533)/", "\x00", "9" * 3000, "CHAIR"]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(sorted(FIELDS)) | st.text(max_size=5), children, max_size=4
        )
    ),
    max_leaves=8,
)
ids = (
    st.integers(0, 10**30) | st.text(max_size=30) | st.sampled_from(["1", "ord_1010", "../x", ","])
)
lines = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "id": ids | junk,
            "sku": st.sampled_from(["CHAIR", "TABLE", "?"]) | junk,
            "quantity": st.integers(0, 5) | st.decimals(0, 9, places=4).map(str) | junk,
            "price": st.decimals(-10, 10**6, places=6).map(str) | junk,
            "properties": junk,
            "tax_lines": junk,
        },
    ),
    max_size=3,
)
orders = st.fixed_dictionaries(
    {"id": ids},
    optional={name: junk for name in FIELDS if name not in ("id", "line_items")}
    | {"line_items": lines | junk},
)
bodies = (
    (orders | st.fixed_dictionaries({"order": orders}) | junk).map(json.dumps)
    | st.text(max_size=50)
    | st.binary(max_size=50)
)
# The sample of the reference, with something odd in one of its fields.
ADDON = Path(__file__).parents[3] / "linga_octopus"
SAMPLE = json.loads((ADDON / "tests" / "order" / "sample_order.json").read_text())


def places_in(data, path=()):
    """Yield the paths of all fields in JSON data."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places_in(value, (*path, key))


def made_odd(number, path, value):
    """Return the sample with another id, and a value at a path."""
    order = inner = deepcopy(SAMPLE)
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return order | {"id": number}


places = st.sampled_from([path for path in places_in(SAMPLE) if path != ("id",)])
ODD_ORDERS = 20  # in a body
numbers = count(6_000_000)

topics = st.sampled_from(["", "orders/create", "orders/updated", "orders/delete", "products/x"])


def has_id(body):
    """Return whether a body is JSON with an order, which is what has an id."""
    try:
        orders = Order.payloads(loads(body if isinstance(body, str) else body.decode("utf-8-sig")))
        return all(map(Order.ref_of, orders))
    except ValueError:
        return False


class TestOctopusWebhookAnyInput(OrdersMixin, HttpCase):
    def answer(self, body, headers):
        return self.url_open(
            f"/octopus/webhook/{self.account.webhook_token}",
            data=body.encode() if isinstance(body, str) else body,
            headers={"Content-Type": "application/json", **headers},
            method="POST",
        )

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(body=bodies, topic=topics, is_trusted=st.booleans())
    def check_any_body(self, body, topic, is_trusted):
        headers = {"X-Octopus-Topic": topic} if topic else {}
        if is_trusted:
            headers["X-Octopus-Access-Token"] = self.sandbox.access_id
        answer = self.answer(body, headers)
        self.assertLess(answer.status_code, 500, f"{topic} {is_trusted} {body!r}: {answer.text}")
        self.assertIn(str(answer.status_code), RECEIVE["responses"])
        if is_trusted and not topic.startswith("products") and has_id(body):
            self.assertEqual(answer.status_code, 200, f"{body!r}: {answer.text}")
        schema = SCHEMAS["Answer" if answer.ok else "Refusal"]
        self.assertIn(answer.json()["status"], schema["properties"]["status"]["enum"])
        self.assertLessEqual(set(answer.json()), set(schema["properties"]))

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.tuples(places, junk), min_size=ODD_ORDERS, max_size=ODD_ORDERS))
    def check_odd_orders(self, oddities):
        orders = [made_odd(next(numbers), path, value) for path, value in oddities]
        headers = {
            "X-Octopus-Topic": "orders/create",
            "X-Octopus-Access-Token": self.sandbox.access_id,
        }
        answer = self.answer(json.dumps({"orders": orders}), headers)
        self.assertEqual(answer.status_code, 200, f"{oddities}: {answer.text}")
        known = self.orders.search(
            [("aggregator_order_no", "in", [str(order["id"]) for order in orders])]
        )
        self.assertEqual(len(known), ODD_ORDERS, oddities)

    def test_no_field_refuses_an_order_that_has_an_id(self):
        self.check_odd_orders()
        self.deduct()
        for order in self.orders.search([("stock_state", "=", "blocked")]):
            self.assertTrue(order.stock_message)

    def test_any_body_is_answered_as_described_and_what_is_stored_is_worked_off(self):
        self.check_any_body()
        self.deduct()
        self.assertFalse(self.orders.search([("stock_state", "=", "waiting")]))
        for order in self.orders.search([("stock_state", "=", "blocked")]):
            self.assertTrue(order.stock_message)
