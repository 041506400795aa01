"""Who prints a packing slip, when and where it was printed, and whether orders arrive at all."""

from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name

from ..support.screens import ScreensCase


class TestPosPrint(ScreensCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_till = cls.env["pos.config"].create({"name": "Till 2"})
        cls.account.pos_config_ids += cls.other_till
        cls.here, cls.there = cls.till.with_user(cls.cashier), cls.other_till.with_user(cls.cashier)

    def test_the_order_says_when_and_where_its_slip_was_printed_last(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.assertIs(self.here.get_octopus_order(order.id)["printed_at"], False)
        self.here.set_octopus_printed([order.id])
        detail = self.there.get_octopus_order(order.id)
        self.assertEqual(detail["printed_by"], "Till 1")
        self.assertTrue(detail["printed_at"])
        self.there.set_octopus_printed([order.id])
        self.assertEqual(self.here.get_octopus_order(order.id)["printed_by"], "Till 2")

    def test_another_pos_marks_nothing_as_printed(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        foreign = self.env["pos.config"].create({"name": "Counter"}).with_user(self.cashier)
        foreign.set_octopus_printed([order.id])
        slips = self.env["octopus.order.print"]
        self.assertFalse(slips.search([]))
        with self.assertRaises(AccessError):
            slips.with_user(self.cashier)._set_printed(self.here, order)

    def test_the_bar_says_since_when_octopus_is_disconnected(self):
        now = fields.Datetime.now()
        self.account.last_orders_sync = now - timedelta(minutes=5)
        self.assertIs(self.here.get_octopus_summary()["disconnected_since"], False)
        self.account.state = "error"
        since = fields.Datetime.to_string(self.account.last_orders_sync)
        self.assertEqual(self.here.get_octopus_summary()["disconnected_since"], since)
        self.account.write({"state": "connected", "last_orders_sync": now - timedelta(minutes=20)})
        since = fields.Datetime.to_string(self.account.last_orders_sync)
        self.assertEqual(self.here.get_octopus_summary()["disconnected_since"], since)

    def test_the_history_says_when_and_where(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.deduct()
        self.here.set_octopus_printed([order.id])
        self.assertIn("Packing slip printed at Till 1", [row["text"] for row in order.timeline])

    # === AUTOMATIC PRINTING === #

    def print_here(self, *tills):
        for till in tills or (self.till,):
            till.octopus_auto_print = True

    def new_order(self, **fields):
        order = self.ingest(self.payload({"CHAIR": 1}, **fields))
        self.deduct()
        return order

    def claimed(self, till):
        return [order["id"] for order in till.claim_octopus_prints()]

    def has_to_print(self, till):
        return till.get_octopus_summary()["has_to_print"]

    def test_a_new_order_is_printed_by_one_pos(self):
        before = self.new_order()
        self.print_here(self.till, self.other_till)
        self.assertFalse(self.has_to_print(self.here))
        order = self.new_order()
        self.assertTrue(self.has_to_print(self.here) and self.has_to_print(self.there))
        [slip] = self.here.claim_octopus_prints()
        self.assertEqual((slip["id"], slip["lines"][0]["sku"]), (order.id, "CHAIR"))
        self.assertEqual(self.claimed(self.there), [])
        self.assertFalse(self.has_to_print(self.there))
        self.assertIs(self.there.get_octopus_order(order.id)["printed_at"], False)
        self.here.set_octopus_printed([order.id])
        self.assertEqual(self.there.get_octopus_order(order.id)["printed_by"], "Till 1")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            self.assertEqual(self.claimed(self.there), [])
        self.assertFalse(self.env["octopus.order.print"].search([("order_id", "=", before.id)]))

    def test_a_pos_that_dies_while_it_prints_leaves_the_order_to_another(self):
        self.print_here(self.till, self.other_till)
        order = self.new_order()
        self.assertEqual(self.claimed(self.here), [order.id])
        with freeze_time(fields.Datetime.now() + timedelta(seconds=110)):
            self.assertEqual(self.claimed(self.there), [])
        with freeze_time(fields.Datetime.now() + timedelta(seconds=130)):
            self.assertTrue(self.has_to_print(self.there))
            self.assertEqual(self.claimed(self.there), [order.id])
            self.assertEqual(self.claimed(self.here), [])
            self.there.set_octopus_printed([order.id])
        self.assertEqual(self.here.get_octopus_order(order.id)["printed_by"], "Till 2")

    def test_a_printer_that_fails_leaves_the_order_to_another_at_once(self):
        self.print_here(self.till, self.other_till)
        order = self.new_order()
        self.claimed(self.here)
        self.sent()
        self.here.set_octopus_not_printed([order.id])
        self.assertIn("OCTOPUS_ORDERS", [kind for kind, _payload in self.sent()])
        self.assertTrue(self.here.get_octopus_order(order.id)["is_print_failed"])
        # Whoever has the order meanwhile keeps it.
        self.assertEqual(self.claimed(self.there), [order.id])
        self.here.set_octopus_not_printed([order.id])
        self.assertEqual(self.claimed(self.here), [])
        self.there.set_octopus_printed([order.id])
        self.assertFalse(self.here.get_octopus_order(order.id)["is_print_failed"])

    def test_only_what_is_to_be_packed_is_printed(self):
        self.print_here()
        waiting = self.ingest(self.payload({"CHAIR": 1}))
        self.assertEqual(self.claimed(self.here), [], "its stock is not sorted out yet")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=2)):
            self.assertEqual(self.claimed(self.here), [waiting.id], "nobody waits for ever")
        self.new_order(test=True)
        self.new_order().status = "completed"
        self.new_order().status = "cancelled"
        self.assertEqual(self.claimed(self.here), [])

    def test_a_pos_that_is_not_to_print_claims_nothing(self):
        self.print_here(self.other_till)
        order = self.new_order()
        self.assertEqual(self.claimed(self.here), [])
        self.assertEqual(self.claimed(self.there), [order.id])
        foreign = self.env["pos.config"].create({"name": "Counter", "octopus_auto_print": True})
        self.new_order()
        self.assertEqual(self.claimed(foreign.with_user(self.cashier)), [])

    def test_a_rush_is_claimed_in_parts_the_earliest_first(self):
        self.print_here()
        orders = [self.new_order().id for _order in range(7)]
        self.assertEqual(self.claimed(self.here), orders[:5])
        self.assertEqual(self.claimed(self.here), orders[5:])

    def test_printing_begins_anew_when_it_is_switched_on_again(self):
        self.print_here()
        self.till.octopus_auto_print = False
        self.new_order()
        self.print_here()
        self.till.name = "Till A"
        order = self.new_order()
        self.assertEqual(self.claimed(self.here), [order.id])


class TestTwoClaim(BaseCase):
    """With real transactions, which see what was committed when they began."""

    def setUp(self):
        super().setUp()
        with self.environment() as env:
            account = env["octopus.account"].create(
                {"name": "Claims", "merchant_name": "claims", "access_id": "secret"}
            )
            order = env["octopus.order"].create(
                {
                    "account_id": account.id,
                    "company_id": account.company_id.id,
                    "aggregator_order_no": "claims-1",
                    "currency_id": account.company_id.currency_id.id,
                    "stock_state": "none",
                }
            )
            self.account_id, self.order_id = account.id, order.id
            self.config_ids = [
                env["pos.config"].create({"name": name}).id for name in ("One", "Two")
            ]
        self.addCleanup(self.remove)

    def remove(self):
        with self.environment() as env:
            env["octopus.order"].browse(self.order_id).unlink()
            env["octopus.account"].browse(self.account_id).unlink()
            env["pos.config"].browse(self.config_ids).unlink()

    def environment(self):
        return Committed()

    def claim(self, env, config_id):
        order = env["octopus.order"].browse(self.order_id)
        return env["octopus.order.print"]._claim(env["pos.config"].browse(config_id), order)

    def test_two_at_once_of_which_one_gets_the_order(self):
        one, two = self.config_ids
        with Committed() as second:
            second.cr.execute("SELECT 1")  # its view of the database begins here
            with Committed() as first:
                self.assertTrue(self.claim(first, one))
            with self.assertRaises(SerializationFailure):
                self.claim(second, two)
            second.cr.rollback()
        # Odoo repeats the request.
        with Committed() as again:
            self.assertFalse(self.claim(again, two))
            slip = again["octopus.order.print"].search([("order_id", "=", self.order_id)])
            self.assertEqual(slip.config_id.id, one)


class Committed:
    """An environment of a transaction of its own, which is committed."""

    def __enter__(self):
        self.cr = db_connect(get_db_name()).cursor()
        return api.Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, kind, *_error):
        if kind is None:
            self.cr.commit()
        self.cr.close()
