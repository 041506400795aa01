"""The first page of the app: orders, revenue, channels and what needs somebody."""

from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.tests import TransactionCase
from odoo.tools import format_amount
from odoo.tools.safe_eval import safe_eval

from odoo.addons.linga_octopus.models.monitoring.diagnosis import Diagnosis
from odoo.addons.linga_octopus.models.monitoring.overview_facts import describe_duration

from ..support.facets import opened
from ..support.orders import OrdersMixin


class TestOverview(OrdersMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.account.shop_timezone = "UTC"

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
        assert [
            (row["name"], row["today"], row["count"], row["revenue"])
            for row in overview["channels"]
        ] == [
            ("Shopify", 1, 2, self.money(30)),
            ("Amazon", 0, 1, self.money(30)),
        ]
        # Of each column what each channel has in it, in the order of the table.
        assert [day["parts"] for day in overview["days"]][-3:] == [[1, 1], [0, 0], [1, 0]]

    def test_cancelled_orders_are_no_sales(self):
        self.take().status = "cancelled"

        assert self.overview()["week"]["count"] == 0

    def test_days_begin_where_the_shop_is(self):
        self.account.shop_timezone = "Pacific/Auckland"  # 13 hours ahead in November
        with freeze_time("2026-11-20 12:00:00"):
            self.take()
            order = self.take()
            order.sudo().transaction_time = "2026-11-20 10:59:59"
            for zone in ("UTC", "Pacific/Honolulu"):
                days = [day["count"] for day in self.overview(tz=zone)["days"]]
                assert days[-2:] == [1, 1]

    def test_what_needs_somebody_is_counted_and_one_click_away(self):
        oversold = self.take(quantity=50)
        stuck = self.order({"NOBODY-KNOWS": 1})
        fine = self.take()
        self.account.invalidate_recordset()

        found = {
            name: opened(self.env, getattr(self.account, name)())
            for name in ("action_open_orders_to_act", "action_open_oversold", "action_open_stuck")
        }

        assert (self.account.oversold_count, self.account.stuck_count) == (2, 1)
        assert found["action_open_oversold"] == oversold | fine
        assert found["action_open_stuck"] == stuck
        assert found["action_open_orders_to_act"] == oversold | stuck | fine

    def test_unknown_goods_of_before_the_store_are_nobodys_task(self):
        self.account.orders_since = "2099-01-01 00:00:00"
        order = self.ingest(self.payload({"NOBODY-KNOWS": 1}), is_new=False)
        self.assertEqual((order.stock_state, order.needs_mapping), ("none", True))
        self.assertEqual(self.account.stuck_count, 0)

    def test_blocked_is_stuck_whatever_the_status_unknown_goods_until_cancelled(self):
        blocked, unknown = self.take(), self.order({"NOBODY-KNOWS": 1})
        stuck = {
            "take_action": blocked | unknown,
            "completed": blocked | unknown,
            "cancelled": blocked,
        }
        for status, expected in stuck.items():
            with self.subTest(status=status):
                (blocked | unknown).filtered(lambda o, s=status: o.status != s).status = status
                blocked.sudo().stock_state = "blocked"
                self.account.invalidate_recordset()
                found = opened(self.env, self.account.action_open_stuck())
                self.assertEqual(found.sorted("id"), expected)
                self.assertEqual(self.account.stuck_count, len(expected))

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
            some.mapped("failed_run_count")
            costs.append(self.env.cr.sql_log_count - before)

        assert costs[1] <= costs[0]


class TestOverviewFailures(OrdersMixin, TransactionCase):
    """What the diagnosis alerts of has its button; a button opens as many records as it counts."""

    def buttons(self):
        """Return {count: records that its button opens} of the buttons that are shown."""
        self.account.invalidate_recordset()
        arch = self.env.ref("linga_octopus.octopus_account_view_kanban_overview").arch
        found = {}
        for button in etree.fromstring(arch).iter("button"):
            for field in button.iter("field"):
                if self.account[field.get("name")]:
                    found[field.get("name")] = self.opened(button)
                    assert len(found[field.get("name")]) == self.account[field.get("name")]
        return found

    def opened(self, button):
        """Return the records of the list that a button opens, with the filters it sets."""
        context = safe_eval(button.get("context", "{}"))
        action = getattr(self.account.with_context(**context), button.get("name"))()
        assert not action["domain"], "the search box shows what a list is restricted to"
        return opened(self.env, action, context)

    def test_nothing_failed(self):
        assert set(self.buttons()) == set()

    def test_each_button_of_orders_opens_as_many_as_it_counts(self):
        oversold, changed = self.order({"CHAIR": 50}), self.order({"TABLE": 1})
        self.order({"CHAIR": 60}).status = "completed"
        self.order({"CHAIR": 70}, test=True)
        unknown = self.order({"NOBODY-KNOWS": 1})
        changed.sudo().change_state = "open"
        cancelled = self.order({"TABLE": 1})
        cancelled.sudo().change_state = "open"
        cancelled.status = "cancelled"

        found = self.buttons()

        assert found["orders_to_act_count"] == unknown | changed | oversold
        assert found["oversold_count"] == oversold
        assert found["stuck_count"] == unknown
        assert found["changed_count"] == changed

    def test_the_buttons_of_the_settings_page_open_as_many_as_they_count(self):
        self.sync("products")
        self.sync("stock")
        self.order({"CHAIR": 1})
        self.sync("orders")._add_issue(self.chair.product_tmpl_id, "It is wrong.")
        arch = self.env.ref("linga_octopus.octopus_account_view_form").arch
        box = etree.fromstring(arch).find(".//div[@name='button_box']")
        counted = {}
        self.account.invalidate_recordset()
        for button in box.iter("button"):
            for field in button.iter("field"):
                found = self.opened(button)
                assert len(found) == self.account[field.get("name")], field.get("name")
                counted[field.get("name")] = len(found)
        assert counted["orders_to_act_count"] == counted["open_issue_count"] == 1
        assert "stock_pending_count" in counted

    def test_orders_octopus_was_not_told_of(self):
        told, untold = self.order({"CHAIR": 1}), self.order({"CHAIR": 1})
        (told | untold).status = "completed"
        untold.sudo().push_status = "failed"

        assert self.buttons() == {"push_failed_count": untold}

    def test_levels_that_octopus_refuses(self):
        self.sync("products")
        self.sync("stock")
        levels = self.env["octopus.stock.level"].search([("account_id", "=", self.account.id)])
        levels[0].sudo().error = "Octopus does not know it."

        assert self.buttons()["stock_error_count"] == levels[0]

    def test_order_checks_that_differ_or_failed(self):
        order_checks = self.env["octopus.order.check"].create(
            [
                {"account_id": self.account.id, "day": f"2026-11-0{day}", "state": state}
                for day, state in enumerate(("agrees", "differs", "failed", "waiting"), start=1)
            ]
        )

        found = self.buttons()["order_check_problem_count"]

        assert found == order_checks[1:3].sorted("day", reverse=True)

    def test_the_latest_run_that_failed(self):
        runs = self.env["octopus.sync.run"]
        made = runs.create(
            [
                {"account_id": self.account.id, "kind": kind, "state": state}
                for kind, state in (
                    ("products", "failed"),
                    ("products", "done"),
                    ("stock", "failed"),
                    ("stock", "queued"),
                )
            ]
        )

        assert self.buttons() == {"failed_run_count": made[2]}
        assert list(Diagnosis(self.account).failures()) == ["run:stock"]

    def test_a_lost_connection_says_why_and_leads_to_the_settings(self):
        view = self.env.ref("linga_octopus.octopus_account_view_kanban_overview")
        [why] = etree.fromstring(view.arch).xpath("//div[@role='alert']")

        assert why.get("invisible") == "state != 'error'"
        assert why.xpath("field[@name='state_message']")
        assert why.xpath("a[@name='action_open_settings'][@type='object']")


class TestOverviewFacts(OrdersMixin, TransactionCase):
    def facts(self):
        self.account.invalidate_recordset()
        return self.account.overview_facts

    def syncs(self):
        return {sync["kind"]: sync for sync in self.facts()["syncs"]}

    def test_products_below_zero_are_named_with_the_orders_that_wait_for_them(self):
        self.order({"CHAIR": 8})  # there are 10
        oversold = [self.order({"CHAIR": 4}), self.order({"CHAIR": 1, "TABLE": 1})]

        [chair] = self.facts()["oversold"]

        assert (chair["id"], chair["quantity"], chair["orders"]) == (self.chair.id, -3, 2)
        waiting = opened(self.env, self.account.action_open_orders_of_product(self.chair.id))
        assert set(oversold) == set(waiting)
        for order in oversold:
            order.status = "completed"
        assert self.facts()["oversold"] == [], "nobody waits for it any more"

    def test_a_product_that_came_in_again_is_not_short(self):
        self.order({"CHAIR": 14})
        self.env["stock.quant"]._update_available_quantity(self.chair, self.stock_location, 20)
        assert self.facts()["oversold"] == []

    def test_the_speed_is_the_median_of_those_completed(self):
        assert self.facts()["speed"] is False
        for minutes in (10, 90, 5000):
            order = self.order({"CHAIR": 1})
            order.status = "completed"
            order.sudo().transaction_time = order.closed_at - timedelta(minutes=minutes)
        cancelled = self.order({"CHAIR": 1})
        cancelled.status = "cancelled"
        assert self.facts()["speed"] == "1 h 30 min"

    def test_lengths_of_time_in_plain_words(self):
        spelled = {
            20: "1 min",
            59 * 60: "59 min",
            3600: "1 h 0 min",
            47 * 3600: "47 h 0 min",
            49 * 3600: "2 days 1 h",
        }
        for seconds, text in spelled.items():
            assert describe_duration(self.env, seconds) == text
        assert describe_duration(self.env, None) is False

    def test_the_tightest_moment_of_the_rate_limit(self):
        assert self.facts()["rate"] is None
        self.sandbox.settings(rate_limit=250)
        self.sync("orders")
        rate = self.facts()["rate"]
        left = self.env["octopus.sync.run"].search([("kind", "=", "orders")], limit=1).rate_left
        assert (rate["limit"], rate["left"]) == (250, left)
        assert 240 < left < 250
        runs = self.env["octopus.sync.run"]
        runs.create({"account_id": self.account.id, "kind": "stock"}).write(
            {"state": "done", "rate_limit": 250, "rate_left": 25}
        )
        assert self.facts()["rate"] == {"limit": 250, "left": 25, "percent": 10}

    def test_each_kind_says_what_was_and_what_is_next(self):
        syncs = self.syncs()
        assert list(syncs) == [
            "categories",
            "products",
            "stock",
            "orders",
            "stock_check",
            "order_check",
        ]
        assert not syncs["stock"]["last"]
        assert syncs["stock"]["next"] == "when you press Sync"
        poll = self.env.ref("linga_octopus.ir_cron_octopus_order_poll")
        assert syncs["orders"]["next"] == fields.Datetime.to_string(poll.nextcall)

        self.sync("stock")
        self.sync("stock_check")

        syncs = self.syncs()
        assert syncs["stock"]["last"]
        assert syncs["stock_check"]["last"]
        assert syncs["stock"]["next"] == "with every change"
        self.account.action_unsubscribe()
        assert {sync["next"] for sync in self.syncs().values()} == {"when connected"}

    def test_differences_wait_for_a_decision(self):
        assert self.account.difference_count == 0
        self.sync("products")
        self.sync("stock")
        run = self.env["octopus.sync.run"].create(
            {"account_id": self.account.id, "kind": "stock_check"}
        )
        levels = [("account_id", "=", self.account.id)]
        for level in self.env["octopus.stock.level"].search(levels, limit=2):
            self.env["octopus.stock.difference"].create(
                {"run_id": run.id, "level_id": level.id, "state": "open"}
            )
        self.account.invalidate_recordset()

        assert self.account.difference_count == 2
        account = self.account.with_context(octopus_to_decide=True)  # as its button does
        assert len(opened(self.env, account.action_open_stock_differences())) == 2
