"""What a monitor is told."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user
from odoo.tools import SQL, mute_logger

from odoo.addons.linga_octopus.models.sync import rate_budget

from ..support.orders import OrdersMixin

MANAGER = "base.group_user,linga_octopus.group_octopus_manager"


class TestHealth(OrdersMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["octopus.account"].search([("id", "!=", cls.account.id)]).active = False
        cls.manager = new_test_user(cls.env, "health-manager", MANAGER)

    def setUp(self):
        super().setUp()
        now = fields.Datetime.now()
        self.account.last_orders_sync = now
        crons = self.env["ir.cron"].search([("cron_name", "like", "Octopus:")])
        crons.write({"nextcall": now + timedelta(minutes=1), "failure_count": 0})
        self.crons = crons

    def ask(self, user=None, key=None):
        if user:
            expires = fields.Datetime.now() + timedelta(days=1)
            keys = self.env["res.users.apikeys"].with_user(user)
            key = keys._generate(None, "monitor", expires)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return self.url_open("/octopus/health", headers=headers)

    def told(self):
        """Return what the monitor is told of our account."""
        [entry] = self.ask(self.manager).json()["accounts"]
        return entry

    def test_all_is_well(self):
        answer = self.ask(self.manager)
        self.assertEqual(answer.json()["problems"], [])
        self.assertEqual(answer.json()["status"], "ok")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(len(answer.json()["workers"]), len(self.crons))
        self.assertNotIn(self.account.access_id, answer.text)
        self.assertNotIn(self.account.webhook_token, answer.text)

    def test_queues_and_ages(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        order.received_at = fields.Datetime.now() - timedelta(minutes=5)
        self.env["octopus.order.notification"]._enqueue(self.account, "1")
        self.env["octopus.sync.run"]._queue(self.account, "categories")
        told = self.told()
        for name in ("waiting_orders", "notifications", "open_runs"):
            self.assertEqual(told[name], 1, name)
        self.assertGreaterEqual(told["oldest_seconds"]["order"], 300)
        self.assertEqual(told["last_order_at"], f"{order.received_at.isoformat()}Z")
        self.assertEqual(told["problems"], [])
        self.deduct()
        self.assertEqual(self.told()["waiting_orders"], 0)

    def test_calls_that_are_left(self):
        """What Octopus said last, as long as its minute lasts."""
        self.assertIsNone(self.told()["calls_left"])
        self.sandbox.settings(rate_limit=100)
        with self.account._get_client() as client:
            client.get_shop()
            rate_budget.publish(self.account, client)
        self.env.cr.postcommit.run()
        self.env.invalidate_all()
        told = self.told()
        self.assertEqual(told["calls_left"], 99)
        self.assertTrue(told["calls_left_until"].endswith("Z"))
        self.env["octopus.rate"].search([]).reset_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertIsNone(self.told()["calls_left"])

    def test_workers_note_them(self):
        noted = []
        self.patch(rate_budget, "publish", lambda _account, client: noted.append(client))
        self.sync("orders")
        self.assertEqual(len(noted), 1)
        self.assertEqual(noted[0].calls, 1)

    def test_an_order_that_waits_too_long(self):
        order = self.ingest(self.payload({"CHAIR": 1}))
        order.received_at = fields.Datetime.now() - timedelta(minutes=16)
        answer = self.ask(self.manager)
        self.assertEqual(answer.status_code, 503)
        self.assertEqual(answer.json()["problems"], ["Main Street: an order waits for its stock"])

    def test_goods_that_are_not_given_back(self):
        """Of an order that came long ago and was cancelled by the channel."""
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        self.deduct()
        order.received_at = fields.Datetime.now() - timedelta(days=3)
        self.ingest(self.changed(payload, cancelled_at="2026-11-21T08:00:00-00:00"))
        self.assertEqual(self.told()["problems"], [])
        self.assertEqual(self.told()["returning_orders"], 1)
        self.age(order, "write_date", 16)
        told = self.told()
        self.assertEqual(told["problems"], ["an order waits to give its goods back"])
        self.assertGreaterEqual(told["oldest_seconds"]["return"], 16 * 60)
        self.deduct()
        self.assertEqual(self.told()["problems"], [])

    def test_a_notification_that_is_not_answered(self):
        self.env["octopus.order.notification"]._enqueue(self.account, "1")
        self.age(self.env["octopus.order.notification"].search([]), "create_date", 31)
        self.assertEqual(self.told()["problems"], ["an announced order has not been read back"])
        self.account.write({"state": "error", "state_message": "x"})
        self.assertEqual(self.told()["problems"], ["connection problem: x"])

    def age(self, record, column, minutes):
        """Have a record been written or created so many minutes ago."""
        self.env.flush_all()
        moment = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL.identifier(column),
                moment,
                record.id,
            )
        )
        record.invalidate_recordset()

    def test_a_failing_store(self):
        self.sandbox.set_faults([{"path": "*", "status": 401}])
        self.sync("orders")
        self.env.invalidate_all()
        [problem] = self.told()["problems"]
        self.assertIn("connection problem: Octopus does not accept", problem)

    def test_nobody_asks_for_orders(self):
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(minutes=31)
        self.assertEqual(self.told()["problems"], ["orders have not been asked for lately"])

    def test_dead_workers(self):
        late, off, failing = self.crons[:3]
        late.nextcall = fields.Datetime.now() - timedelta(minutes=16)
        off.active = False
        failing.failure_count = 2
        answer = self.ask(self.manager).json()
        self.assertEqual(
            set(answer["problems"]),
            {
                f"{late.cron_name}: is overdue",
                f"{off.cron_name}: is switched off",
                f"{failing.cron_name}: fails",
            },
        )

    @mute_logger("odoo.http")
    def test_who_may_ask(self):
        self.assertEqual(self.ask().status_code, 401)
        self.assertEqual(self.ask(key="guess").status_code, 401)
        cashier = new_test_user(
            self.env, "health-cashier", "base.group_user,point_of_sale.group_pos_user"
        )
        self.assertEqual(self.ask(cashier).status_code, 403)

    def test_other_companies_stores_are_not_told(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "health-stranger",
            MANAGER,
            company_id=company.id,
            company_ids=[company.id],
        )
        self.assertEqual(self.ask(stranger).json()["accounts"], [])
