"""What of an account decides which products and categories go to Octopus, and how."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

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
    "res.currency.rate",
)
# Settings that the payload of every product depends on.
SHARED_FIELDS = (
    "pricelist_id",
    "oversell_policy",
    "shop_taxes_included",
    "shop_currency",
)


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    def action_preview_catalog(self):
        """Show what the Sync buttons would send, and what is in the way of it."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check Before Sending"),
            "res_model": "octopus.catalog.preview",
            "res_id": self.env["octopus.catalog.preview"]._check(self).id,
            "view_mode": "form",
            "target": "new",
        }

    def _catalog_env(self):
        """Return an environment in the company and the language of the shop."""
        self.ensure_one()
        lang = self.company_id.partner_id.lang or self.env.lang
        return self.with_company(self.company_id).with_context(lang=lang).env

    def _catalog_categories(self):
        """Return all categories that belong in Octopus, in the order of their ids."""
        model = "pos.category" if self.category_source == "pos" else "product.category"
        return self._catalog_env()[model].search(Domain.TRUE, order="id")

    def _catalog_domain(self):
        """Return the domain of the products that belong in Octopus."""
        return self._catalog_sold_domain() & Domain("type", "!=", "combo")

    def _catalog_combo_domain(self):
        """Return the domain of the products that are left out because no channel can sell them."""
        return self._catalog_sold_domain() & Domain("type", "=", "combo")

    def _catalog_excluded_domain(self):
        """Return the domain of the products that somebody keeps out of Octopus."""
        return self._catalog_till_domain() & Domain("octopus_excluded", "=", True)

    def _catalog_sold_domain(self):
        return self._catalog_till_domain() & Domain("octopus_excluded", "=", False)

    def _catalog_till_domain(self):
        # Tips and discounts are products at the till, but no merchandise.
        special = self.env["pos.config"]._get_special_products().product_tmpl_id
        return (
            Domain("sale_ok", "=", True)
            & Domain("available_in_pos", "=", True)
            & Domain("company_id", "in", (False, self.company_id.id))
            & Domain("id", "not in", special.ids)
        )

    def _catalog_currency(self):
        """Return the currency of the prices that we send.

        :raise UserError: when the shop sells in another one
        """
        self.ensure_one()
        currency = self.pricelist_id.currency_id or self.company_id.currency_id
        if self.shop_currency and self.shop_currency != currency.name:
            raise UserError(
                self.env._(
                    "The Octopus shop sells in %(theirs)s, but our prices are in %(ours)s. Choose "
                    "a pricelist in %(theirs)s on the Settings tab.",
                    theirs=self.shop_currency,
                    ours=currency.name,
                )
            )
        return currency

    def _catalog_signature(self):
        """Return a text that differs when anything changed that many products depend on.

        Dated pricelist rules change prices by themselves, so the rules that apply just now are
        part of it.
        """
        self.ensure_one()
        parts = [str(self[name]) for name in SHARED_FIELDS]
        parts.append(str(self._catalog_env().lang))
        parts.append(str(self.env["product.template"]._octopus_weighs_in_pounds()))
        parts.append(self.env["product.template"]._octopus_kit_stamp())
        self.env.flush_all()
        for name in SHARED_MODELS:
            parts.append(self._table_stamp(SQL.identifier(self.env[name]._table)))
        now = fields.Datetime.now()
        rules = self.env["product.pricelist.item"].search(
            [
                "&",
                "|",
                ("date_start", "=", False),
                ("date_start", "<=", now),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", now),
                "|",
                ("date_start", "!=", False),
                ("date_end", "!=", False),
            ],
            order="id",
        )
        parts.append(str(rules.ids))
        return self.env["octopus.binding"]._payload_hash(parts)

    @api.model
    def _table_stamp(self, table):
        [(stamp,)] = self.env.execute_query(
            SQL("SELECT concat(count(*), ':', sum(extract(epoch FROM write_date))) FROM %s", table)
        )
        return stamp

    @api.model
    def _cron_sync_catalog(self):
        """Queue passes for the stores that send changes by themselves, where there are any."""
        accounts = self.search([("auto_catalog_sync", "=", True), ("state", "=", "connected")])
        runs = self.env["octopus.sync.run"]
        for account in accounts:
            if self.env["octopus.category"]._has_changes(account):
                runs._queue(account, "categories", at_once=False)
            if account._has_product_changes():
                runs._queue(account, "products", at_once=False)
            if self.env["octopus.image"]._has_changes(account, errors=False):
                runs._queue(account, "images", at_once=False)

    def _has_product_changes(self):
        """Tell whether a product pass would have anything to do, other than what failed before."""
        products, collects = self.env["octopus.product"], self.env["octopus.collect"]
        return self.catalog_signature != self._catalog_signature() or bool(
            products._next_candidates(self, after=0, full=False, limit=1, errors=False)
            or products._next_retired(self, after=0, limit=1, errors=False)
            or products._unanswered(self)
            or collects._has_changes(self)
        )
