"""The sample order of Octopus's API reference, with all its fields and its odd types, and variants
of it as each channel sends them (sample_order.json: the reference's fields, our values)."""

import json
from pathlib import Path

from odoo.tests import TransactionCase

from ...lib.octopus_api import loads
from ..support.orders import OrdersMixin

SAMPLE = (Path(__file__).parent / "sample_order.json").read_text()
TAX = {"total_tax": "480.00"}
GONE = object()
# What differs from channel to channel, and what must come of it.
CHANNELS = {
    "SHOPIFY": (
        {"total_price": "6477.0000", "fulfillments": [], **TAX},
        {"check_total": 6477, "amount_tax": 480, "amount_difference": 0},
    ),
    "BIGCOMMERCE": ({}, {"check_total": 5997, "amount_difference": 0}),
    "WOOCOMMERCE": (
        {"customer": None, "phone": 5550100, "financial_status": "PAID", "shipping_lines": ""},
        {"customer_name": "Asha Rao", "phone": "5550100", "financial_status": "paid"},
    ),
    "AMAZON": (
        {"customer": {"id": "A1B2", "first_name": "", "last_name": None}, "location_id": 0, **TAX},
        {"check_total": 5997, "amount_difference": 0, "is_tax_paid_by_channel": True},
    ),
    "Walmart": (
        {"name": GONE, "order_number": GONE, "number": "200-7", "taxes_included": "false", **TAX},
        {"third_party_order_no": "200-7", "amount_difference": 0, "is_tax_paid_by_channel": True},
    ),
    "eBay": (
        {"id": "ord_1010", "total_price": 5997, "gateway": None, **TAX},
        {"aggregator_order_no": "ord_1010", "amount_difference": 0, "payment_method": "manual"},
    ),
    "LOCALEXPRESS": (
        {
            "shipping_address": [],
            "total_tip_received": "5.00",
            "total_price": "6002.00",
            "tags": ["a", "b"],
            "octopus_updated_at": "/Date(1793808787000)/",
        },
        {"fulfillment": "pickup", "amount_tip": 5, "amount_difference": 0, "tags": "a, b"},
    ),
    "MAGENTO": (
        {"taxes_included": True, "currency": "inr", "refunds": None, **TAX},
        {"check_total": 5997, "amount_difference": 0, "taxes_included": True},
    ),
}


class TestOctopusOrderSample(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.INR").active = True
        cls.helmet = cls.make_goods("210000013357", stock=100)

    def sample(self, **changes):
        sample = json.loads(SAMPLE) | changes
        return {key: value for key, value in sample.items() if value is not GONE}

    def take_in(self, payload):
        """Take an order in as the webhook does, from its text, and deduct it."""
        raw = json.dumps(payload)
        order = self.ingest(loads(raw), raw=raw)
        self.deduct()
        return order

    def test_the_sample_itself(self):
        raw = json.dumps(json.loads(SAMPLE))
        layout = "%(street)s\n%(city)s %(zip)s\n%(state_name)s %(state_code)s\n%(country_name)s"
        self.env.ref("base.in").address_format = layout
        order = self.take_in(self.sample())
        self.assertRecordValues(
            order,
            [
                {
                    "third_party_name": "BIGCOMMERCE",
                    "third_party_order_no": "#105",
                    "aggregator_order_no": "8",
                    "customer_name": "Asha Rao",
                    "customer_ref": "2",
                    "email": "asha@example.com",
                    "check_total": 5997,
                    "amount_difference": 0,
                    "currency_id": self.env.ref("base.INR").id,
                    "status": "take_action",
                    "stock_state": "deducted",
                    "financial_status": "paid",
                    "payment_method": "manual",
                    "fulfillment": "delivery",
                    "shipping_address": "Asha Rao\nAddress 1\nNoida 201306\nUttar Pradesh\nIndia",
                    "warehouse_id": self.warehouse.id,
                    "is_test": False,
                    "payload": raw,
                }
            ],
        )
        self.assertEqual(str(order.transaction_time), "2026-11-04 16:00:02")
        self.assertRecordValues(
            order.line_ids,
            [{"product_id": self.helmet.id, "quantity": 3, "price_unit": 1999, "subtotal": 5997}],
        )
        # Its refund names the line by the channel's id: it can be this one only.
        self.assertEqual(self.on_hand(self.helmet), 100)
        self.assertRecordValues(
            order,
            [{"amount_refunded": 5997, "refund_state": "full", "has_unclear_refund": False}],
        )

    def test_variants_of_each_channel(self):
        for number, (source, (changes, expected)) in enumerate(CHANNELS.items()):
            with self.subTest(source=source):
                sample = self.sample(
                    **{"id": 100 + number, "source": source, "refunds": [], **changes}
                )
                before = self.on_hand(self.helmet)
                order = self.take_in(sample)
                self.assertRecordValues(order, [{"stock_state": "deducted", **expected}])
                self.assertEqual(order.third_party_name, source.upper())
                self.assertEqual(self.on_hand(self.helmet), before - 3)
                again = self.take_in(sample)
                self.assertEqual(again, order)
                self.assertEqual(self.on_hand(self.helmet), before - 3)

    def test_any_field_may_be_missing_null_or_blank(self):
        for number, name in enumerate(sorted(set(self.sample()) - {"id"})):
            for kind, value in enumerate((GONE, None, "")):
                with self.subTest(field=name, value=value):
                    order = self.ingest(
                        self.sample(**{"id": f"{number}-{kind}", "refunds": [], name: value})
                    )
                    self.assertEqual(order.aggregator_order_no, f"{number}-{kind}")
        self.deduct()
        self.assertFalse(self.orders.search([("stock_state", "in", ["waiting", "blocked"])]))
