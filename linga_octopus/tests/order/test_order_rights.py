"""Who may do what with an online order, whatever way they come in; and mapping its products."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user

from ..support.orders import OrdersMixin

LINES = "linga_octopus.octopus_order_line_view_list"


class TestOctopusOrderRights(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(cls.env, "cashier-orders", "point_of_sale.group_pos_user")
        cls.manager = new_test_user(cls.env, "manager-orders", "point_of_sale.group_pos_manager")

    # === STATUS === #

    def test_a_cashier_sets_the_status_and_the_stock_follows(self):
        order = self.order({"CHAIR": 2})
        as_cashier = order.with_user(self.cashier)
        as_cashier.status = "completed"
        as_cashier.status = "cancelled"
        self.assertEqual(order.stock_state, "restored")
        self.assertEqual(self.on_hand(self.chair), 10)
        with self.assertRaisesRegex(UserError, "final"):
            as_cashier.status = "take_action"

    def test_the_first_goods_of_a_warehouse_may_be_moved_by_a_cashier(self):
        """Who may not configure the warehouse, but its operation type is created."""
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        order_type = other.with_user(self.cashier)._octopus_order_type()
        self.assertEqual(order_type, other.octopus_order_type_id)
        both = order_type | order_type.return_picking_type_id
        self.assertEqual(both.mapped("sequence_code"), ["ONL", "ONR"])
        self.assertEqual(both.warehouse_id, other)
        self.assertEqual(other._octopus_order_type(), order_type, "once")

    def test_nobody_pretends_that_octopus_knows_already(self):
        order = self.order({"CHAIR": 2})
        as_cashier = order.with_user(self.cashier).with_context(octopus_knows=True)
        as_cashier.status = "cancelled"
        self.assertRecordValues(order, [{"push_status": "pending", "stock_state": "restored"}])

    def test_nothing_but_the_status_can_be_changed(self):
        order = self.order({"CHAIR": 2})
        refusal = "Only the status of an online order can be changed.*never in part"
        for user in self.cashier, self.manager:
            for vals in (
                {"check_total": 1},
                {"stock_state": "waiting"},
                {"status": "completed", "check_total": 1},
                {"line_ids": [(5,)]},
                {"partner_id": user.partner_id.id},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaisesRegex(AccessError, refusal),
                ):
                    order.with_user(user).write(vals)
        refusal = "Only the product of an online order's line can be changed.*never in part"
        with self.assertRaisesRegex(AccessError, refusal):
            order.line_ids.with_user(self.manager).quantity = 1
        self.assertRecordValues(order, [{"status": "take_action", "check_total": 20}])

    def test_orders_are_neither_made_nor_deleted_by_hand(self):
        order = self.order({"CHAIR": 2})
        for user in self.cashier, self.manager:
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    order.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    self.orders.with_user(user).create({"account_id": self.account.id})
                with self.assertRaises(AccessError):
                    order.with_user(user).copy()

    def test_an_import_obeys_the_same_rules(self):
        order = self.order({"CHAIR": 2})
        order.status = "cancelled"
        xmlid = order.export_data(["id"])["datas"][0][0]
        result = self.orders.with_user(self.manager).load(
            ["id", "status"], [[xmlid, "take_action"]]
        )
        self.assertFalse(result["ids"])
        self.assertEqual(order.status, "cancelled")

    def test_other_companies_orders_are_out_of_sight(self):
        order = self.order({"CHAIR": 2})
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger-orders",
            "point_of_sale.group_pos_manager",
            company_id=company.id,
            company_ids=[company.id],
        )
        self.assertFalse(self.orders.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            order.with_user(stranger).status = "cancelled"
        with self.assertRaises(AccessError):
            order.line_ids.with_user(stranger).read(["sku"])

    def test_the_original_order_is_for_managers(self):
        order = self.order({"CHAIR": 2})
        self.assertIn("Lovelace", order.with_user(self.manager).payload)
        with self.assertRaises(AccessError):
            order.with_user(self.cashier).read(["payload"])
        with self.assertRaises(AccessError):
            self.env["octopus.order.notification"].with_user(self.cashier).search([])

    def test_originals_are_removed_after_their_time(self):
        old, new = self.order({"CHAIR": 1}), self.order({"CHAIR": 1})
        old.received_at = "2020-01-01"
        self.env["octopus.order"]._gc_order_payloads()
        self.assertFalse(old.payload)
        self.assertTrue(new.payload)

    # === MAPPING === #

    def test_mapping_deducts_what_waited_and_is_remembered(self):
        first = self.order({"CHAIR": 1, "MYSTERY": 2})
        second = self.order({"MYSTERY": 1})
        line = first.line_ids.filtered("needs_mapping")
        line.with_user(self.manager).product_id = self.table
        self.assertRecordValues(
            first | second,
            [{"stock_state": "waiting", "needs_mapping": False}] * 2,
        )
        self.deduct()
        self.assertRecordValues(first | second, [{"stock_state": "deducted"}] * 2)
        self.assertEqual(self.on_hand(self.table), 2)
        self.assertEqual(self.on_hand(self.chair), 9)
        self.assertEqual(len(first.picking_ids), 2)
        third = self.order({"MYSTERY": 1})
        self.assertEqual(third.line_ids.product_id, self.table)
        first.status = "cancelled"
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertEqual(self.on_hand(self.table), 3)

    def test_the_mapping_of_a_barcode_is_remembered(self):
        def barcode_order(barcode, **line):
            payload = self.payload({"": 1})
            payload["line_items"][0] |= {"barcode": barcode, **line}
            return self.ingest(payload)

        first, second, other = map(barcode_order, ("4006381333931", "4006381333931", "96385074"))
        first.line_ids.with_user(self.manager).product_id = self.table
        self.assertRecordValues(
            (first | second | other).line_ids,
            [
                {"product_id": self.table.id, "needs_mapping": False},
                {"product_id": self.table.id, "needs_mapping": False},
                {"product_id": False, "needs_mapping": True},
            ],
        )
        third = barcode_order("4006381333931")
        self.assertEqual(third.line_ids.product_id, self.table)
        known = barcode_order("4006381333931", sku="CHAIR")
        self.assertEqual(known.line_ids.product_id, self.table, "what a user chose comes first")
        third.line_ids.with_user(self.manager).product_id = False
        self.assertTrue(barcode_order("4006381333931").needs_mapping, "forgotten")

    def test_a_service_that_turns_out_to_be_goods_is_deducted(self):
        for sku, others, left in ("WRAP", {}, 4), ("CARD", {"CHAIR": 1}, 3):
            with self.subTest(others=others):
                self.make_goods(sku, type="service", is_storable=False)
                order = self.order({sku: 1, **others})
                line = order.line_ids.filtered(lambda line, sku=sku: line.sku == sku)
                line.with_user(self.manager).product_id = self.table
                self.assertEqual(order.stock_state, "waiting")
                self.deduct()
                self.assertEqual(order.stock_state, "deducted")
                self.assertEqual(self.on_hand(self.table), left)

    def test_mapping_an_order_of_before_the_store_moves_nothing(self):
        self.account.orders_since = "2099-01-01 00:00:00"
        order = self.ingest(self.payload({"MYSTERY": 1}), is_new=False)
        self.assertEqual(order.stock_state, "none")
        order.line_ids.with_user(self.manager).product_id = self.table
        self.deduct()
        self.assertEqual(self.on_hand(self.table), 5)

    def test_a_suggestion_is_made_and_can_be_taken(self):
        payload = self.payload({"C-1": 1})
        payload["line_items"][0]["title"] = "chair"
        line = self.ingest(payload).line_ids
        self.assertEqual(line.suggested_product_id, self.chair)
        self.assertTrue(line.order_id.has_suggestion)
        line.with_user(self.manager).action_accept_suggestion()
        self.assertEqual(line.product_id, self.chair)
        self.assertFalse(line.order_id.has_suggestion)

    def test_suggestions_are_looked_for_in_bounds(self):
        payload = self.payload({f"C-{number}": 1 for number in range(30)})
        for number, line in enumerate(payload["line_items"]):
            line["title"] = f"unknown {number}" if number else "chair"
        lines = self.ingest(payload).line_ids
        with patch.object(type(lines), "_find_by_name", return_value=self.chair) as search:
            lines.mapped("suggested_product_id")
        self.assertEqual(search.call_count, 20)

    def test_the_product_is_chosen_in_a_dialog_of_the_line_which_cashiers_do_not_get(self):
        line = self.order({"MYSTERY": 2}).line_ids
        action = line.with_user(self.manager).action_choose_product()
        asked = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        with self.assertRaisesRegex(AssertionError, "required"):
            Form(asked).save()
        with Form(asked) as form:
            form.product_id = self.table
        self.assertRecordValues(line, [{"product_id": self.table.id, "needs_mapping": False}])
        with self.assertRaises(AccessError):
            line.with_user(self.cashier).action_choose_product()
        for user, has_button in ((self.manager, True), (self.cashier, False)):
            arch = line.with_user(user).get_view(self.env.ref(LINES).id)["arch"]
            self.assertEqual("action_choose_product" in arch, has_button)

    def test_what_channels_add_to_a_name_does_not_hide_the_product(self):
        named = {
            "Chair - red / XL": self.chair,
            "CHAIR": self.chair,
            "tab": False,
            "Table set of 4": self.table,
            "ch": False,
            "%": False,
            "Nothing of ours": False,
        }
        for title, product in named.items():
            with self.subTest(title=title):
                payload = self.payload({"X-1": 1})
                payload["line_items"][0]["title"] = title
                line = self.ingest(payload).line_ids
                self.assertEqual(line.suggested_product_id, product or self.chair.browse())

    def test_mapping_a_cancelled_order_moves_nothing(self):
        order = self.order({"MYSTERY": 1})
        order.status = "cancelled"
        order.line_ids.with_user(self.manager).product_id = self.table
        self.deduct()
        self.assertEqual(self.on_hand(self.table), 5)

    def test_a_deducted_line_keeps_its_product(self):
        order = self.order({"CHAIR": 1})
        with self.assertRaisesRegex(UserError, "deducted already"):
            order.line_ids.with_user(self.manager).product_id = self.table

    def test_a_cashier_does_not_map(self):
        order = self.order({"MYSTERY": 1})
        with self.assertRaises(AccessError):
            order.line_ids.with_user(self.cashier).product_id = self.table
        with self.assertRaises(AccessError):
            order.line_ids.with_user(self.manager).quantity = 5
