"""The workers of online orders among others who change the same orders."""

import random
import string
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.models.order.status_push import StatusPush
from odoo.addons.linga_octopus.models.order.stock_deduction import StockDeduction

from ..support.orders import OrdersMixin


class Once:
    """Fails the first time it is asked to."""

    def __init__(self, method):
        self.method = method
        self.calls = 0

    def __call__(self, *args, **options):
        self.calls += 1
        if self.calls == 1:
            raise SerializationFailure
        return self.method(*args, **options)


class TestOctopusOrderWorker(OrdersMixin, TransactionCase):
    def fail_once(self, owner, name):
        """Let another transaction change the same rows at the moment of this method."""
        once = Once(getattr(owner, name))
        self.patch(owner, name, lambda *args, **options: once(*args, **options))
        return once

    def test_an_order_that_changes_while_it_is_taken_is_taken_again(self):
        for name in "_next_batch", "_deduct":
            with self.subTest(name=name):
                order = self.ingest(self.payload({"CHAIR": 1}))
                self.fail_once(StockDeduction, name)
                self.deduct()
                self.assertEqual(order.stock_state, "deducted")

    def test_what_the_database_never_takes_holds_up_no_other_order(self):
        self.account.contact_policy = "create"
        bad, good = (self.ingest(self.payload({"CHAIR": 1}, customer={})) for _order in range(2))
        # Too long for the index on the names of contacts, as noise cannot be compressed.
        noise = "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=9_000))
        bad.sudo().customer_name = noise
        self.deduct()
        self.assertRecordValues(
            bad | good, [{"stock_state": "blocked"}, {"stock_state": "deducted"}]
        )
        self.assertIn("the server log has the details", bad.stock_message)

    def test_a_status_that_changes_while_it_is_sent_is_sent_again(self):
        placed = [self.place({"CHAIR": 1}) for _order in range(2)]
        first, second = (self.ingest(remote) for remote in placed)
        (first | second).status = "completed"
        once = Once(StatusPush._push)
        self.patch(StatusPush, "_push", lambda push: once(push))
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order"]._cron_push_status()
        self.env.invalidate_all()
        self.assertEqual(second.push_status, "synced", "the others go on")
        with self.transaction() as env:
            env["octopus.order"]._cron_push_status()
        self.env.invalidate_all()
        self.assertEqual(first.push_status, "synced")
        self.assertEqual(once.calls, 3)

    def test_a_blocked_order_says_why_and_is_deducted_after_retry(self):
        good, bad = self.ingest(self.payload({"CHAIR": 1})), self.ingest(self.payload({"TABLE": 1}))
        finish = type(self.env["stock.picking"])._octopus_finish

        def refuse(pickings):
            if bad in pickings.octopus_order_id:
                raise UserError("The warehouse is on fire.")
            finish(pickings)

        with patch.object(type(self.env["stock.picking"]), "_octopus_finish", refuse):
            self.deduct()
        self.assertRecordValues(
            good | bad, [{"stock_state": "deducted"}, {"stock_state": "blocked"}]
        )
        self.assertIn("on fire.\nCorrect it, then press Retry Stock.", bad.stock_message)
        bad.action_retry_stock()
        self.deduct()
        self.assertRecordValues(bad, [{"stock_state": "deducted", "stock_message": False}])

    def test_what_the_channel_takes_back_is_the_workers_and_never_holds_up_others(self):
        payloads = [self.payload({"CHAIR": 2}) for _order in range(3)]
        kept, cancelled, refunded = (self.ingest(payload) for payload in payloads)
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 4)
        line = payloads[2]["line_items"][0]["id"]
        refund = {
            "id": 1,
            "restock": True,
            "refund_line_items": [{"line_item_id": line, "quantity": 1}],
        }
        self.ingest(self.changed(payloads[1], cancelled_at="2026-11-21T08:00:00Z"))
        self.ingest(self.changed(payloads[2], refunds=[refund]))
        self.assertEqual((cancelled | refunded).mapped("is_return_due"), [True, True])
        self.assertEqual(self.on_hand(self.chair), 4)
        new = self.ingest(self.payload({"TABLE": 1}))

        def refuse(moves, quantities, **_where):
            raise UserError("The shelf is locked.")

        with patch.object(type(self.env["stock.move"]), "_octopus_return", refuse):
            self.deduct()
        self.assertEqual(new.stock_state, "deducted")
        for order in cancelled, refunded:
            self.assertEqual(order.stock_state, "blocked")
            self.assertIn("could not be returned to stock: The shelf", order.stock_message)
        (cancelled | refunded).action_retry_stock()
        self.deduct()
        self.assertRecordValues(
            kept | cancelled | refunded,
            [{"stock_state": "deducted"}, {"stock_state": "restored"}, {"stock_state": "deducted"}],
        )
        self.assertEqual(self.on_hand(self.chair), 7)
        self.assertFalse((cancelled | refunded).filtered("is_return_due"))

    def test_who_cancels_before_the_worker_gives_back_once(self):
        payload = self.payload({"CHAIR": 2})
        order = self.ingest(payload)
        self.deduct()
        refund = {
            "id": 1,
            "restock": True,
            "refund_line_items": [{"line_item_id": payload["line_items"][0]["id"], "quantity": 1}],
        }
        self.ingest(self.changed(payload, refunds=[refund]))
        order.status = "cancelled"
        self.assertEqual(self.on_hand(self.chair), 10, "a person sees it at once")
        self.assertFalse(order.is_return_due)
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 10)
