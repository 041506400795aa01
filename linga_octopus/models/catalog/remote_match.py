"""Finding the variants of Odoo among those that Octopus has already, before any is created."""

from odoo.fields import Domain

from ...const import CALLS_PER_BATCH
from ...lib.octopus_api.call_streak import repeat_at_once
from ...lib.octopus_api.errors import OctopusNotFound, OctopusServerError, OctopusValidationError
from ...lib.octopus_api.items import status_values
from .image_queries import unbound_pictures
from .product_product import code_domain


class RemoteMatch:
    """Compares variants of Octopus with those of Odoo: by SKU, then by barcode.

    :param scope: the CatalogScope of the store
    """

    def __init__(self, scope):
        self.scope = scope
        self.account = scope.account
        self.env = scope.account.env
        self.products = self.env["octopus.product"]
        self.variants = self.env["octopus.variant"]

    # === ALL THAT OCTOPUS HAS === #

    def clear_conflicts(self):
        """Clear the conflicts of the last comparison: a new one finds those that remain."""
        self._search_variants([("conflict_ref", "!=", False)]).conflict_ref = False

    def clear_attempts(self):
        """Clear the attempts of variants that the comparison did not find: they were not created.

        The comparison did not look for variants that left the catalog since.
        """
        self._search_variants(
            [
                ("attempted_at", "!=", False),
                ("octopus_ref", "=", False),
                ("product_id.active", "=", True),
                ("product_id.product_tmpl_id", "in", self.scope.eligible()),
            ]
        ).attempted_at = False

    def bind_page(self, page):
        """Bind the variants of Odoo that a page of Octopus's products holds.

        :param list page: RemoteProduct
        """
        remotes = [variant for product in page for variant in product.variants]
        bound = self._bound_refs([remote.ref for remote in remotes])
        remotes = [remote for remote in remotes if remote.ref not in bound]
        unbound = self._unbound_variants(remotes)
        found = self.env["product.product"]
        for remote in remotes:
            variant = unbound.get(remote.sku) or unbound.get(remote.barcode)
            # Of several remote variants with the SKU, the first one is bound.
            if variant and variant not in found:
                found |= self._bind(variant, remote)
        self._adopt_images(page)

    def _adopt_images(self, page):
        """Bind the pictures that Octopus has to those of Odoo in the same place, so that none is
        sent a second time. Odoo's picture replaces it when it is changed."""
        remotes = {product.ref: product.images for product in page if product.images}
        products = self.products.search_fetch(
            [("account_id", "=", self.account.id), ("octopus_ref", "in", list(remotes))],
            ["octopus_ref"],
        )
        images, rows = self.env["octopus.image"], unbound_pictures(self.scope, products.ids)
        variants = self.variants.browse(row["variant"] for row in rows if row["variant"])
        variant_refs = {variant.id: variant.octopus_ref for variant in variants}
        values, taken = [], set()
        for row in rows:
            of_product = remotes[self.products.browse(row["product"]).octopus_ref]
            ref = variant_refs.get(row["variant"])
            for position, image in enumerate(of_product, 1):
                # The pictures of a gallery are taken for the next ones, each once.
                if row["gallery"] and image.ref in taken:
                    continue
                if (ref in image.variant_refs) if ref else not image.variant_refs:
                    taken.add(image.ref)
                    values.append(
                        {
                            "account_id": self.account.id,
                            "octopus_product_id": row["product"],
                            "octopus_variant_id": row["variant"],
                            "gallery_ref": row["gallery"],
                            "octopus_ref": image.ref,
                            "position": position,
                            "filename": image.filename,
                            "checksum": row["checksum"],
                            "state": "synced",
                        }
                    )
                    break
        images.create(values)

    def _bound_refs(self, refs):
        """Return which of these ids of Octopus's variants have a binding."""
        bindings = self.variants.search_fetch(
            [("account_id", "=", self.account.id), ("octopus_ref", "in", refs)], ["octopus_ref"]
        )
        return set(bindings.mapped("octopus_ref"))

    def _unbound_variants(self, remotes):
        """Return ``{SKU or barcode: variant}`` of Odoo's variants that have no binding yet."""
        codes = {code for remote in remotes for code in (remote.sku, remote.barcode)} - {""}
        variants = self.env["product.product"].search(
            Domain("product_tmpl_id", "in", self.scope.eligible()) & code_domain(codes)
        )
        bound = self._search_variants(
            [("product_id", "in", variants.ids), ("octopus_ref", "!=", False)]
        )
        variants -= bound.product_id
        attempted = self._search_variants(
            [
                ("attempted_at", "!=", False),
                ("octopus_ref", "=", False),
                ("sku", "in", codes),
                ("product_id.active", "=", True),
            ]
        )
        by_sent_sku = {binding.sku: binding.product_id for binding in attempted}
        by_barcode = {variant.barcode.strip(): variant for variant in variants if variant.barcode}
        return by_sent_sku | by_barcode | {variant._octopus_sku(): variant for variant in variants}

    # === SINGLE VARIANTS === #

    def look_up(self, client, variants, checkpoint):
        """Ask Octopus for each of these variants whether it has it.

        :param checkpoint: commits an answer: the next question may meet the rate limit
        """
        for variant in variants:
            known = self._search_variants([("product_id", "=", variant.id)])
            if remote := self._find_remote(client, variant, known):
                self._bind(variant, remote)
            else:
                known.write({"attempted_at": False, "conflict_ref": False})
            checkpoint()

    def _find_remote(self, client, variant, known):
        """Return the RemoteVariant that stands for a variant of Odoo, or None.

        The SKU may have changed since the variant was sent, or was found by its barcode.
        """
        skus = dict.fromkeys([variant._octopus_sku(), known.sku or ""])
        for sku in filter(None, skus):
            remote = repeat_at_once(client.find_variant, sku)
            if not remote or self._bound_refs([remote.ref]):
                continue
            barcode = (variant.barcode or "").strip()
            if (
                sku == variant._octopus_sku()
                or known.attempted_at
                or (barcode and barcode == remote.barcode)
            ):
                return remote
        return None

    # === BINDING === #

    def _bind(self, variant, remote):
        """Save that Octopus has a variant of Odoo.

        :return: the variant; none when that contradicts a known binding: then the conflict is saved
        """
        template = variant.product_tmpl_id
        self.products._insert_missing(self.account, dict.fromkeys(template.ids))
        bindings = self.products.search(
            [
                ("account_id", "=", self.account.id),
                "|",
                ("product_tmpl_id", "=", template.id),
                ("octopus_ref", "=", remote.product_ref),
            ]
        )
        own = bindings.filtered(lambda binding: binding.product_tmpl_id == template)
        # Two products of Odoo are one in Octopus, or the reverse.
        if bindings != own or own.octopus_ref not in (False, remote.product_ref):
            self._save_variant(own, variant, remote, conflict_ref=remote.product_ref)
            return variant.browse()
        own.write({"octopus_ref": remote.product_ref, "payload_hash": False})
        self._save_variant(
            own,
            variant,
            remote,
            octopus_ref=remote.ref,
            inventory_item_ref=remote.inventory_item_ref,
            conflict_ref=False,
        )
        self.env["octopus.stock.event"]._enqueue_products(variant)
        return variant

    def _save_variant(self, binding, variant, remote, **values):
        """Write or create the binding of a variant."""
        values |= {
            "octopus_product_id": binding.id,
            "sku": remote.sku,
            "attempted_at": False,
        }
        if known := self._search_variants([("product_id", "=", variant.id)]):
            known.write(values)
        else:
            self.variants.create(
                {**values, "account_id": self.account.id, "product_id": variant.id}
            )

    def _search_variants(self, domain):
        return self.variants.search([("account_id", "=", self.account.id), *domain])


