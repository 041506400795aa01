"""The first page of the app: orders, revenue, channels and what needs somebody."""

from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase
from odoo.tools import format_amount

from .orders import OrdersMixin


class TestOverview(OrdersMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        # Late in the day in New York, where Octopus is, is already tomorrow in UTC.
        self.env.user.tz = "UTC"

    def overview(self, **context):
        self.account.invalidate_recordset()
        return self.account.with_context(**context).overview

    def take(self, source="SHOPIFY", quantity=1, days_ago=0, **fields_):
        order = self.order({"CHAIR": quantity}, source=source, **fields_)
        # The workers and the channel set these; what is shown depends on them only.
        order.sudo().transaction_time = fields.Datetime.now() - timedelta(days=days_ago)
        return order

    def money(self, amount):
        return format_amount(self.env, amount, self.account.company_id.currency_id)

    def test_a_store_without_orders(self):
        overview = self.overview()

        assert overview["today"] == {"count": 0, "revenue": self.money(0)}
        assert [day["count"] for day in overview["days"]] == [0] * 7
        assert overview["channels"] == []

    def test_orders_are_summed_by_day_and_channel(self):
        self.take("SHOPIFY", quantity=2)
        self.take("SHOPIFY", quantity=1, days_ago=2)
        self.take("AMAZON", quantity=3, days_ago=2)
        self.take("AMAZON", quantity=3, days_ago=8)

        overview = self.overview()

        assert overview["today"] == {"count": 1, "revenue": self.money(20)}
        assert overview["week"] == {"count": 3, "revenue": self.money(60)}
        assert [day["count"] for day in overview["days"]] == [0, 0, 0, 0, 2, 0, 1]
        assert [day["percent"] for day in overview["days"]][-3:] == [100, 0, 50]
        assert [(row["name"], row["count"], row["revenue"]) for row in overview["channels"]] == [
            ("SHOPIFY", 2, self.money(30)),
            ("AMAZON", 1, self.money(30)),
        ]

    def test_cancelled_orders_are_no_sales(self):
        self.take().status = "cancelled"

        assert self.overview()["week"]["count"] == 0

    def test_days_begin_where_the_user_is(self):
        now = fields.Datetime.now().replace(hour=20, minute=30)
        order = self.take()
        order.sudo().transaction_time = now - timedelta(days=1)

        assert [day["count"] for day in self.overview(tz="UTC")["days"]][-2:] == [1, 0]
        # In Auckland it was the next day already, which today is or was.
        days = [day["count"] for day in self.overview(tz="Pacific/Auckland")["days"]]
        today = fields.Date.context_today(self.account.with_context(tz="Pacific/Auckland"))
        placed = fields.Datetime.context_timestamp(
            self.account.with_context(tz="Pacific/Auckland"), order.transaction_time
        ).date()
        assert days.index(1) == 6 - (today - placed).days

    def test_what_needs_somebody_is_counted_and_one_click_away(self):
        oversold = self.take(quantity=50)
        stuck = self.order({"NOBODY-KNOWS": 1})
        fine = self.take()
        self.account.invalidate_recordset()

        found = {
            name: self.env["octopus.order"].search(getattr(self.account, name)()["domain"])
            for name in ("action_open_orders_to_act", "action_open_oversold", "action_open_stuck")
        }

        assert (self.account.oversold_count, self.account.stuck_count) == (2, 1)
        assert found["action_open_oversold"] == oversold | fine
        assert found["action_open_stuck"] == stuck
        assert found["action_open_orders_to_act"] == oversold | stuck | fine

    def test_many_stores_cost_no_more_queries(self):
        stores = self.account | self.env["octopus.account"].create(
            [{"name": f"Store {number}"} for number in range(5)]
        )
        self.take()
        self.env.flush_all()
        costs = []
        for some in (self.account, stores):
            self.env.invalidate_all()
            some.mapped("company_id.currency_id.symbol")
            before = self.env.cr.sql_log_count
            some.mapped("overview")
            costs.append(self.env.cr.sql_log_count - before)

        assert costs[1] <= costs[0]
