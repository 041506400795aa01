"""The channel changes an order later: shown as old and new, then applied or kept."""

from odoo.tests import TransactionCase

from ...models.monitoring.diagnosis import Diagnosis
from ...models.order.intake import OrderIntake
from ...models.pos.order_for_pos import attention, order_detail
from ..support.facets import opened
from ..support.orders import OrdersMixin

LATER = "2026-11-22T08:00:00Z"


class TestOctopusOrderChanges(OrdersMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.account.orders_since = "2026-01-01"

    def with_pieces(self, payload, pieces, **fields):
        """Return a later update in which the lines have these quantities, by SKU."""
        later = self.changed(payload, **fields)
        known = {line["sku"]: line for line in later["line_items"]}
        later["line_items"] = []
        for sku, quantity in pieces.items():
            new = {
                "id": f"{payload['id']}{sku}",
                "sku": sku,
                "title": sku.title(),
                "price": "10.00",
            }
            later["line_items"].append({**known.get(sku, new), "quantity": quantity})
        return later

    def changed_order(self, before, after, **fields):
        """Return an order that is deducted and then changed, and the payload of the change."""
        payload = self.payload(before)
        order = self.ingest(payload)
        self.deduct()
        later = self.with_pieces(payload, after, **fields)
        self.ingest(later)
        return order, later

    def test_a_change_is_shown_and_moves_nothing(self):
        order, later = self.changed_order({"CHAIR": 2}, {"CHAIR": 3, "TABLE": 1})
        posted = len(order.message_ids)
        self.ingest({**later, "octopus_updated_at": LATER})
        self.assertEqual(len(order.message_ids), posted, "said before")
        self.deduct()
        self.assertEqual(order.change_state, "open")
        self.assertEqual(order.changes_text, "Chair: 2 → 3\nAdded: 1 × Table")
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (8, 5))
        self.assertIn("changed by the channel", attention(order).lower())
        self.assertEqual(order_detail(order)["changes"], ["Chair: 2 → 3", "Added: 1 × Table"])

    def test_what_changed_says_which_variant(self):
        payload = self.payload({"CHAIR": 2})
        payload["line_items"][0]["variant_title"] = "Red / L"
        order = self.ingest(payload)
        self.deduct()
        later = self.with_pieces(payload, {"CHAIR": 1, "TABLE": 1})
        later["line_items"][1]["variant_title"] = "Oak"
        self.ingest(later)
        self.assertEqual(order.changes_text, "Chair (Red / L): 2 → 1\nAdded: 1 × Table (Oak)")

    def test_applying_deducts_what_is_new_once(self):
        order, later = self.changed_order({"CHAIR": 2}, {"CHAIR": 3, "TABLE": 1})
        for _time in range(2):
            order.action_apply_changes()
            self.deduct()
        self.ingest({**later, "octopus_updated_at": LATER})
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (7, 4))
        self.assertRecordValues(order, [{"change_state": "applied", "stock_state": "deducted"}])
        self.assertEqual(sum(order.line_ids.mapped("quantity")), 4)
        self.assertFalse(attention(order))
        self.assertTrue(order_detail(order)["changes"], "the ticket says so")
        order.status = "cancelled"
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (10, 5))

    def test_an_added_box_takes_its_pieces_and_a_raised_one_more_of_them(self):
        box = self.env["uom.uom"].create(
            {"name": "Box of 4", "relative_factor": 4, "relative_uom_id": self.chair.uom_id.id}
        )
        self.chair.product_tmpl_id.uom_ids = box
        code = "4006381333931"
        self.env["product.uom"].create(
            {"product_id": self.chair.id, "uom_id": box.id, "barcode": code}
        )
        payload = self.payload({"TABLE": 1})
        order = self.ingest(payload)
        self.deduct()
        for moment, boxes, left in ("2026-11-22T07:00:00Z", 1, 6), (LATER, 2, 2):
            later = self.with_pieces(payload, {"TABLE": 1, code: boxes}, octopus_updated_at=moment)
            self.ingest(later)
            order.action_apply_changes()
            self.deduct()
            self.assertEqual(self.on_hand(self.chair), left)
        self.assertEqual(order.line_ids.uom_id, box)
        self.assertEqual(len(order.line_ids.filtered("uom_id")), 2)

    def with_set(self, payload, sets, chairs, **fields):
        """Return an update with a configurable TABLE, which is a product here too, and its CHAIR,
        beside the first line."""
        later = self.changed(payload, **fields)
        parent = {"id": 901, "sku": "TABLE", "title": "Set", "product_type": "configurable"}
        child = {"id": 902, "sku": "CHAIR", "title": "Set, red", "parent_item_id": 901}
        later["line_items"] = [
            payload["line_items"][0],
            {**parent, "quantity": sets, "price": "20.00"},
            {**child, "quantity": chairs, "price": "0.00"},
        ]
        return later

    def test_a_set_that_is_added_and_raised_leaves_once(self):
        """As its parts, and not as itself besides, whether goods had left before or not."""
        for is_deducted_first in (True, False):
            with self.subTest(is_deducted_first=is_deducted_first):
                first = self.make_goods(f"FIRST{is_deducted_first}", stock=5)
                chairs, tables = self.on_hand(self.chair), self.on_hand(self.table)
                payload = self.payload({first.default_code: 1})
                order = self.ingest(payload)
                if is_deducted_first:
                    self.deduct()
                for pieces, moment in ((1, "2026-11-22T07:00:00Z"), (3, LATER)):
                    self.ingest(self.with_set(payload, pieces, pieces, octopus_updated_at=moment))
                    order.action_apply_changes()
                    if is_deducted_first or pieces == 3:
                        self.deduct()
                self.assertEqual(self.on_hand(self.chair), chairs - 3)
                self.assertEqual(self.on_hand(self.table), tables)
                kinds = {(line.sku, line.kind) for line in order.line_ids}
                self.assertEqual(
                    kinds - {(first.default_code, "goods")},
                    {("TABLE", "parent"), ("CHAIR", "goods")},
                )

    def test_what_a_person_said_to_be_no_goods_is_none_when_it_is_added(self):
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        order.channel_id.sudo()._remember_no_goods("Zest")
        self.deduct()
        self.ingest(self.with_pieces(payload, {"CHAIR": 1, "ZEST": 1}))
        order.action_apply_changes()
        self.deduct()
        added = order.line_ids.filtered(lambda line: line.sku == "ZEST")
        self.assertRecordValues(added, [{"kind": "not_goods", "needs_mapping": False}])
        self.assertEqual(order.stock_state, "deducted")

    def test_an_added_line_takes_what_was_chosen_before(self):
        first = self.order({"MYSTERY": 1})
        first.line_ids.with_user(self.env.ref("base.user_admin")).product_id = self.table
        alias = self.env["octopus.product.alias"].search([("key", "=", "MYSTERY")])
        order, _later = self.changed_order({"CHAIR": 1}, {"CHAIR": 1, "MYSTERY": 1})
        order.action_apply_changes()
        added = order.line_ids.filtered(lambda line: line.sku == "MYSTERY")
        self.assertRecordValues(added, [{"product_id": self.table.id, "alias_id": alias.id}])

    def test_applying_gives_back_what_was_lowered_once(self):
        order, later = self.changed_order({"CHAIR": 3, "TABLE": 1}, {"CHAIR": 2})
        self.assertEqual(order.changes_text, "Chair: 3 → 2\nRemoved: 1 × Table")
        for _time in range(2):
            order.action_apply_changes()
            self.deduct()
        self.ingest({**later, "octopus_updated_at": LATER})
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (8, 5))
        self.assertEqual(order.change_state, "applied")
        order.status = "cancelled"
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (10, 5))

    def test_an_exchange_does_both_and_may_be_changed_back(self):
        order, later = self.changed_order({"CHAIR": 2}, {"CHAIR": 1, "TABLE": 1})
        order.action_apply_changes()
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (9, 4))
        self.ingest(self.with_pieces(later, {"CHAIR": 2}, at=LATER))
        self.assertEqual(order.changes_text, "Chair: 1 → 2\nRemoved: 1 × Table")
        order.action_apply_changes()
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (8, 5))

    def test_what_is_kept_comes_back_when_the_channel_changes_it_again(self):
        order, later = self.changed_order({"CHAIR": 2}, {"CHAIR": 3})
        order.action_keep_changes()
        self.assertFalse(attention(order))
        self.ingest({**later, "octopus_updated_at": "2026-11-21T09:00:00Z"})
        order.action_apply_changes()
        self.deduct()
        self.assertEqual((order.change_state, self.on_hand(self.chair)), ("kept", 8))
        self.ingest(self.with_pieces(later, {"CHAIR": 4}, at=LATER))
        self.assertEqual(order.change_state, "open")
        self.assertEqual(order.changes_text, "Chair: 2 → 4")

    def test_a_change_that_the_channel_takes_back_ends(self):
        order, later = self.changed_order({"CHAIR": 2}, {"CHAIR": 3})
        self.ingest(self.with_pieces(later, {"CHAIR": 2}, at=LATER))
        self.assertFalse(order.change_state)

    def test_an_order_that_is_not_deducted_takes_the_change(self):
        payload = self.payload({"CHAIR": 2, "TABLE": 1})
        order = self.ingest(payload)
        self.ingest(self.with_pieces(payload, {"CHAIR": 3}))
        self.assertFalse(order.change_state)
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (7, 5))
        self.assertEqual(order.line_ids.mapped("quantity"), [3])

    def test_a_refund_that_lowers_the_line_is_no_change(self):
        payload = self.payload({"CHAIR": 3})
        order = self.ingest(payload)
        self.deduct()
        line = payload["line_items"][0]["id"]
        pieces = [{"line_item_id": line, "quantity": 1, "restock_type": "return"}]
        refunds = [{"id": 4, "restock": True, "refund_line_items": pieces}]
        self.ingest(self.with_pieces(payload, {"CHAIR": 2}, refunds=refunds))
        self.deduct()
        self.assertFalse(order.change_state)
        self.assertEqual(self.on_hand(self.chair), 8)

    def test_a_refund_after_a_lowered_line_gives_back_the_rest_only(self):
        order, later = self.changed_order({"CHAIR": 3}, {"CHAIR": 2})
        order.action_apply_changes()
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 8)
        line = later["line_items"][0]["id"]
        pieces = [{"line_item_id": line, "quantity": 2, "restock_type": "return"}]
        refunds = [{"id": 4, "restock": True, "refund_line_items": pieces}]
        self.ingest(self.changed(later, at=LATER, refunds=refunds))
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertEqual(order.change_state, "applied")

    def test_at_the_same_moment_less_does_not_undo_more(self):
        order, later = self.changed_order({"CHAIR": 2}, {"CHAIR": 3})
        stale = self.with_pieces(later, {"CHAIR": 2}, at=later["octopus_updated_at"])
        stale["total_price"] = "20.00"
        later_total = order.check_total
        self.ingest(stale)
        self.assertEqual((order.changes_text, order.check_total), ("Chair: 2 → 3", later_total))
        self.ingest({**stale, "cancelled_at": LATER})
        self.assertEqual(order.status, "cancelled", "what cannot be undone is followed")

    def test_of_two_changes_of_one_second_the_one_that_octopus_answers_is_followed(self):
        payload = self.payload({"CHAIR": 2})
        order = self.ingest(payload)
        later = self.with_pieces(payload, {"CHAIR": 1}, at=payload["octopus_updated_at"])
        later["total_price"] = "10.00"
        self.ingest(later)
        self.assertEqual(order.check_total, 20, "which one is later cannot be told")
        OrderIntake(self.account).store(later, is_read=True)
        self.assertEqual((order.check_total, order.line_ids.quantity), (10, 1))

    def test_another_address_is_followed_and_shown(self):
        payload = self.payload({"CHAIR": 1}, shipping_address={"address1": "1 High Street"})
        order = self.ingest(payload)
        self.deduct()
        later = self.changed(payload, shipping_address={"address1": "2 Low Street"}, note="Ring")
        self.ingest(later)
        self.assertEqual(order.shipping_address, "2 Low Street")
        self.assertIn("1 High Street → 2 Low Street", order.changes_text)
        self.assertIn("– → Ring", order.changes_text)
        self.assertFalse(order.has_changed_lines)
        self.assertIn("address or the note", attention(order))
        order.action_keep_changes()
        self.ingest({**later, "octopus_updated_at": LATER})
        self.assertEqual(order.change_state, "kept")

    def test_an_order_with_an_unknown_product_takes_its_change_too(self):
        order, _later = self.changed_order({"CHAIR": 1, "UNKNOWN": 2}, {"CHAIR": 1, "UNKNOWN": 1})
        order.action_apply_changes()
        self.deduct()
        self.assertEqual(order.line_ids.mapped("quantity"), [1, 1])
        self.assertRecordValues(order, [{"stock_state": "partial", "needs_mapping": True}])

    def test_a_completed_order_may_still_take_it(self):
        order, later = self.changed_order({"CHAIR": 1}, {"CHAIR": 1})
        order.status = "completed"
        self.ingest(self.with_pieces(later, {"CHAIR": 2}, at=LATER))
        order.action_apply_changes()
        self.deduct()
        self.assertRecordValues(order, [{"status": "completed", "change_state": "applied"}])
        self.assertEqual(self.on_hand(self.chair), 8)

    def test_changed_orders_are_counted_and_the_followers_told(self):
        order, _later = self.changed_order({"CHAIR": 2}, {"CHAIR": 3})
        self.assertEqual(self.account.changed_count, 1)
        action = self.account.action_open_changed()
        self.assertEqual(opened(self.env, action), order)
        [finding] = [
            finding
            for key, finding in Diagnosis(self.account).failures().items()
            if key == f"change:{order.id}"
        ]
        self.assertIn("changed by the channel: Chair: 2 → 3", finding.sentence)
        order.action_keep_changes()
        self.assertNotIn(f"change:{order.id}", Diagnosis(self.account).failures())
        self.account.invalidate_recordset()
        self.assertEqual(self.account.changed_count, 0)

    def test_unpaid_never_looks_like_paid(self):
        order = self.order({"CHAIR": 1})
        self.assertFalse(attention(order))
        for status in ("", "pending", "AUTHORIZED", "Voided", "expired", "refunded"):
            with self.subTest(status=status):
                unpaid = self.order({"CHAIR": 1}, financial_status=status)
                self.assertTrue(unpaid.payment_alert)
                self.assertEqual(attention(unpaid), unpaid.payment_alert)
                reports = self.env["ir.actions.report"]
                name = "linga_octopus.report_picking_ticket"
                html = reports._render_qweb_html(name, unpaid.ids)[0].decode()
                [warning] = unpaid._paper_warnings()
                self.assertIn(warning, html)
