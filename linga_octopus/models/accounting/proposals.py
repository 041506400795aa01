"""What the accounting of a channel proposes: from the chart of accounts, from names, and from what
its orders have shown."""

from collections import defaultdict
from decimal import Decimal

from odoo import Command
from odoo.fields import Domain

from ...lib.ledger_parts import CHANNEL_PAYS, UNTITLED, sale_parts
from .order_reader import OrderReader, exact
from .shop_days import shop_day

# The latest orders of a channel, which show its taxes and payment methods.
LATEST = 500
# Words of accounts in the languages of the addon, by field.
WORDS = {
    "clearing_account_id": ("clearing", "online", "verrechnung", "compte d'attente"),
    "rounding_account_id": ("rounding", "rundung", "arrondi", "redondeo", "cash difference gain"),
    "shipping_account_id": ("shipping", "freight", "versand", "port", "envío"),
    "gift_card_account_id": ("gift", "voucher", "gutschein", "cadeau", "regalo"),
    "tip_account_id": ("tips", "gratuit", "trinkgeld", "pourboire", "propina"),
}
# What `create_missing` creates, by field: name, type, and the code to begin with.
NEW_ACCOUNTS = {
    "clearing_account_id": ("Online Clearing %s", "asset_current", "101490"),
    "rounding_account_id": ("Rounding of Online Sales", "expense", "642900"),
    "gift_card_account_id": ("Gift Cards Outstanding", "liability_current", "202900"),
    "tip_account_id": ("Tips to Pay Out", "liability_current", "202950"),
}


def missing(booking_map):
    """Return what has to be chosen before a channel can be booked, as sentences with the fix."""
    return missing_accounts(booking_map) + _missing_taxes(booking_map)


def missing_accounts(booking_map):
    """Return what keeps all days from being booked, as sentences with the fix."""
    env = booking_map.env
    choose = env._("choose one, or press Create What Is Missing.")
    needed = {
        "start_day": env._("Start Booking From: choose the first day that Odoo books."),
        "journal_id": env._("Journal: choose a sales journal."),
        "clearing_account_id": env._("Clearing Account: %(fix)s", fix=choose),
        "income_account_id": env._("Income: choose the account for products without their own."),
        "rounding_account_id": env._("Rounding: %(fix)s", fix=choose),
    }
    if booking_map.has_gift_cards:
        needed["gift_card_account_id"] = env._("Gift Cards: %(fix)s", fix=choose)
    if booking_map.has_tips:
        needed["tip_account_id"] = env._("Tips: %(fix)s", fix=choose)
    return [sentence for name, sentence in needed.items() if not booking_map[name]]


def _missing_taxes(booking_map):
    env, found = booking_map.env, []
    for tax in booking_map.tax_map_ids:
        if not tax.tax_id and tax.amount:
            found.append(env._("Tax %(tax)s: choose the tax in Odoo.", tax=tax.display_name))
        elif tax.tax_id and not tax.tax_id.active:
            found.append(
                env._("Tax %(tax)s: it is archived, choose another one.", tax=tax.tax_id.name)
            )
    return found


