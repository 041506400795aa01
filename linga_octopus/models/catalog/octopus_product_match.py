"""Finding our products in Octopus before any of them is created there."""

from itertools import islice

from odoo import api, models
from odoo.fields import Domain

from ...const import BULK_LIMIT


class OctopusProduct(models.Model):
    _inherit = "octopus.product"

    # === READING ALL THAT OCTOPUS HAS === #

    @api.model
    def _match_some(self, run, client):
        """Compare one page of Octopus's products with ours: by SKU, then by barcode."""
        account = run.account_id
        if not run.cursor.get("since"):
            self.env["octopus.variant"].search(
                [("account_id", "=", account.id), ("conflict_ref", "!=", False)]
            ).conflict_ref = False
        page = list(islice(client.iter_products(since_id=run.cursor.get("since")), BULK_LIMIT))
        self._bind_page(account, page)
        if len(page) == BULK_LIMIT:
            run.cursor = {**run.cursor, "since": str(page[-1]["id"])}
            return True
        # Whatever was sent without an answer and is not there was not made. What left the catalog
        # since was not looked for.
        self.env["octopus.variant"].search(
            [
                ("account_id", "=", account.id),
                ("attempted_at", "!=", False),
                ("octopus_ref", "=", False),
                ("product_id.active", "=", True),
                ("product_id.product_tmpl_id", "in", self._eligible(account)),
            ]
        ).attempted_at = False
        account.is_catalog_matched = True
        run.cursor = {**run.cursor, "phase": "send", "since": None, "matched": True}
        return True

    @api.model
    def _bind_page(self, account, page):
        remotes = [
            (str(product["id"]), variant)
            for product in page
            for variant in product.get("variants") or ()
        ]
        bound = self._bound_refs(account, [str(remote["id"]) for _ref, remote in remotes])
        remotes = [(ref, remote) for ref, remote in remotes if str(remote["id"]) not in bound]
        ours = self._unbound_variants(account, [remote for _ref, remote in remotes])
        found = self.env["product.product"]
        for product_ref, remote in remotes:
            variant = ours.get(_code(remote, "sku")) or ours.get(_code(remote, "barcode"))
            # Of several that have the SKU the first one is ours.
            if variant and variant not in found:
                found |= self._bind(account, variant, product_ref, remote)

    @api.model
    def _bound_refs(self, account, refs):
        """Return which of these ids of Octopus's variants are known as variants of ours."""
        bindings = self.env["octopus.variant"].search_fetch(
            [("account_id", "=", account.id), ("octopus_ref", "in", refs)], ["octopus_ref"]
        )
        return set(bindings.mapped("octopus_ref"))

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
        attempted = self.env["octopus.variant"].search(
            [
                ("account_id", "=", account.id),
                ("attempted_at", "!=", False),
                ("octopus_ref", "=", False),
                ("sku", "in", codes),
                ("product_id.active", "=", True),
            ]
        )
        by_sent_sku = {binding.sku: binding.product_id for binding in attempted}
        by_barcode = {variant.barcode.strip(): variant for variant in variants if variant.barcode}
        return by_sent_sku | by_barcode | {variant._octopus_sku(): variant for variant in variants}

    # === ASKING FOR SINGLE PRODUCTS === #

    @api.model
    def _look_up(self, run, client, variants):
        """Ask Octopus for each of our variants whether it has it."""
        account = run.account_id
        for variant in variants:
            known = self.env["octopus.variant"].search(
                [("account_id", "=", account.id), ("product_id", "=", variant.id)]
            )
            if remote := self._ask_for(client, account, variant, known):
                self._bind(account, variant, str(remote["product_id"]), remote)
            else:
                known.write({"attempted_at": False, "conflict_ref": False})
            # Each answer counts: the next question may meet the rate limit.
            run._checkpoint()

    @api.model
    def _ask_for(self, client, account, variant, known):
        """Return the variant of Octopus that is this one of ours, or None.

        Its SKU may have changed since it was sent, or found by its barcode.
        """
        skus = dict.fromkeys([variant._octopus_sku(), known.sku or ""])
        for sku in filter(None, skus):
            remote = client.find_variant(sku)
            if not remote or self._bound_refs(account, [str(remote["id"])]):
                continue
            barcode = (variant.barcode or "").strip()
            if (
                sku == variant._octopus_sku()
                or known.attempted_at
                or (barcode and barcode == _code(remote, "barcode"))
            ):
                return remote
        return None

    # === BINDING === #

    @api.model
    def _bind(self, account, variant, product_ref, remote):
        """Record that Octopus has a variant of ours.

        :return: the variant; none when that contradicts what is known, which is recorded instead
        """
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
        own = bindings.filtered(lambda binding: binding.product_tmpl_id == template)
        # Two products of ours in one of Octopus, or the reverse.
        if bindings != own or own.octopus_ref not in (False, product_ref):
            self.env["octopus.variant"]._note_remote(own, variant, remote, conflict_ref=product_ref)
            return variant.browse()
        own.write({"octopus_ref": product_ref, "payload_hash": False})
        self.env["octopus.variant"]._bind(own, variant, remote)
        return variant


def _code(remote, key):
    return str(remote.get(key) or "").strip()
