"""Pickup orders: ready, told to channel and customer, handed over by name, late."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.models.pos.order_for_pos import order_row

from ..support.facets import opened
from ..support.orders import OrdersMixin

PICKUP = {"shipping_lines": [{"title": "Store Pickup", "price": "0.00"}]}
DUE = {
    "note_attributes": [
        {"name": "Pickup-Date", "value": "2026/11/27"},
        {"name": "Pickup-Time", "value": "02:30 PM"},
    ]
}


class PickupCase(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.shop_timezone = "America/New_York"

    def pickup(self, lines=None, **more):
        """Return a pickup order that came from Octopus."""
        order = self.ingest(self.payload(lines or {"CHAIR": 2}, **PICKUP, **more))
        self.deduct()
        return order

    def placed(self, **more):
        """Return a pickup order that is in the sandbox, too."""
        self.remote = self.place({"CHAIR": 2}, **more)
        return self.ingest({**self.remote, **PICKUP, "shipping_address": None})

    def push(self):
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order"]._cron_push_status()
        self.env.invalidate_all()

    def in_octopus(self):
        return self.account._get_client().get_order(self.remote["id"])

    def hand_over(self, orders, **values):
        """Hand over as the dialog does."""
        action = orders.action_hand_over()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create(values)
        wizard.action_ship()
        return wizard


class TestPickup(PickupCase):
    def test_the_channel_names_the_time_and_every_pickup_has_a_code(self):
        order = self.pickup(**DUE)
        self.assertEqual(str(order.pickup_due_at), "2026-11-27 19:30:00")
        self.assertRegex(order.pickup_code, r"^[A-Z0-9]{6}$")
        other = self.pickup()
        self.assertFalse(other.pickup_due_at)
        self.assertNotEqual(other.pickup_code, order.pickup_code)

    def test_the_code_of_the_channel_wins_and_an_update_keeps_it(self):
        remote = self.payload({"CHAIR": 1}, **PICKUP)
        order = self.ingest(remote)
        code = order.pickup_code
        self.ingest(self.changed(remote, note="Hurry"))
        self.assertEqual(order.pickup_code, code)
        attributes = [{"name": "Pickup Code", "value": "CC77"}, *DUE["note_attributes"]]
        self.ingest(
            self.changed(remote, note_attributes=attributes, at="2026-11-22T08:00:00-00:00")
        )
        self.assertEqual(order.pickup_code, "CC77")
        self.assertTrue(order.pickup_due_at)

    def test_a_delivery_has_no_code_until_it_becomes_a_pickup(self):
        post = {"shipping_lines": [{"title": "Post"}], "shipping_address": {"address1": "Main St"}}
        remote = self.payload({"CHAIR": 1}, **post)
        order = self.ingest(remote)
        self.assertFalse(order.pickup_code)
        with self.assertRaisesRegex(UserError, "ship it instead"):
            order.action_ready_for_pickup()
        self.ingest(self.changed(remote, **PICKUP))
        self.assertEqual(order.fulfillment, "pickup")
        self.assertTrue(order.pickup_code)

    def test_ready_is_said_once(self):
        cashier = new_test_user(self.env, "till", "base.group_user,point_of_sale.group_pos_user")
        order = self.pickup()
        order.with_user(cashier).action_ready_for_pickup()
        self.assertTrue(order.is_waiting_for_pickup)
        self.assertEqual(order.pickup_ready_by_id, cashier)
        self.assertIn("Ready for pickup", order.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "already"):
            order.action_ready_for_pickup()
        order.with_user(cashier).action_not_ready_for_pickup()
        self.assertFalse(order.is_waiting_for_pickup)
        with self.assertRaisesRegex(UserError, "does not wait"):
            order.action_not_ready_for_pickup()

    def test_nobody_is_called_for_goods_that_were_refunded(self):
        remote = self.payload({"CHAIR": 2}, **PICKUP, **DUE)
        order = self.ingest(remote)
        order.action_ready_for_pickup()
        refund = {"line_item_id": remote["line_items"][0]["id"], "quantity": 2}
        self.ingest(self.changed(remote, refunds=[{"id": 1, "refund_line_items": [refund]}]))
        self.assertEqual(order.refund_state, "full")
        self.assertFalse(order.is_waiting_for_pickup)
        self.assertFalse(order.is_late)
        with self.assertRaisesRegex(UserError, "refunded"):
            order.action_ready_for_pickup()

    def test_what_was_handed_over_cannot_be_made_unready(self):
        self.account.complete_when_shipped = False
        order = self.pickup()
        order.action_ready_for_pickup()
        self.hand_over(order)
        with self.assertRaisesRegex(UserError, "does not wait"):
            order.action_not_ready_for_pickup()

    def test_it_is_handed_over_by_name(self):
        order = self.pickup({"CHAIR": 2, "TABLE": 1})
        order.action_ready_for_pickup()
        action = order.action_hand_over()
        wizard = self.env["octopus.ship"].with_context(**action["context"]).create({})
        self.assertEqual(wizard.handed_to, "Ada Lovelace")
        wizard.handed_to = "Her brother"
        wizard.line_ids.filtered(lambda line: line.order_line_id.sku == "TABLE").quantity = 0
        wizard.action_ship()
        self.assertRecordValues(
            order.fulfillment_ids,
            [{"kind": "counter", "handed_to": "Her brother", "user_id": self.env.user.id}],
        )
        self.assertTrue(order.is_waiting_for_pickup, "the table")
        self.hand_over(order)
        self.assertRecordValues(order, [{"fulfillment_state": "full", "status": "completed"}])
        self.assertFalse(order.is_waiting_for_pickup)

    def test_several_orders_are_made_ready_and_handed_over(self):
        orders = self.pickup() | self.pickup()
        orders.action_ready_for_pickup()
        self.assertEqual(set(orders.mapped("is_waiting_for_pickup")), {True})
        self.hand_over(orders)
        self.assertEqual(set(orders.mapped("status")), {"completed"})
        self.assertEqual(set(orders.fulfillment_ids.mapped("handed_to")), {"Ada Lovelace"})


class TestPickupIsTold(PickupCase):
    def test_tag_and_note_say_what_is(self):
        order = self.placed(tags="gift", note="Ring twice")
        order.action_ready_for_pickup()
        self.push()
        remote = self.in_octopus()
        self.assertEqual(remote["tags"], "gift, Ready for pickup")
        self.assertEqual(remote["note"], f"Ring twice\nReady for pickup: code {order.pickup_code}")
        self.ingest({**self.in_octopus(), **PICKUP, "shipping_address": None})
        self.assertEqual(order.note, "Ring twice", "our own line is not the customer's")
        order.action_not_ready_for_pickup()
        self.push()
        self.assertEqual(
            (self.in_octopus()["tags"], self.in_octopus()["note"]), ("gift", "Ring twice")
        )

    def test_what_was_handed_over_waits_no_more(self):
        self.account.complete_when_shipped = False
        order = self.placed(tags="gift")
        order.action_ready_for_pickup()
        self.push()
        self.hand_over(order)
        self.push()
        remote = self.in_octopus()
        self.assertEqual(remote["tags"], "gift")
        self.assertEqual(len(remote["fulfillments"]), 1)

    def test_without_the_call_a_tag_says_that_it_was_handed_over(self):
        self.account.fulfillment_call = "missing"
        order = self.placed()
        self.hand_over(order)
        self.push()
        self.assertEqual(self.in_octopus()["tags"], "Odoo: completed, Handed over: at the store")
        self.assertNotIn("Lovelace", self.in_octopus()["note"] or "")


class TestPickupMail(PickupCase):
    def mails(self, order):
        return self.env["mail.mail"].search(
            [("model", "=", "octopus.order"), ("res_id", "=", order.id)]
        )

    def test_no_mail_unless_the_store_wants_it(self):
        order = self.pickup(email="ada@example.com")
        order.action_ready_for_pickup()
        self.assertFalse(self.mails(order))

    def test_a_mail_is_queued_in_the_customers_language(self):
        template = self.env.ref("linga_octopus.mail_template_ready_for_pickup")
        self.account.ready_template_id = template
        self.env["res.lang"]._activate_lang("fr_FR")
        template.with_context(lang="fr_FR").subject = "Votre commande est prête"
        cashier = new_test_user(self.env, "till", "base.group_user,point_of_sale.group_pos_user")
        order = self.pickup(email="ada@example.com")
        order.sudo().partner_id = self.env["res.partner"].create({"name": "Ada", "lang": "fr_FR"})
        order.with_user(cashier).action_ready_for_pickup()
        mail = self.mails(order)
        self.assertRecordValues(
            mail,
            [
                {
                    "state": "outgoing",
                    "email_to": "ada@example.com",
                    "subject": "Votre commande est prête",
                }
            ],
        )
        self.assertIn(order.pickup_code, mail.body_html)

    def test_a_template_with_a_mistake_stops_nobody(self):
        template = self.env.ref("linga_octopus.mail_template_ready_for_pickup")
        self.account.ready_template_id = template
        template.subject = "{{ object.no_such_field }}"
        order = self.pickup(email="ada@example.com")
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            order.action_ready_for_pickup()
        self.assertTrue(order.is_waiting_for_pickup)
        self.assertFalse(self.mails(order))
        self.assertIn("could not be written", "".join(order.message_ids.mapped("body")))

    def test_nobody_without_an_address_and_no_test_order_gets_one(self):
        self.account.ready_template_id = self.env.ref(
            "linga_octopus.mail_template_ready_for_pickup"
        )
        without, test = self.pickup(), self.pickup(email="ada@example.com", test=True)
        for order in without, test:
            order.action_ready_for_pickup()
            self.assertFalse(self.mails(order))


class TestLate(PickupCase):
    def found(self, facet):
        action = self.account._open_orders(**{facet: 1})
        return opened(self.env, action)

    def test_pickups_by_due_time_and_late_ones(self):
        with freeze_time("2026-11-27 12:00:00"):
            later = self.pickup(**DUE)
            sooner = self.pickup(
                note_attributes=[{"name": "pickup_at", "value": "2026-11-27T09:00:00"}]
            )
            (later | sooner).action_ready_for_pickup()
            action = self.account.action_open_waiting_for_pickup()
            self.assertEqual(opened(self.env, action), later | sooner)
            self.assertEqual((later | sooner).filtered("is_late"), self.orders)
        with freeze_time("2026-11-27 14:01:00"):
            (later | sooner).invalidate_recordset(["is_late", "badges"])
            self.assertEqual((later | sooner).filtered("is_late"), sooner)
            self.assertIn("Pickup Overdue", [badge["label"] for badge in sooner.badges])
            self.assertEqual(self.found("late"), sooner)
            self.hand_over(sooner)
            self.assertFalse(self.found("late"))

    def test_a_store_says_when_a_delivery_is_late(self):
        post = {"shipping_lines": [{"title": "Post"}], "shipping_address": {"address1": "Main St"}}
        order = self.ingest(self.payload({"CHAIR": 1}, **post))
        hours = (fields.Datetime.now() - order.transaction_time) / timedelta(hours=1)
        for limit, late in ((int(hours) - 1, True), (int(hours) + 2, False), (0, False)):
            with self.subTest(limit=limit):
                self.account.late_after_hours = limit
                order.invalidate_recordset(["is_late"])
                self.assertEqual(order.is_late, late)
                self.assertEqual(order in self.found("late"), late)

    def test_the_overview_counts_what_its_buttons_open(self):
        self.account.late_after_hours = 1
        order, other, shipped = self.pickup(), self.pickup(), self.pickup()
        order.action_ready_for_pickup()
        self.hand_over(shipped)
        self.account.invalidate_recordset()
        account = self.account
        self.assertEqual(
            (account.waiting_for_pickup_count, account.late_count, account.shipped_today_count),
            (1, 2, 1),
        )
        self.assertEqual(opened(self.env, account.action_open_waiting_for_pickup()), order)
        self.assertEqual(opened(self.env, account.action_open_late()), order | other)
        self.assertEqual(opened(self.env, account.action_open_shipped_today()), shipped)

    def test_a_test_order_shows_that_it_is_ready_and_counts_nowhere(self):
        order = self.pickup(test=True)
        order.action_ready_for_pickup()
        row = order_row(order)
        self.assertTrue(row["is_ready"])
        self.assertIn("Waiting for Pickup", [badge["label"] for badge in order.badges])
        self.account.invalidate_recordset()
        self.assertEqual(self.account.waiting_for_pickup_count, 0)
        self.assertFalse(opened(self.env, self.account.action_open_waiting_for_pickup()))
        self.hand_over(order)
        self.assertFalse(order_row(order)["is_ready"])

    def test_the_analysis_knows_how_long_it_took(self):
        order, left = self.pickup(), self.pickup()
        order.sudo().transaction_time = fields.Datetime.now() - timedelta(hours=5)
        self.hand_over(order)
        self.env.flush_all()
        rows = self.env["octopus.order.report"]._read_group(
            [("order_id", "in", (order | left).ids)], ["order_id"], ["hours_to_ship:avg"]
        )
        hours = dict(rows)
        self.assertAlmostEqual(hours[order], 5, delta=0.1)
        self.assertFalse(hours[left])

    def test_the_list_costs_no_query_per_order(self):
        shown = [
            *("badges", "is_late", "fulfillment_state", "pickup_due_at", "pickup_code"),
            *("is_waiting_for_pickup", "channel_id", "customer_name"),
        ]
        orders = self.orders
        for _place in range(4):
            order = self.pickup()
            order.action_ready_for_pickup()
            orders |= order
        self.hand_over(orders[:2])
        self.env.flush_all()
        costs = []
        for some in (orders[:2], orders):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.web_read({name: {} for name in shown})
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[0])
