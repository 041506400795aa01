"""The prices of many products at once, as text for Octopus."""

from dataclasses import dataclass
from datetime import datetime

from odoo import fields
from odoo.tools import float_repr


@dataclass(frozen=True)
class Sale:
    """A price that holds between two moments, either of which may be open (False)."""

    price: str
    start: datetime | bool
    end: datetime | bool


class PriceBook:
    """The regular and sale prices of products for one account.

    All rules are read in a few queries, whatever the number of products.
    """

    def __init__(self, account, products):
        self._account = account
        self._currency = account._catalogue_currency()
        self._pricelist = account.pricelist_id.with_env(products.env)
        self._taxed_memo = {}
        self._products = products
        self._now = fields.Datetime.now()
        if self._pricelist:
            self._regular = self._compute(self._now, octopus_regular_price=True)
            self._dated = self._dated_prices()
        else:
            self._regular = {product.id: (product.lst_price, False) for product in products}
            self._dated = {}

    def regular(self, product):
        """Return the price without the rules that hold only for a time, a number."""
        return self._money(product, self._regular[product.id][0])

    def regular_text(self, product):
        return self._text(self.regular(product))

    def sale(self, product):
        """Return the Sale that holds now, else the next one to come, else None."""
        if not (found := self._dated.get(product.id)):
            return None
        price, rule = found
        price = self._money(product, price)
        if price >= self.regular(product):
            return None
        return Sale(self._text(price), rule.date_start, rule.date_end)

    def cost_text(self, product):
        return self._text(max(product.standard_price, 0.0))

    def _text(self, price):
        return float_repr(price, self._currency.decimal_places)

    def _money(self, product, price):
        return self._currency.round(self._taxed(product, price))

    def _taxed(self, product, price):
        """Return a price with or without taxes, as the shop wants its prices."""
        wanted = self._account.shop_taxes_included
        taxes = product.taxes_id._filter_taxes_by_company(self._account.company_id)
        if all(tax.price_include == wanted for tax in taxes):
            return price
        key = (taxes._ids, price)
        if key not in self._taxed_memo:
            result = taxes.compute_all(price, self._currency, 1.0, product=product)
            total = result["total_included" if wanted else "total_excluded"]
            self._taxed_memo[key] = total
        return self._taxed_memo[key]

    def _dated_prices(self):
        """Return ``{product id: (price, dated rule)}`` for what holds now or begins next."""
        rules = self._dated_rules()
        if not rules:
            return {}
        coming = [
            rule.date_start for rule in rules if rule.date_start and rule.date_start > self._now
        ]
        dated = {}
        for moment in (self._now, *sorted(set(coming))):
            for product_id, (price, rule_id) in self._compute(moment).items():
                if rule_id in rules._ids and product_id not in dated:
                    dated[product_id] = (price, rules.browse(rule_id))
        return dated

    def _dated_rules(self):
        """Return the pricelist's dated rules that are not over yet."""
        return self._pricelist.env["product.pricelist.item"].search(
            [
                ("pricelist_id", "=", self._pricelist.id),
                "|",
                ("date_start", "!=", False),
                ("date_end", "!=", False),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", self._now),
            ]
        )

    def _compute(self, moment, **context):
        pricelist = self._pricelist.with_context(**context)
        return pricelist._compute_price_rule(
            self._products.with_context(**context), 1.0, currency=self._currency, date=moment
        )
