"""Orders as each channel sends them, over the webhook: each appears, and its goods leave once.

`PROFILE_ORDERS=200 ./dev test odoo tests/odoo/order/test_channel_profiles.py` takes in many more
than the usual run.
"""

import json
import os
from collections import Counter
from decimal import Decimal

from odoo.tests import HttpCase

from octopus_sandbox.profiles import PROFILES, Goods, tell

from ..support.orders import OrdersMixin

ORDERS = int(os.environ.get("PROFILE_ORDERS", "10"))  # of each profile
# The goods of an order with one of these are not followed yet: the order appears, and that is all.
# Whoever follows one of them takes it off this list.
NOT_FOLLOWED = set()


class TestOctopusChannelProfiles(OrdersMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_goods("LAMP")
        cls.goods = [
            Goods("CHAIR", "Chair", Decimal("49.90")),
            Goods("TABLE", "Table", Decimal("199.00")),
            Goods("LAMP", "Lamp", Decimal("15.50")),
        ]

    def post(self, order, topic):
        return self.url_open(
            f"/octopus/webhook/{self.account.webhook_token}",
            data=json.dumps(order),
            headers={
                "Content-Type": "application/json",
                "X-Octopus-Topic": topic,
                "X-Octopus-Access-Token": self.sandbox.access_id,
            },
        )

    def take_in(self, stories):
        """Post the first version of all orders, then the second of those that have one, and so on;
        let the worker deduct each time."""
        for turn in range(max(len(story.versions) for story in stories)):
            for story in stories:
                if turn < len(story.versions):
                    answer = self.post(
                        story.versions[turn], "orders/updated" if turn else "orders/create"
                    )
                    self.assertEqual(answer.status_code, 200, f"{story.traits} {answer.text}")
            self.deduct()

    def out(self, order):
        """Return the pieces that are out, by SKU."""
        pieces = Counter()
        for move in order.picking_ids.move_ids.filtered(lambda move: move.state == "done"):
            sign = -1 if move.origin_returned_move_id else 1
            pieces[move.product_id.default_code] += sign * move.quantity
        return dict(+pieces)

    def order_of(self, story):
        number = str(story.versions[0]["id"])
        return self.orders.search([("aggregator_order_no", "=", number)])

    def check_profile(self, profile):
        stories = [tell(profile, seed, self.goods) for seed in range(ORDERS)]
        self.take_in(stories)
        for story in stories:
            order = self.order_of(story)
            self.assertEqual(len(order), 1, story.traits)
            self.assertTrue(order.display_name)
            order.action_apply_changes()
        self.deduct()
        for story in stories:
            order = self.order_of(story)
            self.assertNotIn(order.stock_state, ("waiting", "blocked"), order.stock_message)
            if not NOT_FOLLOWED & {*story.traits}:
                self.decide(order, story)
                leaves = {sku: pieces for sku, pieces in story.leaves.items() if pieces}
                self.assertEqual(self.out(order), leaves, f"{story.traits} {story.odd}")
            if not story.odd:
                self.assertEqual(order.unread_notice or "", self.expected_notice(story))

    def decide(self, order, story):
        """Do what the order asks a person to do."""
        if order.is_alive_again:
            order.action_revive()
            self.deduct()
        if order.has_unclear_refund:
            context = order.action_choose_refunded()["context"]
            choice = self.env["octopus.refund.choice"].with_context(**context).create({})
            wanted = self.out(order)
            wanted.update({sku: wanted.get(sku, 0) - left for sku, left in story.leaves.items()})
            for line in choice.line_ids:
                line.quantity = max(wanted.pop(line.sku, 0), 0)
            choice.action_apply()
            self.deduct()

    def expected_notice(self, story):
        is_return = "return_line" in story.traits
        places = [
            f"line_items[{place}].quantity is negative: nothing is taken for it."
            for place, line in enumerate(story.versions[-1]["line_items"])
            if is_return and line["quantity"] < 0
        ]
        return "\n".join(places)

    def test_orders_of_every_channel_appear_and_their_goods_leave_once(self):
        for profile in PROFILES:
            with self.subTest(profile=profile):
                self.check_profile(profile)
