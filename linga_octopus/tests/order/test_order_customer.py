"""Whose contact an order belongs to: found by number, e-mail or phone, or made."""

from odoo.tests import TransactionCase

from ..support.orders import OrdersMixin

ADDRESS = {
    "address1": "1 Infinite Loop",
    "address2": "Floor 2",
    "city": "Cupertino",
    "zip": "95014",
    "province": "California",
    "country": "United States",
}


class TestOctopusOrderCustomer(OrdersMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.account.contact_policy = "create"

    def contact(self, customer, **fields):
        return self.order({"CHAIR": 1}, customer=customer, **fields).partner_id

    def test_octopus_number_comes_before_e_mail_and_e_mail_before_phone(self):
        partners = self.env["res.partner"]
        by_number = self.contact({"id": 9, "first_name": "Ada"})
        by_email = partners.create({"name": "Mail", "email": "ada@example.com"})
        by_phone = partners.create({"name": "Phone", "phone": "+1 (555) 010-0100"})
        everything = {"email": "ADA@example.com", "phone": "+1 555 0100100"}
        self.assertEqual(self.contact({"id": 9, **everything}), by_number)
        self.assertEqual(self.contact({"id": 10, "first_name": "A", **everything}), by_email)
        del everything["email"]
        self.assertEqual(self.contact({"id": 11, "first_name": "A", **everything}), by_phone)

    def test_a_phone_is_known_however_it_is_spelled(self):
        partner = self.env["res.partner"].create({"name": "Ada", "phone": "555-010.02 00"})
        self.assertEqual(self.contact({"first_name": "A", "phone": "(555) 010 0200"}), partner)

    def test_what_is_hardly_a_number_is_nobodys_phone(self):
        self.env["res.partner"].create({"name": "Front desk", "phone": "12"})
        for phone in "12", "1", "-----", "x":
            with self.subTest(phone=phone):
                made = self.contact({"first_name": f"Caller {phone}", "phone": phone})
                self.assertEqual(made.name, f"Caller {phone}")

    def test_customers_without_a_phone_of_their_own_are_not_taken_for_one(self):
        self.env["res.partner"].create({"name": "First", "phone": "0000000000"})
        phones = ("0000000000", "99999", "1234567890", "+10000000000", "+1 207-835-4259 ext. 26545")
        for phone in phones:
            with self.subTest(phone=phone):
                made = [
                    self.contact({"first_name": name, "phone": phone}) for name in ("Bob", "Cleo")
                ]
                self.assertEqual([partner.name for partner in made], ["Bob", "Cleo"])

    def test_customers_behind_one_address_of_a_relay_are_not_taken_for_one(self):
        self.account.company_id.email = "Sales@shop.example.com"
        for email in (
            "x7@marketplace.amazon.com",
            "x7@members.ebay.co.uk",
            "noreply@example.com",
            "sales@shop.example.com",
        ):
            with self.subTest(email=email):
                self.env["res.partner"].create({"name": "First", "email": email})
                made = [
                    self.contact({"first_name": name, "email": email}) for name in ("Bob", "Cleo")
                ]
                self.assertEqual([partner.name for partner in made], ["Bob", "Cleo"])

    def test_the_shop_is_not_its_own_customer(self):
        company = self.account.company_id
        company.write({"phone": "+1 408 555 0142", "email": "sales@shop.example.com"})
        own = {"email": "sales@shop.example.com", "phone": "(408) 555-0142"}
        self.assertEqual(self.contact({"first_name": "Bob", **own}).name, "Bob")

    def test_the_number_of_a_customer_counts_on_its_channel_only(self):
        shopify = self.contact({"id": 51, "first_name": "Ada"}, source="SHOPIFY")
        woocommerce = self.contact({"id": 51, "first_name": "Bob"}, source="WOOCOMMERCE")
        self.assertNotEqual(woocommerce, shopify)
        again = [
            self.ingest(self.payload({"CHAIR": 1}, customer={"id": 51}, source=source))
            for source in ("WOOCOMMERCE", "SHOPIFY")
        ]
        self.deduct()
        self.assertEqual([order.partner_id for order in again], [woocommerce, shopify])

    def test_a_new_contact_has_the_address_that_octopus_told(self):
        made = self.contact({"id": 21, "first_name": "Ada", "default_address": ADDRESS})
        self.assertRecordValues(
            made,
            [
                {
                    "street": "1 Infinite Loop",
                    "street2": "Floor 2",
                    "city": "Cupertino",
                    "zip": "95014",
                    "state_id": self.env.ref("base.state_us_5").id,
                    "country_id": self.env.ref("base.us").id,
                }
            ],
        )

    def test_the_address_is_known_after_the_payload_is_removed(self):
        customer = {"id": 23, "first_name": "Ada", "default_address": ADDRESS}
        order = self.ingest(self.payload({"CHAIR": 1}, customer=customer))
        order.payload = False
        self.deduct()
        self.assertEqual(order.partner_id.city, "Cupertino")

    def test_an_update_before_the_deduction_brings_another_address(self):
        customer = {"id": 24, "first_name": "Ada", "default_address": ADDRESS}
        payload = self.payload({"CHAIR": 1}, customer=customer)
        order = self.ingest(payload)
        moved = customer | {"default_address": ADDRESS | {"city": "Oakland"}}
        self.ingest(self.changed(payload, customer=moved))
        self.deduct()
        self.assertEqual(order.partner_id.city, "Oakland")

    def test_a_code_of_the_country_is_enough(self):
        address = {"city": "Noida", "country_code": "in", "province_code": "UP"}
        made = self.contact({"id": 22, "first_name": "T"}, billing_address=address)
        self.assertEqual((made.country_id.code, made.state_id.code), ("IN", "UP"))

    def test_an_address_without_a_country_blocks_nothing(self):
        odd = [{}, {"city": "Somewhere"}, {"country": "%"}, {"country": ["US"], "city": 5}]
        for number, address in enumerate(odd):
            with self.subTest(address=address):
                order = self.order(
                    {"CHAIR": 1},
                    customer={"id": 30 + number, "first_name": "A", "default_address": address},
                )
                self.assertEqual(order.stock_state, "deducted")
                self.assertTrue(order.partner_id)
                self.assertFalse(order.partner_id.country_id)

    def test_two_orders_of_one_batch_without_a_number_make_one_contact(self):
        customer = {"first_name": "Bob", "email": "bob@example.com"}
        orders = [self.ingest(self.payload({"CHAIR": 1}, customer=customer)) for _order in range(2)]
        self.deduct()
        self.assertEqual(orders[0].partner_id, orders[1].partner_id)
        self.assertTrue(orders[0].partner_id)

    def test_contacts_of_another_company_are_not_taken(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self.env["res.partner"].create(
            {"name": "Ada", "email": "ada@example.com", "company_id": company.id}
        )
        made = self.contact({"id": 40, "first_name": "Ada", "email": "ada@example.com"})
        self.assertNotEqual(made, theirs)
        self.assertEqual(made.company_id, self.account.company_id)
