"""The webhook against people and programs that mean no good: guessing, nonsense, scripts."""

import base64
import hmac
import json
import random
import re
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import sql_db
from odoo.tests import HttpCase

from odoo.addons.linga_octopus.models.order.customers import create_contact
from odoo.addons.linga_octopus.models.order.intake import follow_deletion

from devtools import paths

from ..support.orders import OrdersMixin

SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'
ORDER_FIELDS = (
    *("id", "order", "source", "order_number", "name", "created_at", "octopus_updated_at"),
    *("customer", "first_name", "default_address", "email", "phone", "shipping_address"),
    *("total_price", "total_tax", "currency", "financial_status", "note", "tags", "gateway"),
    *("line_items", "sku", "title", "quantity", "price", "properties", "tax_lines"),
    *("refunds", "refund_line_items", "restock", "cancelled_at", "location_id", "fulfillments"),
)
# PostgreSQL compresses what repeats itself: only noise is too long for an index.
NOISE = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9_000))
NASTY = (
    *("", "\x00", "a\x00b", "\ud800", "\u202e", "NaN", "1e999999", "-1", "9" * 300, "x" * 20_000),
    NOISE,
    *("'; DROP TABLE octopus_order; --", "%s %(x)s {0.__class__}", "{{7*7}}${7*7}", SCRIPT),
    *("0001-01-01", "9999-12-31T23:59:59-12:00", "2026-02-30", "/Date(9999999999999999)/"),
)
values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**13, -(10**20), 10**400, 0.1, 1e308])
    | st.sampled_from(NASTY)
)
data = st.recursive(
    values,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(ORDER_FIELDS), inner, min_size=1, max_size=8)
    ),
    max_leaves=20,
)
orders = st.dictionaries(st.sampled_from(ORDER_FIELDS), data, max_size=12)
orders_with_id = st.builds(lambda order, ref: {**order, "id": ref}, orders, st.integers(1, 5))
texts = (data | orders | orders_with_id).map(json.dumps)
# JSON that no serializer writes, and what is none.
RAW = (
    b"",
    b"\x00",
    b"\xef\xbb\xbf{}",
    b'{"id": NaN}',
    b'{"id": 1, "total_price": Infinity}',
    b'{"id": 1, "id": 2, "order": {"id": 3, "id": null}}',
    b'{"id": 1, "line_items": [{"quantity": 1, "quantity": "\\u0000"}]}',
    b'{"id": "\\ud800", "note": "\\udfff"}',
    b'{"id": ' + b"9" * 5000 + b"}",
    b'{"id": 1, "total_price": ' + b"9" * 400 + b".5}",
    b'{"id": 1, "total_price": 1e-400, "total_tax": 1E+400}',
    b'{"id": 1, "note": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"a":' * 900 + b"1" + b"}" * 900,
    b'{"id": 1, "note": "' + b"x" * 900_000 + b'"}',
)
topics = st.sampled_from(["orders/create", "orders/updated", "orders/delete", "", "x", "\xff"])
quick = settings(derandomize=True, deadline=None, max_examples=40, database=None)


