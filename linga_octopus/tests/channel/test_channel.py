"""Channels: made by the first order, shown by their names, and what their settings decide."""

from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tests import TransactionCase, new_test_user

from ...models.order import look_up
from ..support.orders import OrdersMixin


class TestOctopusChannel(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channels = cls.env["octopus.channel"]

    def channel(self, source):
        return self.channels.search([("account_id", "=", self.account.id), ("source", "=", source)])

    def taxed(self, source, total, **fields):
        """Return an order of 100.00 and a tax of 19.00."""
        payload = self.payload({"CHAIR": 10}, source=source, total_tax="19.00", **fields)
        return self.ingest(payload | {"total_price": total})

    # === MADE BY THE FIRST ORDER === #

    def test_the_first_order_of_a_channel_makes_it(self):
        order = self.ingest(self.payload({"CHAIR": 1}, source="TikTok"))
        channel = self.channel("TIKTOK")
        self.assertRecordValues(
            channel,
            [
                {
                    "name": "TikTok Shop",
                    "company_id": self.account.company_id.id,
                    "active": True,
                    "pays_tax": "auto",
                    "is_tax_payer": True,
                    "ships_goods": False,
                    "deduct_test_orders": False,
                }
            ],
        )
        self.assertTrue(channel.color)
        self.assertEqual((order.channel_id, order.third_party_name), (channel, "TIKTOK"))
        again = self.ingest(self.payload({"CHAIR": 1}, source="TikTok"))
        self.assertEqual(again.channel_id, channel)
        self.assertEqual(channel.account_id.channel_ids, channel)

    def test_each_store_has_its_own(self):
        other = self.account.copy({"name": "Second Street", "merchant_name": "second"})
        ours = self.ingest(self.payload({"CHAIR": 1})).channel_id
        theirs = self.orders._ingest(other, self.payload({"CHAIR": 1})).channel_id
        self.assertNotEqual(ours, theirs)
        self.assertEqual((ours.name, ours.color), (theirs.name, theirs.color))

    def test_an_order_without_a_source_has_none(self):
        order = self.ingest(self.payload({"CHAIR": 1}, source=None))
        self.assertFalse(order.channel_id)
        self.assertTrue(order.display_name)

    def test_an_archived_channel_goes_on(self):
        channel = self.ingest(self.payload({"CHAIR": 1})).channel_id
        channel.active = False
        self.assertEqual(self.ingest(self.payload({"CHAIR": 1})).channel_id, channel)

    def test_a_known_channel_costs_no_query(self):
        def queries(source):
            before = self.env.cr.sql_log_count
            self.ingest(self.payload({"CHAIR": 1}, source=source))
            return self.env.cr.sql_log_count - before

        queries("SHOPIFY")
        known = queries("SHOPIFY")
        self.assertEqual(queries("SHOPIFY"), known)
        self.assertEqual(queries("NEW"), known + 1)

    def test_another_transaction_may_make_it_at_the_same_moment(self):
        self.ingest(self.payload({"CHAIR": 1}))
        # The snapshot of this transaction would not show the channel of the other one.
        unseen = patch.object(
            look_up.OrderLookUp,
            "_channel",
            lambda this, remote, *args, **kw: (
                self.channels._add(this.account, remote.source),
                None,
            ),
        )
        with unseen, self.assertRaises(ConcurrencyError), self.env.cr.savepoint():
            self.ingest(self.payload({"CHAIR": 1}))

    # === NAMES === #

    def test_people_see_its_name(self):
        order = self.ingest(self.payload({"CHAIR": 1}, source="WOOCOMMERCE"))
        self.assertTrue(order.display_name.startswith("WooCommerce "))
        order.channel_id.name = "Our German Shop"
        self.assertTrue(order.display_name.startswith("Our German Shop "))
        self.assertEqual(order.third_party_name, "WOOCOMMERCE")
        for text in ("german", "woocom"):
            self.assertIn(order, self.orders.search([("search_text", "ilike", text)]))
        another = self.ingest(self.payload({"CHAIR": 1}, source="SHOPIFY"))
        self.assertNotIn(another, self.orders.search([("search_text", "ilike", "german")]))
        page = (
            self.env["ir.actions.report"]
            ._render_qweb_html("linga_octopus.report_picking_ticket", order.ids)[0]
            .decode()
        )
        self.assertIn("Our German Shop", page)

    # === TAX === #

    def test_the_total_says_whether_the_channel_pays_the_tax(self):
        for source, total, fields, is_paid, difference in (
            ("ETSY", "100.00", {}, True, 0),
            ("TIKTOK", "100.00", {"taxes_included": False}, True, 0),
            ("AMAZON_US", "100.00", {}, True, 0),
            ("eBay UK", "119.00", {}, False, 0),
            ("Amazon.de", "119.00", {"taxes_included": False}, False, 0),
            ("Amazon.de", "100.00", {"taxes_included": True}, False, 0),
            ("SHOPIFY", "119.00", {}, False, 0),
            ("AMAZON FBA", "111.00", {}, True, 11),
            ("SHOPIFY", "111.00", {}, False, -8),
        ):
            with self.subTest(source=source, total=total):
                order = self.taxed(source, total, **fields)
                self.assertEqual(order.is_tax_paid_by_channel, is_paid)
                self.assertEqual(order.amount_difference, difference)

    def test_the_user_decides_where_the_total_does_not(self):
        self.taxed("SHOPIFY", "119.00")
        channel = self.channel("SHOPIFY")
        channel.pays_tax = "yes"
        self.assertEqual(self.taxed("SHOPIFY", "111.00").amount_difference, 11)
        # A total that adds up wins.
        self.assertFalse(self.taxed("SHOPIFY", "119.00").is_tax_paid_by_channel)
        self.assertTrue(self.taxed("SHOPIFY", "100.00").is_tax_paid_by_channel)
        channel.pays_tax = "no"
        self.assertEqual(self.taxed("SHOPIFY", "111.00").amount_difference, -8)
        # Nobody but the store owes the tax: the prices include it.
        order = self.taxed("SHOPIFY", "100.00")
        self.assertFalse(order.is_tax_paid_by_channel)
        self.assertTrue(order.taxes_included)
        self.assertFalse(order.amount_difference)

    def test_an_update_keeps_what_the_total_said(self):
        payload = self.payload({"CHAIR": 10}, source="ETSY", total_tax="19.00")
        order = self.ingest(payload)
        self.assertTrue(order.is_tax_paid_by_channel)
        self.ingest(self.changed(payload, note="Gift"))
        self.assertTrue(order.is_tax_paid_by_channel)
        self.assertFalse(order.amount_difference)
        self.ingest(self.changed(payload, total_price="119.00", at="2026-11-22T08:00:00-00:00"))
        self.assertFalse(order.is_tax_paid_by_channel)
        self.assertFalse(order.amount_difference)

    # === RIGHTS === #

    def test_managers_edit_and_users_read(self):
        channel = self.ingest(self.payload({"CHAIR": 1})).channel_id
        manager = new_test_user(
            self.env, "boss-channel", "base.group_user,linga_octopus.group_octopus_manager"
        )
        user = new_test_user(
            self.env, "clerk-channel", "base.group_user,linga_octopus.group_octopus_user"
        )
        self.assertEqual(channel.with_user(user).name, "Shopify")
        with self.assertRaises(AccessError):
            channel.with_user(user).pays_tax = "no"
        channel.with_user(manager).write({"pays_tax": "no", "name": "Shop", "color": 3})
        self.assertEqual((channel.pays_tax, channel.name), ("no", "Shop"))
        with self.assertRaises(AccessError):
            self.channels.with_user(manager).create(
                {"account_id": self.account.id, "source": "X", "name": "X"}
            )

    def test_channels_of_another_company_are_not_seen(self):
        channel = self.ingest(self.payload({"CHAIR": 1})).channel_id
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger-channel",
            "base.group_user,linga_octopus.group_octopus_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(self.channels.with_user(stranger).search([("id", "=", channel.id)]))
        with self.assertRaises(AccessError):
            channel.with_user(stranger).read(["name"])

    # === GOODS === #

    def test_a_channel_that_ships_the_goods_takes_none(self):
        order = self.order({"CHAIR": 2, "UNKNOWN": 1}, source="AMAZON FBA")
        self.assertTrue(order.channel_id.ships_goods)
        self.assertEqual((order.stock_state, order.needs_mapping), ("none", False))
        self.assertIn("ships the goods itself", order.stock_message)
        self.assertEqual(self.on_hand(self.chair), 10)
        order.channel_id.ships_goods = False
        self.order({"CHAIR": 2}, source="AMAZON FBA")
        self.assertEqual(self.on_hand(self.chair), 8)
