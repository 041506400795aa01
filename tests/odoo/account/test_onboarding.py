"""From Browse and Subscribe to a store that lacks nothing: marketplace, settings, checklist."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, TransactionCase, new_test_user
from odoo.tools import config

from odoo.addons.linga_octopus.controllers.order_webhook import stamp_webhook

from ..support.common import OctopusCase, SandboxMixin


class TestSubscribe(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.till = cls.env["pos.config"].create({"name": "Till 1"})

    def test_a_new_store_is_subscribed_and_opened(self):
        form = Form(self.env["octopus.subscribe"])
        assert form.name == self.env.company.name
        assert self.till in form.pos_config_ids[:]
        form.name = "Main Street"
        form.is_accepted = True

        action = form.save().action_confirm()

        account = self.env["octopus.account"].browse(action["res_id"])
        assert (account.name, account.state) == ("Main Street", "subscribed")
        assert self.till in account.pos_config_ids
        assert account.oversell_policy == "deny", "the question was asked, and this is its answer"

    def test_a_script_subscribes_with_a_name_only(self):
        wizard = self.env["octopus.subscribe"].create({"name": "Script", "is_accepted": True})

        account = self.env["octopus.account"].browse(wizard.action_confirm()["res_id"])

        assert (account.name, account.company_id) == ("Script", self.env.company)

    def test_nothing_happens_before_the_terms_are_accepted(self):
        wizard = Form(self.env["octopus.subscribe"]).save()
        before = self.env["octopus.account"].search_count([])

        with self.assertRaisesRegex(UserError, "terms"):
            wizard.action_confirm()

        assert self.env["octopus.account"].search_count([]) == before

    def test_a_store_subscribes_again(self):
        account = self.env["octopus.account"].create({"name": "Back Again"})
        form = Form(self.env["octopus.subscribe"].with_context(default_account_id=account.id))
        assert form.name == "Back Again"
        form.is_accepted = True

        assert form.save().action_confirm()["res_id"] == account.id

        assert account.state == "subscribed"

    def test_the_form_of_a_store_leads_to_the_terms_too(self):
        account = self.env["octopus.account"].create({"name": "Back Again"})

        action = account.action_open_subscribe()

        assert (action["res_model"], action["target"]) == ("octopus.subscribe", "new")
        form = Form(self.env["octopus.subscribe"].with_context(**action["context"]))
        assert form.account_id == account
        arch = account.get_view(view_type="form")["arch"]
        assert 'name="action_open_subscribe"' in arch
        assert 'name="action_subscribe"' not in arch

    def test_the_points_of_sale_of_another_store_are_not_offered(self):
        self.env["octopus.account"].create({"name": "First", "pos_config_ids": self.till.ids})

        form = Form(self.env["octopus.subscribe"])

        assert self.till not in form.pos_config_ids[:]

    def test_only_managers_subscribe(self):
        cashier = new_test_user(self.env, "till", "base.group_user,point_of_sale.group_pos_user")

        with self.assertRaises(AccessError):
            self.env["octopus.subscribe"].with_user(cashier).create({})

    def test_odoos_settings_name_the_stores(self):
        settings = self.env["res.config.settings"]
        before = settings.create({}).octopus_stores
        account = self.env["octopus.account"].create({"name": "Main Street"})
        assert settings.create({}).octopus_stores == before

        account.action_subscribe()

        assert "Main Street (Subscribed)" in settings.create({}).octopus_stores

    def test_odoos_settings_open_for_a_stranger_to_octopus(self):
        admin = new_test_user(self.env, "sysadmin", "base.group_system")

        settings = self.env["res.config.settings"].with_user(admin).create({})

        assert "octopus_stores" not in settings.fields_get()


class TestUnsubscribe(OctopusCase):
    def setUp(self):
        super().setUp()
        self.product = self.make_product(is_storable=True).product_variant_id
        location = self.warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.product, location, 7)
        for kind in ("products", "stock"):
            self.sync(kind)

    def leave(self, policy):
        wizard = Form.from_action(self.env, self.account.action_open_unsubscribe())
        wizard.stock_policy = policy
        wizard.save().action_confirm()

    def remote(self):
        return {level["available"] for level in self.sandbox.state()["levels"]}

    def test_the_stock_of_the_channels_stays_as_it_was(self):
        self.leave("keep")
        assert self.account.state == "unsubscribed"
        assert 7 in self.remote()

    def test_the_stock_of_the_channels_is_set_to_0_first(self):
        self.leave("zero")
        assert self.account.state == "connected"
        self.work()
        assert self.account.state == "unsubscribed"
        run = self.env["octopus.sync.run"].search([("kind", "=", "stock")], limit=1)
        assert run.state == "done"
        assert self.remote() == {0}

    def test_a_store_that_is_not_connected_just_leaves(self):
        self.account.write({"state": "error"})
        Form.from_action(self.env, self.account.action_open_unsubscribe()).save().action_confirm()
        assert self.account.state == "unsubscribed"


class TestChecklist(OctopusCase):
    def states(self, account=None):
        account = account or self.account
        account.invalidate_recordset()
        return {item["name"]: item["state"] for item in account.checklist}

    def test_a_new_store_is_told_every_step(self):
        account = self.env["octopus.account"].create({"name": "New"})
        account.action_subscribe()

        states = self.states(account)

        missing = ("connection", "locations", "categories", "products", "stock", "poll")
        assert {states[name] for name in missing} == {"todo"}
        assert (states["tills"], states["webhook"]) == ("warning", "warning")

    def test_the_next_step_is_the_first_that_is_required(self):
        account = self.env["octopus.account"].create({"name": "New"})
        account.action_subscribe()
        assert account.setup_step == "connection"
        assert self.account.setup_step == "categories"
        [step] = [item for item in self.account.checklist if item["name"] == "categories"]
        assert step["fix"]["method"] == "action_sync_all"
        self.account.action_sync_all()
        self.account.invalidate_recordset(["checklist"])
        steps = {item["name"]: item for item in self.account.checklist}
        for name in ("categories", "products", "stock"):
            assert steps[name]["fix"] == {}, "no button that would start it a second time"

    def test_each_item_knows_the_real_state(self):
        self.make_product()
        states = self.states()
        assert (states["connection"], states["locations"]) == ("done", "done")

        for kind, item in (("categories", "categories"), ("products", "products")):
            assert self.states()[item] == "todo"
            self.sync(kind)
            assert self.states()[item] == "done"
        self.sync("stock")
        assert self.states()["stock"] == "done"
        self.sync("orders")
        assert self.states()["poll"] == "done"
        self.account.auto_stock_sync = False
        assert self.states()["stock"] == "todo"

    def test_the_connection_says_what_is_wrong(self):
        self.account.write({"state": "error", "state_message": "Octopus is on holiday."})

        [item] = [item for item in self.account.checklist if item["name"] == "connection"]

        assert item["text"] == "Octopus is on holiday."

    def test_orders_not_asked_for_are_noticed(self):
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(hours=1)

        assert self.states()["poll"] == "todo"

    def test_workers_that_stand_still_are_noticed(self):
        def text():
            self.account.invalidate_recordset()
            [item] = [item for item in self.account.checklist if item["name"] == "cron"]
            return item.get("text", "")

        workers = self.env["ir.cron"].search([("cron_name", "like", "Octopus:")])
        workers.nextcall = fields.Datetime.now()
        assert self.states()["cron"] == "done"

        workers.nextcall = fields.Datetime.now() - timedelta(hours=1)
        assert self.states()["cron"] == "todo"
        assert "the scheduled actions of this server stand still" in text()

        workers.nextcall = fields.Datetime.now()
        off = self.env.ref("linga_octopus.ir_cron_octopus_order_deduct")
        off.active = False
        late = self.env.ref("linga_octopus.ir_cron_octopus_order_poll")
        late.nextcall = fields.Datetime.now() - timedelta(hours=1)
        assert self.states()["cron"] == "todo"
        assert f"stand still: {off.cron_name}, {late.cron_name}." in text()

    def test_points_of_sale_that_take_stock_at_closing_are_warned_of(self):
        company = self.account.company_id
        company.point_of_sale_update_stock_quantities = "closing"
        assert self.states()["pos_stock"] == "warning"

        # Odoo shows its own setting in developer mode only: the item has a button of its own.
        self.account.action_take_stock_in_real_time()
        assert company.point_of_sale_update_stock_quantities == "real"
        assert self.states()["pos_stock"] == "done"

    def test_addresses_that_the_internet_does_not_know_are_warned_of(self):
        outcomes = {
            "http://localhost:8069": "warning",
            "https://odoo": "warning",
            "https://odoo.lan": "warning",
            "http://192.168.1.10:8069": "warning",
            "http://shop.example.com": "warning",
            "http://8.8.8.8": "warning",
            "https://shop.example.com": "done",
        }
        for url, state in outcomes.items():
            self.env["ir.config_parameter"].set_param("web.base.url", url)
            assert self.states()["public_url"] == state, url

    def test_a_public_address_without_https_is_told_from_a_private_one(self):
        for url, says in (
            ("http://shop.example.com", "without https"),
            ("http://odoo.lan", "not publicly reachable"),
        ):
            self.env["ir.config_parameter"].set_param("web.base.url", url)
            self.account.invalidate_recordset()
            [item] = [item for item in self.account.checklist if item["name"] == "public_url"]
            assert says in item["text"], url

    def test_a_server_of_several_databases_has_a_hint(self):
        def hint():
            self.account.invalidate_recordset()
            [item] = [item for item in self.account.checklist if item["name"] == "webhook"]
            return item["text"]

        with patch.dict(config._runtime_options, {"db_name": ["one"], "dbfilter": ""}):
            assert "X-Odoo-Database" not in hint()
        with patch.dict(config._runtime_options, {"db_name": ["one", "two"], "dbfilter": ""}):
            assert "X-Odoo-Database" in hint()

    def test_two_stores_of_one_merchant_are_warned_of(self):
        assert "twin" not in self.states()
        company = self.env["res.company"].create({"name": "Elsewhere"})

        self.connect(name="Twin", company_id=company.id)

        assert self.states()["twin"] == "warning"

    def test_two_locations_of_one_warehouse_are_warned_of(self):
        assert "shared_warehouse" not in self.states()

        self.account.location_ids.warehouse_id = self.warehouse

        assert self.states()["shared_warehouse"] == "warning"

    def test_every_fix_exists(self):
        account = self.env["octopus.account"].create({"name": "New"})
        for item in account.checklist:
            fix = item.get("fix") or {}
            if "method" in fix:
                assert callable(getattr(account, fix["method"]))
            if "action" in fix:
                assert self.env.ref(fix["action"])


class TestWebhookSeen(SandboxMixin, HttpCase):
    def call(self, token):
        url = f"/octopus/webhook/{token}/inventory_levels/update"
        return self.url_open(url, json={}, method="POST")

    def test_a_call_is_noted(self):
        assert self.call("x" * 40).status_code == 401
        assert not self.account.webhook_seen_at

        assert self.call(self.account.webhook_token).status_code == 200

        self.account.invalidate_recordset()
        assert self.account.webhook_seen_at

    def test_calls_soon_after_cost_no_write(self):
        seen = fields.Datetime.now() - timedelta(minutes=5)
        self.account.webhook_seen_at = seen
        self.call(self.account.webhook_token)
        self.account.invalidate_recordset()
        assert self.account.webhook_seen_at == seen

        self.account.webhook_seen_at = seen - timedelta(hours=1)
        self.call(self.account.webhook_token)
        self.account.invalidate_recordset()
        assert self.account.webhook_seen_at > seen

    def test_a_call_that_another_one_overtook_goes_on(self):
        execute = type(self.env.cr).execute

        def overtaken(cursor, query, *args, **options):
            if "SET webhook_seen_at" in str(query):
                raise SerializationFailure("could not serialize access due to concurrent update")
            return execute(cursor, query, *args, **options)

        with patch.object(type(self.env.cr), "execute", overtaken):
            stamp_webhook(self.account)

        assert not self.account.webhook_seen_at


class TestSubscribeAgain(OctopusCase):
    def pause(self, orders):
        """Unsubscribe the store while so many orders are placed; return the wizard that subscribes
        it again."""
        now = fields.Datetime.now()
        self.account.orders_since = now - timedelta(days=1)
        self.account.order_watermark = now - timedelta(minutes=1)
        self.account.action_unsubscribe()
        line = {"sku": "X", "title": "X", "quantity": 1, "price": "1.00"}
        for _number in range(orders):
            self.sandbox.place_order([line], webhook=False)
        return self.env["octopus.subscribe"].create(
            {"account_id": self.account.id, "is_accepted": True}
        )

    def test_who_subscribes_again_decides_about_the_orders_of_the_time_between(self):
        for policy, state in (("show", "none"), ("deduct", "waiting")):
            with self.subTest(policy=policy):
                self.sandbox.reset()
                self.env["octopus.order"].search([]).unlink()
                wizard = self.pause(orders=2)
                self.assertEqual(wizard.missed_count, 2)
                with self.assertRaisesRegex(UserError, "Choose what to do"):
                    wizard.action_confirm()
                wizard.missed_policy = policy
                with freeze_time(timedelta(minutes=2), tick=True):
                    wizard.action_confirm()
                self.account.action_test_connection()
                self.sync("orders")
                orders = self.env["octopus.order"].search([])
                self.assertEqual(orders.mapped("stock_state"), [state] * 2)

    def test_octopus_may_not_say_how_many_orders_there_were(self):
        self.sandbox.set_faults([{"path": "/orders/count.json", "status": 503}])
        self.assertEqual(self.pause(orders=1).missed_count, -1)

    def test_a_store_without_orders_meanwhile_is_not_asked(self):
        wizard = self.pause(orders=0)
        self.assertEqual(wizard.missed_count, 0)
        wizard.action_confirm()
        self.assertEqual(self.account.state, "subscribed")
