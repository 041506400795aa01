"""What the channel changes later: news that say little, late addresses, refunds of all kinds."""

from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.tests import TransactionCase

from ...models.order import intake
from ..support.orders import OrdersMixin

ADDRESS = {"name": "Ada Lovelace", "address1": "12 St James's Square", "city": "London"}


class TestOctopusOrderUpdate(OrdersMixin, TransactionCase):
    def refunded(self, payload, pieces, *, line=0, at="2026-11-21T08:00:00Z", **fields):
        """Return the news of a refund that restocks so many pieces of a line."""
        refund = {
            "id": fields.pop("ref", 1),
            "restock": True,
            "refund_line_items": [
                {
                    "line_item_id": payload["line_items"][line]["id"],
                    "quantity": pieces,
                    "restock_type": "return",
                }
            ],
        }
        return self.changed(payload, at=at, refunds=[refund], **fields)

    # === NEWS THAT SAY LITTLE === #

    def test_what_an_update_leaves_out_stays_as_it_is(self):
        payload = self.payload(
            {"CHAIR": 2}, note="Ring twice", tags="vip", shipping_address=ADDRESS, gateway="visa"
        )
        order = self.ingest(payload)
        before = order.read(
            ["customer_name", "check_total", "shipping_address", "note", "tags", "payload"]
        )
        self.ingest(
            {
                "id": payload["id"],
                "financial_status": "voided",
                "octopus_updated_at": "2026-11-21T08:00:00Z",
            }
        )
        self.assertEqual(order.financial_status, "void")
        self.assertEqual(order.fulfillment, "delivery")
        self.assertEqual(order.payment_method, "visa")
        self.assertFalse(order.channel_notice)
        self.assertEqual(order.read(list(before[0])), before)
        self.ingest(self.changed(payload, at="2026-11-21T07:00:00Z", note="older"))
        self.assertEqual(order.note, "Ring twice", "the little news have moved the clock")

    def test_the_finest_time_tells_which_update_is_newer(self):
        payload = self.payload({"CHAIR": 1}, note="first")
        order = self.ingest(payload)
        self.ingest(self.changed(payload, at="2026-11-21T08:00:00.700Z", note="newer"))
        self.ingest(self.changed(payload, at="2026-11-21T08:00:00.300Z", note="late"))
        self.assertEqual(order.note, "newer")
        self.env.flush_all()
        order.invalidate_recordset()
        self.ingest(self.changed(payload, at="2026-11-21T08:00:00.699999Z", note="late"))
        self.assertEqual(order.note, "newer")
        self.ingest(self.changed(payload, at="2026-11-21T08:00:00.700001Z", note="newest"))
        self.assertEqual(order.note, "newest")

    def test_what_an_update_holds_empty_is_emptied(self):
        payload = self.payload({"CHAIR": 2}, note="Ring twice", shipping_address=ADDRESS)
        order = self.ingest(payload)
        self.ingest(self.changed(payload, note=None, shipping_address=None))
        self.assertFalse(order.note)
        self.assertFalse(order.shipping_address)
        self.assertEqual(order.fulfillment, "pickup")

    def test_amounts_that_an_update_leaves_out_stay(self):
        payload = self.payload(
            {"CHAIR": 3},
            total_price="33.49",
            total_tax="4.13",
            shipping_lines=[{"title": "Post", "price": "3.49"}],
            taxes_included=True,
        )
        order = self.ingest(payload)
        before = order.read(["amount_tax", "amount_shipping", "amount_difference"])
        update = self.changed(payload)
        for key in ("total_tax", "shipping_lines", "taxes_included"):
            del update[key]
        self.ingest(update)
        self.assertEqual(order.read(list(before[0])), before)
        self.assertTrue(order.taxes_included)

    def test_a_pickup_that_was_chosen_stays_one_when_the_address_comes(self):
        pickup = {"shipping_lines": [{"title": "Store Pickup", "price": "0"}]}
        for fields, fulfillment in ((pickup, "pickup"), ({}, "delivery")):
            with self.subTest(**fields):
                payload = self.payload({"CHAIR": 1}, **fields)
                order = self.ingest(payload)
                self.assertEqual(order.fulfillment, "pickup")
                self.ingest({"id": payload["id"], "shipping_address": ADDRESS})
                self.assertEqual(order.fulfillment, fulfillment)

    def test_an_update_without_a_time_does_not_stop_the_clock(self):
        payload = self.payload({"CHAIR": 2})
        order = self.ingest(payload)
        self.ingest({"id": payload["id"], "note": "now"})
        self.assertEqual(order.note, "now")
        self.ingest(self.changed(payload, at="2026-11-19T00:00:00Z", note="older"))
        self.assertEqual(order.note, "now")

    def test_an_update_that_names_no_location_moves_nothing(self):
        other = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        second = (self.account.location_ids - self.location)[:1]
        second.warehouse_id = other
        payload = self.payload({"CHAIR": 1}, location_id=second.octopus_ref)
        order = self.ingest(payload)
        for moment, location in enumerate((None, "", 0, 987654321)):
            self.ingest(
                self.changed(payload, at=f"2026-11-21T08:00:0{moment}Z", location_id=location)
            )
            self.assertEqual(order.warehouse_id, other)
        self.deduct()
        self.ingest(self.changed(payload, at="2026-11-22T08:00:00Z", location_id=0))
        self.assertFalse(order.channel_notice)

    def test_a_blocked_order_follows_its_location(self):
        other = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        second = (self.account.location_ids - self.location)[:1]
        second.warehouse_id = other
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        order.stock_state = "blocked"
        self.ingest(self.changed(payload, location_id=second.octopus_ref))
        self.assertEqual(order.warehouse_id, other)
        self.assertFalse(order.channel_notice)

    # === FLAGGED === #

    def test_another_address_after_the_completion_is_flagged(self):
        payload = self.payload({"CHAIR": 1}, shipping_address=ADDRESS)
        order = self.ingest(payload)
        self.ingest(self.changed(payload, shipping_address=ADDRESS | {"city": "Paris"}))
        self.assertFalse(order.channel_notice, "there is time to follow it")
        order.status = "completed"
        self.ingest(
            self.changed(
                payload, at="2026-11-22T00:00:00Z", shipping_address=ADDRESS | {"city": "Rome"}
            )
        )
        self.assertIn("Rome", order.shipping_address)
        self.assertIn("after the order was completed", order.channel_notice)

    def test_a_restock_that_does_not_say_of_what_asks_a_person(self):
        for refund in (
            {"id": 1, "restock": True, "refund_line_items": []},
            {
                "id": 1,
                "restock": True,
                "refund_line_items": [
                    {"line_item_id": 11886729068653, "quantity": 3, "restock_type": "return"}
                ],
            },
        ):
            with self.subTest(refund=refund):
                payload = self.payload({"CHAIR": 4, "TABLE": 3})
                order = self.ingest(payload)
                self.deduct()
                before = self.on_hand(self.chair), self.on_hand(self.table)
                self.ingest(self.changed(payload, refunds=[refund]))
                self.deduct()
                self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), before)
                self.assertTrue(order.has_unclear_refund)

    # === REFUNDS === #

    def test_a_refund_of_goods_that_need_a_product_is_given_back_after_the_mapping(self):
        payload = self.payload({"CHAIR": 3, "MYSTERY": 2})
        order = self.ingest(payload)
        self.deduct()
        self.ingest(self.refunded(payload, 1, line=1))
        self.deduct()
        self.assertFalse(order.refund_ids.is_applied)
        order.line_ids.filtered("needs_mapping").product_id = self.table
        order.line_ids._mapped_by_user()
        self.deduct()
        self.assertEqual(self.on_hand(self.table), 4)
        self.assertEqual(self.on_hand(self.chair), 7)
        self.assertTrue(order.refund_ids.is_applied)

    def test_several_refunds_of_a_line_add_up_but_never_to_more_than_it(self):
        payload = self.payload({"CHAIR": 3})
        self.ingest(payload)
        self.deduct()
        for ref, pieces, left in ((1, 1, 8), (2, 1, 9), (3, 5, 10)):
            self.ingest(self.refunded(payload, pieces, ref=ref, at=f"2026-11-2{ref}T08:00:00Z"))
            self.deduct()
            self.assertEqual(self.on_hand(self.chair), left)

    def test_refunds_taken_from_a_kit_bring_its_components_back(self):
        kit = self.make_goods("KIT")
        self.make_recipe(
            kit,
            {"product_id": self.chair.id, "product_qty": 2},
            {"product_id": self.table.id, "product_qty": 1},
        )
        payload = self.payload({"KIT": 2})
        order = self.ingest(payload)
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (6, 3))
        self.ingest(self.refunded(payload, 1))
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (8, 4))
        order.status = "cancelled"
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (10, 5))

    def test_a_refund_collides_with_a_worker_who_does_not_see_it(self):
        """That takes a new version of the order's row: a lock that is over stops nobody."""
        payload = self.payload({"CHAIR": 3})
        order = self.ingest(payload)
        versions = [self.version_of(order)]
        news = {"id": payload["id"], "refunds": self.refunded(payload, 1)["refunds"]}
        for _time in range(2):
            self.ingest(news)
            versions.append(self.version_of(order))
        self.assertNotEqual(versions[0], versions[1])
        self.assertEqual(versions[1], versions[2], "no news the second time")

    def test_a_cancellation_of_the_same_moment_locks_the_order_before_it_writes(self):
        """Odoo logs a collision of writes with their values, and that of a lock not."""
        payload = self.payload({"CHAIR": 2})
        order = self.ingest(payload)
        order.status = "cancelled"
        # Nothing else of an update that has less is followed.
        less = {"line_items": [{**payload["line_items"][0], "quantity": 1}]}
        with patch.object(intake, "lock_rows", wraps=intake.lock_rows) as lock:
            self.ingest(payload | less | {"cancelled_at": "2026-11-21T08:00:00Z"})
        self.assertTrue(order.is_cancelled_by_channel)
        lock.assert_called_once_with(order)

    def test_two_that_record_the_same_refund_are_told_to_begin_again(self):
        payload = self.payload({"CHAIR": 3})
        self.ingest(payload)
        refunds = type(self.env["octopus.order.refund"])
        with (
            patch.object(refunds, "create", side_effect=UniqueViolation),
            self.assertRaises(ConcurrencyError),
        ):
            self.ingest(self.refunded(payload, 1))
