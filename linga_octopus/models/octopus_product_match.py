"""Finding our products in Octopus before any of them is created there."""

from itertools import islice

from odoo import api, models
from odoo.fields import Domain

from ..const import BULK_LIMIT


class OctopusProduct(models.Model):
    _inherit = "octopus.product"

    # === READING ALL THAT OCTOPUS HAS === #

    @api.model
    def _match_some(self, run, client):
        """Compare one page of Octopus's products with ours: by SKU, then by barcode."""
        account = run.account_id
        page = list(islice(client.iter_products(since_id=run.cursor.get("since")), BULK_LIMIT))
        self._bind_page(account, page)
        if len(page) == BULK_LIMIT:
            run.cursor = {**run.cursor, "since": str(page[-1]["id"])}
            return True
        # Whatever was sent without an answer and is not there was not made.
        self.env["octopus.variant"].search(
            [
                ("account_id", "=", account.id),
                ("attempted_at", "!=", False),
                ("octopus_ref", "=", False),
            ]
        ).attempted_at = False
        account.is_catalogue_matched = True
        run.cursor = {**run.cursor, "phase": "send", "since": None, "matched": True}
        return True

    @api.model
    def _bind_page(self, account, page):
        remotes = [
            (str(product["id"]), variant)
            for product in page
            for variant in product.get("variants") or ()
        ]
        ours = self._unbound_variants(account, [variant for _ref, variant in remotes])
        for product_ref, remote in remotes:
            if variant := ours.get(_code(remote, "sku")) or ours.get(_code(remote, "barcode")):
                self._bind(account, variant, product_ref, remote)

    @api.model
    def _unbound_variants(self, account, remotes):
        """Return ``{SKU or barcode: variant}`` of ours that are not in Octopus yet."""
        codes = {_code(remote, key) for remote in remotes for key in ("sku", "barcode")} - {""}
        products = self.env["product.product"]
        variants = products.search(
            Domain("product_tmpl_id", "in", self._eligible(account))
            & products._octopus_code_domain(codes)
        )
        variants -= (
            self.env["octopus.variant"]
            .search(
                [
                    ("account_id", "=", account.id),
                    ("product_id", "in", variants.ids),
                    ("octopus_ref", "!=", False),
                ]
            )
            .product_id
        )
        by_barcode = {variant.barcode.strip(): variant for variant in variants if variant.barcode}
        return by_barcode | {variant._octopus_sku(): variant for variant in variants}

    # === ASKING FOR SINGLE PRODUCTS === #

    @api.model
    def _look_up(self, run, client, variants):
        """Ask Octopus for each of our variants whether it has it."""
        bindings = self.env["octopus.variant"]
        for variant in variants:
            remote = client.find_variant(variant._octopus_sku())
            if remote:
                self._bind(run.account_id, variant, str(remote["product_id"]), remote)
            else:
                bindings.search(
                    [("account_id", "=", run.account_id.id), ("product_id", "=", variant.id)]
                ).attempted_at = False
            # Each answer counts: the next question may meet the rate limit.
            run._checkpoint()

    # === BINDING === #

    @api.model
    def _bind(self, account, variant, product_ref, remote):
        """Record that Octopus has a variant of ours, unless that contradicts what is known."""
        template = variant.product_tmpl_id
        self._ensure(account, template.ids)
        bindings = self.search(
            [
                ("account_id", "=", account.id),
                "|",
                ("product_tmpl_id", "=", template.id),
                ("octopus_ref", "=", product_ref),
            ]
        )
        # Two products of ours in one of Octopus, or the reverse: left alone, so that the
        # difference shows up as a problem instead of being overwritten.
        if len(bindings) > 1 or bindings.octopus_ref not in (False, product_ref):
            return
        bindings.write({"octopus_ref": product_ref, "payload_hash": False})
        self.env["octopus.variant"]._bind(bindings, variant, remote)


def _code(remote, key):
    return str(remote.get(key) or "").strip()
