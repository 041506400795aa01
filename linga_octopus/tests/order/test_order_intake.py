"""Taking orders in: their fields, their products, their customers, and later changes."""

from decimal import Decimal

from odoo.tests import TransactionCase

from ...lib.octopus_api import dumps, loads
from ...models.order.intake import OrderIntake
from ...models.order.screens import payment_labels
from ..support.orders import OrdersMixin

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "address1": "12 St James's Square",
    "city": "London",
    "zip": "SW1Y 4JH",
    "country": "United Kingdom",
}


class TestOctopusOrderIngest(OrdersMixin, TransactionCase):
    # === FIELDS === #

    def test_the_seven_columns_are_what_octopus_says(self):
        order = self.ingest(self.payload({"CHAIR": 2}, id=4711, order_number=105, source="AMAZON"))
        self.assertRecordValues(
            order,
            [
                {
                    "third_party_name": "AMAZON",
                    "third_party_order_no": "105",
                    "aggregator_order_no": "4711",
                    "customer_name": "Ada Lovelace",
                    "check_total": 20,
                    "status": "take_action",
                    "company_id": self.account.company_id.id,
                    "warehouse_id": self.warehouse.id,
                }
            ],
        )
        self.assertEqual(str(order.transaction_time), "2026-11-20 15:00:00")

    def test_an_id_alone_is_an_order(self):
        order = self.ingest({"id": "ord_1010"})
        self.deduct()
        self.assertRecordValues(
            order, [{"aggregator_order_no": "ord_1010", "check_total": 0, "stock_state": "none"}]
        )
        self.assertTrue(order.transaction_time)

    def test_the_total_is_explained_to_the_cent(self):
        payload = self.payload(
            {"CHAIR": 3},
            total_discounts="2.50",
            total_tax="4.13",
            total_tip_received="1.00",
            shipping_lines=[{"title": "Post", "price": "4.99"}],
            total_price="37.62",
        )
        order = self.ingest(payload)
        self.assertRecordValues(
            order,
            [
                {
                    "check_total": 37.62,
                    "amount_subtotal": 30,
                    "amount_discount": 2.5,
                    "amount_shipping": 4.99,
                    "amount_tax": 4.13,
                    "amount_tip": 1,
                    "amount_difference": 0,
                }
            ],
        )

    def test_the_payload_keeps_its_digits(self):
        payload = loads(dumps(self.payload({"CHAIR": 3}, total_price=Decimal("0.30"))))
        self.assertIn('"total_price":0.30', self.ingest(payload).payload)

    def test_an_unknown_currency_is_said(self):
        order = self.ingest(self.payload({"CHAIR": 1}, currency="XQZ"))
        self.assertEqual(order.currency_id, self.account.company_id.currency_id)
        self.assertIn("XQZ", order.channel_notice)

    def test_addresses_and_fulfillment_are_readable(self):
        layout = "%(street)s\n%(street2)s\n%(city)s\n%(zip)s\n%(country_name)s"
        self.env.ref("base.uk").address_format = layout
        pickup = self.ingest(self.payload({"CHAIR": 1}))
        delivery = self.ingest(self.payload({"CHAIR": 1}, shipping_address=ADDRESS))
        collected = self.ingest(
            self.payload(
                {"CHAIR": 1},
                shipping_address=ADDRESS,
                shipping_lines=[{"title": "Store Pickup", "price": "0"}],
            )
        )
        self.assertEqual(
            (pickup | delivery | collected).mapped("fulfillment"), ["pickup", "delivery", "pickup"]
        )
        self.assertEqual(
            delivery.shipping_address,
            "Ada Lovelace\n12 St James's Square\nLondon\nSW1Y 4JH\nUnited Kingdom",
        )

    def test_the_location_decides_the_warehouse(self):
        other = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        second = (self.account.location_ids - self.location)[:1]
        second.warehouse_id = other
        cases = [
            ({"location_id": second.octopus_ref}, other),
            (
                {"location_id": "", "fulfillments": [{"location_id": int(second.octopus_ref)}]},
                other,
            ),
            ({"location_id": 0, "fulfillments": [{"location_id": 0}]}, self.warehouse),
            ({"location_id": 987654321}, self.warehouse),
            ({}, self.warehouse),
        ]
        for fields, warehouse in cases:
            with self.subTest(**fields):
                order = self.ingest(self.payload({"CHAIR": 1}, **fields))
                self.assertEqual(order.warehouse_id, warehouse)

    # === PRODUCTS === #

    def test_a_product_is_found_by_variant_then_sku_then_barcode(self):
        self.table.barcode = "4006381333931"
        binding = self.env["octopus.product"].create(
            {"account_id": self.account.id, "product_tmpl_id": self.chair.product_tmpl_id.id}
        )
        self.env["octopus.variant"].create(
            {
                "account_id": self.account.id,
                "octopus_product_id": binding.id,
                "product_id": self.chair.id,
                "octopus_ref": "901",
                "sku": "OLD-SKU",
            }
        )
        lines = [
            ({"variant_id": 901, "sku": "TABLE"}, self.chair),
            ({"variant_id": 902, "sku": "TABLE"}, self.table),
            ({"sku": "OLD-SKU"}, self.chair),
            ({"sku": "NOPE", "barcode": "4006381333931"}, self.table),
            ({"sku": "4006381333931"}, self.table),
            ({"sku": "NOPE"}, self.env["product.product"]),
        ]
        payload = self.payload({}, line_items=[line for line, _product in lines])
        order = self.ingest(payload)
        self.assertEqual(
            [line.product_id for line in order.line_ids], [product for _line, product in lines]
        )

    def test_products_of_other_companies_are_not_taken(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.make_goods("FOREIGN", company_id=company.id)
        self.assertTrue(self.ingest(self.payload({"FOREIGN": 1})).needs_mapping)

    def test_what_the_customer_had_written_on_it_is_kept(self):
        payload = self.payload({"CHAIR": 1, "TABLE": 1})
        payload["line_items"][0]["properties"] = [{"name": "Engraving", "value": "For <b>Ada</b>"}]
        lines = self.ingest(payload).line_ids
        self.assertEqual(lines.mapped("properties"), ["Engraving: For <b>Ada</b>", False])

    def test_an_unknown_product_hides_nothing_and_known_lines_deduct(self):
        order = self.order({"CHAIR": 1, "MYSTERY": 2})
        self.assertRecordValues(order, [{"stock_state": "partial", "needs_mapping": True}])
        self.assertRecordValues(
            order.line_ids,
            [
                {"product_id": self.chair.id, "needs_mapping": False, "is_deducted": True},
                {"product_id": False, "needs_mapping": True, "is_deducted": False},
            ],
        )
        self.assertEqual(self.on_hand(self.chair), 9)

    # === CUSTOMERS === #

    def test_contacts_are_found_but_not_made_unless_the_store_wants_them(self):
        ada = self.env["res.partner"].create({"name": "A. Lovelace", "email": "Ada@Example.com"})
        found = self.order({"CHAIR": 1}, email="ada@example.COM ")
        unknown = self.order({"CHAIR": 1}, customer={"first_name": "Bob", "email": "b@x.com"})
        self.assertEqual(found.partner_id, ada)
        self.assertEqual(found.customer_name, "Ada Lovelace", "shown as given")
        self.assertFalse(unknown.partner_id)
        self.account.contact_policy = "create"
        made = self.order({"CHAIR": 1}, customer={"first_name": "Bob", "email": "b@x.com"})
        self.assertRecordValues(made.partner_id, [{"name": "Bob", "email": "b@x.com"}])

    def test_two_orders_at_once_make_one_contact(self):
        self.account.contact_policy = "create"
        customer = {"id": 5, "first_name": "Bob"}
        first, second = (
            self.ingest(self.payload({"CHAIR": 1}, customer=customer)) for _number in range(2)
        )
        self.deduct()
        self.assertTrue(first.partner_id)
        self.assertEqual(first.partner_id, second.partner_id)

    def test_nobody_and_nameless_customers_never_block(self):
        self.account.contact_policy = "create"
        for customer in None, {}, {"id": 1, "default_address": {}}, {"phone": "555-1"}:
            with self.subTest(customer=customer):
                order = self.order({"CHAIR": 1}, customer=customer, email="")
                self.assertEqual(order.stock_state, "deducted")

    # === LATER CHANGES === #

    def test_a_new_order_is_not_read_back(self):
        """What is here and in Octopus, other products; then it is stored."""
        self.ingest(self.payload({"CHAIR": 1}))  # whom the worker was woken for
        payload = self.payload({"CHAIR": 1, "TABLE": 2})
        self.env.flush_all()
        with self.assertQueryCount(3):
            self.ingest(payload)

    def test_the_same_update_twice_writes_nothing(self):
        payload = self.payload({"CHAIR": 1}, note="Ring twice", shipping_address=ADDRESS)
        order = self.ingest(payload)
        self.deduct()
        messages = order.message_ids
        before = order.read()
        again = self.ingest(loads(dumps(payload)))
        self.env.flush_all()
        self.assertEqual(again, order)
        self.env.invalidate_all()
        self.assertEqual(order.read(), before)
        self.assertEqual(order.message_ids, messages)

    def test_edits_are_followed_and_kept_in_the_history(self):
        payload = self.payload({"CHAIR": 1}, financial_status="pending")
        order = self.ingest(payload)
        self.cr.precommit.run()
        self.ingest(
            self.changed(payload, financial_status="paid", note="Gift", shipping_address=ADDRESS)
        )
        self.assertRecordValues(
            order, [{"financial_status": "paid", "note": "Gift", "fulfillment": "delivery"}]
        )
        self.assertIn("Gift", order.payload)
        self.env.flush_all()
        self.cr.precommit.run()
        self.assertTrue(order.message_ids.sudo().tracking_value_ids)

    def test_the_history_says_the_payment_in_the_words_of_the_form(self):
        payload = self.payload({"CHAIR": 1}, financial_status="paid")
        order = self.ingest(payload)
        self.cr.precommit.run()
        self.ingest(self.changed(payload, financial_status="partially_refunded", note="paid"))
        self.env.flush_all()
        self.cr.precommit.run()
        self.env["res.lang"]._activate_lang("fr_FR")
        for lang in ("en_US", "fr_FR"):
            trackings = order.message_ids.sudo().with_context(lang=lang).tracking_value_ids
            labels = payment_labels(order.with_context(lang=lang).env)
            said = {
                entry["fieldInfo"]["fieldType"]: (entry["oldValue"], entry["newValue"])
                for entry in trackings._tracking_value_format()
            }
            self.assertEqual(said["char"], (labels["paid"], labels["partially_refunded"]))
            self.assertEqual(said["text"][1], "paid", "that is what the customer wrote")
        self.assertNotEqual(said["char"][1], "Partly Refunded", "in the reader's language")

    def test_a_late_update_does_not_undo_a_newer_one(self):
        payload = self.payload({"CHAIR": 1}, note="old")
        newer = self.changed(payload, note="new")
        order = self.ingest(newer)
        self.ingest(payload)
        self.assertEqual(order.note, "new")

    def test_a_cancellation_that_arrives_first_stays(self):
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(self.changed(payload, cancelled_at="2026-11-21T00:00:00Z"))
        self.ingest(payload)
        self.deduct()
        self.assertRecordValues(order, [{"status": "cancelled", "stock_state": "none"}])
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_other_lines_are_shown_and_not_followed(self):
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        self.deduct()
        more = self.changed(payload)
        more["line_items"][0]["quantity"] = 5
        self.ingest(more)
        self.ingest(more)
        self.assertEqual(order.line_ids.quantity, 1)
        self.assertEqual(order.changes_text, "Chair: 1 → 5")

    def test_the_location_is_followed_until_the_stock_is_deducted(self):
        other = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        second = (self.account.location_ids - self.location)[:1]
        second.warehouse_id = other
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        self.ingest(self.changed(payload, location_id=second.octopus_ref))
        self.assertEqual(order.warehouse_id, other)
        self.deduct()
        self.ingest(
            self.changed(payload, at="2026-11-22T00:00:00Z", location_id=self.location.octopus_ref)
        )
        self.assertEqual(order.warehouse_id, other)
        self.assertIn("The stock stays deducted in Second", order.channel_notice)

    def test_an_order_deleted_after_its_completion_is_only_flagged(self):
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        self.deduct()
        order.status = "completed"
        OrderIntake(self.account).store_deletion(payload)
        self.assertEqual(order.status, "completed")
        self.assertIn("deleted in Octopus", order.channel_notice)
        self.assertEqual(self.on_hand(self.chair), 9)
