"""The part of Odoo's catalog that belongs in the Octopus of one store."""

from functools import cached_property

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate

from ...lib.fingerprint import fingerprint
from ..mixins.notices import Sentence
from .kits import kit_stamp

_lt = LazyTranslate(__name__)

SHOP_CURRENCY = Sentence(
    "shop_currency",
    _lt(
        "The Octopus shop sells in %(theirs)s, but the prices in Odoo are in %(ours)s. "
        "Choose a pricelist in %(theirs)s on the Settings tab."
    ),
)

# Small tables that many products depend on: when one of them changed, every product is compared.
SHARED_MODELS = (
    "account.tax",
    "product.attribute",
    "product.attribute.value",
    "product.category",
    "product.pricelist",
    "product.pricelist.item",
    "product.tag",
    "res.company",
    "res.currency",
    "res.currency.rate",
    "uom.uom",
)
# Settings of the store that the payload of every product depends on.
SHARED_FIELDS = (
    "pricelist_id",
    "oversell_policy",
    "shop_taxes_included",
    "shop_currency",
    "compare_at_source",
    "compare_at_pricelist_id",
    "msrp_pricelist_id",
    "list_pricelist_id",
    "a_pricelist_id",
    "b_pricelist_id",
    "c_pricelist_id",
    "description_source",
    "vendor_source",
    "brand_attribute_id",
    "tag_source",
    "weight_unit",
    "detail_attribute_ids",
    "detail_tag_ids",
    "detail_properties",
)


class CatalogScope:
    """The categories and products that belong in the Octopus of one store.

    :param account: the store. Give it with `sudo` where the caller may not read all bindings.
    :ivar is_pos: whether PoS categories are sent, and not product categories
    :ivar env: an environment in the company and the language of the shop; the catalog is read in it
    """

    def __init__(self, account):
        account.ensure_one()
        self.account = account
        self.is_pos = account.category_source == "pos"
        # Two columns, and not all of the company and of its partner.
        company = account.company_id.with_context(prefetch_fields=False)
        lang = company.partner_id.lang or account.env.lang
        self.env = account.with_company(account.company_id).with_context(lang=lang).env

    # === CATEGORIES === #

    def categories(self):
        """Return all categories that belong in Octopus, in the order of their ids."""
        model = "pos.category" if self.is_pos else "product.category"
        return self.env[model].search(Domain.TRUE, order="id")

    # === PRODUCTS === #

    def product_domain(self):
        """Return the domain of the products that belong in Octopus."""
        return self.sold_domain() & Domain("type", "!=", "combo")

    def combo_domain(self):
        """Return the domain of the products that are left out because no channel can sell them."""
        return self.sold_domain() & Domain("type", "=", "combo")

    def excluded_domain(self):
        """Return the domain of the products that a user keeps out of Octopus."""
        return self._pos_domain() & Domain("octopus_excluded", "=", True)

    def sold_domain(self):
        """Return the domain of the products for Octopus, with those that no channel can sell."""
        return self._pos_domain() & Domain("octopus_excluded", "=", False) & self._period_domain()

    def _period_domain(self):
        now = fields.Datetime.now()
        has_begun = Domain("octopus_publish_from", "=", False) | Domain(
            "octopus_publish_from", "<=", now
        )
        is_not_over = Domain("octopus_publish_until", "=", False) | Domain(
            "octopus_publish_until", ">", now
        )
        return has_begun & is_not_over

    def _pos_domain(self):
        return (
            Domain("sale_ok", "=", True)
            & Domain("available_in_pos", "=", True)
            & Domain("company_id", "in", (False, self.account.company_id.id))
            & Domain("id", "not in", self._special_ids)
        )

    @cached_property
    def _special_ids(self):
        # Tips and discounts are products of the Point of Sale, but no merchandise.
        return self.env["pos.config"]._get_special_products().product_tmpl_id.ids

    def eligible(self):
        """Return the query of the products that belong in Octopus."""
        return self.env["product.template"]._search(self.product_domain())

    def count_eligible(self):
        return len(self.eligible())

    # === PRICES AND UNITS === #

    def currency(self):
        """Return the currency of the prices that are sent.

        :raise UserError: when the shop sells in another one
        """
        account = self.account
        currency = account.pricelist_id.currency_id or account.company_id.currency_id
        if account.shop_currency and account.shop_currency != currency.name:
            raise UserError(
                SHOP_CURRENCY(account.env, theirs=account.shop_currency, ours=currency.name)
            )
        return currency

    def weighs_in_pounds(self):
        """Tell in which unit Odoo keeps the weights of all products: pounds or kilograms."""
        pound = self.env.ref("uom.product_uom_lb", raise_if_not_found=False)
        return self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter() == pound

    # === CHANGES === #

    def signature(self):
        """Return a text that differs when anything changed that many products depend on.

        Dated pricelist rules and rates change prices without being written to, so the signature
        holds the rules that apply at this moment, and how many rates do.
        """
        parts = [str(self.account[name]) for name in SHARED_FIELDS]
        parts.append(str(self.env.lang))
        parts.append(str(self.weighs_in_pounds()))
        self.env.flush_all()
        parts += map(self._table_stamp, SHARED_MODELS)
        parts.append(str(self._present_dated_rules().ids))
        rates = self.env["res.currency.rate"].sudo()
        parts.append(str(rates.search_count([("name", "<=", fields.Date.today())])))
        parts.append(kit_stamp(self.env))
        return fingerprint(parts)

    def _table_stamp(self, model):
        table = SQL.identifier(self.env[model]._table)
        [(stamp,)] = self.env.execute_query(
            SQL("SELECT concat(count(*), ':', sum(extract(epoch FROM write_date))) FROM %s", table)
        )
        return stamp

    def _present_dated_rules(self):
        now = fields.Datetime.now()
        is_dated = Domain("date_start", "!=", False) | Domain("date_end", "!=", False)
        has_begun = Domain("date_start", "=", False) | Domain("date_start", "<=", now)
        is_not_over = Domain("date_end", "=", False) | Domain("date_end", ">=", now)
        rules = self.env["product.pricelist.item"]
        return rules.search(has_begun & is_not_over & is_dated, order="id")


def reset_catalog(account):
    """Unlink all bindings of a store whose merchant is another now: another merchant is another
    shop. If it is the same shop after all, the next run finds its products again by their SKUs.
    """
    # Only workers may write bindings.
    account_sudo = account.sudo()
    # First of all: the worker must not go on with the bindings of the other shop.
    account_sudo.run_ids._stop_open()
    # One statement each, because somebody waits; what belongs to the bindings goes with them.
    account_sudo.env.flush_all()
    for table in ("octopus_product", "octopus_category", "octopus_remote_product"):
        account_sudo.env.cr.execute(
            SQL("DELETE FROM %s WHERE account_id = %s", SQL.identifier(table), account.id)
        )
    account_sudo.env.invalidate_all()
    account_sudo.write(
        {
            "is_catalog_matched": False,
            "catalog_signature": False,
            "last_categories_sync": False,
            "last_products_sync": False,
            # The stock of another shop is not touched before its first sync.
            "auto_stock_sync": False,
            "last_stock_sync": False,
            "stock_snapshot_at": False,
        }
    )
