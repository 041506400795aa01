"""What happens to an order after it was placed: refunds, cancellations, and their end."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form, TransactionCase, new_test_user
from odoo.tools.safe_eval import safe_eval

from ...models.monitoring.diagnosis import Diagnosis
from ...models.order.intake import OrderIntake
from ...models.pos.order_for_pos import attention, order_detail
from ..support.facets import opened
from ..support.orders import OrdersMixin


class TestOctopusOrderAftersale(OrdersMixin, TransactionCase):
    def placed(self, lines, **fields):
        """Return the payload of a new order, and the order with its goods out."""
        payload = self.payload(lines, **fields)
        order = self.ingest(payload)
        self.deduct()
        return payload, order

    def update(self, payload, **fields):
        """Ingest the next version of an order, and let the worker work."""
        self.moments = getattr(self, "moments", 0) + 1
        payload = self.changed(payload, at=f"2026-11-21T08:{self.moments:02}:00Z", **fields)
        self.ingest(payload)
        self.deduct()
        return payload

    def refund(self, payload, pieces, *, place=0, ref=1, kind="return", **fields):
        """Return a refund of so many pieces of a line, at 10.00 each."""
        line = {
            "line_item_id": payload["line_items"][place]["id"],
            "quantity": pieces,
            "restock_type": kind,
            "subtotal": 10.0 * pieces,
            **fields.pop("line", {}),
        }
        return {
            "id": ref,
            "created_at": "2026-11-21T09:00:00Z",
            "restock": kind == "return",
            "refund_line_items": [line],
            **fields,
        }

    # === MONEY AND PIECES === #

    def test_a_refund_keeps_its_number_day_money_and_pieces(self):
        payload, order = self.placed({"CHAIR": 3, "TABLE": 1})
        refund = self.refund(payload, 1, ref=77, line={"total_tax": 1.5})
        refund["order_adjustments"] = [
            {"kind": "shipping_refund", "amount": "-4.00", "tax_amount": "-0.50"}
        ]
        refund["transactions"] = [{"kind": "refund", "status": "success", "amount": "16.00"}]
        self.update(payload, refunds=[refund])
        self.assertRecordValues(
            order.refund_ids,
            [
                {
                    "octopus_ref": "77",
                    "amount": 16,
                    "amount_tax": 2,
                    "amount_shipping": 4,
                    "is_applied": True,
                    "is_unclear": False,
                }
            ],
        )
        self.assertEqual(str(order.refund_ids.refunded_at), "2026-11-21 09:00:00")
        chairs, tables = order.line_ids
        self.assertRecordValues(
            order.refund_ids.line_ids,
            [{"order_line_id": chairs.id, "quantity": 1, "amount": 10, "restock": True}],
        )
        self.assertEqual(chairs._format_quantity(), "2 of 3 (1 refunded)")
        self.assertEqual(tables._format_quantity(), "1")
        self.assertRecordValues(order, [{"amount_refunded": 16, "refund_state": "part"}])

    def test_a_refund_of_everything_is_a_refunded_order(self):
        for refund in (
            lambda payload: self.refund(payload, 3),
            lambda payload: self.refund(payload, 3, kind="no_restock", line={"subtotal": 0}),
            lambda _payload: {"id": 1, "transactions": [{"kind": "refund", "amount": "30.00"}]},
        ):
            payload, order = self.placed({"CHAIR": 3})
            self.update(payload, refunds=[refund(payload)])
            self.assertEqual(order.refund_state, "full")
            self.assertIn(order, self.orders.search([("refund_state", "=", "full")]))

    def test_money_without_goods_is_a_partial_refund(self):
        payload, order = self.placed({"CHAIR": 3})
        paid = [{"kind": "refund", "amount": "2.00"}]
        self.update(payload, refunds=[{"id": 1, "transactions": paid}])
        self.assertRecordValues(order, [{"refund_state": "part", "amount_refunded": 2}])
        self.assertFalse(order.channel_notice)
        self.assertEqual(order.line_ids._format_quantity(), "3")

    def test_goods_come_back_to_the_location_of_the_refund(self):
        other = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        self.env["octopus.location"].create(
            {
                "account_id": self.account.id,
                "octopus_ref": "555",
                "name": "Second",
                "warehouse_id": other.id,
            }
        )
        payload, _order = self.placed({"CHAIR": 3})
        refunds = [self.refund(payload, 1, line={"location_id": 555})]
        self.update(payload, refunds=refunds)
        self.assertEqual(self.on_hand(self.chair, other.lot_stock_id), 1)
        self.assertEqual(self.on_hand(self.chair), 7)
        refunds.append(self.refund(payload, 1, ref=2, line={"location_id": 666}))
        self.update(payload, refunds=refunds)
        self.assertEqual(self.on_hand(self.chair), 8, "an unknown location: where they came from")
        self.update(payload, refunds=refunds)
        self.assertEqual(self.on_hand(self.chair), 8)
        self.assertEqual(self.on_hand(self.chair, other.lot_stock_id), 1)

    def test_the_goods_of_a_bundle_come_back_with_it_once(self):
        """Magento refunds the configurable product, which is no goods here; some channels name the
        part of it that was chosen as well."""
        for names_part in (False, True):
            payload = self.payload({"TABLE": 1, "CHAIR": 2}, order_number=f"SET-{names_part}")
            payload["line_items"][0]["product_type"] = "configurable"
            payload["line_items"][1]["parent_item_id"] = 1
            order, before = self.ingest(payload), self.on_hand(self.chair)
            self.deduct()
            refund = self.refund(payload, 1)
            if names_part:
                refund["refund_line_items"] += self.refund(payload, 2, place=1)["refund_line_items"]
            with self.subTest(names_part=names_part):
                self.assertEqual(order.line_ids.mapped("kind"), ["parent", "goods"])
                self.assertEqual(self.on_hand(self.chair), before - 2)
                self.update(payload, refunds=[refund])
                self.assertEqual(self.on_hand(self.chair), before)
                self.assertEqual(sum(order.refund_ids.line_ids.mapped("quantity")), 3)

    def test_the_pieces_of_a_kit_come_back_with_it(self):
        """The refund names the kit; its goods left as the lines of its pieces, and one chair
        and a table were bought besides. A late import brings the order with its refund."""
        kit = self.make_goods("SUITE", is_storable=False)
        self.make_recipe(kit, {"product_id": self.chair.id, "product_qty": 4})
        kit.bom_ids.product_qty = 2
        for comes_at_once in (False, True):
            number = f"KIT-{comes_at_once}"
            payload = self.payload({"SUITE": 2, "CHAIR": 5, "TABLE": 1}, order_number=number)
            payload["line_items"][1]["price"] = "0.00"
            refunds = [self.refund(payload, 1)]
            before = self.on_hand(self.chair), self.on_hand(self.table)
            order = self.ingest(payload | {"refunds": refunds if comes_at_once else []})
            self.deduct()
            with self.subTest(comes_at_once=comes_at_once):
                self.assertEqual(order.line_ids[0].kind, "parent")
                self.update(payload, refunds=refunds)
                left = before[0] - 3, before[1] - 1
                self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), left)

    def test_an_edited_refund_is_flagged(self):
        payload, order = self.placed({"CHAIR": 3})
        self.update(payload, refunds=[self.refund(payload, 1)])
        self.assertFalse(order.channel_notice)
        self.update(payload, refunds=[self.refund(payload, 2)])
        self.assertIn("changed refund 1 later", order.channel_notice)
        self.assertEqual(order.amount_refunded, 20, "the money is followed")
        self.assertEqual(self.on_hand(self.chair), 8, "the goods are not")

    # === UNCLEAR LINES === #

    def unclear(self):
        payload, order = self.placed({"CHAIR": 2, "TABLE": 2})
        refund = self.refund(payload, 1, line={"line_item_id": 11886729068653})
        self.update(payload, refunds=[refund])
        return payload, order, refund

    def choose(self, order, pieces, **values):
        """Choose how many of each SKU were refunded, as a user does."""
        action = order.action_choose_refunded()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        for place in range(len(form.line_ids)):
            with form.line_ids.edit(place) as line:
                line.quantity = pieces.get(line.sku, 0)
        form.save().action_apply()
        self.deduct()

    def test_a_person_chooses_what_the_channel_does_not_say(self):
        payload, order, refund = self.unclear()
        self.assertTrue(order.has_unclear_refund)
        self.assertIn(order, self.orders.search([("refund_ids.is_unclear", "=", True)]))
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (8, 3))
        self.choose(order, {"TABLE": 1})
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (8, 4))
        self.assertFalse(order.has_unclear_refund)
        self.assertEqual(order.line_ids.mapped("quantity_refunded"), [0, 1])
        self.assertEqual(order.refund_ids.line_ids.amount, 10)
        self.update(payload, refunds=[refund])
        self.assertEqual(self.on_hand(self.table), 4, "it is the same refund")
        self.assertFalse(order.channel_notice)
        with self.assertRaisesRegex(UserError, "Somebody has chosen"):
            order.action_choose_refunded()

    def test_a_person_may_say_that_nothing_came_back(self):
        for pieces, values, refunded in (({}, {}, 0), ({"CHAIR": 1}, {"is_restocked": False}, 1)):
            before = self.on_hand(self.chair)
            _payload, order, _refund = self.unclear()
            self.choose(order, pieces, **values)
            self.assertEqual(self.on_hand(self.chair), before - 2)
            self.assertFalse(order.has_unclear_refund)
            self.assertEqual(sum(order.line_ids.mapped("quantity_refunded")), refunded)

    def test_refunds_that_wait_for_a_person_are_counted_and_told(self):
        _payload, order, _refund = self.unclear()
        self.assertEqual(self.account.unclear_refund_count, 1)
        action = self.account.action_open_unclear_refunds()
        self.assertEqual(opened(self.env, action), order)
        finding = Diagnosis(self.account).failures()[f"refund:{order.id}"]
        self.assertIn("without saying which", finding.sentence)
        self.assertEqual(finding.record, order)
        self.choose(order, {"TABLE": 1})
        self.account.invalidate_recordset()
        self.assertEqual(self.account.unclear_refund_count, 0)
        self.assertFalse(Diagnosis(self.account).failures())

    def test_nobody_chooses_more_than_was_ordered(self):
        _payload, order, _refund = self.unclear()
        with self.assertRaisesRegex(UserError, "at most 2"):
            self.choose(order, {"CHAIR": 3})

    def test_a_cashier_may_choose(self):
        _payload, order, _refund = self.unclear()
        cashier = new_test_user(self.env, "cashier-refund", "linga_octopus.group_octopus_user")
        self.env = self.env(user=cashier)
        self.addCleanup(setattr, self, "env", self.env(user=1))
        action = order.with_user(cashier).action_choose_refunded()
        choices = self.env[action["res_model"]].with_context(**action["context"])
        choice = choices.create({})
        choice.line_ids[0].quantity = 1
        choice.action_apply()
        self.assertEqual(order.line_ids[0].quantity_refunded, 1)

    # === ON SCREENS AND PAPER === #

    def test_the_packer_sees_what_was_refunded(self):
        payload, order = self.placed({"CHAIR": 3})
        self.update(payload, refunds=[self.refund(payload, 1)])
        [line] = order_detail(order)["lines"]
        self.assertEqual(line["quantity"], "2 of 3 (1 refunded)")
        self.assertFalse(attention(order))
        self.update(payload, refunds=[self.refund(payload, 1), self.refund(payload, 2, ref=2)])
        self.assertEqual(attention(order), "Refunded: do not pack.")
        self.assertEqual(order_detail(order)["warnings"], ["REFUNDED: do not pack"])
        for report in "picking_ticket", "picking_receipt":
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                f"linga_octopus.octopus_order_report_{report}", order.ids
            )
            self.assertIn(b"REFUNDED: do not pack", html)
            self.assertIn(b"0 of 3 (3 refunded)", html)

    def test_paper_warns_in_words_that_need_no_color(self):
        for fields, warnings in (
            ({}, []),
            ({"financial_status": "pending"}, ["UNPAID: do not hand over without the money"]),
            ({"financial_status": "voided"}, ["PAYMENT VOIDED: ask the manager"]),
            ({"financial_status": "refunded"}, ["MONEY REFUNDED: do not hand over"]),
            (
                {"test": True, "financial_status": "pending"},
                ["TEST: do not pack", "UNPAID: do not hand over without the money"],
            ),
        ):
            _payload, order = self.placed({"CHAIR": 1}, **fields)
            self.assertEqual(order_detail(order)["warnings"], warnings)
            for report in "picking_ticket", "picking_receipt":
                html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                    f"linga_octopus.octopus_order_report_{report}", order.ids
                )
                for warning in warnings:
                    self.assertIn(warning.encode(), html)
            order.status = "cancelled"
            trial = ["TEST: do not pack"] if "test" in fields else []
            self.assertEqual(order._paper_warnings(), [*trial, "CANCELLED: do not hand over"])
        _payload, order, _refund = self.unclear()
        self.assertEqual(order._paper_warnings(), ["GOODS REFUNDED: ask which before you pack"])

    # === CANCELLATIONS === #

    def test_damaged_goods_stay_out_when_the_channel_cancels(self):
        payload, order = self.placed({"CHAIR": 3, "TABLE": 1})
        refunds = [self.refund(payload, 3, kind="no_restock")]
        cancelled = {"cancelled_at": "2026-11-21T08:00:00Z", "refunds": refunds}
        payload = self.update(payload, **cancelled)
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (7, 5))
        self.assertRecordValues(
            order, [{"status": "cancelled", "is_return_open": True, "stock_state": "deducted"}]
        )
        self.update(payload, **cancelled)
        self.assertEqual(self.on_hand(self.chair), 7)
        order.action_return_goods()
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertRecordValues(order, [{"is_return_open": False, "stock_state": "restored"}])

    def test_damaged_goods_stay_out_when_the_channel_cancels_before_they_are_deducted(self):
        """The channel may be quicker than the worker, or the first webhook may get lost."""
        for is_known in (True, False):
            payload = self.payload({"CHAIR": 3, "TABLE": 1}, order_number=f"Q-{is_known}")
            if is_known:
                self.ingest(payload)
            refunds = [self.refund(payload, 2, kind="no_restock")]
            before = self.on_hand(self.chair), self.on_hand(self.table)
            cancelled = {"cancelled_at": "2026-11-21T08:00:00Z", "refunds": refunds}
            payload = self.update(payload, **cancelled)
            with self.subTest(is_known=is_known):
                after = self.on_hand(self.chair), self.on_hand(self.table)
                self.assertEqual(after, (before[0] - 2, before[1]))

    def test_the_rest_of_an_order_that_the_channel_cancels_is_not_deducted_any_more(self):
        payload, order = self.placed({"CHAIR": 3, "MYSTERY": 1})
        line = order.line_ids.filtered("needs_mapping")
        line.product_id = self.table
        line._mapped_by_user()
        self.assertEqual(order.stock_state, "waiting")
        self.ingest(self.changed(payload, cancelled_at="2026-11-21T08:00:00Z"))
        self.assertTrue(order.is_return_due, "a webhook moves no goods")
        self.deduct()
        self.assertEqual((self.on_hand(self.chair), self.on_hand(self.table)), (10, 5))
        self.assertFalse(order.picking_ids.move_ids.filtered(lambda m: m.product_id == self.table))

    def test_a_cancellation_after_completed_puts_nothing_back_without_a_person(self):
        payload, order = self.placed({"CHAIR": 3})
        order.status = "completed"
        payload = self.update(payload, cancelled_at="2026-11-21T08:00:00Z")
        self.assertEqual(self.on_hand(self.chair), 7)
        self.assertRecordValues(order, [{"status": "cancelled", "is_return_open": True}])
        refunds = [self.refund(payload, 1)]
        payload = self.update(payload, refunds=refunds)
        self.assertEqual(self.on_hand(self.chair), 8, "the channel says that it is back")
        order.action_return_goods()
        self.assertEqual(self.on_hand(self.chair), 10)
        self.update(payload, refunds=refunds)
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_a_return_after_completed_comes_back(self):
        payload, order = self.placed({"CHAIR": 3})
        order.status = "completed"
        self.update(payload, refunds=[self.refund(payload, 2)])
        self.assertEqual(self.on_hand(self.chair), 9)
        self.assertEqual(order.status, "completed")
        self.assertIn("1 × [CHAIR] Chair", order.get_cancel_questions()[0])

    def test_an_order_that_is_alive_again_says_so(self):
        payload, order = self.placed({"CHAIR": 3})
        dead = self.update(payload, cancelled_at="2026-11-21T08:00:00Z")
        self.assertEqual(self.on_hand(self.chair), 10)
        self.assertFalse(order.is_alive_again)
        self.update(dead, cancelled_at=None)
        self.assertRecordValues(order, [{"status": "cancelled", "is_alive_again": True}])
        self.assertEqual(self.on_hand(self.chair), 10, "a person decides")
        self.assertEqual(self.account.alive_count, 1)
        self.assertEqual(opened(self.env, self.account.action_open_alive()), order)
        self.assertIn(f"alive:{order.id}", Diagnosis(self.account).failures())
        order.action_revive()
        self.assertFalse(Diagnosis(self.account).failures())
        self.deduct()
        self.assertRecordValues(
            order,
            [{"status": "take_action", "is_alive_again": False, "stock_state": "deducted"}],
        )
        self.assertEqual(self.on_hand(self.chair), 7)
        order.status = "cancelled"
        self.assertEqual(self.on_hand(self.chair), 10)

    def test_late_news_of_the_second_of_the_cancellation_do_not_bring_it_to_life(self):
        payload, order = self.placed({"CHAIR": 3})
        dead = self.update(payload, cancelled_at="2026-11-21T08:00:00Z")
        self.ingest({**dead, "cancelled_at": None})
        self.assertFalse(order.is_alive_again)
        OrderIntake(self.account).store({**dead, "cancelled_at": None}, is_read=True)
        self.assertTrue(order.is_alive_again, "Octopus answers with what is true")

    def test_what_took_no_goods_takes_none_when_it_is_alive_again(self):
        self.account.orders_since = "2026-01-01"
        for is_test, ships in (True, False), (False, True):
            with self.subTest(is_test=is_test, ships=ships):
                self.orders.channel_id.search([]).ships_goods = ships
                payload, order = self.placed({"CHAIR": 3}, test=is_test)
                payload = self.update(payload, cancelled_at="2026-11-21T08:00:00Z")
                self.update(payload, cancelled_at=None)
                order.action_revive()
                self.deduct()
                self.assertRecordValues(order, [{"status": "take_action", "stock_state": "none"}])
                self.assertEqual(self.on_hand(self.chair), 10)

    def test_our_own_cancellation_is_not_taken_back_by_a_late_update(self):
        payload, order = self.placed({"CHAIR": 3})
        order.status = "cancelled"
        self.update(payload, cancelled_at=None)
        self.assertFalse(order.is_alive_again)
        with self.assertRaisesRegex(UserError, "final"):
            order.status = "take_action"

    def test_what_was_refunded_before_the_revival_stays_refunded(self):
        payload, order = self.placed({"CHAIR": 3})
        refunds = [self.refund(payload, 1)]
        payload = self.update(payload, refunds=refunds, cancelled_at="2026-11-21T08:00:00Z")
        self.assertEqual(self.on_hand(self.chair), 10)
        self.update(payload, cancelled_at=None)
        order.action_revive()
        self.deduct()
        self.assertEqual(self.on_hand(self.chair), 8)

    # === NET REVENUE === #

    def net(self, orders):
        return sum(orders.mapped("amount_net"))

    def test_net_revenue_is_sales_less_refunds_without_cancelled_and_test_orders(self):
        payload, order = self.placed({"CHAIR": 3})
        _payload, cancelled = self.placed({"CHAIR": 1})
        cancelled.status = "cancelled"
        _payload, test = self.placed({"CHAIR": 1}, test=True)
        self.assertEqual(self.net(order | cancelled | test), 30)
        self.update(payload, refunds=[self.refund(payload, 1)])
        self.assertEqual(self.net(order | cancelled | test), 20)
        [(total,)] = self.orders._read_group(
            [("id", "in", (order | cancelled | test).ids)], [], ["amount_net_company:sum"]
        )
        self.assertEqual(total, 20)

    def test_pivot_and_graph_measure_net_revenue_only(self):
        """The other amounts have test orders, cancelled orders and several currencies in them."""
        fields = self.orders.fields_get(attributes=["type", "aggregator", "store"])
        summed = {
            name
            for name, field in fields.items()
            if field["type"] in ("integer", "float", "monetary") and field.get("aggregator")
        }
        summed -= {"id", "channel_color"}
        views = self.orders.get_views([(False, "pivot"), (False, "graph")])["views"]
        for kind, view in views.items():
            hidden = etree.fromstring(view["arch"]).xpath("//field[@invisible]/@name")
            measures = {name for name in summed if fields[name]["store"]} - set(hidden)
            self.assertEqual(measures, {"amount_net_company"}, kind)
        self.assertEqual(
            self.account.action_open_sales_graph()["context"],
            {"search_default_counting": 1, "search_default_account_id": self.account.id},
        )
        _payload, test = self.placed({"CHAIR": 1}, test=True)
        _payload, order = self.placed({"CHAIR": 1})
        search = etree.fromstring(
            self.orders.get_views([(False, "search")])["views"]["search"]["arch"]
        )
        [domain] = search.xpath("//filter[@name='counting']/@domain")
        found = self.orders.search(safe_eval(domain))
        self.assertIn(order, found)
        self.assertNotIn(test, found)

    def test_the_rate_is_that_of_the_orders_day(self):
        currency = self.env.ref("base.EUR")
        if currency == self.account.company_id.currency_id:
            currency = self.env.ref("base.USD")
        currency.active = True
        currency.rate_ids.unlink()
        rates = self.env["res.currency.rate"]
        vals = {"currency_id": currency.id, "company_id": self.env.company.id}
        rates.create([{**vals, "name": "2026-01-01", "rate": 2}])
        payload, order = self.placed({"CHAIR": 3}, currency=currency.name)
        self.assertRecordValues(order, [{"amount_net": 30, "amount_net_company": 15}])
        rates.create([{**vals, "name": "2026-11-21", "rate": 5}])
        self.update(payload, refunds=[self.refund(payload, 1)], note="later")
        self.assertRecordValues(order, [{"amount_net": 20, "amount_net_company": 10}])
        self.assertEqual(order.refund_ids.amount_company, 5)

    def test_the_analysis_has_sales_and_refunds_each_on_its_day(self):
        payload, order = self.placed({"CHAIR": 3}, total_price="34.00")
        paid = [{"kind": "refund", "amount": "12.00"}]
        self.update(payload, refunds=[self.refund(payload, 1, transactions=paid)])
        days = self.env["octopus.order.report"]._read_group(
            [("order_id", "=", order.id)],
            ["transaction_time:day", "product_id"],
            ["quantity:sum", "amount_company:sum"],
        )
        none = self.chair.browse()
        self.assertCountEqual(
            [(str(day)[:10], *rest) for day, *rest in days],
            [
                ("2026-11-20", self.chair, 3, 30),
                ("2026-11-20", none, 0, 4),
                ("2026-11-21", self.chair, -1, -10),
                ("2026-11-21", none, 0, -2),
            ],
        )
        self.assertEqual(order.amount_net, 22)
