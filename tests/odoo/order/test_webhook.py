"""The webhook over HTTP: who is let in, what is answered, and what a sender should do next."""

import base64
import gzip
import json
import re
from unittest.mock import patch

from odoo import fields
from odoo.sql_db import Cursor
from odoo.tests import HttpCase
from odoo.tools import SQL, mute_logger

from odoo.addons.linga_octopus.models.order.look_up import OrderLookUp

from ..support.orders import OrdersMixin

CONTROLLER = "odoo.addons.linga_octopus.controllers.order_webhook"


class TestOctopusWebhook(OrdersMixin, HttpCase):
    def post(self, body, *, token=None, topic="orders/create", path="", **headers):
        """Send a webhook with the merchant's credentials; a header of None is left out."""
        headers = {
            "Content-Type": "application/json",
            "X-Octopus-Topic": topic,
            "Authorization": self.basic(self.sandbox.merchant, self.sandbox.access_id),
            **headers,
        }
        url = f"/octopus/webhook/{self.account.webhook_token if token is None else token}{path}"
        if not isinstance(body, bytes | str):
            body = json.dumps(body)
        return self.url_open(
            url, data=body, headers={key: value for key, value in headers.items() if value}
        )

    @staticmethod
    def basic(name, secret):
        return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()

    def find(self, payload):
        return self.orders.search([("aggregator_order_no", "=", str(payload["id"]))])

    def notifications(self):
        return self.env["octopus.order.notification"].search([]).mapped("aggregator_order_no")

    # === TAKEN IN === #

    def test_an_order_is_stored_and_answered_with_its_number(self):
        payload = self.payload({"CHAIR": 2})
        answer = self.post(payload)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json(), {"status": "stored", "order": str(payload["id"])})
        self.assertEqual(self.find(payload).line_ids.product_id, self.chair)

    def test_the_store_is_read_once(self):
        """Its other fields, or those of its company, would cost more than storing the order."""
        token = self.account.webhook_token
        topics = {topic: self.payload({"CHAIR": 1}) for topic in ("orders/create", "")}
        self.post(self.payload({"CHAIR": 1}))
        reads, execute = [], Cursor.execute

        def note(cursor, query, *args, **kwargs):
            text = query.code if isinstance(query, SQL) else query
            reads.extend(re.findall(r'FROM "(octopus_account|res_company|res_partner)"', text))
            return execute(cursor, query, *args, **kwargs)

        for topic, payload in topics.items():
            reads.clear()
            self.env.invalidate_all()
            with self.subTest(topic=topic), patch.object(Cursor, "execute", note):
                self.post(payload, token=token, topic=topic)
            self.assertEqual(reads, ["octopus_account"])

    def test_the_same_order_again_changes_nothing(self):
        payload = self.payload({"CHAIR": 2})
        self.post(payload)
        order = self.find(payload)
        self.deduct()
        before = order.read()
        for topic in "orders/create", "orders/updated", "":
            self.assertEqual(self.post({"order": payload}, topic=topic).status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(order.read(), before)
        self.assertEqual(self.on_hand(self.chair), 8)

    def test_a_compressed_order_is_stored(self):
        payload = self.payload({"CHAIR": 2})
        body = gzip.compress(json.dumps(payload).encode())
        answer = self.post(body, **{"Content-Encoding": "gzip"})
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(self.find(payload).payload, json.dumps(payload))

    def test_several_orders_in_a_body_are_stored(self):
        first, second = self.payload({"CHAIR": 2}), self.payload({"TABLE": 1})
        with mute_logger(CONTROLLER):
            answer = self.post({"orders": [first, {"source": "SHOPIFY"}, second]})
        self.assertEqual(answer.json()["order"], f"{first['id']}, {second['id']}")
        self.assertEqual(json.loads(self.find(second).payload), second)
        self.assertEqual(self.find(first).line_ids.product_id, self.chair)

    def test_an_order_is_never_refused_for_one_field(self):
        odd = {
            "total_price": ("12,50", "1.999,00", "$12.50", "1,999", "much", {}, [1]),
            "created_at": ("10/25/2020 02:30:00 PM", 1606500000, "10/05/2020", "then", {}),
            "taxes_included": ("Y", "perhaps", []),
            "customer": ("a text", 5, [], [{}]),
            "fulfillments": ({"location_id": 1}, "none", 5),
            "shipping_address": ("80 Citizen Court", 5, [{}]),
            "line_items": ("none", {"sku": "CHAIR"}, [5], [{"quantity": -1}]),
            "refunds": ({"id": 1}, "none", [5]),
        }
        for name, values in odd.items():
            for value in values:
                with self.subTest(**{name: value}):
                    payload = self.payload({"CHAIR": 1}, **{name: value})
                    answer = self.post(payload)
                    self.assertEqual(answer.status_code, 200, answer.text)
                    self.assertTrue(self.find(payload))

    def test_the_topic_may_stand_in_the_address(self):
        payload = self.payload({"CHAIR": 2})
        self.post(payload, topic=None, path="/orders/create")
        self.post({"id": payload["id"]}, topic=None, path="/orders/delete")
        self.assertEqual(self.find(payload).status, "cancelled")

    def test_what_may_be_an_old_order_that_changed_is_not_deducted(self):
        """Only `orders/create` says that an order is new; without a topic it is `updated`."""
        cases = {"": "none", "orders/updated": "none", "orders/create": "waiting"}
        for topic, state in cases.items():
            old = self.payload({"CHAIR": 1})
            self.post(old, topic=topic)
            self.assertEqual(self.find(old).stock_state, state, topic)
            new = self.payload({"CHAIR": 1}, octopus_created_at=f"{fields.Datetime.now()}Z")
            self.post(new, topic=topic)
            self.assertEqual(self.find(new).stock_state, "waiting", topic)

    def test_the_access_id_header_alone_is_trusted_too(self):
        payload = self.payload({"CHAIR": 2})
        answer = self.post(
            payload, Authorization=None, **{"X-Octopus-Access-Token": self.sandbox.access_id}
        )
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(self.find(payload))

    def test_events_about_other_things_are_ignored(self):
        self.assertEqual(
            self.post({"product": {"id": 1}}, topic="products/update").json()["status"], "ignored"
        )
        level = {"inventory_item_id": 1, "location_id": 1, "available": 99}
        self.assertEqual(self.post(level, topic="inventory_levels/update").status_code, 200)
        self.assertFalse(self.orders.search([]))

    def test_a_deletion_that_comes_before_its_order_is_not_forgotten(self):
        payload = self.payload({"CHAIR": 2})
        self.post({"id": payload["id"]}, topic="orders/delete")
        self.post(payload)
        self.deduct()
        self.assertEqual(self.find(payload).status, "cancelled")
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_numbers_in_range_whose_sum_is_absurd_are_stored(self):
        payload = self.payload({"CHAIR": 1})
        line = {"quantity": 999999999999, "price": "999999999999"}
        payload["line_items"] = [line] * 1000
        for changed in (payload, self.changed(payload, total_tax="999999999999.99")):
            self.assertEqual(self.post(changed).status_code, 200)
        self.assertGreater(self.find(payload).amount_subtotal, 1e26)

    # === NOTIFICATIONS === #

    def test_without_credentials_it_is_a_notification(self):
        chair = self.place({"CHAIR": 2})
        lie = {**chair, "total_price": "1.00", "line_items": []}
        answer = self.post(lie, Authorization=None)
        self.assertEqual(answer.status_code, 202)
        self.assertFalse(self.find(chair))
        self.assertEqual(self.notifications(), [str(chair["id"])])
        with self.transaction() as env:
            env["octopus.order.notification"]._cron_read_back()
        self.env.invalidate_all()
        self.assertRecordValues(
            self.find(chair),
            [{"check_total": float(chair["total_price"]), "status": "take_action"}],
        )
        self.assertFalse(self.notifications())

    def test_without_our_own_credentials_the_bell_waits_and_the_store_says_so(self):
        remote = self.place({"CHAIR": 1})
        self.post(remote, Authorization=None)
        self.account.access_id = False
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order.notification"]._cron_read_back()
        self.env.invalidate_all()
        self.assertEqual(self.notifications(), [str(remote["id"])])
        self.assertEqual(self.account.state, "error")
        self.assertIn("Enter the Merchant Name", self.account.state_message)

    def test_a_notification_of_a_deleted_order_cancels_it(self):
        chair = self.place({"CHAIR": 2})
        order = self.ingest(chair)
        self.sandbox.delete_order(chair["id"])
        self.post({"id": chair["id"]}, Authorization=None, topic="orders/delete")
        self.post({"id": 424242}, Authorization=None)
        with self.transaction() as env:
            env["octopus.order.notification"]._cron_read_back()
        self.env.invalidate_all()
        self.assertEqual(order.status, "cancelled")
        self.assertFalse(self.orders.search([("aggregator_order_no", "=", "424242")]))

    # === REFUSED === #

    def test_a_wrong_token_and_wrong_credentials_look_alike(self):
        payload = self.payload({"CHAIR": 2})
        wrong = self.basic(self.sandbox.merchant, "guess")
        answers = [
            self.post(payload, token="x" * 43),
            self.post(payload, token="x" * 43, Authorization=None),
            self.post(payload, token="short%00"),
            self.post(payload, Authorization=wrong),
            self.post(payload, Authorization="Bearer " + self.sandbox.access_id),
            self.post(payload, Authorization="Basic not base64"),
            self.post(payload, **{"X-Octopus-Access-Token": "guess"}),
        ]
        self.assertEqual({answer.status_code for answer in answers}, {401})
        self.assertEqual(len({answer.text for answer in answers}), 1)
        self.assertFalse(self.find(payload))

    def test_an_old_address_stops_working_when_it_is_renewed(self):
        old = self.account.webhook_token
        self.account.action_renew_webhook_token()
        self.assertEqual(self.post(self.payload({"CHAIR": 1}), token=old).status_code, 401)
        self.assertEqual(self.post(self.payload({"CHAIR": 1})).status_code, 200)

    def test_an_old_address_stops_working_whoever_renewed_it(self):
        """Of what happens in a shell, or by SQL, this server's cache is not told."""
        old = self.account.webhook_token
        for _time in range(2):  # the first one makes the sender known, which empties the cache
            self.assertEqual(self.post(self.payload({"CHAIR": 1}), token=old).status_code, 200)
        self.env.cr.execute(
            SQL("UPDATE octopus_account SET webhook_token = %s", "of-a-shell-0123456789")
        )
        self.account.invalidate_recordset()
        self.assertEqual(self.post(self.payload({"CHAIR": 1}), token=old).status_code, 401)

    def test_a_store_that_left_says_so(self):
        self.account.action_unsubscribe()
        self.assertEqual(self.post(self.payload({"CHAIR": 1})).status_code, 410)

    def test_bad_bodies_are_told_apart(self):
        cases = [
            (b'{"id": 1', 400),
            (b"\xff\xfe", 400),
            (b"[" * 100_000, 400),
            ({"source": "SHOPIFY"}, 422),
            ([1, 2], 422),
            ([{"id": 1}] * 251, 422),
            ({"id": "9" * 5000}, 422),
            ({"id": ".."}, 422),
            (gzip.compress(b'{"id": 1')[:-4], 400),
            (b"\x1f\x8b not gzip at all", 400),
            (gzip.compress(b'{"id": 1'), 400),
            # A bomb: a thousand times its size.
            (gzip.compress(b'{"id": 1, "note": "' + b"x" * 50 * 1024 * 1024 + b'"}'), 413),
            (json.dumps({"id": 1, "note": "x" * 1024 * 1024}), 413),
        ]
        for body, status in cases:
            with self.subTest(body=str(body)[:40]):
                answer = self.post(body)
                self.assertEqual(answer.status_code, status)
                self.assertEqual(answer.json()["status"], "refused")
        self.assertEqual(self.post({"source": "SHOPIFY"}).json()["field"], "id")
        self.assertFalse(self.orders.search([]))

    def test_no_bell_rings_for_an_id_that_is_none(self):
        for ref in ("..", "9" * 201, ""):
            self.assertEqual(self.post({"id": ref}, Authorization=None).status_code, 422, ref)
        # Of a notification, nothing but the id is read.
        self.assertEqual(
            self.post({"id": 1, "line_items": [{}] * 1001}, Authorization=None).status_code, 202
        )
        self.assertEqual(self.notifications(), ["1"])

    def test_a_body_in_chunks_is_measured_too(self):
        # It does not say how long it is; read whole, it could fill the memory.
        chunks = iter([b'{"id": 1, "note": "', *[b"x" * 65536] * 20, b'"}'])
        answer = self.opener.post(
            f"{self.base_url()}/octopus/webhook/{self.account.webhook_token}",
            data=chunks,
            headers={"Content-Type": "application/json"},
        )
        self.assertEqual(answer.status_code, 413)

    def test_only_json_is_read(self):
        answer = self.post("id=1", **{"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(answer.status_code, 415)

    def test_only_post_is_served(self):
        url = f"/octopus/webhook/{self.account.webhook_token}"
        self.assertEqual(self.url_open(url).status_code, 405)

    def test_our_own_failure_asks_the_sender_to_come_again(self):
        # A total that no column can hold stands for whatever nobody thought of.
        payload = self.payload({"CHAIR": 1})
        self.patch(OrderLookUp, "of_order", lambda *_args: 1 / 0)
        with mute_logger(CONTROLLER):
            answer = self.post(payload)
        self.assertEqual(answer.status_code, 500)
        self.assertEqual(answer.json()["status"], "failed")
