"""What the scripts of an upgrade do; those of orders are in `test_upgrade_orders`."""

from odoo.tests import TransactionCase, new_test_user
from odoo.tools import sql

from odoo.addons.linga_octopus.models.monitoring.diagnosis import issue_key

from ..support.orders import OrdersMixin
from ..support.upgrade import UpgradeMixin

LEFTOVERS = "0.0.0/end-leftovers.py"
OPTIONS = "19.0.1.1.0/post-order_line_options.py"


class TestUpgrade(UpgradeMixin, OrdersMixin, TransactionCase):
    def columns(self, table):
        return set(sql.table_columns(self.env.cr, table))

    def indexes(self):
        self.env.cr.execute("SELECT indexname FROM pg_indexes WHERE tablename LIKE 'octopus_%'")
        return {name for (name,) in self.env.cr.fetchall()}

    def foreign_keys(self):
        self.env.cr.execute(
            """SELECT conrelid::regclass::text, conname FROM pg_constraint
                WHERE contype = 'f' AND conrelid::regclass::text LIKE 'octopus_%'"""
        )
        return set(self.env.cr.fetchall())

    # === WHAT EARLIER FORMS LEFT === #

    def test_the_columns_of_fields_that_are_stored_no_more_go(self):
        before = self.columns("octopus_order_line")
        self.assertFalse(self.env["octopus.order.line"]._fields["currency_id"].store)
        self.env.cr.execute(
            """ALTER TABLE octopus_order_line
                 ADD currency_id integer REFERENCES res_currency, ADD create_date timestamp"""
        )
        self.migrate(LEFTOVERS)
        self.assertEqual(self.columns("octopus_order_line"), before)

    def test_what_people_added_stays(self):
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("octopus.order"),
                "name": "x_shelf",
                "ttype": "char",
            }
        )
        self.env.cr.execute("ALTER TABLE octopus_order ADD by_hand integer")
        self.env.cr.execute("CREATE INDEX by_hand ON octopus_order (by_hand)")
        self.migrate(LEFTOVERS)
        self.assertLess({"x_shelf", "by_hand"}, self.columns("octopus_order"))
        self.assertIn("by_hand", self.indexes())

    def test_a_column_that_a_view_reads_stays_and_the_log_says_so(self):
        self.env.cr.execute("ALTER TABLE octopus_order_line ADD currency_id integer")
        self.env.cr.execute("CREATE VIEW report AS SELECT currency_id FROM octopus_order_line")
        with self.assertLogs("script", "WARNING") as log:
            self.migrate(LEFTOVERS)
        self.assertIn("currency_id", self.columns("octopus_order_line"))
        self.assertIn("still reads it", log.output[0])

    def test_a_database_without_leftovers_stays_as_it_is(self):
        def everything():
            tables = sql.existing_tables(
                self.env.cr, [model._table for model in self.env.values() if not model._abstract]
            )
            return {table: self.columns(table) for table in tables}

        before = everything(), self.indexes(), self.foreign_keys()
        self.migrate(LEFTOVERS)
        self.assertEqual((everything(), self.indexes(), self.foreign_keys()), before)

    def test_indexes_that_fields_do_without_go(self):
        before = self.indexes()
        name = sql.make_index_name("octopus_order", "note")
        self.assertFalse(self.env["octopus.order"]._fields["note"].index)
        sql.create_index(self.env.cr, name, "octopus_order", ["note"])
        self.assertIn(name, self.indexes())
        self.migrate(LEFTOVERS)
        self.assertEqual(self.indexes(), before)

    def test_foreign_keys_that_fields_do_without_go(self):
        before = self.foreign_keys()
        table, column = "octopus_stock_event", "product_id"
        sql.add_foreign_key(self.env.cr, table, column, "product_product", "id", "cascade")
        [name] = {name for _table, name in self.foreign_keys() - before}
        self.env["ir.model.constraint"]._reflect_constraint(
            self.env["octopus.stock.event"], name, "f", None, "linga_octopus"
        )
        self.migrate(LEFTOVERS)
        self.assertEqual(self.foreign_keys(), before)
        reflected = self.env["ir.model.constraint"].search([("name", "=", name)])
        self.assertFalse(reflected)

    # === 19.0.1.1.0 === #

    def test_the_stock_check_comes_last_unless_somebody_chose_its_place(self):
        action = self.env.ref("linga_octopus.ir_cron_octopus_stock_check")
        others = self.env["ir.cron"].search([("cron_name", "like", "Octopus: ")]) - action
        self.assertGreater(action.priority, max(others.mapped("priority")))
        for before, after in ((5, action.priority), (2, 2)):
            action.priority = before
            self.migrate("19.0.1.1.0/post-check_stock_priority.py")
            self.assertEqual(action.priority, after)

    def test_a_pickup_with_an_address_was_chosen(self):
        orders = self.order({"CHAIR": 1}) | self.order({"CHAIR": 1}) | self.order({"CHAIR": 1})
        chosen, assumed, delivery = orders
        (chosen | assumed).fulfillment = "pickup"
        delivery.fulfillment = "delivery"
        (chosen | delivery).shipping_address = "1 Main Street"
        assumed.shipping_address = False
        self.env.flush_all()
        self.env.cr.execute("UPDATE octopus_order SET is_pickup_chosen = NULL")
        self.migrate("19.0.1.1.0/post-pickup_chosen.py")
        self.assertEqual(orders.mapped("is_pickup_chosen"), [True, False, False])

    def test_what_the_customer_chose_is_read_from_the_order_that_is_kept(self):
        payload = self.payload({"CHAIR": 1, "TABLE": 1})
        payload["line_items"][0]["properties"] = [{"name": "Engraving", "value": "For Asha"}]
        order = self.ingest(payload)
        lines = order.line_ids
        self.assertEqual(lines.mapped("properties"), ["Engraving: For Asha", False])
        lines.properties = False
        self.migrate(OPTIONS)
        self.assertEqual(lines.mapped("properties"), ["Engraving: For Asha", False])

    def test_an_order_that_cannot_be_read_any_more_does_not_stop_the_upgrade(self):
        order = self.order({"CHAIR": 1})
        order.payload = '{"properties": [1]'
        with self.assertLogs("script", "WARNING") as log:
            self.migrate(OPTIONS)
        self.assertIn(str(order.id), log.output[0])

    def test_issues_were_seen_when_they_were_made(self):
        run = self.env["octopus.sync.run"]._queue(self.account, "categories")
        issue = self.env["octopus.sync.issue"].create({"run_id": run.id, "message": "No."})
        self.env.flush_all()
        self.env.cr.execute("UPDATE octopus_sync_issue SET create_date = '2026-11-23 10:00:00'")
        self.migrate("19.0.1.1.0/pre-last_seen_at.py")
        self.assertNotEqual(issue.last_seen_at.isoformat(), "2026-11-23T10:00:00")
        self.env.cr.execute("ALTER TABLE octopus_sync_issue DROP last_seen_at")
        self.migrate("19.0.1.1.0/pre-last_seen_at.py")
        self.assertEqual(issue.last_seen_at.isoformat(), "2026-11-23T10:00:00")

    # === 19.0.2.0.0 === #

    def test_recipients_of_alerts_follow_the_store(self):
        """The tables of the models that are gone, as the release before left them."""
        self.env.cr.execute(
            """DROP TABLE IF EXISTS octopus_alert_res_users_rel, octopus_alert, octopus_alert_cause;
               CREATE TABLE octopus_alert (id integer, account_id integer, way text,
                                           on_order boolean, on_failure boolean);
               CREATE TABLE octopus_alert_res_users_rel (octopus_alert_id integer,
                                                         res_users_id integer);
               CREATE TABLE octopus_alert_cause (account_id integer, kind text, key text,
                                                 order_id integer, told_at timestamp,
                                                 solved_at timestamp)"""
        )
        boss, clerk, guest = (
            new_test_user(self.env, name, groups)
            for name, groups in (
                ("boss", "base.group_user,linga_octopus.group_octopus_manager"),
                ("clerk", "base.group_user"),
                ("guest", "base.group_portal"),
            )
        )
        self.account.message_unsubscribe(self.account.message_partner_ids.ids)
        self.account.message_subscribe(clerk.partner_id.ids, [self.env.ref("mail.mt_comment").id])
        self.account.user_id = False
        new, told = self.order({"CHAIR": 1}), self.order({"CHAIR": 1})
        (new | told).is_alert_due = False
        self.env.flush_all()
        for number, (users, way, on_order, on_failure) in enumerate(
            (
                (boss, "activity", False, True),
                (clerk | guest, "discuss", True, False),
                (clerk, "mail", False, True),
            )
        ):
            self.env.cr.execute(
                "INSERT INTO octopus_alert VALUES (%s, %s, %s, %s, %s)",
                [number, self.account.id, way, on_order, on_failure],
            )
            for user in users:
                self.env.cr.execute(
                    "INSERT INTO octopus_alert_res_users_rel VALUES (%s, %s)", [number, user.id]
                )
        moment = "2026-11-20 10:00:00"
        for kind, key, order_id, told_at, solved_at in (
            ("failure", "connection", None, moment, None),
            ("failure", "pass:drift", None, moment, None),
            ("failure", "issue:tie_out:No: never.", None, moment, None),
            ("failure", "untold:7", None, moment, moment),
            ("order", f"order:{new.id}", new.id, None, None),
            ("order", f"order:{told.id}", told.id, moment, None),
        ):
            self.env.cr.execute(
                "INSERT INTO octopus_alert_cause VALUES (%s, %s, %s, %s, %s, %s)",
                [self.account.id, kind, key, order_id, told_at, solved_at],
            )
        xmlid = "linga_octopus.mail_activity_type_octopus_order"
        kind = self.env.ref(xmlid, raise_if_not_found=False)
        if not kind:
            kind = self.env["mail.activity.type"].create({"name": "New Online Orders"})
            self.env["ir.model.data"]._update_xmlids([{"xml_id": xmlid, "record": kind}])
        todos = self.env["mail.activity"]
        for user, xmlid in (
            (boss, "octopus_order"),
            (boss, "octopus_problem"),
            (clerk, "octopus_problem"),
        ):
            todos |= self.account.activity_schedule(
                f"linga_octopus.mail_activity_type_{xmlid}", user_id=boss.id
            )
            todos[-1:].user_id = user
        alert_cron = self.env.ref("linga_octopus.ir_cron_octopus_alert")
        alert_cron.code = "model._cron_alert()"

        self.migrate("19.0.2.0.0/post-alert_followers.py")
        self.migrate("19.0.2.0.0/post-scheduled_actions.py")

        problem = self.env.ref("linga_octopus.mt_octopus_problem")
        order = self.env.ref("linga_octopus.mt_octopus_order")
        followers = self.account.message_follower_ids.grouped("partner_id")
        self.assertEqual(set(followers), {boss.partner_id, clerk.partner_id})
        self.assertEqual(followers[boss.partner_id].subtype_ids & (problem | order), problem)
        self.assertEqual(
            followers[clerk.partner_id].subtype_ids,
            problem | order | self.env.ref("mail.mt_comment"),
        )
        self.assertEqual(self.account.user_id, boss)
        self.assertEqual(
            set(self.account.reported_problems),
            {"connection", "run:stock_check", issue_key("order_check", "No: never.")},
        )
        self.assertEqual((new.is_alert_due, told.is_alert_due), (True, False))
        self.assertEqual(self.account.activity_ids, todos[1])
        self.assertFalse(kind.exists())
        self.assertEqual(alert_cron.code, "model._cron_notify_staff()")
        self.assertEqual(alert_cron.model_id.model, "octopus.account")
        self.assertFalse(sql.table_exists(self.env.cr, "octopus_alert"))
        self.migrate("19.0.2.0.0/post-alert_followers.py")  # nothing is left to do

    def test_extended_views_do_not_stop_the_upgrade(self):
        ours = self.env.ref("linga_octopus.product_category_form_view")
        extended = ours.inherit_id
        before = extended.arch
        self.migrate("19.0.2.0.0/pre-inherited_views.py")
        self.assertEqual(ours.arch, "<data/>")
        self.assertEqual(extended.arch, before)
