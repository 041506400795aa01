"""What went wrong is stored as codes with values: each reader has it in their own language."""

import re

from odoo.tools import SQL

from odoo.addons.linga_octopus.models.account.connection import OTHER_PROBLEM
from odoo.addons.linga_octopus.models.catalog.payload import NO_PRICE, OF_VARIANT, SHARED_SKU
from odoo.addons.linga_octopus.models.mixins.notices import Sentence, join_notices, read_notice

from ..support.common import OctopusCase


class TestStoredNotices(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.run_ = cls.env["octopus.sync.run"].create(
            {"account_id": cls.account.id, "kind": "products"}
        )

    def issue(self, message, env=None):
        self.run_.with_env(env or self.env)._add_issue(self.account, message)
        return self.env["octopus.sync.issue"].search([("run_id", "=", self.run_.id)], limit=1)

    def in_french(self, record):
        return record.with_context(lang="fr_FR")

    def raw(self, record, name):
        record.flush_recordset()
        table, column = SQL.identifier(record._table), SQL.identifier(name)
        [[value]] = self.env.execute_query(
            SQL("SELECT %s FROM %s WHERE id = %s", column, table, record.id)
        )
        return value

    def test_every_sentence_is_read_in_the_language_of_its_reader(self):
        french = self.in_french(self.account).env
        for code, sentence in Sentence.by_code.items():
            if isinstance(sentence.text, str):
                continue
            source = sentence.text._source
            places = re.findall(r"%\((\w+)\)s", source)
            values = {name: f"<{name}>" for name in places}
            with self.subTest(code):
                issue = self.issue(sentence(self.env, **values))
                self.assertEqual(issue.message, source % values)
                self.assertEqual(
                    self.in_french(issue).message, sentence.translated(french) % values
                )
                self.assertIn(f'["{code}", ', self.raw(issue, "message"))

    def test_a_sync_says_it_in_each_language(self):
        self.account.company_id.partner_id.lang = "fr_FR"
        free = self.make_product("Free", list_price=0)
        issue = self.sync("products").issue_ids
        binding = free.octopus_product_ids
        for record, name in ((issue, "message"), (binding, "error"), (binding, "problem")):
            self.assertIn("The price is zero", record[name])
            self.assertIn("Le prix est nul", self.in_french(record)[name])
        self.assertIn("The price is zero", free.octopus_reason)
        self.assertIn("Le prix est nul", self.in_french(free).octopus_reason)

    def test_a_connection_problem_does_as_well(self):
        self.sandbox.set_faults([{"path": "*", "status": 401}])
        self.account._queue_run("orders")
        self.work()
        for record, name in ((self.account, "state_message"), (self.last_run(), "message")):
            self.assertIn("does not accept the Merchant Name", record[name])
            self.assertNotIn("does not accept", self.in_french(record)[name])

    def last_run(self):
        return self.env["octopus.sync.run"].search([("kind", "=", "orders")], limit=1)

    def test_sentences_in_sentences_and_one_below_the_other(self):
        problem = OF_VARIANT(self.env, name="M", problem=NO_PRICE(self.env))
        issue = self.issue(join_notices([problem, SHARED_SKU(self.env, sku="A-1")]))
        self.assertEqual(len(issue.message.splitlines()), 2)
        self.assertIn("M: The price is zero", issue.message)
        self.assertIn("SKU A-1", issue.message)
        self.assertIn("M: Le prix est nul", self.in_french(issue).message)

    def test_a_notice_that_is_read_is_stored_as_it_was(self):
        first = self.issue(NO_PRICE(self.env))
        product = self.env["octopus.product"].create(
            {
                "account_id": self.account.id,
                "product_tmpl_id": self.make_product("Other").id,
                "error": self.in_french(first).message,
            }
        )
        self.assertEqual(self.raw(product, "error"), self.raw(first, "message"))
        product._bulk_update([{"id": product.id, "error": first.message}])
        self.assertEqual(self.raw(product, "error"), self.raw(first, "message"))

    def test_words_of_others_and_of_before_stay_as_they_came(self):
        for text in (
            "The price is zero. Set a sales price, or tick Do Not Publish to Octopus.",
            "title: is too long",
            '["no_price", {"a": 1}, 2]',
            '["no_such_code", {}]',
            '["shared_sku", {}]',
            "100% of %(sku)s",
        ):
            issue = self.issue(text)
            self.assertEqual((issue.message, self.in_french(issue).message), (text, text))
        self.assertIs(read_notice(self.env, False), False)

    def test_what_octopus_says_stands_in_our_sentence(self):
        issue = self.issue(OTHER_PROBLEM(self.env, error=ValueError("50% off: kaput")))
        self.assertIn("50% off: kaput", issue.message)
        self.assertIn("kaput", self.in_french(issue).message)
        self.assertNotIn("Octopus answered", self.in_french(issue).message)

    def test_a_dismissed_issue_of_before_stays_dismissed(self):
        issue = self.issue(str(NO_PRICE(self.env)))
        issue.dismissed_by = self.env.user
        self.assertEqual(self.issue(NO_PRICE(self.env)), issue)
        self.assertTrue(issue.dismissed_by)

    def test_people_search_for_what_they_read(self):
        issue = self.issue(SHARED_SKU(self.env, sku="XY-77"))
        issues = self.in_french(self.env["octopus.sync.issue"])
        read = self.in_french(issue).message
        self.assertNotIn("Several products", read)
        for typed in (read.split("XY-77")[0].strip().lower(), "xy-77"):
            self.assertEqual(issues.search([("message", "ilike", typed)]), issue)
        self.assertFalse(issues.search([("message", "ilike", "several products")]))

    def test_other_programs_get_plain_texts(self):
        issue = self.issue(NO_PRICE(self.env))
        self.assertIs(type(issue.read(["message"])[0]["message"]), str)
        self.assertIs(type(issue.export_data(["message"])["datas"][0][0]), str)
