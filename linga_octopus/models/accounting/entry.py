"""The journal items of a day of online sales, made with core's tax engine."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from odoo import Command
from odoo.exceptions import UserError

from ...lib.ledger import CANCEL
from ...lib.ledger_parts import CHANNEL_PAYS, spread
from .order_reader import COST, exact

# The account of each kind of part, by the field of the map; the first one that is set.
PART_ACCOUNTS = {
    "goods": ("income_account_id",),
    "discount": ("discount_account_id", "income_account_id"),
    "shipping": ("shipping_account_id", "income_account_id"),
    "tip": ("tip_account_id",),
    "gift_card_sold": ("gift_card_account_id",),
    "gift_card_used": ("gift_card_account_id",),
    "rounding": ("rounding_account_id",),
    "difference": ("difference_account_id", "income_account_id"),
}
NOTHING_BOOKED = {"accounts": {}, "taxes": {}}


class NotMapped(ValueError):
    """A part has no account or no tax; the argument is an issue of `reasons`."""


class Choices:
    """Which account and taxes each part gets: as its sale had them, else as the map says.

    :param booking_map: sudoed record of `octopus.booking.map`
    """

    def __init__(self, booking_map):
        self.map = booking_map
        self.env = booking_map.env
        # Of the map, not of sales: what is booked first today is chosen as it is set up today.
        self.made = {"accounts": {}, "taxes": {}}
        # A proposal that nobody has confirmed is only good for a preview.
        decided = self.env["octopus.booking.tax"].search_fetch(
            [("map_id", "=", booking_map.id)], ["title", "rate", "tax_id", "is_proposed"]
        )
        if booking_map.state == "confirmed":
            decided = decided.filtered(lambda tax: not tax.is_proposed)
        self.taxes = {(tax.title or "", Decimal(tax.rate)): tax.tax_id for tax in decided}
        self.products = {}

    def account(self, part, sale=None):
        """Return the id of the account of a part.

        :param dict sale: the choices that were made for the sale
        :raise NotMapped: there is none
        """
        name = f"{part.kind}|{part.key}"
        if of_sale := (sale or NOTHING_BOOKED)["accounts"].get(name):
            return of_sale
        made = self.made["accounts"]
        made[name] = made.get(name) or self._account(part)
        return made[name]

    def _account(self, part):
        if part.kind == "cost":
            return self._of_product(part.key)["cost"]
        by_product = part.kind == "goods" or (
            part.kind == "discount" and not self.map.discount_account_id
        )
        if by_product and part.key and (found := self._of_product(part.key)["income"]):
            return found
        for field in PART_ACCOUNTS[part.kind]:
            if account := self.map[field]:
                return account.id
        label = self.map._fields[PART_ACCOUNTS[part.kind][0]]._description_string(self.env)
        raise NotMapped(["no_account", {"purpose": label}])

    def read_products(self, keys):
        """Read the accounts of these products together.

        :param keys: ids of products as texts; a product that is deleted has no accounts
        """
        new = set(keys) - self.products.keys()
        products = self.env["product.product"].with_context(active_test=False)
        known = [("id", "in", sorted(map(int, new)))]
        products = products.search_fetch(known, ["product_tmpl_id"])
        # What core reads of them, in one query.
        names = ["property_account_income_id", "property_account_expense_id", "categ_id"]
        products.product_tmpl_id.fetch([*names, "company_id"])
        for product in products:
            accounts = product.product_tmpl_id.get_product_accounts(self.map.fiscal_position_id)
            cost = [accounts.get(name) for name in ("expense", "stock_valuation")]
            own = product.property_account_income_id or (
                product.categ_id.property_account_income_categ_id
            )
            self.products[str(product.id)] = {
                "income": own and accounts["income"].id,
                "cost": [account.id for account in cost] if all(cost) else None,
            }
        for key in new - self.products.keys():
            self.products[key] = {"income": False, "cost": None}

    def _of_product(self, key):
        self.read_products([key])
        return self.products[key]

    def tax(self, title, rate, sale=None):
        """Return the id of the tax in Odoo, None when there is none.

        :raise NotMapped: the tax was archived
        """
        name = f"{rate.normalize():f}|{title}"
        for known in ((sale or NOTHING_BOOKED)["taxes"], self.made["taxes"]):
            if name in known:
                return known[name]
        tax = (
            self.map.marketplace_tax_id if title == CHANNEL_PAYS else self.taxes.get((title, rate))
        )
        if tax and not tax.active:
            raise NotMapped(["archived_tax", {"tax": tax.name}])
        self.made["taxes"][name] = tax.id if tax else None
        return self.made["taxes"][name]


class Entry:
    """The journal items of ledger lines of one channel in one currency.

    Add the lines, then ask for the items. Amounts are the channel's: the tax engine of Odoo only
    says on which accounts and with which tags they are booked.

    :param booking_map: sudoed record of `octopus.booking.map`
    :param currency: of the orders
    """

    def __init__(self, booking_map, currency):
        self.map = booking_map
        self.env = booking_map.env
        self.currency = currency
        self.company = booking_map.company_id
        self.choices = Choices(booking_map)
        # Sums in the currency of the orders. Each rate has items of its own: the two amounts of an
        # item must not have different signs.
        self.clearing = defaultdict(Decimal)  # by (rate, account)
        self.bases = defaultdict(Decimal)  # by (rate, is refund, kind, account, ids of taxes)
        self.taxes = defaultdict(Decimal)  # by (rate, is refund, id of the tax)
        self.costs = defaultdict(Decimal)  # by account, in the company's currency
        self.gateways = {
            gateway.gateway: gateway.account_id.id
            for gateway in booking_map.gateway_ids
            if gateway.account_id
        }

    # === ADDING === #

    def check(self, parts, sale=None):
        """Check that everything that a line needs is there.

        :raise NotMapped: it is not
        """
        for part, amount in parts.items():
            names = [(part.key, part.rate)] if part.kind == "tax" else part.taxes
            found = [self.choices.tax(title, rate, sale) for title, rate in names]
            if part.kind == "tax" and amount and not found[0]:
                raise NotMapped(["unmapped_tax", {"tax": _tax_name(part)}])
            if part.kind != "tax" and not self.choices.account(part, sale):
                raise NotMapped(["no_account", {"purpose": part.kind}])

    def add(self, key, total, parts, rate, gateway=None, sale=None):
        """Add a line of the ledger.

        :param str key: of the line
        :param Decimal total: to the clearing account
        :param dict parts: amounts by Part
        :param Decimal rate: units of the currency for one of the company's
        """
        if key.startswith(COST):
            for part, amount in parts.items():
                expense, valuation = self.choices.account(part, sale)
                self.costs[expense] += amount
                self.costs[valuation] -= amount
            return
        if self.currency == self.company.currency_id:
            rate = Decimal(1)
        is_refund = key.startswith("refund:") or key == CANCEL or total < 0
        if total:
            account = self.gateways.get(gateway) or self.map.clearing_account_id.id
            self.clearing[rate, account] += total
        for part, amount in parts.items():
            if part.kind == "tax":
                tax = self.choices.tax(part.key, part.rate, sale)
                self.taxes[rate, is_refund, tax] += amount
                continue
            account = self.choices.account(part, sale)
            taxes = {self.choices.tax(title, of, sale) for title, of in part.taxes} - {None}
            self.bases[rate, is_refund, part.kind, account, tuple(sorted(taxes))] += amount

    # === ITEMS === #

    def items(self):
        """Return the values of the journal items.

        :raise UserError: the taxes of Odoo make something else of the amounts of the channel
        """
        items = [self._clearing_item(*key, total) for key, total in self.clearing.items()]
        for rate in {key[0] for key in (*self.bases, *self.taxes)}:
            items += self._sales_items(rate)
        items += self._balancing_items(items)
        items += self._cost_items()
        # Core asks the account for taxes of an item that says none.
        return [
            {"tax_ids": [], **item} for item in items if item["balance"] or item["amount_currency"]
        ]

    def _clearing_item(self, rate, account, total):
        currency, company = self._money(total, rate)
        return {
            "name": self.env._("Clearing %(channel)s", channel=self.map.channel_id.name),
            "account_id": account,
            "currency_id": self.currency.id,
            "amount_currency": currency,
            "balance": company,
        }

    def _sales_items(self, rate):
        """Return the items of income and taxes at a rate, as `pos.session` makes them."""
        taxes, company = self.env["account.tax"], self.company
        base_lines = self._base_lines(rate)
        self._read_repartition(base_lines)
        taxes._add_tax_details_in_base_lines(base_lines, company)
        taxes._round_base_lines_tax_details(base_lines, company)
        taxes._add_accounting_data_in_base_lines_tax_details(
            base_lines, company, include_caba_tags=True
        )
        results = taxes._prepare_tax_lines(base_lines, company)
        labels = self._labels()
        items = [
            {
                "name": labels[base_line["_refund"], base_line["_kind"]],
                "account_id": base_line["account_id"].id,
                "tax_ids": [Command.set(base_line["tax_ids"].ids)],
                "tax_tag_ids": values["tax_tag_ids"],
                "analytic_distribution": base_line["analytic_distribution"],
                "display_type": "product",
                "currency_id": self.currency.id,
                "amount_currency": values["amount_currency"],
                "balance": values["balance"],
            }
            for base_line, values in results["base_lines_to_update"]
        ]
        return items + [self._tax_item(values) for values in results["tax_lines_to_add"]]

    def _read_repartition(self, base_lines):
        """Read how the taxes are distributed together: core asks for each tax by itself."""
        taxes = self.env["account.tax"].union(*(line["tax_ids"] for line in base_lines))
        lines = taxes.invoice_repartition_line_ids | taxes.refund_repartition_line_ids
        lines.mapped("factor_percent")
        lines.mapped("tag_ids")

    def _tax_item(self, values):
        return {
            **values,
            "display_type": "tax",
            "tax_base_amount": abs(values["tax_base_amount"]),
        }

    def _base_lines(self, rate):
        """Return the base lines of core's tax engine, each with its share of the taxes."""
        shares = self._tax_shares(rate)
        lines = []
        for key, amount in self.bases.items():
            if key[0] != rate:
                continue
            _rate, is_refund, kind, account, tax_ids = key
            net = self._money(amount, rate, -1 if is_refund else 1)
            taxes = self.env["account.tax"].browse(tax_ids)
            manual = {}
            for tax in taxes:
                share = shares.get((*key, tax.id), (0.0, 0.0))
                manual[str(tax.id)] = {
                    "base_amount_currency": net[0],
                    "base_amount": net[1],
                    "tax_amount_currency": share[0],
                    "tax_amount": share[1],
                }
            lines.append(self._base_line(is_refund, kind, account, taxes, net, manual))
        return lines

    def _base_line(self, is_refund, kind, account, taxes, net, manual):
        """Return a base line whose amounts are the given ones. All that this addon knows of the
        arguments of core's tax engine stands here."""
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            {"_kind": kind, "_refund": is_refund},
            tax_ids=taxes,
            price_unit=net[0],
            quantity=1.0,
            currency_id=self.currency,
            rate=net[0] / net[1] if net[0] and net[1] else 1.0,
            sign=1 if is_refund else -1,
            is_refund=is_refund,
            account_id=self.env["account.account"].browse(account),
            analytic_distribution=self.map.analytic_distribution or None,
            special_mode="total_excluded",
            manual_total_excluded_currency=net[0],
            manual_total_excluded=net[1],
            manual_tax_amounts=manual,
        )

    def _tax_shares(self, rate):
        """Return (currency, company) amounts of the taxes by base line and tax: the sums that the
        channel states, in proportion to the bases."""
        shares = {}
        for (of_rate, is_refund, tax_id), amount in self.taxes.items():
            if of_rate != rate:
                continue
            keys = [key for key in self.bases if key[:2] == (rate, is_refund) and tax_id in key[4]]
            if not keys:
                # A tax without a base, such as a correction of the tax alone.
                keys = [(rate, is_refund, "tax", self.map.income_account_id.id, (tax_id,))]
                self.bases[keys[0]] = Decimal(0)
            weights = [abs(self.bases[key]) for key in keys]
            total = self._money(amount, rate, -1 if is_refund else 1)
            places = (self.currency.decimal_places, self.company.currency_id.decimal_places)
            parts = [
                spread(exact(value), weights, digits)
                for value, digits in zip(total, places, strict=True)
            ]
            for key, currency, company in zip(keys, *parts, strict=True):
                shares[(*key, tax_id)] = (float(currency), float(company))
        return shares

    def _balancing_items(self, items):
        """Return what makes up for cents that were rounded, such as those of the conversion.

        :raise UserError: it is more than that
        """
        currency, own = self.currency, self.company.currency_id
        amount = currency.round(sum(item["amount_currency"] for item in items))
        balance = own.round(sum(item["balance"] for item in items))
        if not (amount or balance):
            return []
        rate = float(min(key[0] for key in (*self.clearing, *self.bases, *self.taxes)))
        slack = len(items) * currency.rounding
        own_slack = slack / rate + len(items) * own.rounding
        if (
            currency.compare_amounts(abs(amount), slack) > 0
            or own.compare_amounts(abs(balance), own_slack) > 0
        ):
            raise UserError(
                self.env._(
                    "The taxes in Odoo make something else of the amounts of the channel: the "
                    "entry would be off by %(gap)s. Look at the distribution of the taxes that are "
                    "chosen in Configuration, Accounting.",
                    gap=own.format(abs(balance)),
                )
            )
        share = own.round(amount / rate) if own != currency else balance
        return [
            {
                "name": self.env._("Rounding"),
                "account_id": self.map.rounding_account_id.id,
                "currency_id": currency.id,
                "amount_currency": -amount_currency,
                "balance": -of_balance,
            }
            for amount_currency, of_balance in ((amount, share), (0.0, own.round(balance - share)))
        ]

    def _cost_items(self):
        own = self.company.currency_id
        return [
            {
                "name": self.env._("Cost of goods"),
                "account_id": account,
                "currency_id": own.id,
                "amount_currency": float(amount),
                "balance": float(amount),
            }
            for account, amount in self.costs.items()
            if amount
        ]

    # === AMOUNTS === #

    def _money(self, amount, rate, sign=1):
        """Return an amount in the currency of the orders and in the company's, as floats."""
        own = self.company.currency_id
        currency = _rounded(sign * amount, self.currency.decimal_places)
        company = currency
        if own != self.currency:
            company = _rounded(sign * amount / rate, own.decimal_places)
        return float(currency), float(company)

    def _labels(self):
        sales, refunds = self.env._("Sales"), self.env._("Refunds")
        kinds = {
            "goods": (sales, refunds),
            "discount": (self.env._("Discounts"), self.env._("Refunds: discounts")),
            "shipping": (self.env._("Shipping"), self.env._("Refunds: shipping")),
            "tip": (self.env._("Tips"), self.env._("Refunds: tips")),
            "gift_card_sold": (
                self.env._("Gift cards sold"),
                self.env._("Refunds: gift cards sold"),
            ),
            "gift_card_used": (
                self.env._("Gift cards used"),
                self.env._("Refunds: gift cards used"),
            ),
            "rounding": (self.env._("Rounding"), self.env._("Refunds: rounding")),
            "difference": (
                self.env._("Fees and goodwill"),
                self.env._("Refunds: fees and goodwill"),
            ),
            "tax": (self.env._("Tax alone"), self.env._("Refunds: tax alone")),
        }
        return {
            (is_refund, kind): labels[is_refund]
            for kind, labels in kinds.items()
            for is_refund in (False, True)
        }


def _rounded(amount, digits):
    return amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _tax_name(part):
    percent = (part.rate * 100).normalize()
    return f"{part.key} {percent:f}%".strip() if part.rate else part.key or "?"
