"""No record of a queue is left without a worker that is awake or woken, however the transactions of
those who add records, who hold them, and of the worker interleave.

The transactions are real ones. The steps of all of them are drawn from a seed.
"""

import os
from contextlib import ExitStack
from random import Random
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name

from odoo.addons.linga_octopus.const import DEDUCT_CRON
from odoo.addons.linga_octopus.models.mixins import octopus_queue
from odoo.addons.linga_octopus.models.order import stock_deduction

INTERLEAVINGS = int(os.environ.get("INTERLEAVINGS", "100"))
QUEUE = "octopus.stock.event"  # a table without references, which makes the steps quick


class Story:
    """One interleaving: two or three others, and the worker of StockDeduction."""

    def __init__(self, registry, seed):
        self.registry = registry
        self.random = Random(seed)
        self.wakes = 0
        kinds = self.random.choices((self.add, self.add_slowly, self.hold), k=6)
        self.others = [kind() for kind in kinds]

    def cursor(self):
        return db_connect(get_db_name()).cursor()

    def queue(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})[QUEUE]

    # === THE OTHERS: each yield is a moment at which somebody else may go on === #

    def add(self, pauses=1):
        with self.cursor() as cr:
            cr.execute(
                """INSERT INTO octopus_stock_event (product_id, warehouse_id, resend)
                   VALUES (1, 1, FALSE) RETURNING id"""
            )
            self.queue(cr).browse(cr.fetchone()[0])._wake_worker(DEDUCT_CRON)
            for _pause in range(pauses):
                yield
            cr.commit()
        yield

    def add_slowly(self):
        return self.add(pauses=4)

    def hold(self):
        """Change the oldest record, or only look at it, and end without waking anybody."""
        with self.cursor() as cr:
            cr.execute(
                """UPDATE octopus_stock_event SET resend = NOT resend WHERE id IN
                   (SELECT id FROM octopus_stock_event ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
                """
            )
            for _pause in range(self.random.randint(1, 4)):
                yield
            if self.random.random() < 0.5:
                cr.commit()
        yield

    def turn(self):
        """Let some of the others do a step."""
        while self.others and self.random.random() < 0.6:
            other = self.random.choice(self.others)
            if next(other, "ended") == "ended":
                self.others.remove(other)

    # === THE WORKER === #

    def work(self):
        """Let the worker run, with steps of the others in between."""
        self.wakes = 0
        with self.cursor() as cr:
            stock_deduction.StockDeduction(self.queue(cr)).run()

    def wake(self, *_args):
        self.wakes += 1

    def interleaved(self, owner, name):
        original = getattr(owner, name)

        def method(*args, **options):
            self.turn()
            result = original(*args, **options)
            self.turn()
            return result

        return patch.object(owner, name, method)

    def tell(self):
        """Return how many records are left when nobody does anything any more."""
        worker = stock_deduction.StockDeduction
        model = self.registry[QUEUE]
        with ExitStack() as stack:
            enter = stack.enter_context
            enter(patch.object(model, "_queues", {DEDUCT_CRON: "TRUE"}))
            enter(patch.object(model, "_first_in_queue", self.wake))
            enter(patch.object(model, "_come_back", self.wake))
            enter(patch.object(octopus_queue, "LOCK_WAIT", "5ms"))
            enter(patch.object(stock_deduction, "WAITING", []))
            enter(patch.object(worker, "_work_off", lambda _worker, batch: batch.unlink()))
            enter(self.interleaved(worker, "_next_batch"))
            enter(self.interleaved(self.registry["ir.cron"], "_commit_progress"))
            enter(self.interleaved(model, "_oldest_in_queue"))
            while self.others or self.wakes:
                self.turn()
                if self.wakes:
                    self.work()
        with self.cursor() as cr:
            return self.queue(cr).search_count([])


class TestWaking(BaseCase):
    def setUp(self):
        super().setUp()
        self.empty()
        self.addCleanup(self.empty)

    def empty(self):
        with db_connect(get_db_name()).cursor() as cr:
            cr.execute("DELETE FROM octopus_stock_event")

    def test_no_record_is_left(self):
        registry = Registry(get_db_name())
        for seed in range(INTERLEAVINGS):
            with self.subTest(seed=seed):
                self.assertEqual(Story(registry, seed).tell(), 0)
                self.empty()
