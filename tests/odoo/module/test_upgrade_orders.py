"""What the scripts of the upgrade to 19.0.2.0.0 do to the orders from before."""

from odoo.tests import TransactionCase
from odoo.tools import mute_logger, sql

from odoo.addons.linga_octopus.models.order.status_push import synced_values

from ..support.orders import OrdersMixin
from ..support.upgrade import UpgradeMixin


class TestUpgradeOrders(UpgradeMixin, OrdersMixin, TransactionCase):
    def test_the_orders_from_before_get_their_channel(self):
        channel = self.order({"CHAIR": 1}).channel_id
        orders = self.order({"CHAIR": 1}, source="AMAZON FBA") | self.order({"CHAIR": 1})
        unnamed = self.order({"CHAIR": 1}, source=None)
        gone = orders.channel_id - channel
        orders.channel_id = False
        gone.unlink()
        self.migrate("19.0.2.0.0/post-channels.py")
        self.migrate("19.0.2.0.0/post-channels.py")
        self.assertFalse(unnamed.channel_id)
        self.assertEqual(orders[1].channel_id, channel)
        self.assertRecordValues(
            orders[0].channel_id,
            [
                {
                    "source": "AMAZON FBA",
                    "name": "Amazon FBA",
                    "company_id": self.account.company_id.id,
                    "pays_tax": "auto",
                    "is_tax_payer": True,
                    "ships_goods": True,
                    "active": True,
                }
            ],
        )

    def test_the_way_to_the_customer_is_spelled_as_elsewhere(self):
        order = self.order({"CHAIR": 1})
        self.assertEqual(order.fulfillment, "pickup")
        field = self.env["ir.model.fields"]._get("octopus.order", "fulfillment")
        xmlid = self.env.ref("linga_octopus.field_octopus_order__fulfillment")
        kept = self.env["ir.filters"].create(
            {
                "name": "Pickups",
                "model_id": "octopus.order",
                "domain": "[('fulfilment', '=', 'pickup')]",
            }
        )
        self.env.flush_all()
        sql.rename_column(self.env.cr, "octopus_order", "fulfillment", "fulfilment")
        self.env.cr.execute(
            "UPDATE ir_model_fields SET name = 'fulfilment' WHERE id = %s", [field.id]
        )
        self.env.cr.execute(
            """UPDATE ir_model_data SET name = 'field_octopus_order__fulfilment'
                WHERE module = 'linga_octopus' AND model = 'ir.model.fields' AND res_id = %s""",
            [field.id],
        )
        self.migrate("19.0.2.0.0/pre-fulfillment.py")
        self.migrate("19.0.2.0.0/pre-fulfillment.py")
        self.assertEqual(order.fulfillment, "pickup")
        self.assertEqual(field.name, "fulfillment")
        self.assertEqual(self.env.ref("linga_octopus.field_octopus_order__fulfillment"), xmlid)
        self.assertEqual(kept.domain, "[('fulfillment', '=', 'pickup')]")

    def test_orders_from_before_have_no_parcel_and_are_not_computed(self):
        columns = {"octopus_order": "fulfillment_state", "octopus_order_line": "quantity_fulfilled"}
        order = self.order({"CHAIR": 1})
        self.env.flush_all()
        kinds = {}
        for table, name in columns.items():
            kinds[table] = sql.table_columns(self.env.cr, table)[name]["udt_name"]
            # With what reads it, as it was before the upgrade.
            self.env.cr.execute(f"ALTER TABLE {table} DROP COLUMN {name} CASCADE")
        self.migrate("19.0.2.0.0/pre-parcels.py")
        self.migrate("19.0.2.0.0/pre-parcels.py")
        for table, name in columns.items():
            self.assertEqual(
                sql.table_columns(self.env.cr, table)[name]["udt_name"], kinds[table], name
            )
        self.assertFalse(order.fulfillment_state)
        self.assertFalse(order.line_ids.quantity_fulfilled)
        self.assertEqual(order._lines_to_ship(), {order.line_ids: 1})

    def test_no_open_order_from_before_is_late(self):
        post = {"shipping_lines": [{"title": "Post"}], "shipping_address": {"address1": "Main St"}}
        order = self.order({"CHAIR": 1}, **post)
        order.transaction_time = "2020-01-01"
        self.assertTrue(order.is_late)
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE octopus_account DROP COLUMN late_after_hours CASCADE")
        self.migrate("19.0.2.0.0/pre-parcels.py")
        self.assertFalse(order.is_late)
        self.account.late_after_hours = 24
        self.migrate("19.0.2.0.0/pre-parcels.py")
        self.assertEqual(self.account.late_after_hours, 24, "what somebody set stays")
        order.invalidate_recordset()
        self.assertTrue(order.is_late)

    def test_orders_that_wait_keep_the_address_of_their_customer(self):
        address = {"address1": "1 High Street", "city": "Leeds", "country_code": "GB"}
        waiting, done = (
            self.ingest(self.payload({"CHAIR": 1}, billing_address=address)) for _number in range(2)
        )
        done.stock_state = "deducted"
        known = waiting.customer_address
        self.assertEqual(known["city"], "Leeds")
        (waiting | done).customer_address = False
        self.migrate("19.0.2.0.0/post-customer_address.py")
        self.assertEqual(waiting.customer_address, known)
        self.assertFalse(done.customer_address, "its contact is linked already")
        waiting.write({"customer_address": False, "payload": "[1"})
        with self.assertLogs("script", "WARNING") as log:
            self.migrate("19.0.2.0.0/post-customer_address.py")
        self.assertIn(str(waiting.id), log.output[0])

    def test_notices_from_before_they_had_codes_stay_readable(self):
        order = self.order({"CHAIR": 1})
        self.env.flush_all()
        self.env.cr.execute(
            """ALTER TABLE octopus_order
                 ADD channel_notice text, ADD push_notice text, ADD stock_message text"""
        )
        self.env.cr.execute(
            r"""UPDATE octopus_order SET channel_notice = E'100%% other lines.\nNot sent.',
                       push_notice = 'Not sent.', stock_message = 'No shelf.'
                 WHERE id = %s""",
            [order.id],
        )
        self.migrate("19.0.2.0.0/post-notices.py")
        self.assertEqual(order.channel_notice, "100% other lines.\nNot sent.")
        self.assertEqual(order.stock_message, "No shelf.")
        order.write(synced_values(order))
        self.assertEqual(order.channel_notice, "100% other lines.", "Octopus has the status")
        self.migrate("19.0.2.0.0/post-notices.py")
        self.assertEqual(order.channel_notice, "100% other lines.", "nothing is left to do")

    def test_lines_get_the_variant_of_the_order_that_is_kept(self):
        payload = self.payload({"CHAIR": 1, "TABLE": 1})
        payload["line_items"][0]["name"] = "Chair - Red"
        lines = self.ingest(payload).line_ids
        broken = self.order({"CHAIR": 1})
        broken.payload = '{"name": "x"'
        lines.variant_name = False
        with self.assertLogs("script", "WARNING") as log:
            self.migrate("19.0.2.0.0/post-line_variant.py")
        self.assertIn(str(broken.id), log.output[0])
        self.assertEqual(lines.mapped("variant_name"), ["Red", False])

    def test_orders_get_the_number_by_which_the_customer_knows_them(self):
        named, pruned, broken = (
            self.ingest(
                self.payload({"CHAIR": 1}, name="#1150", order_number="1150", receipt_id="R-7")
            )
            for _order in range(3)
        )
        orders = named | pruned | broken
        orders.write({"third_party_order_no": "81150", "other_numbers": False})
        pruned.payload = False
        broken.payload = "[1"
        orders.flush_recordset()
        with self.assertLogs("script", "WARNING"):
            self.migrate("19.0.2.0.0/post-order_numbers.py")
        self.assertEqual(named.third_party_order_no, "#1150")
        self.assertLessEqual({"R-7", "81150"}, set(named.other_numbers.split(", ")))
        self.assertEqual((pruned | broken).mapped("third_party_order_no"), ["81150", "81150"])
        self.assertEqual((pruned | broken).mapped("other_numbers"), [False, False])

    def test_orders_have_what_they_brought_in_at_the_rate_of_their_day(self):
        euro = self.env.ref("base.EUR") - self.account.company_id.currency_id
        euro = euro or self.env.ref("base.USD")
        euro.active = True
        euro.rate_ids.unlink()
        rates = [{"name": "2026-01-01", "rate": 2.0}, {"name": "2026-11-25", "rate": 5.0}]
        self.env["res.currency.rate"].create(
            [{"currency_id": euro.id, "company_id": self.env.company.id, **vals} for vals in rates]
        )
        plain, foreign, test, cancelled = orders = [
            self.ingest(self.payload({"CHAIR": 2}, **fields))
            for fields in ({}, {"currency": euro.name}, {"test": True}, {})
        ]
        cancelled.status = "cancelled"
        expected = [(20, 20), (20, 10), (0, 0), (0, 0)]
        names = ("amount_net", "amount_net_company")
        self.assertEqual([tuple(order[name] for name in names) for order in orders], expected)
        self.env.flush_all()
        self.env.cr.execute(
            """ALTER TABLE octopus_order DROP amount_net, DROP amount_net_company,
                                         DROP currency_rate"""
        )
        self.migrate("19.0.2.0.0/pre-order_net.py")
        self.assertEqual([tuple(order[name] for name in names) for order in orders], expected)
        self.assertEqual((plain | foreign | test).mapped("currency_rate"), [1, 2, 1])

    def test_orders_and_refunds_get_the_day_of_their_shop(self):
        self.account.shop_timezone = "America/New_York"
        order = self.ingest(self.payload({"CHAIR": 1}, created_at="2026-11-01T05:30:00Z"))
        other = self.ingest(self.payload({"CHAIR": 1}, created_at="2026-11-01T03:30:00Z"))
        refund = self.env["octopus.order.refund"].create(
            {"order_id": order.id, "octopus_ref": "1", "refunded_at": "2026-11-02 04:30:00"}
        )
        days = ["2026-11-01", "2026-10-31", "2026-11-01"]  # the clock went back that night

        def all_days():
            found = [*(order | other).mapped("transaction_day"), refund.refund_day]
            return list(map(str, found))

        self.assertEqual(all_days(), days)
        for zone, expected in (
            ("America/New_York", days),
            ("Nowhere/Land", ["2026-11-01", "2026-11-01", "2026-11-02"]),  # the company's
        ):
            self.account.shop_timezone = zone
            self.account.company_id.partner_id.tz = "UTC"
            self.env.flush_all()
            self.env.cr.execute("UPDATE octopus_order SET transaction_day = NULL")
            self.env.cr.execute("ALTER TABLE octopus_order_refund DROP refund_day")
            self.migrate("19.0.2.0.0/pre-shop_days.py")
            self.assertEqual(all_days(), expected)

    def test_addresses_are_laid_out_as_the_next_update_would(self):
        address = {
            "name": "Lucy&#039;s",
            "address1": "1 Main St",
            "city": "Austin",
            "zip": "73301",
            "province": "Texas",
            "province_code": "TX",
            "country": "United States",
        }
        both = {"billing_address": address, "shipping_address": address}
        same, other, broken = (
            self.ingest(self.payload({"CHAIR": 1}, **both)) for _number in range(3)
        )
        laid_out = "Lucy's\n1 Main St\nAustin TX 73301\nUnited States"
        self.assertEqual(same.shipping_address, laid_out)
        before = "Lucy&#039;s\n1 Main St\n73301 Austin\nTexas\nUnited States"
        (same | other | broken).write({"shipping_address": before, "billing_address": before})
        other.shipping_address = "Elsewhere"
        broken.payload = "{"
        with self.assertLogs("script", "WARNING") as log:
            self.migrate("19.0.2.0.0/post-address_layout.py")
        self.assertIn(str(broken.id), log.output[0])
        self.assertRecordValues(
            same | other | broken,
            [
                {"billing_address": laid_out, "shipping_address": laid_out},
                {"billing_address": laid_out, "shipping_address": "Elsewhere"},
                {"billing_address": before, "shipping_address": before},
            ],
        )

    def test_pieces_of_refunds_become_lines(self):
        payload = self.payload({"CHAIR": 3})
        order = self.ingest(payload)
        refund = self.env["octopus.order.refund"].create({"order_id": order.id, "octopus_ref": "1"})
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE octopus_order_refund ADD quantities jsonb")
        line = payload["line_items"][0]["id"]
        self.env.cr.execute(
            "UPDATE octopus_order_refund SET quantities = %s WHERE id = %s",
            [f'{{"{line}": 2.0, "999": 1}}', refund.id],
        )
        self.migrate("19.0.2.0.0/post-refund_lines.py")
        self.assertRecordValues(
            refund.line_ids,
            [{"order_line_id": order.line_ids.id, "quantity": 2, "restock": True}],
        )
        self.assertEqual(order.line_ids.quantity_refunded, 2)

    def refunded_order(self):
        """Return an order with a refund from before refunds had money."""
        payload = self.payload({"CHAIR": 3})
        line = {"line_item_id": payload["line_items"][0]["id"], "quantity": 1, "subtotal": 10}
        payload["refunds"] = [
            {
                "id": 1,
                "refund_line_items": [line],
                "transactions": [{"kind": "refund", "status": "success", "amount": "12.00"}],
            }
        ]
        order = self.ingest(payload)
        order.refund_ids.write({"amount": 0, "stated": False})
        return order

    def test_refunds_get_their_money_from_the_kept_payload(self):
        orders = [self.refunded_order() for _count in range(3)]
        first, without, broken = orders
        without.payload = False
        broken.payload = '{"id": }'
        with mute_logger("script"):
            self.migrate("19.0.2.0.0/post-refund_money.py")
        self.assertRecordValues(
            first, [{"amount_refunded": 12, "amount_net": 18, "refund_state": "part"}]
        )
        self.assertEqual([order.amount_refunded for order in (without, broken)], [0, 0])
        self.assertNotIn("changed refund", first.channel_notice)
        self.assertEqual([len(order.refund_ids) for order in orders], [1, 1, 1])

    def test_lines_that_are_no_goods_wait_for_no_product(self):
        payload = self.payload({"CHAIR": 1, "MYSTERY": 1})
        number = payload["line_items"][0]["id"]
        other = {"id": number + 7, "title": "Gift wrap - red", "quantity": 1, "price": "2.00"}
        order = self.ingest({**payload, "line_items": [payload["line_items"][0], other]})
        half = self.ingest(
            self.changed(
                payload,
                id=payload["id"] + 1,
                line_items=[*payload["line_items"], {**other, "title": "Coupon", "price": "-2.00"}],
            )
        )
        self.deduct()
        for each in order, half:
            each.line_ids[-1].write({"kind": "goods", "needs_mapping": True})
            each.write({"needs_mapping": True, "stock_state": "partial"})
        self.migrate("19.0.2.0.0/post-no_goods.py")
        self.assertRecordValues(
            order + half,
            [
                {"needs_mapping": False, "stock_state": "waiting"},
                {"needs_mapping": True, "stock_state": "partial"},
            ],
        )
        self.assertEqual(order.line_ids.mapped("kind"), ["goods", "not_goods"])
        self.assertEqual(half.line_ids.mapped("kind"), ["goods", "goods", "not_goods"])
        self.deduct()
        self.assertEqual(order.stock_state, "deducted")

    def test_uses_of_mapped_products_are_counted(self):
        first, second = self.order({"MYSTERY": 1}), self.order({"MYSTERY": 1})
        first.line_ids.with_user(self.env.ref("base.user_admin")).product_id = self.table
        self.deduct()
        alias = self.env["octopus.product.alias"].search([("key", "=", "MYSTERY")])
        alias.write({"use_count": False, "last_used_at": False, "source": False})
        (first | second).line_ids.alias_id = False
        self.env.flush_all()
        for _time in range(2):
            self.migrate("19.0.2.0.0/post-mapped_products.py")
            self.env.invalidate_all()
            self.assertRecordValues(
                alias,
                [{"use_count": 2, "last_used_at": second.received_at, "source": "SHOPIFY"}],
            )
        self.assertEqual((first | second).line_ids.alias_id, alias)
