"""Which product of Odoo the line of an order is about."""

from odoo.tests import Form, TransactionCase
from odoo.tools import SQL

from ...lib.octopus_api.order_parts import OrderLine
from ...models.catalog.product_product import code_domain
from ...models.order.look_up import ProductLookUp
from ..support.orders import OrdersMixin

BOX = "4006381333931"


class TestProductLookUp(OrdersMixin, TransactionCase):
    def line(self, **fields):
        """Return the line of an order that is ingested."""
        payload = self.payload({}, line_items=[{"id": 1, "quantity": 2, "price": "1", **fields}])
        return self.ingest(payload).line_ids

    def bind(self, product, sku, **fields):
        owner = self.env["octopus.product"].create(
            {"account_id": self.account.id, "product_tmpl_id": product.product_tmpl_id.id}
        )
        return self.env["octopus.variant"].create(
            {
                "account_id": self.account.id,
                "octopus_product_id": owner.id,
                "product_id": product.id,
                "sku": sku,
                **fields,
            }
        )

    def box(self):
        """Return a packaging of four chairs, whose barcode is BOX."""
        box = self.env["uom.uom"].create(
            {"name": "Box of 4", "relative_factor": 4, "relative_uom_id": self.chair.uom_id.id}
        )
        self.chair.product_tmpl_id.uom_ids = box
        self.env["product.uom"].create(
            {"product_id": self.chair.id, "uom_id": box.id, "barcode": BOX}
        )
        return box

    def test_what_cannot_be_seen_is_no_part_of_a_code(self):
        self.chair.default_code = "\u00a0CHA\u200bIR "
        self.table.barcode = "4006381333931\ufeff"
        for fields, product in (
            ({"sku": "CHAIR"}, self.chair),
            ({"sku": "\u200bCHAIR\u00a0"}, self.chair),
            ({"barcode": "4006381333931"}, self.table),
            ({"sku": "4006381333931"}, self.table),
        ):
            with self.subTest(fields=fields):
                self.assertEqual(self.line(**fields).product_id, product)

    def test_a_upc_or_ean_is_found_with_and_without_zeros(self):
        self.chair.barcode = "0012345678905"
        for code in "012345678905", "12345678905", "00012345678905":
            self.assertEqual(self.line(barcode=code).product_id, self.chair)
            self.assertEqual(self.line(sku=code).product_id, self.chair)
        self.chair.barcode = "12345678905"
        self.assertEqual(self.line(barcode="012345678905").product_id, self.chair)
        self.table.barcode = "12345678"
        self.assertFalse(self.line(barcode="012345678").product_id, "no UPC: another number")

    def test_the_active_product_before_the_archived_and_what_is_sold_before_what_is_not(self):
        old = self.make_goods("X-1")
        old.active = False
        self.assertEqual(self.line(sku="X-1").product_id, old)
        part = self.make_goods("X-1", sale_ok=False)
        self.assertEqual(self.line(sku="X-1").product_id, part)
        sold = self.make_goods("X-1")
        self.assertEqual(self.line(sku="X-1").product_id, sold)

    def test_an_archived_product_in_octopus_gives_way_to_the_active_one(self):
        old = self.make_goods("X-1")
        self.bind(old, "X-1", octopus_ref="901")
        old.active = False
        self.assertEqual(self.line(sku="X-1").product_id, old)
        new = self.make_goods("X-1")
        self.assertEqual(self.line(sku="X-1").product_id, new)
        self.assertEqual(self.line(sku="X-1", variant_id=901).product_id, old, "named by its id")

    def test_two_equally_good_products_are_not_guessed(self):
        self.make_goods("X-1")
        other = self.make_goods("X-1", barcode="4006381333931")
        line = self.line(sku="X-1")
        self.assertRecordValues(line, [{"product_id": False, "needs_mapping": True}])
        self.assertEqual(self.line(sku="X-1", barcode="4006381333931").product_id, other)

    def test_two_variants_of_octopus_with_one_sku_are_not_guessed(self):
        self.bind(self.chair, "SAME", octopus_ref="901")
        self.bind(self.table, "SAME", octopus_ref="902")
        self.assertTrue(self.line(sku="SAME").needs_mapping)
        self.table.default_code = "SAME"
        self.assertEqual(self.line(sku="SAME").product_id, self.table, "Odoo decides")
        self.assertEqual(self.line(sku="SAME", variant_id=901).product_id, self.chair)

    def test_a_former_sku_is_found(self):
        self.bind(self.chair, "NEW", octopus_ref="901", former_skus="OLDER\nOLD")
        for sku in "NEW", "OLD", "OLDER":
            self.assertEqual(self.line(sku=sku).product_id, self.chair)
        self.assertFalse(self.line(sku="OL").product_id)
        self.assertFalse(self.line(sku="OLD\nOLDER").product_id)
        self.table.default_code = "OLD"
        self.assertEqual(self.line(sku="OLD").product_id, self.table, "whose SKU it is now")

    def test_the_barcode_of_a_box_takes_its_pieces(self):
        box = self.box()
        line = self.line(barcode=BOX)
        self.assertRecordValues(
            line, [{"product_id": self.chair.id, "uom_id": box.id, "quantity": 2}]
        )
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 2)
        self.assertRecordValues(line, [{"quantity": 2, "is_deducted": True}])
        self.assertEqual(line._format_quantity(), "2 Box of 4")
        self.assertIn("8 × [CHAIR] Chair", line.order_id.get_cancel_questions()[0])
        refund = {
            "id": 8,
            "refund_line_items": [{"line_item_id": 1, "quantity": 1, "restock_type": "return"}],
        }
        first = {"id": line.order_id.aggregator_order_no, "refunds": [refund]}
        self.ingest(first)
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 6)
        line.order_id.status = "cancelled"
        self.assertEqual(self.on_hand(self.chair), 10)
        piece = self.line(sku="CHAIR")
        self.assertRecordValues(piece, [{"product_id": self.chair.id, "uom_id": False}])

    def test_boxes_of_which_some_came_back_leave_again_when_the_order_is_taken_up(self):
        self.box()
        order = self.line(barcode=BOX).order_id
        self.deduct()
        order.status = "completed"
        self.ingest({"id": order.aggregator_order_no, "cancelled_at": "2026-11-21T08:00:00Z"})
        self.assertEqual(self.on_hand(self.chair), 2, "nobody knows where they are")
        move = order.picking_ids.move_ids
        move._octopus_return({move: 4})
        self.assertEqual(self.on_hand(self.chair), 6)
        order.is_alive_again = True
        order.action_revive()
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 2)

    # === SUGGESTIONS === #

    def test_equal_products_are_named_on_the_line(self):
        products = self.make_goods("X-1") | self.make_goods("X-1")
        line = self.line(sku="X-1")
        self.assertEqual(line.equal_product_ids, products)
        self.assertFalse(line.suggested_product_id)
        products[1].default_code = "X-2"
        line.invalidate_recordset()
        self.assertEqual(line.suggested_product_id, products[0], "one of them is left")

    def test_another_letter_case_is_suggested_and_not_taken(self):
        for own, ordered in ("AB-1", "ab-1"), ("ab-2", "AB-2"), ("Ab-3", "aB-3"):
            product = self.make_goods(own)
            line = self.line(sku=ordered)
            self.assertTrue(line.needs_mapping)
            self.assertEqual(line.suggested_product_id, product)

    def test_suggestions_match_words(self):
        string = self.make_product("String of pearls").product_variant_id
        self.assertFalse(self.line(title="ring").suggested_product_id)
        ring = self.make_product("Gold ring").product_variant_id
        self.assertEqual(self.line(title="Ring, size 7").suggested_product_id, ring)
        self.assertEqual(self.line(title="string").suggested_product_id, string)

    # === WHAT WAS CHOSEN === #

    def test_uses_of_a_mapping_are_counted_and_a_correction_changes_later_orders(self):
        self.line(sku="MYSTERY").product_id = self.table
        first = self.line(sku="MYSTERY")
        first.with_user(self.env.ref("base.user_admin")).product_id = self.table
        alias = self.env["octopus.product.alias"].search([("key", "=", "MYSTERY")])
        self.assertEqual(first.alias_id, alias)
        self.deduct()
        self.line(sku="MYSTERY")
        self.deduct()
        self.assertRecordValues(alias, [{"use_count": 3, "source": "SHOPIFY"}])
        self.assertTrue(alias.last_used_at)
        with Form(alias, "linga_octopus.octopus_product_alias_view_list") as form:
            form.product_id = self.chair
        self.assertEqual(self.line(sku="MYSTERY").product_id, self.chair)
        self.assertEqual(first.product_id, self.table, "earlier orders keep theirs")
        changed = alias.new({"product_id": self.chair.id}, origin=alias)
        changed.product_id = self.table
        self.assertIn("Later orders", changed._onchange_product_id()["warning"]["message"])

    # === COST === #

    def test_known_products_cost_no_query_and_unknown_ones_a_single_one(self):
        self.bind(self.chair, "CHAIR", octopus_ref="901")
        self.env.flush_all()
        look_up = ProductLookUp(self.account, self.env)
        chair, table = OrderLine.of_codes("CHAIR", ""), OrderLine.of_codes("TABLE", "")
        bound = {("bound_sku", "CHAIR"): [(self.chair.id, None)]}
        with self.assertQueryCount(0):
            look_up.candidates([chair], bound)
        with self.assertQueryCount(1):
            found = look_up.candidates([chair, table, table], bound)
        self.assertEqual(
            [candidate.product_id for [candidate] in found],
            [self.chair.id, self.table.id, self.table.id],
        )

    def test_no_part_of_the_query_reads_all_products(self):
        """Where there is a choice, sequential scans are forbidden: each part has an index."""
        look_up = ProductLookUp(self.account, self.env)
        line = OrderLine.of_codes("4711-X", "012345678905")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = self.env.execute_query(SQL("EXPLAIN %s", look_up._products_query([line])))
        text = "\n".join(row for (row,) in plan)
        self.assertNotIn("Seq Scan", text)
        self.assertIn("padded_code_idx", text)

    def test_a_batch_of_codes_does_not_clean_those_of_all_products(self):
        """PostgreSQL knows that codes with blanks around them are rare, and uses the indexes."""
        self.env.cr.execute(
            """INSERT INTO product_product (product_tmpl_id, active, default_code,
                                            combination_indices)
               SELECT %s, TRUE, 'CODE-' || number, number FROM generate_series(1, 20000) number""",
            [self.chair.product_tmpl_id.id],
        )
        self.env.cr.execute("ANALYZE product_product")
        codes = [f"CODE-{number}" for number in range(250)]
        query = self.env["product.product"]._search(code_domain(codes))
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        text = "\n".join(row for (row,) in plan)
        self.assertIn("padded_code_idx", text)
        self.assertIn("padded_barcode_idx", text)
        cleaned = [row for (row,) in plan if "Filter:" in row and "translate" in row]
        self.assertFalse(cleaned)
