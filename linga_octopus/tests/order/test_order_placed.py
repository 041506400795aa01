"""What people call an order, where its customer lives, and on which day it was placed."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, new_test_user

from ...models.monitoring.overview import overview
from ..support.orders import OrdersMixin

LATE = "2026-11-20T03:30:00Z"  # the evening of the 19th in New York, the 20th in Berlin
AMAZON = "112-3141592-6535897"
GERMAN = {
    "name": "J&ouml;rg M&uuml;ller",
    "address1": "Hauptstra&szlig;e 5",
    "city": "Köln",
    "zip": "50667",
    "country": "Germany",
    "country_code": "DE",
}


class TestOctopusOrderPlaced(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.shop_timezone = "America/New_York"
        groups = "base.group_user,linga_octopus.group_octopus_manager"
        cls.reader = new_test_user(cls.env, "reader", groups, tz="Asia/Tokyo")

    def seen(self):
        """Return the orders as somebody on the other side of the world sees them."""
        return self.orders.with_user(self.reader).with_context(tz="Asia/Tokyo")

    # === WHAT PEOPLE CALL IT === #

    def test_entities_are_read_once_wherever_people_read(self):
        payload = self.payload(
            {"CHAIR": 1},
            customer={"id": 5, "first_name": "Lucy&#039;s", "last_name": "&amp; Co"},
            shipping_address={"address1": "1 &lt;High&gt; St", "city": "&amp;lt;"},
            note="Don&#39;t ring",
        )
        payload["line_items"][0] |= {
            "title": "Chair &quot;Ada&quot;",
            "variant_title": "Red &amp; Blue",
            "properties": {"Engraving": "A&amp;O"},
        }
        order = self.ingest(payload)
        self.assertRecordValues(
            order,
            [
                {
                    "customer_name": "Lucy's & Co",
                    "shipping_address": "1 <High> St\n&lt;",
                    "note": "Don't ring",
                }
            ],
        )
        self.assertRecordValues(
            order.line_ids,
            [{"name": 'Chair "Ada"', "variant_name": "Red & Blue", "properties": "Engraving: A&O"}],
        )

    def test_an_order_is_found_by_each_of_its_numbers(self):
        order = self.ingest(
            self.payload({"CHAIR": 1}, name=AMAZON, order_number=71_150, po_number="PO-88321")
        )
        other = self.ingest(self.payload({"CHAIR": 1}, name="#1150", order_number="1150"))
        self.assertRecordValues(
            order | other,
            [
                {"third_party_order_no": AMAZON, "other_numbers": "71150, PO-88321"},
                {"third_party_order_no": "#1150", "other_numbers": False},
            ],
        )
        self.assertIn(AMAZON, order.display_name)
        config = self.env["pos.config"].create({"name": "Front"})
        self.account.pos_config_ids = config
        for text in (AMAZON, "3141592", "71150", "PO-88321", "88321"):
            with self.subTest(text=text):
                found = self.seen().search([("search_text", "ilike", text)])
                self.assertEqual(found, order)
                rows = config.get_octopus_orders(text=text)["orders"]
                self.assertEqual([row["id"] for row in rows], order.ids)
                self.assertIn(order.id, dict(self.orders.name_search(text)))

    # === WHERE === #

    def test_an_address_is_laid_out_as_in_its_country(self):
        germany = self.env.ref("base.de")
        germany.address_format = "%(street)s\n%(street2)s\n%(zip)s %(city)s\n%(country_name)s"
        payload = self.payload({"CHAIR": 1}, shipping_address=GERMAN, billing_address=GERMAN)
        text = "Jörg Müller\nHauptstraße 5\n50667 Köln\nGermany"
        order = self.ingest(payload)
        self.assertRecordValues(order, [{"shipping_address": text, "billing_address": text}])
        self.env.flush_all()
        germany.address_format = "%(zip)s\n%(city)s\n%(street)s"
        self.ingest(self.changed(payload, shipping_address=GERMAN | {"country_code": ""}))
        self.assertEqual(order.shipping_address, "Jörg Müller\n50667\nKöln\nHauptstraße 5")

    def test_an_address_without_a_country_that_odoo_has_is_laid_out_as_odoo_does(self):
        abroad = GERMAN | {"country": "Atlantis", "country_code": "AX1"}
        order = self.ingest(self.payload({"CHAIR": 1}, shipping_address=abroad))
        self.assertEqual(order.shipping_address, "Jörg Müller\nHauptstraße 5\nKöln 50667\nAtlantis")

    def test_layouts_cost_no_query(self):
        self.ingest(self.payload({"CHAIR": 1}))
        payload = self.payload({"CHAIR": 1}, shipping_address=GERMAN, billing_address=GERMAN)
        self.env.flush_all()
        with self.assertQueryCount(3):
            self.ingest(payload)

    # === WHEN === #

    def test_a_time_without_an_offset_is_the_shops(self):
        payload = self.payload({"CHAIR": 1}, created_at="2026-11-19T22:30:00")
        order = self.ingest(payload)
        self.assertRecordValues(
            order,
            [
                {
                    "transaction_time": fields.Datetime.to_datetime("2026-11-20 03:30:00"),
                    "transaction_day": fields.Date.to_date("2026-11-19"),
                }
            ],
        )
        line = payload["line_items"][0]["id"]
        refund = {
            "id": 1,
            "created_at": "2026-11-20T23:00:00",
            "refund_line_items": [{"line_item_id": line, "quantity": 1}],
        }
        self.ingest(self.changed(payload, refunds=[refund]))
        self.assertEqual(str(order.refund_ids.refunded_at), "2026-11-21 04:00:00")
        self.assertEqual(str(order.refund_ids.refund_day), "2026-11-20")

    def test_the_day_is_the_shops_whoever_looks_from_wherever(self):
        order = self.ingest(self.payload({"CHAIR": 1}, created_at=LATE))
        day = [("id", "=", order.id)]
        groups = self.seen().formatted_read_group(day, ["transaction_day:day"], ["__count"])
        self.assertEqual([group["transaction_day:day"][0] for group in groups], ["2026-11-19"])
        for text, is_found in (("2026-11-19", True), ("2026-11-20", False), ("Nov 2026", True)):
            found = self.seen().search([("search_text", "ilike", text), *day])
            self.assertEqual(bool(found), is_found, text)
        report = self.env["octopus.order.report"].with_user(self.reader)
        [(found, _count)] = report._read_group(
            [("order_id", "=", order.id)], ["transaction_day:day"], ["__count"]
        )
        self.assertEqual(str(found), "2026-11-19")

    def test_days_with_a_clock_change_are_whole(self):
        moments = {
            "2026-03-08T04:59:59Z": "2026-03-07",
            "2026-03-08T05:00:00Z": "2026-03-08",
            "2026-03-09T03:59:59Z": "2026-03-08",  # after 23 hours
            "2026-03-09T04:00:00Z": "2026-03-09",
            "2026-11-01T04:00:00Z": "2026-11-01",
            "2026-11-02T04:59:59Z": "2026-11-01",  # after 25 hours
            "2026-11-02T05:00:00Z": "2026-11-02",
        }
        for moment, day in moments.items():
            order = self.ingest(self.payload({"CHAIR": 1}, created_at=moment))
            self.assertEqual(str(order.transaction_day), day, moment)

    def test_an_order_that_somebody_creates_has_its_day_too(self):
        order = self.ingest(self.payload({"CHAIR": 1})).copy(
            {"transaction_time": "2026-11-20 03:30:00", "aggregator_order_no": "copy"}
        )
        self.assertEqual(str(order.transaction_day), "2026-11-19")
        order.transaction_time = "2026-11-21 12:00:00"
        self.assertEqual(str(order.transaction_day), "2026-11-21")

    def test_today_is_that_of_the_shop(self):
        with freeze_time("2026-11-20 04:00:00"):  # the 19th there
            order = self.ingest(self.payload({"CHAIR": 1}, created_at=LATE))
            before = self.ingest(self.payload({"CHAIR": 1}, created_at="2026-11-19T04:30:00Z"))
            found = self.seen().search([("is_placed_today", "=", True)])
            self.assertEqual(found & (order | before), order)
            accounts = self.account.with_user(self.reader).with_context(tz="Asia/Tokyo")
            card = overview(accounts)[accounts]
            self.assertEqual(card["today"]["count"], 1)
            self.assertEqual([day["count"] for day in card["days"]][-2:], [1, 1])
        with freeze_time("2026-11-20 05:30:00"):  # the 20th there
            self.assertFalse(self.seen().search([("is_placed_today", "=", True)]) & order)
            self.assertEqual(overview(accounts)[accounts]["today"]["count"], 0)

    def test_the_rate_is_that_of_the_shops_day(self):
        euro = self.env.ref("base.EUR") - self.account.company_id.currency_id
        euro = euro or self.env.ref("base.USD")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": euro.id, "company_id": self.env.company.id, **rate}
                for rate in (
                    {"name": "2026-11-19", "rate": 2.0},
                    {"name": "2026-11-20", "rate": 5.0},
                )
            ]
        )
        order = self.ingest(self.payload({"CHAIR": 1}, created_at=LATE, currency=euro.name))
        self.assertEqual(order.currency_rate, 2)

    def test_an_order_of_the_future_does_not_stay_on_top(self):
        unknown = {"octopus_created_at": None, "octopus_updated_at": None}
        stated = "2027-01-05T10:00:00Z"
        first = self.ingest(self.payload({"CHAIR": 1}, created_at=stated, **unknown))
        self.assertLess(abs(first.transaction_time - fields.Datetime.now()), timedelta(minutes=1))
        self.assertEqual(first.notices, [["future_time", {"moment": "2027-01-05 10:00:00"}]])
        self.assertIn("placed at 1/5/27, 10:00", first.with_context(tz="UTC").channel_notice)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            stated = fields.Datetime.now().isoformat() + "Z"
            second = self.ingest(self.payload({"CHAIR": 1}, created_at=stated))
        self.assertFalse(second.notices)
        self.assertEqual(self.orders.search([("id", "in", (first | second).ids)]), second | first)

    def test_a_refund_of_the_future_was_today(self):
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        refund = {"id": 1, "processed_at": "2027-01-05T10:00:00Z", "refund_line_items": []}
        self.ingest(self.changed(payload, refunds=[refund]))
        age = fields.Datetime.now() - order.refund_ids.refunded_at
        self.assertLess(abs(age), timedelta(minutes=1))
