"""Random orders of every channel, with refunds, edits and cancellations, booked by workers that are
killed, in periods that are locked: the books end with what the channels say, to the cent, nothing
that is posted changes, and a second run books nothing.

`BOOK_ORDERS=770 ./dev test odoo tests/odoo/accounting/test_random_orders.py` takes 770 orders of
each of the channels; `BOOK_SEED` draws others.
"""

import logging
import os
import random
from collections import defaultdict
from contextlib import nullcontext, suppress
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase
from odoo.tools import SQL

from odoo.addons.linga_octopus.lib.ledger import PAID
from odoo.addons.linga_octopus.models.accounting.booking import DayBooking
from odoo.addons.linga_octopus.models.accounting.ledger import Ledger
from odoo.addons.linga_octopus.models.accounting.order_reader import financial_status

from octopus_sandbox.profiles import PROFILES, Goods, tell

from ..support.books import BooksMixin

ORDERS = int(os.environ.get("BOOK_ORDERS", "8"))  # of each channel
SEED = int(os.environ.get("BOOK_SEED", "7"))
# Moments at which a worker may be killed.
MOMENTS = (
    *((Ledger, name) for name in ("_insert", "_save_marks")),
    *((DayBooking, name) for name in ("_create_move", "_mark_booked", "_finish")),
)
_logger = logging.getLogger(__name__)


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
        cls.env["res.currency"].with_context(active_test=False).search([]).active = True

    def setUp(self):
        super().setUp()
        self.dice = random.Random(SEED)
        self.posted = {}  # what each entry said when it was first seen
        self.kills = 0

    # === WHAT HAPPENS === #

    def take_in_all(self, stories):
        """Take in the versions of all orders, those of different orders in any order; book often,
        at moments of which nobody knows."""
        waiting = [list(story.versions) for story in stories]
        orders, known = self.orders, set()
        while waiting:
            versions = self.dice.choice(waiting)
            version = versions.pop(0)
            orders |= self.ingest(version, is_new=version["id"] not in known)
            known.add(version["id"])
            if not versions:
                waiting.remove(versions)
            happens = self.dice.random() * max(ORDERS / 8, 1)
            if happens < 0.2:
                self.book_or_die()
            if happens < 0.02:
                self.lock_a_period()
        return orders

    def book_or_die(self):
        """Let the worker book, and kill it at some moment in one of three cases."""
        killed = nullcontext()
        if self.dice.random() < 0.33:
            killed = patch.object(*self.dice.choice(MOMENTS), side_effect=KeyboardInterrupt)
        with suppress(KeyboardInterrupt), killed:
            self.book()
            return
        self.kills += 1
        self.env.invalidate_all(flush=False)

    def lock_a_period(self):
        """Close the books of a month of the stories, or open them again."""
        latest = self.env["octopus.order"].search([], order="transaction_time desc", limit=1)
        day = latest.transaction_day or fields.Date.today()
        back = timedelta(days=self.dice.randrange(60))
        self.company.sale_lock_date = self.dice.choice([False, day - back])

    def confirm_all(self):
        """Confirm the accounting of each channel, with a tax for every tax."""
        known = self.env["octopus.booking.map"].search([]).channel_id
        for order in self.orders.search([("channel_id", "not in", known.ids)]):
            if order.channel_id not in self.env["octopus.booking.map"].search([]).channel_id:
                self.set_up(order, start_day="2020-01-01")
        self.env["octopus.booking.tax"].search([]).tax_id = self.vat

    # === WHAT MUST BE TRUE === #

    def due(self, order):
        """Return what the clearing account should have because of an order."""
        if not order.ledger_line_ids:
            return 0
        if order.status == "cancelled" or order.is_test:
            return 0
        if financial_status(order) not in PAID:
            return 0
        return order.check_total - order.amount_refunded - order.gift_card_paid

    def check_posted(self):
        """Check that no entry says anything else than when it was first seen."""
        self.env.flush_all()
        query = """
            SELECT move.id, md5(concat(move.name, move.date, move.ref, string_agg(concat_ws('|',
                       item.id, item.account_id, item.balance, item.amount_currency, item.name), ','
                       ORDER BY item.id)))
              FROM account_move move JOIN account_move_line item ON item.move_id = move.id
             WHERE move.octopus_day_id IS NOT NULL AND move.state = 'posted' GROUP BY move.id"""
        now = dict(self.env.execute_query(SQL(query)))
        for move, digest in self.posted.items():
            self.assertEqual(now.get(move), digest, f"entry {move} changed")
        self.posted = now

    def check_clearing(self, orders):
        certain = orders.filtered(lambda order: not order.ledger_issue)
        self.assertGreater(len(certain), 0.7 * len(orders))
        expected, booked = defaultdict(float), defaultdict(float)
        for order in certain:
            line_sum = sum(order.ledger_line_ids.mapped("total"))
            self.assertAlmostEqual(line_sum, self.due(order), 2, order.financial_status)
            expected[order.channel_id, order.currency_id] += self.due(order)
        for order in orders - certain:
            line_sum = sum(order.ledger_line_ids.mapped("total"))
            expected[order.channel_id, order.currency_id] += line_sum
        for move in self.moves():
            day = move.octopus_day_id
            items = move.line_ids.filtered(lambda item: item.account_id.name == "Clearing")
            booked[day.channel_id, day.currency_id] += sum(items.mapped("amount_currency"))
        for key in expected | booked:
            self.assertAlmostEqual(booked[key], expected[key], 2, key)

    def check_books(self, orders):
        self.assert_balanced()
        self.check_posted()
        self.check_clearing(orders)
        self.assertTrue(all(orders.ledger_line_ids.mapped("move_id")))

    def test_the_books_end_with_what_the_channels_say(self):
        orders = self.orders
        for profile in PROFILES:
            orders |= self.ingest(tell(profile, 0, self.goods).versions[0])
        self.confirm_all()
        stories = [
            tell(profile, SEED * 100_000 + number, self.goods)
            for profile in PROFILES
            for number in range(1, ORDERS)
        ]
        orders |= self.take_in_all(stories)
        self.check_posted()
        self.company.sale_lock_date = False
        self.confirm_all()
        self.touch(orders)
        self.book()
        self.confirm_all()  # taxes that nobody has seen before
        self.days.search([]).sudo().action_book()
        self.check_books(orders)
        before, lines = self.moves(), orders.ledger_line_ids
        self.touch(orders)
        self.book()
        self.days.search([]).sudo().action_book()
        self.check_books(orders)
        self.assertEqual(self.moves(), before)
        self.assertEqual(orders.ledger_line_ids, lines)
        _logger.info(
            "%s orders, %s lines, %s entries, %s days, %s killed, %s cannot be booked",
            len(orders),
            len(lines),
            len(before),
            len(before.octopus_day_id),
            self.kills,
            len(orders.filtered("ledger_issue")),
        )
