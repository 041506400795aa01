from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.linga_octopus.models.catalog import product_run
from odoo.addons.linga_octopus.models.catalog.scope import CatalogScope

from ..support.common import OctopusCase


class TestOctopusPrices(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.chair = cls.make_product(list_price=100)
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Online"})

    def use(self, *rules):
        """Sell at a pricelist with these rules."""
        with self.transaction() as env:
            pricelist = self.pricelist.with_env(env)
            pricelist.item_ids.unlink()
            pricelist.item_ids = [Command.create(rule) for rule in rules]
            self.account.with_env(env).pricelist_id = pricelist

    def rule(self, percent, start=None, end=None):
        return {
            "compute_price": "percentage",
            "percent_price": percent,
            "applied_on": "1_product",
            "product_tmpl_id": self.chair.id,
            "date_start": start is not None and self.now + timedelta(start),
            "date_end": end is not None and self.now + timedelta(end),
        }

    def found(self):
        """Return regular price, sale price and its dates, as Octopus has them now."""
        run = self.sync("products")
        assert run.state == "done", (run.message, run.issue_ids.mapped("message"))
        [product] = self.sandbox.state()["products"]
        [variant] = product["variants"]
        sale = variant["sales_price"]
        return (
            float(variant["price"]),
            float(sale) if sale not in ("", None) else None,
            variant["SaleStartDate"][:10],
            variant["SaleEndDate"][:10],
        )

    def has_changes(self):
        return product_run.has_changes(CatalogScope(self.account))

    def day(self, days):
        return (self.now + timedelta(days)).date().isoformat()

    def test_pricelist_of_the_account(self):
        assert self.found() == (100, None, "", "")
        self.use(self.rule(10))
        assert self.found() == (90, None, "", "")

    def test_dated_rule_is_a_sale(self):
        self.use(self.rule(10), self.rule(30, start=-1, end=5))
        assert self.found() == (90, 70, self.day(-1), self.day(5))

    def test_coming_sale_is_told_before_it_begins(self):
        self.use(self.rule(30, start=2, end=5))
        assert self.found() == (100, 70, self.day(2), self.day(5))

    def test_sale_that_was_taken_back_has_no_effect_any_more(self):
        self.use(self.rule(30, start=-1, end=5))
        self.found()
        self.use(self.rule(10))
        assert self.found() == (90, 90, "", "")

    def test_dated_raise_is_the_price_while_it_holds(self):
        self.use(self.rule(-20, start=-1, end=5))
        assert self.found() == (120, None, "", "")
        self.use(self.rule(-20, start=-5, end=-1))
        assert self.found() == (100, None, "", "")

    def test_coming_raise_goes_out_when_its_time_has_come(self):
        self.use(self.rule(-20, start=2))
        assert self.found() == (100, None, "", "")
        assert not self.has_changes()
        # Nobody touches the rule: just the time passes.
        self.env.cr.execute(
            "UPDATE product_pricelist_item SET date_start = %s WHERE pricelist_id = %s",
            [self.now - timedelta(hours=1), self.pricelist.id],
        )
        self.env.invalidate_all()
        assert self.has_changes()
        assert self.found() == (120, None, "", "")

    def test_sale_after_a_raise(self):
        self.use(self.rule(-20, start=-1, end=2), self.rule(30, start=3, end=5))
        assert self.found() == (120, 70, self.day(3), self.day(5))

    # === PRICELISTS BASED ON OTHERS === #

    def use_based_on(self, *below):
        """Sell 10 % below a pricelist with these rules."""
        public = self.env["product.pricelist"].create(
            {"name": "Public", "item_ids": [Command.create(rule) for rule in below]}
        )
        based = {
            "applied_on": "3_global",
            "compute_price": "formula",
            "base": "pricelist",
            "base_pricelist_id": public.id,
            "price_discount": 10,
        }
        self.use(based)

    def test_sale_of_the_pricelist_below(self):
        self.use_based_on(self.rule(30, start=-1, end=5))
        assert self.found() == (90, 63, self.day(-1), self.day(5))

    def test_coming_sale_of_the_pricelist_below(self):
        self.use_based_on(self.rule(30, start=2, end=5))
        assert self.found() == (90, 63, self.day(2), self.day(5))

    def test_raise_in_the_pricelist_below(self):
        self.use_based_on(self.rule(-20, start=-1, end=5))
        assert self.found() == (108, None, "", "")

    def test_sale_holds_while_all_of_its_rules_do(self):
        self.use_based_on(self.rule(30, start=-1, end=5))
        with self.transaction() as env:
            self.pricelist.with_env(env).item_ids.write(
                {"date_start": self.now - timedelta(3), "date_end": self.now + timedelta(2)}
            )
        assert self.found() == (100, 63, self.day(-1), self.day(2))

    def test_pricelist_below_without_dates(self):
        self.use_based_on(self.rule(50))
        assert self.found() == (45, None, "", "")

    # === CURRENCIES === #

    def other_currency(self, rate):
        """Return a currency of which one of ours is worth so many."""
        return self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "x",
                "rate_ids": [
                    Command.create({"name": "2020-01-01", "rate": rate, "company_id": False})
                ],
            }
        )

    def cost(self):
        [product] = self.sandbox.state()["products"]
        return float(product["variants"][0]["cost_price"])

    def test_pricelist_in_the_currency_of_the_shop(self):
        self.chair.standard_price = 40
        currency = self.other_currency(2)
        self.pricelist.currency_id = currency
        self.account.shop_currency = currency.name
        self.use(self.rule(10), self.rule(30, start=-1, end=5))
        assert self.found() == (180, 140, self.day(-1), self.day(5))
        assert self.cost() == 80

    def test_shared_products_of_a_company_with_another_currency(self):
        currency = self.other_currency(2)
        company = self.env["res.company"].create({"name": "Abroad", "currency_id": currency.id})
        self.chair.with_company(company).standard_price = 40
        # The shop of the sandbox becomes that of the other company.
        self.account.active = False
        account = self.connect(name="Abroad", company_id=company.id)
        account.shop_currency = currency.name
        account._queue_run("products")
        self.work()
        [product] = self.sandbox.state()["products"]
        [variant] = product["variants"]
        assert float(variant["price"]) == 200
        assert float(variant["cost_price"]) == 40, "costs are in the company's own currency"

    def test_changed_rule_alone_makes_prices_go_out(self):
        self.use(self.rule(10))
        self.found()
        with self.transaction() as env:
            self.pricelist.with_env(env).item_ids.percent_price = 20
        assert self.found()[0] == 80

    def test_taxes_as_the_shop_wants_them(self):
        tax = self.env["account.tax"].create(
            {"name": "VAT", "amount": 25, "price_include_override": "tax_excluded"}
        )
        with self.transaction() as env:
            self.chair.with_env(env).taxes_id = tax.ids
        assert self.found()[0] == 100
        self.account.shop_taxes_included = True
        assert self.found()[0] == 125
        with self.transaction() as env:
            tax.with_env(env).price_include_override = "tax_included"
        assert self.found()[0] == 100
        self.account.shop_taxes_included = False
        assert self.found()[0] == 80

    def test_other_currency_is_refused_with_a_reason(self):
        self.account.shop_currency = "JPY"
        run = self.sync("products")
        assert run.state == "failed"
        assert "JPY" in run.message
        assert not self.writing_calls()
        with self.assertRaisesRegex(UserError, "JPY"):
            self.account.action_preview_catalog()

    def test_oversell_policy_and_services(self):
        self.make_product("Delivery", type="service", is_storable=False)
        self.account.oversell_policy = "deny"
        self.sync("products")
        variants = {p["title"]: p["variants"][0] for p in self.sandbox.state()["products"]}
        assert variants["Chair"]["inventory_policy"] == "deny"
        assert variants["Delivery"]["inventory_management"] is None
