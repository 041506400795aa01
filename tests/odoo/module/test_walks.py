"""The three walks of docs/architecture.md: how often data changes file on its way.

``WALKS_FILE=walks.txt ./dev test odoo tests/odoo/module/test_walks.py`` adds the functions of each
walk to that file.
"""

import base64
import json
import os
import sys
import threading
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from odoo.tests import HttpCase

import odoo.addons.linga_octopus

from ..support.orders import OrdersMixin
from ..support.products import ProductCase
from ..support.stock import StockCase

ADDON = f"{Path(odoo.addons.linga_octopus.__file__).parent}{os.sep}"
TESTS = f"{ADDON}tests{os.sep}"
# Changes of file that each walk may have. A walk that has become shorter lowers its bound, here
# and in docs/architecture.md.
BOUNDS = {"a webhook order": 44, "a product": 65, "a stock change": 28}


class Walk:
    """The functions of the addon in the order of their first call."""

    def __init__(self):
        self._calls = {}  # (file, function): None

    @contextmanager
    def recorded(self):
        """Record the calls of this thread, and of the threads that begin meanwhile."""
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def _note(self, frame, event, _argument):
        code = frame.f_code
        # Comprehensions and lambdas belong to the function around them, and the conversions of a
        # field to core, which calls them.
        is_function = event == "call" and not code.co_name.startswith(("<", "convert_to_"))
        if is_function and code.co_filename.startswith(ADDON) and TESTS not in code.co_filename:
            self._calls.setdefault((code.co_filename.removeprefix(ADDON), code.co_qualname))

    def stretches(self):
        """Return (file, functions) of each stretch of the walk that stays in one file."""
        return [
            (file, [function for _file, function in calls])
            for file, calls in groupby(self._calls, lambda call: call[0])
        ]


class WalkMixin:
    """Compares the length of a walk with its bound."""

    def setUp(self):
        super().setUp()
        self.walk = Walk()

    def check(self, name):
        stretches = self.walk.stretches()
        changes = len(stretches) - 1
        if path := os.environ.get("WALKS_FILE"):
            with Path(path).open("a") as report:
                print(f"== {name}: {changes}", file=report)
                for file, functions in stretches:
                    print(f"{file}: {', '.join(functions)}", file=report)
        self.assertGreater(changes, 0)
        self.assertLessEqual(changes, BOUNDS[name], f"{name} changes file more often")


class TestWalkOfAnOrder(WalkMixin, OrdersMixin, HttpCase):
    def test_a_webhook_order_of_two_lines_until_it_is_deducted(self):
        payload = self.payload({"CHAIR": 2, "TABLE": 1})
        # Only the first order of a channel adds it.
        self.env["octopus.channel"]._add(self.account, payload["source"])
        self.env.cr.flush()
        secret = f"{self.sandbox.merchant}:{self.sandbox.access_id}".encode()
        with self.walk.recorded():
            answer = self.url_open(
                f"/octopus/webhook/{self.account.webhook_token}",
                data=json.dumps(payload),
                headers={
                    "Content-Type": "application/json",
                    "X-Octopus-Topic": "orders/create",
                    "Authorization": f"Basic {base64.b64encode(secret).decode()}",
                },
            )
            self.deduct()
        self.assertEqual(answer.json()["status"], "stored")
        self.assertEqual(self.on_hand(self.chair), 8)
        self.check("a webhook order")


class TestWalkOfAProduct(WalkMixin, ProductCase):
    def test_a_new_product_until_its_run_is_done(self):
        self.make_product("Table")
        self.sync("products")
        self.make_product("Chair")
        self.env.cr.flush()
        with self.walk.recorded():
            self.account.action_sync_products()
            with self.transaction() as env:
                env["octopus.sync.run"]._cron_run()
        self.assertIn("Chair", self.remote())
        self.check("a product")


class TestWalkOfAStockChange(WalkMixin, StockCase):
    def test_a_changed_quantity_until_octopus_has_it(self):
        self.count(self.chair, 10)
        self.push()
        with self.walk.recorded():
            self.env["stock.quant"]._update_available_quantity(self.chair, self.stock, -3)
            self.push()
        self.assertEqual(self.remote()["Chair"], 7)
        self.check("a stock change")
