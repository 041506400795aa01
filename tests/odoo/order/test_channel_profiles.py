"""Orders as each channel sends them, over the webhook: each appears, and its goods leave once.

All orders are taken in together, and looked at in one pass. What needs no Odoo to be summed up is
in `tests/unit/test_profile_sums.py`.

Of the orders of a channel some are enough to meet each of its traits twice.
`PROFILE_ORDERS=200 ./dev test odoo tests/odoo/order/test_channel_profiles.py` takes so many orders
of each channel in, as `./dev test soak` does.
"""

import json
import os
from collections import Counter, defaultdict
from decimal import Decimal

from odoo.tests import HttpCase
from odoo.tools import SQL

from octopus_sandbox.profiles import PROFILES, Goods, tell

from ..support.orders import OrdersMixin

ORDERS = int(os.environ.get("PROFILE_ORDERS", "0"))  # of each profile; 0 is a choice of them
CHOOSE_AMONG = 200
TIMES = 2  # that each trait of a profile is met
IN_BODY = 100  # orders: a body may have 1 MiB
# The pieces that are out, by order and SKU, and from where they left.
PIECES = """
    SELECT o.aggregator_order_no, product.default_code,
           sum(CASE WHEN move.origin_returned_move_id IS NULL
                    THEN move.quantity ELSE -move.quantity END),
           array_agg(DISTINCT move.location_id) FILTER (
               WHERE move.origin_returned_move_id IS NULL)
      FROM stock_move move
      JOIN stock_picking picking ON picking.id = move.picking_id
      JOIN octopus_order o ON o.id = picking.octopus_order_id
      JOIN product_product product ON product.id = move.product_id
     WHERE move.state = 'done' AND o.account_id = %s
     GROUP BY 1, 2
"""


def choose_stories(profile, goods):
    """Return as few stories of a profile as are needed to meet each of its traits `TIMES` times."""
    met, stories = Counter(), []
    for seed in range(CHOOSE_AMONG):
        story = tell(profile, seed, goods)
        if any(met[trait] < TIMES for trait in story.traits):
            met.update(story.traits)
            stories.append(story)
    return stories


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

    def tell(self, profile):
        if not ORDERS:
            return choose_stories(profile, self.goods)
        return [tell(profile, seed, self.goods) for seed in range(ORDERS)]

    def post(self, orders, topic):
        answer = self.url_open(
            f"/octopus/webhook/{self.account.webhook_token}",
            data=json.dumps({"orders": orders}),
            headers={
                "Content-Type": "application/json",
                "X-Octopus-Topic": topic,
                "X-Octopus-Access-Token": self.sandbox.access_id,
            },
            timeout=120,  # seconds: a whole body on a busy machine
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        stored = answer.json()["order"].split(", ")
        self.assertEqual(stored, [str(order["id"]) for order in orders])

    def work_off(self):
        """Let the worker deduct and restock; it ends after some seconds, and is started again."""
        is_due = ["|", ("stock_state", "=", "waiting"), ("is_return_due", "=", True)]
        while self.orders.search_count(is_due, limit=1):
            self.deduct()

    def take_in(self, stories):
        """Post the first version of all orders, then the second of those that have one, and so on;
        let the worker deduct each time."""
        for turn in range(max(len(story.versions) for story in stories)):
            versions = [story.versions[turn] for story in stories if turn < len(story.versions)]
            topic = "orders/updated" if turn else "orders/create"
            for start in range(0, len(versions), IN_BODY):
                self.post(versions[start : start + IN_BODY], topic)
            self.work_off()

    def out(self):
        """Return {number: {SKU: pieces}} of what is out, and check where it left from."""
        self.env.flush_all()
        found, shelf = defaultdict(dict), self.stock_location.id
        for number, sku, pieces, places in self.env.execute_query(SQL(PIECES, self.account.id)):
            self.assertLessEqual(set(places or ()), {shelf}, number)
            if pieces:
                found[number][sku] = pieces
        return found

    def decide(self, orders):
        """Do what orders ask a person to do."""
        orders.action_apply_changes()
        orders.filtered("is_alive_again").action_revive()
        self.work_off()
        unclear = orders.filtered("has_unclear_refund")
        out = self.out() if unclear else {}
        for order in unclear:
            context = order.action_choose_refunded()["context"]
            choice = self.env["octopus.refund.choice"].with_context(**context).create({})
            wanted = dict(out[order.aggregator_order_no])
            for sku, left in self.leaves[order.aggregator_order_no].items():
                wanted[sku] = wanted.get(sku, 0) - left
            for line in choice.line_ids:
                line.quantity = max(wanted.pop(line.sku, 0), 0)
            choice.action_apply()
        self.work_off()

    def expected_notice(self, story):
        is_return = "return_line" in story.traits
        places = [
            f"line_items[{place}].quantity is negative: nothing is taken for it."
            for place, line in enumerate(story.versions[-1]["line_items"])
            if is_return and line["quantity"] < 0
        ]
        return "\n".join(places)

    def check(self, story, order, out):
        """Check an order after its last version."""
        about = f"{story.traits} {story.odd}"
        self.assertTrue(order.display_name, about)
        self.assertNotIn(order.stock_state, ("waiting", "blocked"), order.stock_message)
        self.assertEqual(out, self.leaves[order.aggregator_order_no], about)
        if story.odd:
            return
        self.assertEqual(order.unread_notice or "", self.expected_notice(story), about)
        self.assertEqual(order.third_party_order_no, story.versions[0]["name"], about)
        paid_back = sum(
            Decimal(payment["amount"])
            for refund in story.versions[-1]["refunds"]
            for payment in refund["transactions"]
        )
        self.assertAlmostEqual(order.amount_refunded, float(paid_back), 3, about)
        counts = not (order.is_test or order.status == "cancelled")
        net = order.check_total - order.amount_refunded if counts else 0
        self.assertAlmostEqual(order.amount_net, net, 3, about)

    def test_orders_of_every_channel_appear_and_their_goods_leave_once(self):
        told = [story for profile in PROFILES for story in self.tell(profile)]
        stories = {str(story.versions[0]["id"]): story for story in told}
        self.leaves = {
            number: {sku: pieces for sku, pieces in story.leaves.items() if pieces}
            for number, story in stories.items()
        }
        self.take_in(list(stories.values()))
        orders = self.orders.search([("aggregator_order_no", "in", list(stories))])
        self.assertEqual(set(orders.mapped("aggregator_order_no")), set(stories))
        self.assertEqual(len(orders), len(told))
        self.decide(orders)
        out = self.out()
        for channel, of_channel in orders.grouped("third_party_name").items():
            with self.subTest(channel=channel):
                for order in of_channel:
                    number = order.aggregator_order_no
                    self.check(stories[number], order, out[number])