def find_deleted_remotely(client, refused):
    """Return the ids of the bindings of products and of variants that were deleted in Octopus.

    Octopus has no call to read one of them, and a SKU may be new to it or belong to another. So
    each is updated to what it is already; Octopus answers 404 only for one that was deleted.

    :param refused: pairs of the row of a product that Octopus refused, and those of its variants
    """
    products, variants, calls = [], [], 0
    # Products that were refused in an earlier run too come last: they must not use up all calls
    # each time.
    for product, rows in sorted(refused, key=lambda pair: pair[0]["state"] == "error"):
        if calls >= CALLS_PER_BATCH:
            break
        calls += 1
        status = status_values(is_archived=product["is_archived"], is_draft=product["is_draft"])
        if _is_not_found(client.update_product, product["octopus_ref"], status):
            products.append(product["id"])
            continue
        known = [row for row in rows if row["octopus_ref"] and row["sku"]]
        for row in known[: CALLS_PER_BATCH - calls]:
            calls += 1
            if _is_not_found(client.update_variant, row["octopus_ref"], {"sku": row["sku"]}):
                variants.append(row["id"])
    return products, variants


def _is_not_found(update, ref, values):
    try:
        update(ref, values)
    except OctopusNotFound:
        return True
    except (OctopusValidationError, OctopusServerError):
        return False
    return False
