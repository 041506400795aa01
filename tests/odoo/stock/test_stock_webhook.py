"""Octopus's own inventory_levels/update never changes Odoo's stock: Odoo is the master of it."""

import base64
import json

from odoo.tests import HttpCase

from ..support.stock import StockCase

TOPIC = "inventory_levels/update"


class TestOctopusStockWebhook(StockCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.count(self.chair, 10)
        self.count(self.table, 5)
        self.push()
        self.sandbox.forget_requests()

    def announce(self, available, *, credentials, in_address=False, wrapped=True):
        """Deliver the webhook about the chair's level; return the status of the answer."""
        level = self.level(self.chair)
        body = {
            "inventory_item_id": int(level.variant_id.inventory_item_ref),
            "location_id": int(self.location.octopus_ref),
            "available": available,
            "updated_at": "2026-11-20T15:00:05-00:00",
        }
        headers = {"Content-Type": "application/json"}
        if credentials:
            pair = f"{self.sandbox.merchant}:{self.sandbox.access_id}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        if not in_address:
            headers["X-Octopus-Topic"] = TOPIC
        self.env.flush_all()
        answer = self.url_open(
            f"/octopus/webhook/{self.account.webhook_token}{f'/{TOPIC}' if in_address else ''}",
            data=json.dumps({"inventory_level": body} if wrapped else body),
            headers=headers,
        )
        self.env.invalidate_all()
        return answer.status_code

    def everything(self):
        """Return what the webhook must leave as it is."""
        self.env.cr.flush()
        tables = {
            "stock.quant": ["quantity", "reserved_quantity"],
            "stock.move": ["state", "quantity"],
            "octopus.stock.level": ["quantity", "pushed_at", "resend", "error"],
            "octopus.stock.event": [],
            "octopus.stock.pending": [],
            "octopus.order": [],
            "octopus.order.notification": [],
        }
        return {name: self.env[name].search([]).read(names) for name, names in tables.items()}

    def test_neither_an_echo_nor_a_foreign_change_changes_anything_here(self):
        before = self.everything()
        for available in (10, 99, 0, -3, None):
            for credentials in (True, False):
                for in_address in (True, False):
                    for wrapped in (True, False):
                        told = (available, credentials, in_address, wrapped)
                        with self.subTest(told=told):
                            status = self.announce(
                                available,
                                credentials=credentials,
                                in_address=in_address,
                                wrapped=wrapped,
                            )
                            self.assertEqual(status, 200)
                            self.assertEqual(self.everything(), before)
        self.work()
        self.assertEqual(self.calls(), 0, "nothing is sent either")
        self.assertEqual(self.remote(), {"Chair": 10, "Table": 5})

    def test_an_echo_with_a_change_on_its_way_does_not_stop_the_change(self):
        self.deliver(self.chair, 3)
        self.announce(10, credentials=True)
        self.push()
        self.assertEqual(self.remote()["Chair"], 7)
        self.announce(7, credentials=True)
        self.push()
        self.assertEqual(self.calls(), 1)

    def test_a_foreign_change_shows_up_as_a_difference(self):
        self.account.difference_policy = "look"
        for credentials in (True, False):
            self.change_in_octopus(self.chair, 99)
            self.announce(99, credentials=credentials)
            run = self.sync("stock_check")
            found = self.env["octopus.stock.difference"].search([("run_id", "=", run.id)])
            self.assertRecordValues(
                found,
                [
                    {
                        "product_id": self.chair.id,
                        "octopus_quantity": 99,
                        "odoo_quantity": 10,
                        "pushed_quantity": 10,
                        "reason": "there",
                        "state": "open",
                    }
                ],
            )
            found.action_heal()
            self.push()
            self.assertEqual(self.remote()["Chair"], 10)