class TestWebhookHardening(OrdersMixin, HttpCase):
    def post(self, body, *, token=None, topic="orders/create", access_id=None):
        headers = {"Content-Type": "application/json", "X-Octopus-Topic": topic}
        if access_id:
            headers["X-Octopus-Access-Token"] = access_id
        return self.url_open(
            f"/octopus/webhook/{token or self.account.webhook_token}",
            data=body,
            headers=headers,
            method="POST",  # an empty body too
        )

    # === NONSENSE === #

    @quick
    @given(texts | st.sampled_from(RAW) | st.binary(max_size=50), topics, st.booleans())
    def test_whatever_is_sent_is_stored_or_refused(self, body, topic, is_trusted):
        body = body.encode() if isinstance(body, str) else body
        # A header is Latin-1.
        topic = topic.encode("latin-1")
        answer = self.post(body, topic=topic, access_id=is_trusted and self.account.access_id)
        self.assertIn(answer.status_code, (200, 202, 400, 413, 422), answer.text)
        if answer.status_code == 422:
            self.assertIn(answer.json()["field"], ("id", "order"))
        self.assertIn(answer.json()["status"], ("stored", "queued", "ignored", "refused"))

    def test_no_text_is_too_long_for_its_order_to_be_stored(self):
        order = self.payload({"CHAIR": 1}, customer={"id": 1, "first_name": NOISE})
        line = order["line_items"][0]
        long_refs = {
            "customer": {"id": NOISE},
            "refunds": [{"id": NOISE}],
            "line_items": [{**line, "id": NOISE}],
            "location_id": NOISE,
        }
        for fields_ in ({}, *({key: value} for key, value in long_refs.items())):
            with self.subTest(fields=list(fields_)):
                body = json.dumps(order | fields_)
                answer = self.post(body, access_id=self.account.access_id)
                self.assertEqual(answer.status_code, 200, answer.text)

    @quick
    @given(st.binary(max_size=30), st.text(max_size=30))
    def test_whatever_credentials_are_sent_are_refused(self, secret, scheme):
        headers = {
            "Content-Type": "application/json",
            "Authorization": base64.b64encode(secret)
            if scheme == ""
            else b"Basic " + scheme.encode("utf-8").replace(b"\r", b"").replace(b"\n", b""),
        }
        answer = self.url_open(
            f"/octopus/webhook/{self.account.webhook_token}",
            data=json.dumps(self.payload({"CHAIR": 1})),
            headers=headers,
        )
        self.assertEqual(answer.status_code, 401)

    @quick
    @given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
    def test_whatever_token_is_sent_is_refused(self, token):
        answer = self.url_open(
            "/octopus/webhook/" + "".join(f"%{byte:02x}" for byte in token.encode()),
            data="{}",
            headers={"Content-Type": "application/json"},
        )
        # 404: with a slash in it, or nothing but dots, it is another address.
        self.assertIn(answer.status_code, (401, 404))

    # === GUESSING === #

    def test_wrong_guesses_lock_nobody_out_and_write_nothing(self):
        """Tokens have 256 bits, and the sender may share its address with a guesser."""
        for _turn in range(25):
            self.assertEqual(self.post("{}", access_id="guess").status_code, 401)
            self.assertEqual(self.post("{}", token="x" * 43).status_code, 401)
        self.assertFalse(self.account.webhook_seen_at)
        order = json.dumps(self.payload({"CHAIR": 1}))
        self.assertEqual(self.post(order, access_id=self.account.access_id).status_code, 200)
        self.assertEqual(self.post(order).status_code, 202)

    def test_nothing_tells_a_wrong_address_from_wrong_credentials(self):
        """Neither the answer nor the work behind it, which is what takes time."""
        right, wrong = self.account.webhook_token, "x" * 43
        basic = base64.b64encode(f"{self.account.merchant_name}:guess".encode()).decode()
        attempts = {
            "address": (wrong, {"X-Octopus-Access-Token": "guess"}),
            "secret": (right, {"X-Octopus-Access-Token": "guess"}),
            "basic, address": (wrong, {"Authorization": f"Basic {basic}"}),
            "basic, secret": (right, {"Authorization": f"Basic {basic}"}),
            "one of two": (
                right,
                {
                    "X-Octopus-Access-Token": self.account.access_id,
                    "Authorization": f"Basic {basic}",
                },
            ),
        }
        seen = {}
        for _turn in range(2):  # the first one also fills caches
            for name, (token, headers) in attempts.items():
                queries = sql_db.sql_counter
                answer = self.url_open(
                    f"/octopus/webhook/{token}",
                    data="{}",
                    headers={"Content-Type": "application/json", **headers},
                )
                kept = {key for key in answer.headers if key not in ("Date", "Set-Cookie")}
                told = (answer.status_code, answer.text, len(answer.content), frozenset(kept))
                seen[name] = (told, sql_db.sql_counter - queries)
        self.assertEqual(seen["address"][0][0], 401)
        for name, found in seen.items():
            self.assertEqual(found, seen["address"], name)

    def test_credentials_are_compared_in_constant_time(self):
        compared = []
        compare = hmac.compare_digest

        def spy(given, wanted):
            compared.append(wanted)
            return compare(given, wanted)

        basic = base64.b64encode(b"m:guess").decode()
        with patch.object(hmac, "compare_digest", spy):
            for headers in ({"X-Octopus-Access-Token": "g"}, {"Authorization": f"Basic {basic}"}):
                self.url_open(
                    f"/octopus/webhook/{self.account.webhook_token}",
                    data="{}",
                    headers={"Content-Type": "application/json", **headers},
                )
        secret = self.account.access_id.encode()
        whole = f"{self.account.merchant_name}:".encode() + secret
        self.assertEqual([wanted for wanted in compared if secret in wanted], [secret, whole])

    # === SCRIPTS === #

    def scripted_order(self):
        payload = self.payload({"CHAIR": 1})
        texts = dict.fromkeys(
            ("source", "order_number", "note", "tags", "gateway", "financial_status"), SCRIPT
        )
        payload.update(texts, customer={"first_name": SCRIPT, "last_name": SCRIPT})
        payload["shipping_address"] = {"name": SCRIPT, "address1": SCRIPT, "city": SCRIPT}
        payload["line_items"][0].update(title=SCRIPT, sku=SCRIPT)
        answer = self.post(json.dumps(payload), access_id=self.account.access_id)
        self.assertEqual(answer.status_code, 200)
        return self.orders.search([("aggregator_order_no", "=", str(payload["id"]))]), payload

    def assert_text_only(self, html):
        self.assertNotRegex(html.replace("<script type", ""), r"<script>alert|<img src=x")

    def test_scripts_in_an_order_are_shown_as_text(self):
        order, payload = self.scripted_order()
        reports = self.env["ir.actions.report"].search([("model", "=", "octopus.order")])
        self.assertTrue(reports)
        comment = create_contact(order).comment
        self.assertIn("&lt;img", comment.lower())
        self.assert_text_only(comment.lower())
        for report in reports:
            html = report._render_qweb_html(report.report_name, order.ids)[0].decode()
            self.assertIn("&lt;script&gt;", html)
            self.assert_text_only(html)
        self.ingest(self.changed(payload, note=SCRIPT + "!", financial_status="refunded"))
        follow_deletion(order)
        self.env.flush_all()
        for message in order.message_ids:
            self.assert_text_only(message.body)

    def test_nothing_in_the_addon_shows_text_as_html(self):
        """No field, view, template or script of ours takes a text for HTML; what is HTML stands
        in the code, and texts are filled in with `%`, which escapes them."""
        shown = re.compile(
            r"fields\.Html|\bmarkup\(|t-raw|innerHTML|widget=\"html\"|sanitize=False"
            r"|Markup\((?!(\"[^\"{]*\"|'[^'{]*')\)( %|\.join))"
        )
        found = [
            f"{path.name}: {match[0]}"
            for kind in ("py", "js", "xml")
            for path in Path(paths.ADDON).rglob(f"*.{kind}")
            for match in shown.finditer(path.read_text())
        ]
        self.assertEqual(found, [])
