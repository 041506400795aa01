"""The prices of many products at once, as text for Octopus."""

from typing import NamedTuple

from odoo import fields
from odoo.tools import float_repr, groupby

from ...lib.octopus_api.items import DatedPrice
from ...lib.product_sums import common_period


class VariantPrices(NamedTuple):
    """What Octopus is told of the prices of a variant; amounts as text."""

    regular: str  # without the sales that hold only for a time
    sale: DatedPrice | None
    cost: str
    is_taxed: bool  # the company charges taxes on it
    present: str  # that holds now
    others: dict  # those that the store sends besides, by name


class Rates(NamedTuple):
    """What one unit of a product's currencies is worth in the currency that is sent."""

    price: float
    cost: float


class PriceBook:
    """The regular and sale prices of products for one account.

    All rules are read in a few queries, whatever the number of products.

    :param scope: the CatalogScope of the store
    :param products: `product.product` records
    """

    def __init__(self, scope, products):
        self._account = account = scope.account
        self._currency = scope.currency()
        self._digits = self._currency.decimal_places
        self._includes_taxes = account.shop_taxes_included
        self._pricelist = account.pricelist_id.with_env(products.env)
        self._products = products
        self._now = fields.Datetime.now()
        self._other_lists = self._read_other_lists()
        self._taxes = {}  # ids of all taxes -> those of the company, where they matter
        self._taxed = {}
        self._rates = {}  # by company of a product
        self._regular = self._sales = {}
        if self._pricelist:
            self._regular = self._compute(self._now, octopus_regular_price=True)
            self._sales = self._take_dated_prices()
        found = {pricelist: self._compute(self._now, pricelist) for pricelist in self._used_lists()}
        # By product id, by name of the price.
        self._others = {name: found.get(pricelist) for name, pricelist in self._other_lists.items()}

    def of_products(self):
        """Return ``{product id: VariantPrices}``."""
        return {product.id: self._prices_of(product) for product in self._products}

    def _prices_of(self, product):
        template = product.product_tmpl_id
        if self._pricelist:
            price = self._regular[product.id][0]
        else:
            price = self._list_price(template, product)
        regular = self._text(template, price)
        sale = self._sale(template, product, regular)
        present = self._present(regular, sale)
        cost = max(product.standard_price, 0.0) * self._rates_of(template).cost
        cost *= packaging_factor(template)
        return VariantPrices(
            regular,
            sale,
            float_repr(cost, self._digits),
            bool(self._company_taxes(template)),
            present,
            self._other_prices(template, product, present),
        )

    def _list_price(self, template, product):
        extra = product.price_extra if product.product_template_attribute_value_ids else 0.0
        return (template.list_price + extra) * self._rates_of(template).price

    def _present(self, regular, sale):
        """Return the price that holds now."""
        has_begun = sale and (not sale.start or sale.start <= self._now)
        return sale.price if has_begun else regular

    def _sale(self, template, product, regular):
        """Return the DatedPrice that holds now, otherwise the next one to come, otherwise None.

        :param str regular: the price without it
        """
        if not (found := self._sales.get(product.id)):
            return None
        price, rules = found
        price = self._text(template, price)
        if float(price) >= float(regular):
            return None
        periods = [(rule.date_start, rule.date_end) for rule in rules]
        return DatedPrice(price, *common_period(periods))

    # === OTHER PRICES === #

    def _read_other_lists(self):
        """Return the pricelists of the other prices that the store sends, by name; None: the sales
        price of the product."""
        account, env = self._account, self._products.env
        pricelists = {
            "msrp": account.msrp_pricelist_id,
            "list": account.list_pricelist_id,
            "a": account.a_pricelist_id,
            "b": account.b_pricelist_id,
            "c": account.c_pricelist_id,
        }
        if account.compare_at_source == "pricelist":
            pricelists["compare_at"] = account.compare_at_pricelist_id
        sources = {name: chosen.with_env(env) for name, chosen in pricelists.items() if chosen}
        return {**sources, "compare_at": None} if account.compare_at_source == "list" else sources

    def _used_lists(self):
        return dict.fromkeys(filter(None, self._other_lists.values()))

    def _other_prices(self, template, product, present):
        """Return the other prices of a product by name.

        :param str present: the price that holds now
        """
        prices = {}
        for name, found in self._others.items():
            price = found[product.id][0] if found else self._list_price(template, product)
            text = self._text(template, price)
            # A compare-at price that is not higher would be struck through for nothing.
            if float(text) > (float(present) if name == "compare_at" else 0):
                prices[name] = text
        return prices

    # === CURRENCIES AND TAXES === #

    def _rates_of(self, template):
        """Return the Rates of a product: those of all products of its company."""
        company = template.company_id
        if company not in self._rates:
            # Odoo computes the currencies of this product only.
            template = template.with_prefetch()
            # A product of all companies has its price in the currency of the main company.
            self._rates[company] = Rates(
                self._rate(template.currency_id), self._rate(template.cost_currency_id)
            )
        return self._rates[company]

    def _rate(self, currency):
        """Return the value of one unit of a currency in the currency that is sent."""
        return currency._convert(
            1.0, self._currency, self._account.company_id, self._now, round=False
        )

    def _text(self, template, price):
        """Return a price of one unit as text: that of the packaging, with or without taxes."""
        price *= packaging_factor(template)
        return float_repr(self._with_taxes(template, price), self._digits)

    def _with_taxes(self, template, price):
        """Return a price with or without taxes, as the shop states its prices."""
        taxes = self._company_taxes(template)
        wanted = self._includes_taxes
        if all(tax.price_include == wanted for tax in taxes):
            return price
        key = (taxes._ids, price)
        if key not in self._taxed:
            result = taxes.compute_all(price, self._currency, 1.0)
            self._taxed[key] = result["total_included" if wanted else "total_excluded"]
        return self._taxed[key]

    def _company_taxes(self, template):
        taxes = template.taxes_id
        if taxes._ids not in self._taxes:
            company = self._account.company_id
            self._taxes[taxes._ids] = taxes._filter_taxes_by_company(company)
        return self._taxes[taxes._ids]

    # === DATED RULES === #

    def _take_dated_prices(self):
        """Return ``{product id: (price, dated rules)}`` of the sales that hold now or begin next.

        Octopus takes coming sales in advance, but no coming raise: while a raise holds, its price
        is sent as the regular one.
        """
        rules = self._dated_rules()
        if not rules:
            return {}
        starts = {rule.date_start for rule in rules if rule.date_start}
        sales = {}
        for moment in (self._now, *sorted(start for start in starts if start > self._now)):
            found = self._compute(moment)
            chains = self._chains(found, moment)
            for product_id, (price, rule_id) in found.items():
                if not (dated := chains[product_id] & rules):
                    continue
                if price < self._regular[product_id][0]:
                    sales.setdefault(product_id, (price, dated))
                elif moment == self._now:
                    self._regular[product_id] = (price, rule_id)
        return sales

    def _chains(self, found, moment):
        """Return the rules that make each price, including those of the pricelists below.

        :param dict found: (price, rule id) of a pricelist, by product id
        """
        items = self._pricelist.env["product.pricelist.item"]
        chains = {
            product_id: items.browse(rule_id or ()) for product_id, (_, rule_id) in found.items()
        }
        above = groupby(chains, lambda product_id: _base(chains[product_id]))
        for pricelist, product_ids in above:
            if pricelist:
                below = pricelist._compute_price_rule(
                    self._products.browse(product_ids), 1.0, date=moment, compute_price=False
                )
                for product_id, rules in self._chains(below, moment).items():
                    chains[product_id] |= rules
        return chains

    def _dated_rules(self):
        """Return the dated rules that are not over yet, including those of the pricelists below."""
        items = self._pricelist.env["product.pricelist.item"]
        pricelists, level = self._pricelist, self._pricelist
        while level:
            rules = items.search(
                [("pricelist_id", "in", level.ids), ("base_pricelist_id", "!=", False)]
            )
            level = _base(rules) - pricelists
            pricelists |= level
        return items.search(
            [
                ("pricelist_id", "in", pricelists.ids),
                "|",
                ("date_start", "!=", False),
                ("date_end", "!=", False),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", self._now),
            ]
        )

    def _compute(self, moment, pricelist=None, **context):
        pricelist = (pricelist or self._pricelist).with_context(**context)
        return pricelist._compute_price_rule(
            self._products.with_context(**context), 1.0, currency=self._currency, date=moment
        )


def packaging_factor(template):
    """Return how many units of a product Octopus sells as one."""
    packaging = template.octopus_uom_id
    return packaging._compute_quantity(1, template.uom_id, round=False) if packaging else 1.0


def _base(rules):
    """Return the pricelists that these rules take their prices from."""
    based = rules.filtered(lambda rule: rule.base == "pricelist" and rule.compute_price != "fixed")
    return based.base_pricelist_id
