"""The filters of online orders at the Point of Sale, and what a row says at a glance."""

from ..support.screens import ScreensCase


class TestPosFilters(ScreensCase):
    def page(self, **filters):
        return self.till.with_user(self.cashier).get_octopus_orders(filters=filters)

    def found(self, **filters):
        page = self.page(**filters)
        self.assertEqual(page["count"], len(page["orders"]))
        self.assertEqual(sum(page["counts"].values()), page["count"], "tabs count what they show")
        return self.orders.browse(row["id"] for row in page["orders"])

    def test_the_list_is_filtered_by_channel_day_and_fulfillment(self):
        old = self.ingest(self.payload({"CHAIR": 1}, created_at="2026-11-18T10:00:00+00:00"))
        new = self.ingest(self.payload({"CHAIR": 2}, source="WOOCOMMERCE"))
        new.sudo().fulfillment, old.sudo().fulfillment = "pickup", "delivery"
        choices = self.page()["choices"]
        ids = {label: value for value, label in choices["channel_id"]}
        self.assertEqual(self.found(), new | old)
        self.assertEqual(self.found(channel_id=ids["Shopify"]), old)
        self.assertEqual(self.found(channel_id=ids["WooCommerce"]), new)
        self.assertEqual(self.found(day="2026-11-18"), old)
        self.assertEqual(self.found(fulfillment="pickup"), new)
        self.assertFalse(self.found(fulfillment="pickup", day="2026-11-18"))
        self.assertIn(("pickup", "Pickup"), choices["fulfillment"])

    def test_each_problem_has_a_filter(self):
        orders = [
            self.ingest(self.payload({"CHAIR": 1}, financial_status="paid")) for _index in range(7)
        ]
        unpaid, oversold, unmapped, blocked, changed, test, fine = orders
        unpaid.sudo().financial_status = "pending"
        oversold.sudo().is_oversold = True
        unmapped.sudo().needs_mapping = True
        blocked.sudo().stock_state = "blocked"
        changed.sudo().change_state = "open"
        test.sudo().is_test = True
        for problem, order in (
            ("unpaid", unpaid),
            ("oversold", oversold),
            ("unmapped", unmapped),
            ("blocked", blocked),
            ("changed", changed),
            ("test", test),
        ):
            with self.subTest(problem=problem):
                self.assertEqual(self.found(problem=problem), order)
                self.assertIn(problem, dict(self.page()["choices"]["problem"]))
        self.assertEqual(set(self.found(problem="any")), set(orders) - {fine})

    def test_a_row_says_what_is_paid_and_how_it_is_handed_over(self):
        order = self.ingest(self.payload({"CHAIR": 1}, financial_status="pending"))
        order.sudo().fulfillment = "pickup"
        [row] = self.page()["orders"]
        self.assertEqual((row["payment"], row["is_unpaid"]), ("Payment Pending", True))
        self.assertEqual(row["fulfillment"], "Pickup")
        order.sudo().financial_status = "paid"
        [row] = self.page()["orders"]
        self.assertEqual((row["payment"], row["is_unpaid"]), ("Paid", False))

    def test_a_test_order_counts_nowhere_and_is_found_all_the_same(self):
        """The number on the button is the number that the tab shows, and of the rows below it."""
        real, trial = (
            self.ingest(self.payload({"CHAIR": 1}, **more)) for more in ({}, {"test": True})
        )
        config = self.till.with_user(self.cashier)
        page = config.get_octopus_orders(status="take_action")
        self.assertEqual([row["id"] for row in page["orders"]], [real.id])
        self.assertEqual((page["count"], page["counts"]["take_action"]), (1, 1))
        self.assertEqual(config.get_octopus_summary()["to_act"], 1)
        self.assertEqual(len(config.get_octopus_orders()["orders"]), 2)
        trials = {"problem": "test"}
        page = config.get_octopus_orders(status="take_action", filters=trials)
        self.assertEqual([row["id"] for row in page["orders"]], [trial.id])
        self.assertEqual(page["counts"]["take_action"], 1)

    def test_a_row_says_that_money_went_back(self):
        order = self.ingest(self.payload({"CHAIR": 2}))
        self.assertIs(self.page()["orders"][0]["is_refunded"], False)
        order.sudo().refund_ids.create(
            {"order_id": order.id, "octopus_ref": "1", "amount": 5, "restock": False}
        )
        self.assertIs(self.page()["orders"][0]["is_refunded"], True)

    def test_an_order_says_how_much_went_back(self):
        order = self.ingest(self.payload({"CHAIR": 2}))
        pos = self.till.with_user(self.cashier)
        self.assertEqual(pos.get_octopus_order(order.id)["refunded"], "")
        order.sudo().refund_ids.create(
            {"order_id": order.id, "octopus_ref": "1", "amount": 5, "restock": False}
        )
        self.assertIn("5.00", pos.get_octopus_order(order.id)["refunded"])
        for name in "report_picking_ticket", "report_picking_receipt":
            report = f"linga_octopus.{name}"
            html = self.env["ir.actions.report"]._render_qweb_html(report, order.ids)[0].decode()
            self.assertIn("Refunded", html, name)
