"""Random orders of every channel, with refunds, edits and cancellations: the books end with what
the channels say, to the cent, and a second run books nothing.

`BOOK_ORDERS=300 ./dev test odoo tests/odoo/accounting/test_random_orders.py` takes 300 orders of
each of the channels.
"""

import os
import random
from decimal import Decimal

from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.lib.ledger import PAID
from odoo.addons.linga_octopus.models.accounting.order_reader import financial_status

from octopus_sandbox.profiles import PROFILES, Goods, tell

from ..support.books import BooksMixin

ORDERS = int(os.environ.get("BOOK_ORDERS", "8"))  # of each channel


class TestRandomOrders(BooksMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_goods("LAMP")
        cls.goods = [
            Goods("CHAIR", "Chair", Decimal("49.90")),
            Goods("TABLE", "Table", Decimal("199.00")),
            Goods("LAMP", "Lamp", Decimal("15.50")),
        ]
        for name in ("EUR", "GBP", "CAD", "JPY", "MXN"):
            cls.env.ref(f"base.{name}").active = True

    def take_in(self, story):
        order = self.orders
        for number, version in enumerate(story.versions):
            order = self.ingest(version, is_new=not number)
            if self.dice.random() < 0.3:
                self.book()
        return order

    def confirm_all(self):
        """Confirm the accounting of each channel, with a tax for every tax."""
        known = self.env["octopus.booking.map"].search([]).channel_id
        for order in self.orders.search([("channel_id", "not in", known.ids)]):
            if order.channel_id not in self.env["octopus.booking.map"].search([]).channel_id:
                self.set_up(order, start_day="2020-01-01")
        self.env["octopus.booking.tax"].search([]).tax_id = self.vat

    def due(self, order):
        """Return what the clearing account should have because of an order."""
        if not order.ledger_line_ids:
            return 0
        if order.status == "cancelled" or order.is_test:
            return 0
        if financial_status(order) not in PAID:
            return 0
        return order.check_total - order.amount_refunded - order.gift_card_paid

    def test_the_books_end_with_what_the_channels_say(self):
        self.dice = random.Random(7)
        orders = self.orders
        for profile in PROFILES:
            first = self.ingest(tell(profile, 0, self.goods).versions[0])
            orders |= first
        self.confirm_all()
        for profile in PROFILES:
            for seed in range(1, ORDERS):
                orders |= self.take_in(tell(profile, seed, self.goods))
        self.confirm_all()
        self.touch(orders)
        self.book()
        self.days.search([]).sudo().action_book()
        self.assert_balanced()
        self.check_clearing(orders)
        before, lines = self.moves(), orders.ledger_line_ids
        self.touch(orders)
        self.book()
        self.days.search([]).sudo().action_book()
        self.assertEqual(self.moves(), before)
        self.assertEqual(orders.ledger_line_ids, lines)
        self.assertTrue(all(lines.mapped("move_id")))

    def check_clearing(self, orders):
        certain = orders.filtered(lambda order: not order.ledger_issue)
        self.assertGreater(len(certain), 0.7 * len(orders))
        for order in certain:
            booked = sum(order.ledger_line_ids.mapped("total"))
            self.assertAlmostEqual(booked, self.due(order), 2, order.financial_status)
        for currency, moves in (
            self.moves().grouped(lambda move: move.octopus_day_id.currency_id).items()
        ):
            items = moves.line_ids.filtered(lambda item: item.account_id.name == "Clearing")
            lines = orders.ledger_line_ids.filtered(
                lambda line, currency=currency: line.currency_id == currency
            )
            self.assertAlmostEqual(
                sum(items.mapped("amount_currency")), sum(lines.mapped("total")), 2
            )
