"""The Access ID, the webhook's address and the original orders: for Octopus managers only,
whatever way somebody tries."""

import json
import logging

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user
from odoo.tools import mute_logger
from odoo.tools.misc import dumpstacks

from odoo.addons.linga_octopus.controllers.order_webhook import OrderWebhook
from odoo.addons.linga_octopus.models.order.look_up import OrderLookUp

from ..support.orders import OrdersMixin

SECRETS = ("access_id", "webhook_token", "webhook_url")
# Who may export what he sees; that alone must not let him see more.
EVERYBODY = "base.group_user,base.group_allow_export"
SEARCHES = (
    *(("=", "x"), ("!=", False), ("in", ["x"]), ("not in", ["x"]), (">", "a"), ("<=", "z")),
    *(("like", "a"), ("ilike", "a"), ("=like", "a%"), ("=ilike", "A%"), ("not like", "a")),
)
FORBIDDEN = (AccessError, ValueError)  # no right, or no such field as far as the user can tell


class TestSecrets(OrdersMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [
            new_test_user(cls.env, f"secrets-{label}", f"{EVERYBODY},{groups}")
            for label, groups in (
                ("cashier", "point_of_sale.group_pos_user"),
                ("user", "linga_octopus.group_octopus_user"),
                ("nobody", "base.group_user"),
            )
        ]
        cls.manager = new_test_user(
            cls.env, "secrets-manager", "base.group_user,linga_octopus.group_octopus_manager"
        )
        cls.till = cls.env["pos.config"].create({"name": "Till"})
        cls.account.pos_config_ids = cls.till

    def secrets(self):
        return [self.account.access_id, self.account.webhook_token]

    def assert_no_secret(self, text):
        for secret in self.secrets():
            self.assertNotIn(secret, text)

    def assert_refused(self, attempt, *arguments, **options):
        try:
            answer = attempt(*arguments, **options)
        except FORBIDDEN as refused:
            self.assert_no_secret(str(refused))
        else:
            self.fail(f"answered {answer}")

    # === READING === #

    def test_managers_see_them(self):
        account = self.account.with_user(self.manager)
        self.assertEqual(account.read(["access_id"])[0]["access_id"], self.sandbox.access_id)
        self.assertIn(account.webhook_token, account.webhook_url)

    def test_nobody_else_reads_them_on_the_account(self):
        for user in self.users:
            account = self.account.with_user(user)
            for name in SECRETS:
                with self.subTest(user=user.login, name=name):
                    self.assert_refused(account.read, [name])
                    self.assert_refused(account.export_data, [name])
                    self.assert_refused(account.web_read, {name: {}})
                    self.assertFalse(account.fields_get([name]))

    def test_not_even_who_is_let_read_accounts(self):
        """The fields are secret by themselves, not only because accounts are out of reach."""
        self.env["ir.model.access"].create(
            {
                "name": "accounts for all",
                "model_id": self.env["ir.model"]._get_id("octopus.account"),
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )
        for user in self.users:
            account = self.account.with_user(user)
            for name in SECRETS:
                with self.subTest(user=user.login, name=name):
                    self.assertEqual(account.read(["name"])[0]["name"], self.account.name)
                    self.assertFalse(account.fields_get([name]))
                    self.assert_refused(account.read, [name])
                    self.assert_refused(account.export_data, [name])
                    self.assert_refused(account.web_read, {name: {}})
                    self.assert_refused(account.search, [(name, "like", "a")])
                    for operator, value in SEARCHES:
                        self.assert_refused(account.search, [(name, operator, value)])
                        self.assert_refused(account.search_count, [(name, operator, value)])
                    self.assert_refused(account.filtered_domain, [(name, "like", "a")])
                    self.assert_refused(account.search, [], order=name)
                    self.assert_refused(account.web_search_read, [], {}, order=f"{name} desc")
                    self.assert_refused(account.formatted_read_group, [], [name], ["__count"])
                    self.assert_refused(account.formatted_read_group, [], [], [f"{name}:max"])
                    self.assert_refused(account.web_read_group, [], [name], ["__count"])
            self.assert_no_secret(str(account.name_search(self.account.access_id[:4])))

    def test_orders_are_no_way_round(self):
        self.ingest(self.payload({"CHAIR": 1}))
        for user in self.users[:2]:
            orders = self.orders.with_user(user)
            self.assertTrue(orders.search([]))
            for name in SECRETS:
                path = f"account_id.{name}"
                with self.subTest(user=user.login, name=name):
                    self.assert_refused(orders.search, [(path, "like", "a")])
                    for operator, value in SEARCHES:
                        self.assert_refused(orders.search, [(path, operator, value)])
                        self.assert_refused(
                            orders.search, [("account_id", "any", [(name, operator, value)])]
                        )
                    self.assert_refused(orders.search, [], order=path)
                    self.assert_refused(orders.search([]).mapped, path)
                    self.assert_refused(orders.search([]).export_data, [f"account_id/{name}"])
                    self.assert_refused(orders.formatted_read_group, [], [path], ["__count"])
                    self.assert_refused(
                        orders.search([]).web_read, {"account_id": {"fields": {name: {}}}}
                    )

    def test_original_orders_are_for_managers(self):
        order = self.ingest(self.payload({"CHAIR": 1}, note="the original"))
        self.assertIn("the original", order.with_user(self.manager).payload)
        for user in self.users[:2]:
            as_user = order.with_user(user)
            with self.subTest(user=user.login):
                self.assert_refused(as_user.read, ["payload"])
                self.assert_refused(as_user.export_data, ["payload"])
                self.assert_refused(as_user.search, [("payload", "like", "original")])
                self.assert_refused(as_user.search, [], order="payload")
                self.assert_refused(as_user.formatted_read_group, [], ["payload"], ["__count"])
                self.assertFalse(as_user.fields_get(["payload"]))

    # === LEAVING === #

    def test_a_point_of_sale_gets_no_secret(self):
        self.ingest(self.payload({"CHAIR": 1}))
        till = self.till.with_user(self.users[0])
        told = [
            till.read(),
            till.get_octopus_summary(),
            till.get_octopus_orders(),
            till.get_octopus_order(self.orders.search([], limit=1).id),
        ]
        self.till.open_ui()
        told.append(self.till.current_session_id.with_user(self.users[0]).load_data([]))
        self.assert_no_secret(json.dumps(told, default=str))

    def test_the_chatter_does_not_tell(self):
        old = self.secrets()
        self.account.with_user(self.manager).write({"access_id": "another-id", "name": "Renamed"})
        self.account.with_user(self.manager).action_renew_webhook_token()
        self.env.flush_all()
        messages = self.account.message_ids
        told = str([messages.read(["body", "preview"]), messages.tracking_value_ids.read()])
        self.assert_no_secret(told)
        self.assertFalse([secret for secret in old if secret in told])

    def test_a_copy_is_another_store(self):
        copied = self.account.copy_data()[0]
        self.assertFalse({"access_id", "merchant_name", "webhook_token"} & copied.keys())
        self.assertNotEqual(self.account.copy().webhook_token, self.account.webhook_token)

    # === ERRORS AND LOGS === #

    def test_errors_and_logs_do_not_tell(self):
        """Every way in which Octopus can fail, with everything that the server logs of it."""
        faults = [
            {"status": 401},
            {"status": 403},
            {"status": 500},
            # An error that quotes what it got.
            {"status": 422, "body": {"errors": [f"bad id {self.account.access_id}"]}},
            {"status": 200, "body": "<html>", "content_type": "text/html"},
            {"drop": True},
        ]
        for fault in faults:
            with self.subTest(fault=fault):
                self.sandbox.set_faults([{"path": "*", **fault}])
                with self.assertLogs(level=logging.DEBUG) as logs:
                    logging.getLogger(__name__).debug("so that there is something")
                    with self.assertRaises(UserError) as refused:
                        self.account.action_test_connection()
                self.assert_no_secret(f"{refused.exception}\n{logs.output}")

    def test_a_failed_statement_does_not_tell(self):
        """Odoo logs the statements that PostgreSQL refuses, with all values."""
        merchant = self.account.merchant_name
        values = {"merchant_name": merchant, "access_id": "the-new-secret"}
        other = self.account.copy({"merchant_name": "other"})
        attempts = (
            lambda: self.env["octopus.account"].create(
                {"name": "Twice", "base_url": self.account.base_url, **values}
            ),
            lambda: other.write(values),
        )
        for attempt in attempts:
            with (
                self.assertLogs("odoo.sql_db", "ERROR") as logs,
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                attempt()
                self.env.flush_all()
            self.assertIn("bad query", str(logs.output))
            self.assertNotIn("the-new-secret", str(logs.output))

    def test_what_is_written_apart_is_written(self):
        values = {"merchant_name": " another ", "access_id": " the-new-secret "}
        self.account.with_user(self.manager).write(values)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.merchant_name, "another")
        self.assertEqual(self.account.access_id, "the-new-secret")
        self.account.access_id = False
        self.account.invalidate_recordset()
        self.assertFalse(self.account.access_id)

    def test_the_web_servers_log_does_not_tell(self):
        """The address is a secret, and a web server logs the addresses that it is asked for.

        tests/e2e looks into the log of a real one; that of the tests does not log.
        """
        token = self.account.webhook_token
        for path in (token, f"{token}/orders/create", f"{token}?x=1"):
            line = f"POST /octopus/webhook/{path} HTTP/1.1"
            record = logging.LogRecord(
                "werkzeug", logging.INFO, "", 0, '%s - - "%s" 200', ("::1", line), None
            )
            self.assertTrue(logging.getLogger("werkzeug").filter(record))
            self.assertIn("POST /octopus/webhook/...", record.getMessage())
            self.assertIn("HTTP/1.1", record.getMessage())
            self.assertNotIn(token, record.getMessage())

    def test_a_refused_or_failing_webhook_does_not_tell(self):
        self.patch(OrderLookUp, "of_order", lambda *_args: 1 / 0)
        for token, status in ((self.account.webhook_token, 500), ("x" * 43, 401)):
            with self.assertLogs("odoo.addons.linga_octopus", "DEBUG") as logs:
                logging.getLogger("odoo.addons.linga_octopus").debug("so that there is something")
                answer = self.url_open(
                    f"/octopus/webhook/{token}",
                    data=json.dumps(self.payload({"CHAIR": 1})),
                    headers={
                        "Content-Type": "application/json",
                        "X-Octopus-Access-Token": self.account.access_id,
                    },
                )
            self.assertEqual(answer.status_code, status)
            self.assert_no_secret(f"{answer.text}\n{answer.headers}\n{logs.output}")

    def test_a_dump_of_all_stacks_does_not_tell(self):
        """Odoo makes one for a signal, or a slow request; each thread names its address."""
        take_in = OrderWebhook._take_in

        def dump_and_take_in(controller, *args):
            dumpstacks()
            return take_in(controller, *args)

        self.patch(OrderWebhook, "_take_in", dump_and_take_in)
        with self.assertLogs("odoo.tools.misc", logging.INFO) as logs:
            answer = self.url_open(
                f"/octopus/webhook/{self.account.webhook_token}/orders/create",
                data=json.dumps(self.payload({"CHAIR": 1})),
                headers={"Content-Type": "application/json"},
            )
        self.assertEqual(answer.status_code, 202)
        self.assertIn("/octopus/webhook/.../orders/create", str(logs.output))
        self.assert_no_secret(str(logs.output))

    @mute_logger("odoo.http")
    def test_a_traceback_over_rpc_does_not_tell(self):
        self.patch(type(self.account), "_explain_error", lambda account, error: 1 / 0)
        self.sandbox.set_faults([{"path": "*", "status": 500}])
        self.authenticate("secrets-manager", "secrets-manager")
        answer = self.url_open(
            "/web/dataset/call_kw",
            json={
                "params": {
                    "model": "octopus.account",
                    "method": "action_test_connection",
                    "args": [self.account.ids],
                    "kwargs": {},
                }
            },
        )
        self.assertIn("ZeroDivisionError", answer.text)
        self.assert_no_secret(answer.text)