class Proposals:
    """Proposals for the accounting of a channel.

    :param booking_map: sudoed record of `octopus.booking.map`
    """

    def __init__(self, booking_map):
        self.map = booking_map.with_company(booking_map.company_id)
        self.env = self.map.env
        self.company = self.map.company_id
        self.accounts = self.env["account.account"]

    def propose(self):
        """Fill what is empty, and count what the latest orders have shown."""
        self._count_seen()
        proposed = {
            "start_day": shop_day(self.map.account_id),
            "journal_id": self._journal().id,
            "income_account_id": self._income().id,
            **{name: self._by_words(name).id for name in WORDS},
        }
        # A tip that nobody gave, and a card that nobody bought, need no account.
        for name, is_seen in (
            ("tip_account_id", self.map.has_tips),
            ("gift_card_account_id", self.map.has_gift_cards),
        ):
            if not is_seen:
                proposed.pop(name)
        self.map.write(
            {name: value for name, value in proposed.items() if value and not self.map[name]}
        )

    # === FROM THE CHART === #

    def _journal(self):
        journals = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.company),
                ("type", "=", "sale"),
            ]
        )
        words = ("online", "octopus", "web")
        named = journals.filtered(
            lambda journal: any(word in journal.name.lower() for word in words)
        )
        return (named or journals)[:1]

    def _income(self):
        category = self.env["product.category"].search([], limit=1)
        found = category.property_account_income_categ_id or self.company.income_account_id
        return found or self._search([("account_type", "=", "income")])

    def _by_words(self, name):
        domain = Domain(self.map._fields[name].domain)
        words = WORDS[name]
        if name == "clearing_account_id":
            own = self._search(domain & Domain("name", "ilike", self.map.channel_id.name))
            if own:
                return own
            # An account of another channel is not proposed twice.
            taken = self.env["octopus.booking.map"].search([]).clearing_account_id
            domain &= Domain("id", "not in", taken.ids)
        for word in words:
            if found := self._search(domain & Domain("name", "ilike", word)):
                return found
        return self.accounts

    def _search(self, domain):
        company = Domain(self.accounts._check_company_domain(self.company))
        return self.accounts.search(company & Domain(domain), limit=1)

    def create_missing(self):
        """Create the accounts and the journal that are missing."""
        if not self.map.journal_id:
            self.map.journal_id = self.env["account.journal"].create(
                {
                    "name": self.env._("Online Sales"),
                    "code": "ONL",
                    "type": "sale",
                    "company_id": self.company.id,
                }
            )
        needed = ["clearing_account_id", "rounding_account_id"]
        needed += ["gift_card_account_id"] if self.map.has_gift_cards else []
        needed += ["tip_account_id"] if self.map.has_tips else []
        for name in needed:
            if not self.map[name]:
                self.map[name] = self._new_account(name)

    def _new_account(self, name):
        label, kind, code = NEW_ACCOUNTS[name]
        channel = self.map.channel_id.name
        return self.accounts.create(
            {
                "name": label % channel if "%s" in label else label,
                "account_type": kind,
                "code": self.accounts._search_new_account_code(code),
                "reconcile": name in ("clearing_account_id", "gift_card_account_id"),
                "company_ids": [Command.link(self.company.id)],
            }
        )

    # === FROM THE ORDERS === #

    def _count_seen(self):
        """Count the taxes and payment methods of the latest orders, and list new ones."""
        orders = self.env["octopus.order"].search(
            [("channel_id", "=", self.map.channel_id.id)], order="id desc", limit=LATEST
        )
        taxes, gateways, seen = self._seen(orders)
        self.map.write(dict.fromkeys(seen, True))
        self.add_taxes(taxes)
        known = {gateway.gateway: gateway for gateway in self.map.gateway_ids}
        for name, (count, amount) in gateways.items():
            values = {"order_count": count, "amount": float(amount)}
            if name in known:
                known[name].write(values)
            else:
                self.env["octopus.booking.gateway"].create(
                    {"map_id": self.map.id, "gateway": name, **values}
                )

    def _seen(self, orders):
        """Return ({(title, rate): (orders, amount)}, the same by payment method, fields to set)."""
        reader = OrderReader(self.map.account_id, {self.map.channel_id: self.map})
        money = reader.read_payloads(orders)
        taxes = defaultdict(lambda: (0, Decimal(0)))
        gateways, seen = defaultdict(lambda: (0, Decimal(0))), set()
        for order in orders:
            parts = sale_parts(reader._sold(order, money.get(order.id)))
            kinds = {kind for kind, *_rest in parts}
            if "tip" in kinds:
                seen.add("has_tips")
            if kinds & {"gift_card_sold", "gift_card_used"}:
                seen.add("has_gift_cards")
            for title, rate in {name for part in parts for name in part[3]}:
                count, amount = taxes[title, rate]
                amount += parts.get(("tax", title, rate, ()), 0)
                taxes[title, rate] = (count + 1, amount)
            if order.payment_method:
                count, amount = gateways[order.payment_method]
                gateways[order.payment_method] = (count + 1, amount + exact(order.check_total))
        taxes.pop((CHANNEL_PAYS, Decimal(0)), None)
        return taxes, gateways, seen

    def add_taxes(self, taxes):
        """List taxes of the channel, new ones with a proposal.

        :param dict taxes: (orders, amount) by (title, rate)
        """
        known = {(tax.title or "", Decimal(tax.rate)): tax for tax in self.map.tax_map_ids}
        for (title, rate), (count, amount) in taxes.items():
            values = {"order_count": count, "amount": float(amount)}
            if found := known.get((title, rate)):
                found.write(values)
                continue
            proposal = self._tax(title, rate)
            self.env["octopus.booking.tax"].create(
                {
                    "map_id": self.map.id,
                    "title": title,
                    "rate": format(rate.normalize(), "f"),
                    "tax_id": proposal.id,
                    "is_proposed": bool(proposal),
                    **values,
                }
            )

    def _tax(self, title, rate):
        """Return the sales tax with this rate, best one with this name; empty when there is none
        or when several are equally good."""
        taxes = self.env["account.tax"]
        if not rate and title == UNTITLED:
            return self.company.account_sale_tax_id
        found = taxes.search(
            [
                *taxes._check_company_domain(self.company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
            ]
        ).filtered(lambda tax: abs(tax.amount - float(rate * 100)) < 0.0001)
        named = found.filtered(lambda tax: title and title.lower() in tax.name.lower())
        default = found & self.company.account_sale_tax_id
        best = named or default or found
        return best if len(best) == 1 else (default or named)[:1]
