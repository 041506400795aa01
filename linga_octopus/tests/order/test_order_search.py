"""Searching online orders in each of the seven columns."""

from freezegun import freeze_time

from odoo.fields import Domain

from ...models.order.search import search_box_domain
from ..support.screens import ScreensCase


class TestOrderSearch(ScreensCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wanted = cls.env["octopus.order"].create(
            {
                "account_id": cls.account.id,
                "company_id": cls.account.company_id.id,
                "third_party_name": "BIGCOMMERCE",
                "channel_id": cls.channel("BIGCOMMERCE", "Lamps Online").id,
                "third_party_order_no": "#7731",
                "aggregator_order_no": "900417",
                "transaction_time": "2026-03-05 14:30:20",
                "customer_name": "Grace Hopper",
                "check_total": 1234.5,
                "currency_id": cls.env.ref("base.USD").id,
                "status": "completed",
                "stock_state": "none",
            }
        )
        cls.other = cls.wanted.copy(
            {
                "third_party_name": "SHOPIFY",
                "channel_id": cls.channel("SHOPIFY", "Shopify").id,
                "third_party_order_no": "#8888",
                "aggregator_order_no": "111222",
                "transaction_time": "2026-03-06 09:00:00",
                "customer_name": "Alan Turing",
                "check_total": 99.99,
                "status": "take_action",
            }
        )

    @classmethod
    def channel(cls, source, name):
        values = {"account_id": cls.account.id, "source": source, "name": name}
        return cls.env["octopus.channel"].create(values)

    def found(self, text, lang="en_US"):
        orders = self.env["octopus.order"].with_user(self.cashier).with_context(lang=lang)
        return orders.search([("search_text", "ilike", text)]) & (self.wanted | self.other)

    def test_the_ends_of_the_calendar_find_nothing(self):
        self.cashier.tz = "America/Lima"
        for text in "9999-12-31", "0001-01-01":
            with self.subTest(text=text):
                self.assertFalse(self.found(text))

    def test_the_search_box_finds_by_each_of_the_seven_columns(self):
        for text in (
            "bigcomm",
            "7731",
            "900417",
            "March 5, 2026",
            "2026-03-05 14:30",
            "grace hop",
            "1234.50",
            "$ 1,234.50",
            "1234",
            "complet",
        ):
            with self.subTest(text=text):
                self.assertEqual(self.found(text), self.wanted)

    def test_a_channel_is_found_by_both_its_names_also_when_it_is_archived(self):
        orders = self.env["octopus.order"].with_user(self.cashier)
        self.wanted.channel_id.active = False
        for text in "bigcom", "lamps ONLINE":
            with self.subTest(text=text):
                found = orders.search([("search_channel", "ilike", text)])
                self.assertEqual(found, self.wanted)
                self.assertEqual(self.found(text), self.wanted)
        self.other.customer_name = "Lamps Online Club"
        self.assertEqual(self.found("lamps online"), self.wanted | self.other)

    def test_a_channel_and_days_are_looked_for_where_an_index_has_them_in_order(self):
        orders = self.env["octopus.order"].with_user(self.cashier)
        self.assertEqual(
            search_box_domain(orders, "bigcom").optimize(orders),
            Domain("channel_id", "in", self.wanted.channel_id.ids).optimize(orders),
        )
        times = [
            condition.operator
            for condition in search_box_domain(orders, "March 2026").iter_conditions()
            if condition.field_expr == "transaction_time"
        ]
        self.assertEqual(times, [">=", "<"])

    def test_the_day_of_a_shop_at_the_date_line_is_found(self):
        for zone, moment in (
            ("Pacific/Kiritimati", "2026-03-04 10:30:00"),
            ("Etc/GMT+12", "2026-03-06 11:30:00"),
        ):
            order = self.wanted.copy({"aggregator_order_no": zone, "transaction_time": moment})
            order.transaction_day = "2026-03-05"
            with self.subTest(zone=zone):
                self.assertIn(
                    order, self.env["octopus.order"].search([("search_text", "=", "2026-03-05")])
                )

    def test_a_whole_number_is_found_by_whole_and_by_part_and_no_other(self):
        self.wanted.third_party_order_no = "114-3941689-8772232"
        self.other.third_party_order_no = "112-3941689-8772232"
        self.wanted.aggregator_order_no, self.other.aggregator_order_no = "ORD_9004171", "9004172"
        cashier = self.env["octopus.order"].with_user(self.cashier)
        for name, text in (
            ("third_party_order_no", "114-3941689-8772232"),
            ("third_party_order_no", "4-3941689"),
            ("aggregator_order_no", "ord_9004171"),
            ("aggregator_order_no", "D_9004171"),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.found(text), self.wanted)
                found = cashier.search([(name, "ilike", text)]) & (self.wanted | self.other)
                self.assertEqual(found, self.wanted)
                self.assertEqual(
                    (self.wanted | self.other).filtered_domain([(name, "ilike", text)]),
                    self.wanted,
                )
        self.assertEqual(self.found("3941689"), self.wanted | self.other)
        self.assertFalse(self.found("115-3941689-8772232"))

    def test_a_status_word_finds_the_status_and_customers_of_that_name(self):
        self.assertEqual(self.found("complet"), self.wanted)
        self.wanted.status = "cancelled"
        self.other.customer_name = "João Cancelo"
        self.assertEqual(self.found("cancel"), self.wanted | self.other)
        self.assertEqual(self.found("cancelo"), self.other)

    def test_a_month_finds_all_its_orders_and_nonsense_finds_none(self):
        self.assertEqual(self.found("March 2026"), self.wanted | self.other)
        self.assertFalse(self.found("2026-04"))
        self.assertFalse(self.found("no such thing 12"))

    def test_days_are_those_of_the_user(self):
        self.cashier.tz = "Asia/Tokyo"  # there it is already the 5th at 23:30
        self.assertEqual(self.found("2026-03-05 23:30"), self.wanted)
        self.assertFalse(self.found("2026-03-05 14:30"))

    def test_an_amount_with_cents_is_that_amount(self):
        self.assertEqual(self.found("99.99"), self.other)
        self.assertFalse(self.found("99.98"))

    def test_a_moment_is_found_as_the_list_shows_it(self):
        for text in (
            "March 5, 2026",
            "Mar 5, 2026 2:30 PM",
            "Mar 5, 2:30\u202fPM",
            "5 mar",
            "3/5",
            "Mar 5, 2:30",
        ):
            with self.subTest(text=text), freeze_time("2026-03-10"):
                self.assertEqual(self.found(text), self.wanted)
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.lang"]._activate_lang("ar_001")
        for lang, text in (
            ("fr_FR", "5 mars"),
            ("fr_FR", "05/03"),
            ("fr_FR", "5 mars à 14:30"),
            ("ar_001", "5 مارس، 2:30 م"),
        ):
            with self.subTest(text=text), freeze_time("2026-03-10"):
                self.assertEqual(self.found(text, lang), self.wanted)

    @freeze_time("2026-03-06 12:00:00")
    def test_a_time_alone_and_words_for_days_are_found(self):
        for text, orders in (
            ("2:30 PM", self.wanted),
            ("14:30", self.wanted),
            ("2:30", self.wanted),
            ("yesterday", self.wanted),
            ("Today", self.other),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.found(text), orders)

    def test_a_customer_is_found_in_any_order_of_the_words_and_without_accents(self):
        self.wanted.customer_name = "Núñez Żółć"
        self.wanted.email, self.wanted.phone = "Maria.N@Example.com", "+1 (555) 010-0123"
        for text in (
            "nunez",
            "zolc",
            "Zolc Nunez",
            "Núñez",
            "żółć",
            "maria.n@example",
            "555 0100",
            "555-010",
            "+1 555",
        ):
            with self.subTest(text=text):
                self.assertEqual(self.found(text), self.wanted)
        self.assertFalse(self.found("nunez turing"))

    def test_a_number_is_found_with_its_hash_and_the_product_by_name_and_sku(self):
        self.wanted.third_party_order_no = "7731"
        self.assertEqual(self.found("#7731"), self.wanted)
        order = self.order({"CHAIR": 1})
        orders = self.env["octopus.order"].with_user(self.cashier)
        for text in "chair", "CHAIR", self.chair.name:
            self.assertEqual(orders.search([("search_text", "ilike", text)]), order)

    def test_percent_and_underscore_are_characters_and_canceled_is_a_spelling(self):
        self.assertFalse(self.found("%"))
        self.assertFalse(self.found("_"))
        self.other.customer_name = "100% Cotton_Club"
        self.assertEqual(self.found("0%"), self.other)
        self.assertEqual(self.found("cotton_c"), self.other)
        self.wanted.status = "cancelled"
        self.assertEqual(self.found("canceled"), self.wanted)

    def test_amounts_are_read_in_the_format_of_the_user_and_with_a_point(self):
        self.env["res.lang"]._activate_lang("de_DE")
        for text in "99,99", "99.99", "99,99 $":
            with self.subTest(text=text):
                self.assertEqual(self.found(text, "de_DE"), self.other)
        self.assertEqual(self.found("1.234,50", "de_DE"), self.wanted)
