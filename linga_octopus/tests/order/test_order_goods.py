"""Which lines of an order are goods, where these leave, and what takes nothing from the stock."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user

from ...models.monitoring.diagnosis import Diagnosis
from ...models.pos.order_for_pos import attention
from ..support.orders import OrdersMixin


class TestOctopusOrderGoods(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = (cls.account.location_ids - cls.location)[:1]
        cls.other = cls.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        cls.second.warehouse_id = cls.other
        for product in cls.chair, cls.table:
            cls.env["stock.quant"]._update_available_quantity(product, cls.other.lot_stock_id, 20)

    def parcel(self, payload, pieces, location=None, **fields):
        """Return a fulfillment of pieces, {SKU: quantity}, of an order."""
        refs = {line["sku"]: line["id"] for line in payload["line_items"]}
        return {
            "location_id": int((location or self.second).octopus_ref),
            "status": "success",
            "line_items": [{"id": refs[sku], "quantity": qty} for sku, qty in pieces.items()],
            **fields,
        }

    def there(self, product):
        return self.on_hand(product, self.other.lot_stock_id)

    def take_in(self, payload):
        order = self.ingest(payload)
        self.deduct()
        return order

    # === LINES THAT ARE NO GOODS === #

    def with_lines(self, *lines, **fields):
        payload = self.payload({"CHAIR": 1}, **fields)
        first = payload["line_items"][0]["id"]
        for place, line in enumerate(lines, 1):
            payload["line_items"].append({"id": first + place, "quantity": 1, "price": "2", **line})
        return payload

    def test_what_is_no_goods_needs_no_product(self):
        order = self.take_in(
            self.with_lines(
                {"title": "Gift wrap", "requires_shipping": False},
                {"title": "Pfand", "sku": "PFAND-25"},
                {"title": "Gift card", "gift_card": True},
                {"title": "Coupon: WELCOME", "price": "-5.00"},
            )
        )
        self.assertRecordValues(order, [{"needs_mapping": False, "stock_state": "deducted"}])
        self.assertEqual(
            order.line_ids.mapped("kind"),
            ["goods", "not_goods", "not_goods", "gift_card", "not_goods"],
        )

    def test_a_user_says_once_what_is_no_goods(self):
        line = {"title": "Engraving", "sku": "ENGRAVE"}
        first, second = self.take_in(self.with_lines(line)), self.take_in(self.with_lines(line))
        elsewhere = self.take_in(self.with_lines(line, source="EBAY"))
        self.assertEqual(first.stock_state, "partial")
        first.line_ids[1].action_no_goods()
        self.deduct()
        for order in first, second:
            self.assertRecordValues(order, [{"needs_mapping": False, "stock_state": "deducted"}])
        self.assertTrue(elsewhere.needs_mapping)
        nameless = [self.take_in(self.with_lines({"sku": "FEE", "title": ""})) for _ in "ab"]
        nameless.append(self.take_in(self.with_lines({"sku": " ", "title": "  fee "})))
        nameless[0].line_ids[1].action_no_goods()
        self.deduct()
        for order in nameless:
            self.assertEqual(order.stock_state, "deducted")
        later = self.take_in(self.with_lines({"title": " ENGRAVING", "sku": "ENGRAVE-2"}))
        self.assertEqual(later.line_ids.mapped("kind"), ["goods", "not_goods"])
        self.assertEqual(later.stock_state, "deducted")

    def test_a_service_of_this_odoo_is_a_service(self):
        self.make_goods("REPAIR", type="service", is_storable=False)
        order = self.take_in(self.with_lines({"sku": "REPAIR", "title": "Repair"}))
        self.assertEqual(order.line_ids.mapped("kind"), ["goods", "service"])
        self.assertEqual(order.stock_state, "deducted")

    def test_a_product_chosen_later_makes_goods_of_it(self):
        line = {"title": "Engraving", "sku": "ENGRAVE"}
        order = self.take_in(self.with_lines(line))
        order.line_ids[1].action_no_goods()
        order.line_ids[1].with_user(self.manager()).product_id = self.table
        self.deduct()
        self.assertEqual(order.line_ids.mapped("kind"), ["goods", "goods"])
        self.assertEqual(self.on_hand(self.table), 4)
        self.assertEqual(self.ingest(self.with_lines(line)).line_ids[1].product_id, self.table)

    def manager(self):
        return self.env.ref("base.user_admin")

    # === BUNDLES AND KITS === #

    def test_the_children_of_a_configurable_leave_once(self):
        payload = self.with_lines({"sku": "CHAIR", "title": "Chair", "parent_item_id": 1})
        payload["line_items"][0]["product_type"] = "configurable"
        order = self.take_in(payload)
        self.assertEqual(order.line_ids.mapped("kind"), ["parent", "goods"])
        self.assertEqual(self.on_hand(self.chair), 9)
        self.assertEqual(order.stock_state, "deducted")

    def test_a_bundle_that_its_parts_name_needs_no_product(self):
        part = {"sku": "TABLE", "properties": [{"name": "_bundle", "value": "SET"}]}
        order = self.take_in(self.with_lines(part, {"sku": "SET", "title": "A set"}))
        self.assertEqual(order.line_ids.mapped("kind"), ["goods", "goods", "parent"])
        self.assertEqual(order.stock_state, "deducted")

    def make_kit(self):
        kit = self.make_goods("SUITE", is_storable=False)
        self.make_recipe(
            kit,
            {"product_id": self.chair.id, "product_qty": 2},
            {"product_id": self.table.id, "product_qty": 1},
        )
        return kit

    def place_set(self, sku, *parts, price="50.00", part_price="5.00"):
        payload = self.payload({sku: 1, **dict.fromkeys(parts, 1)})
        for line in payload["line_items"]:
            line["price"] = price if line["sku"] == sku else part_price
        return self.take_in(payload)

    def test_a_kit_whose_pieces_are_listed_too_waits_for_a_person(self):
        self.make_kit()
        order = self.place_set("SUITE", "CHAIR", "TABLE")
        self.assertRecordValues(order, [{"stock_state": "partial", "has_unclear_set": True}])
        self.assertIn("Set to Decide", [badge["label"] for badge in order.badges])
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (9, 4))
        order.line_ids[0].with_user(self.manager()).action_pieces_listed()
        self.deduct()
        self.assertRecordValues(order, [{"stock_state": "deducted", "has_unclear_set": False}])
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (9, 4))

    def test_a_kit_that_leaves_besides_its_pieces_is_deducted_when_a_person_says_so(self):
        self.make_kit()
        order = self.place_set("SUITE", "CHAIR", "TABLE")
        order.line_ids[0].action_deduct_set()
        self.deduct()
        self.assertEqual(order.stock_state, "deducted")
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (7, 3))

    def test_prices_tell_that_the_pieces_are_the_goods(self):
        self.make_kit()
        for prices in ({"part_price": "0.00"}, {"price": "0.00"}):
            order = self.place_set("SUITE", "CHAIR", "TABLE", **prices)
            self.assertEqual(order.stock_state, "deducted")
            self.assertEqual(order.line_ids[0].kind, "parent")
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (8, 3))

    def test_a_kit_with_one_more_piece_leaves_as_ordered(self):
        self.make_kit()
        order = self.place_set("SUITE", "CHAIR")
        self.assertEqual(order.stock_state, "deducted")
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (7, 4))

    def test_a_combo_whose_choice_is_not_listed_waits_for_a_person(self):
        combos = self.env["product.combo"].create(
            [
                {"name": name, "combo_item_ids": [Command.create({"product_id": product.id})]}
                for name, product in (("Seat", self.chair), ("Desk", self.table))
            ]
        )
        self.env["product.template"].create(
            {"name": "Meal", "type": "combo", "combo_ids": combos.ids, "default_code": "MEAL"}
        )
        order = self.place_set("MEAL", "CHAIR")
        self.assertEqual(order.stock_state, "partial")
        order.line_ids[0].action_pieces_listed()
        self.deduct()
        self.assertEqual(order.stock_state, "deducted")
        self.assertEqual(self.on_hand(self.chair), 9)

    # === WHERE THEY LEAVE === #

    def test_split_lines_leave_from_each_warehouse(self):
        payload = self.payload({"CHAIR": 3, "TABLE": 1})
        payload["fulfillments"] = [
            self.parcel(payload, {"CHAIR": 2}),
            self.parcel(payload, {"CHAIR": 1, "TABLE": 1}, self.location),
        ]
        order = self.take_in(payload)
        self.assertEqual(
            (self.there(self.chair), self.on_hand(self.chair), self.on_hand(self.table)), (18, 9, 4)
        )
        self.assertEqual(len(order.picking_ids), 2)
        self.assertEqual(order.delivery_count, 2)
        self.assertFalse(order.channel_notice)

    def test_a_line_without_fulfillment_leaves_from_the_default(self):
        payload = self.payload({"CHAIR": 1, "TABLE": 1})
        payload["fulfillments"] = [self.parcel(payload, {"CHAIR": 1})]
        self.take_in(payload)
        self.assertEqual((self.there(self.chair), self.on_hand(self.table)), (19, 4))

    def test_a_cancelled_fulfillment_does_not_count(self):
        payload = self.payload({"CHAIR": 1})
        payload["fulfillments"] = [self.parcel(payload, {"CHAIR": 1}, status="cancelled")]
        self.take_in(payload)
        self.assertEqual((self.there(self.chair), self.on_hand(self.chair)), (20, 9))

    def test_split_lines_come_back_whole_pieces_and_once(self):
        payload = self.payload({"CHAIR": 3})
        payload["fulfillments"] = [
            self.parcel(payload, {"CHAIR": 2}),
            self.parcel(payload, {"CHAIR": 1}, self.location),
        ]
        order = self.take_in(payload)
        line = payload["line_items"][0]["id"]
        refund = {
            "id": 1,
            "restock": True,
            "refund_line_items": [{"line_item_id": line, "quantity": 1, "restock_type": "return"}],
        }
        self.ingest(self.changed(payload, refunds=[refund]))
        self.deduct()
        self.assertEqual(self.there(self.chair) + self.on_hand(self.chair), 28)
        self.assertEqual(self.there(self.chair) % 1, 0)
        self.assertEqual(order.line_ids._pieces_out(), 2)
        order.action_cancel()
        self.assertEqual((self.there(self.chair), self.on_hand(self.chair)), (20, 10))

    def test_an_unknown_location_is_said(self):
        order = self.take_in(self.payload({"CHAIR": 1}, location_id=4711))
        self.assertIn("4711", order.channel_notice)
        self.assertEqual(self.on_hand(self.chair), 9)

    def test_an_unmapped_location_is_said(self):
        self.second.warehouse_id = False
        payload = self.payload({"CHAIR": 1})
        payload["fulfillments"] = [self.parcel(payload, {"CHAIR": 1})]
        order = self.take_in(payload)
        self.assertIn(self.second.octopus_ref, order.channel_notice)
        self.assertEqual(self.on_hand(self.chair), 9)

    def test_a_fulfillment_that_comes_before_the_worker_is_followed(self):
        payload = self.payload({"CHAIR": 2})
        order = self.ingest(payload)
        parcels = [
            self.parcel(payload, {"CHAIR": 1}),
            self.parcel(payload, {"CHAIR": 1}, self.location),
        ]
        self.ingest(self.changed(payload, fulfillments=parcels))
        self.deduct()
        self.assertEqual((self.there(self.chair), self.on_hand(self.chair)), (19, 9))
        self.assertFalse(order.channel_notice)

    def test_one_that_comes_later_is_said(self):
        payload = self.payload({"CHAIR": 2})
        order = self.take_in(payload)
        parcels = [
            self.parcel(payload, {"CHAIR": 1}, self.location),
            self.parcel(payload, {"CHAIR": 1}),
        ]
        self.ingest(self.changed(payload, fulfillments=parcels))
        self.deduct()
        self.assertEqual((self.there(self.chair), self.on_hand(self.chair)), (20, 8))
        self.assertIn("another place", order.channel_notice)

    # === SHIPPED FROM ELSEWHERE === #

    def elsewhere(self, service, **fields):
        payload = self.payload({"CHAIR": 1, "MYSTERY": 1}, **fields)
        for line in payload["line_items"]:
            line["fulfillment_service"] = service
        return payload

    def services(self):
        return {
            service.name: service.is_elsewhere
            for service in self.env["octopus.channel.service"].search([])
        }

    def test_what_fba_ships_takes_no_goods(self):
        order = self.take_in(self.elsewhere("AFN", source="AMAZON"))
        self.assertRecordValues(order, [{"needs_mapping": False, "stock_state": "none"}])
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertEqual(self.services(), {"AFN": True})

    def test_a_service_alone_says_nothing_until_a_manager_ticks_it(self):
        self.take_in(self.elsewhere("ShipBob"))
        self.assertEqual(self.on_hand(self.chair), 9)
        self.assertEqual(self.services(), {"ShipBob": False})
        self.env["octopus.channel.service"].search([]).is_elsewhere = True
        self.take_in(self.elsewhere("ShipBob"))
        self.assertEqual(self.on_hand(self.chair), 9)

    def test_the_service_of_a_later_parcel_is_listed(self):
        payload = self.payload({"CHAIR": 1})
        self.take_in(payload)
        parcel = self.parcel(payload, {"CHAIR": 1}, self.location, service="DHL")
        self.ingest(self.changed(payload, fulfillments=[parcel]))
        self.assertEqual(self.services(), {"DHL": False})

    def test_a_proposed_service_can_be_this_store(self):
        self.take_in(self.elsewhere("FBA"))
        self.env["octopus.channel.service"].search([]).is_elsewhere = False
        self.take_in(self.elsewhere("FBA"))
        self.assertEqual(self.on_hand(self.chair), 9)

    def test_pieces_in_a_parcel_of_fba_stay(self):
        payload = self.payload({"CHAIR": 3})
        payload["fulfillments"] = [self.parcel(payload, {"CHAIR": 2}, service="FBA")]
        order = self.take_in(payload)
        self.assertEqual((self.there(self.chair), self.on_hand(self.chair)), (20, 9))
        self.assertEqual(order.line_ids.quantity_elsewhere, 2)
        order.action_cancel()
        self.assertEqual(self.on_hand(self.chair), 10)

    def sent_elsewhere(self, pieces=2):
        """Return the payload and the order of three chairs, some sent by FBA after their
        deduction."""
        payload = self.payload({"CHAIR": 3})
        order = self.take_in(payload)
        parcel = self.parcel(payload, {"CHAIR": pieces}, service="FBA")
        payload = self.changed(payload, fulfillments=[parcel])
        self.take_in(payload)
        return payload, order

    def test_what_never_left_is_given_back_once(self):
        payload, order = self.sent_elsewhere()
        self.assertRecordValues(order, [{"is_elsewhere_open": True, "elsewhere_text": "2 × Chair"}])
        self.assertEqual(self.on_hand(self.chair), 7, "the update moves nothing")
        self.assertIn("ask the manager", attention(order))
        self.assertEqual(self.account.changed_count, 1)
        finding = Diagnosis(self.account).failures()[f"change:{order.id}"]
        self.assertIn("sent from elsewhere: 2 × Chair", finding.sentence)
        order.with_user(self.manager()).action_give_back()
        order.with_user(self.manager()).action_give_back()
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 9)
        self.assertFalse(order.is_elsewhere_open)
        self.assertIn("Given back to stock", order.message_ids[:1].body)
        self.assertEqual(order.line_ids._format_quantity(), "1 of 3 (2 shipped from elsewhere)")
        payload = self.changed(payload, at="2026-11-22T08:00:00Z", note="News")
        self.take_in(payload)
        self.assertFalse(order.is_elsewhere_open, "the same news is no news")
        refund = {
            "id": 1,
            "refund_line_items": [
                {
                    "line_item_id": payload["line_items"][0]["id"],
                    "quantity": 3,
                    "restock_type": "return",
                }
            ],
        }
        self.take_in(self.changed(payload, at="2026-11-23T08:00:00Z", refunds=[refund]))
        self.assertEqual(self.on_hand(self.chair), 10, "only one left this store")
        order.action_cancel()
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_what_was_given_back_does_not_come_back_with_a_cancellation(self):
        _payload, order = self.sent_elsewhere()
        order.action_give_back()
        order.action_cancel()
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_what_left_here_too_is_kept(self):
        payload, order = self.sent_elsewhere()
        order.action_keep_deducted()
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 7)
        self.assertIn("Stays deducted", order.message_ids[:1].body)
        self.take_in(self.changed(payload, at="2026-11-22T08:00:00Z"))
        self.assertFalse(order.is_elsewhere_open)
        parcel = self.parcel(payload, {"CHAIR": 3}, service="FBA")
        self.take_in(self.changed(payload, at="2026-11-23T08:00:00Z", fulfillments=[parcel]))
        self.assertEqual(order.elsewhere_text, "3 × Chair")
        order.action_give_back()
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_a_cashier_does_not_decide_what_left(self):
        _payload, order = self.sent_elsewhere()
        cashier = new_test_user(self.env, "cashier-else", "linga_octopus.group_octopus_user")
        for action in order.action_give_back, order.action_keep_deducted:
            with self.assertRaisesRegex(AccessError, "Ask a manager"):
                getattr(order.with_user(cashier), action.__name__)()

    def test_an_order_that_the_channel_ships_is_not_packed(self):
        orders = self.take_in(self.elsewhere("FBA", source="AMAZON"))
        self.env["octopus.channel"].sudo()._add(self.account, "WALMART_WFS")
        orders |= self.take_in(self.payload({"CHAIR": 1}, source="WALMART_WFS"))
        for order in orders:
            self.assertIn("do not pack", attention(order))
            self.assertEqual(order._paper_warnings(), ["SHIPPED FROM ELSEWHERE: do not pack"])
            self.assertIn("0 of 1 (1 shipped from elsewhere)", order.line_ids[0]._format_quantity())

    # === TEST ORDERS === #

    def test_a_test_order_takes_no_goods_and_asks_for_nothing(self):
        order = self.take_in(self.payload({"CHAIR": 1, "MYSTERY": 1}, test=True))
        self.assertRecordValues(
            order,
            [{"is_test": True, "needs_mapping": False, "stock_state": "none"}],
        )
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertIn("TEST", attention(order))

    def test_test_orders_count_nowhere(self):
        config = self.env["pos.config"].create({"name": "Till"})
        self.account.pos_config_ids = config
        before = config.get_octopus_summary(), self.account.overview["week"]["count"]
        order = self.take_in(self.payload({"CHAIR": 1}, test=True, created_at=None))
        self.env.invalidate_all()
        self.account.invalidate_recordset()
        after = config.get_octopus_summary(), self.account.overview["week"]["count"]
        for name in ("to_act", "unseen"):
            self.assertEqual(after[0][name], before[0][name])
        self.assertEqual(after[1], before[1])
        self.assertEqual(self.account.orders_to_act_count, 0)
        self.assertEqual(config.octopus_open_count, 0)
        self.env.flush_all()
        report = self.env["octopus.order.report"]
        self.assertFalse(report.search_count([("order_id", "=", order.id)]))

    def test_a_channel_may_say_that_test_orders_take_goods(self):
        self.take_in(self.payload({"CHAIR": 1}, test=True))
        channel = self.env["octopus.channel"].search([("source", "=", "SHOPIFY")])
        if not channel:
            channel = channel.create(
                {"account_id": self.account.id, "source": "SHOPIFY", "name": "Shopify"}
            )
        channel.deduct_test_orders = True
        order = self.take_in(self.payload({"CHAIR": 1}, test=True))
        self.assertEqual(order.stock_state, "deducted")
        self.assertEqual(self.on_hand(self.chair), 9)

    # === RESERVED FOR OTHERS === #

    def test_goods_reserved_for_another_delivery_are_said_on_both(self):
        delivery = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock_location.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.chair.id,
                            "product_uom_qty": 9,
                            "location_id": self.stock_location.id,
                            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                        }
                    )
                ],
            }
        )
        delivery.action_confirm()
        delivery.action_assign()
        enough, short = self.order({"CHAIR": 1}), self.order({"CHAIR": 3})
        self.assertEqual(delivery.move_ids.quantity, 6)
        self.assertFalse(enough.channel_notice)
        self.assertIn("3 × ", short.channel_notice)
        self.assertIn(delivery.name, short.channel_notice)
        said = delivery.message_ids.filtered(lambda message: "reserved here" in message.body)
        self.assertEqual(len(said), 1)
        self.assertIn(short.display_name, said.body)
