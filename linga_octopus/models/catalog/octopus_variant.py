import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ...lib.octopus_api.errors import OctopusValidationError

_logger = logging.getLogger(__name__)


class OctopusVariant(models.Model):
    """A variant of ours and the variant of Octopus that stands for it."""

    _name = "octopus.variant"
    _description = "Variant in Octopus"
    _inherit = ["octopus.binding"]
    _rec_name = "sku"

    octopus_product_id = fields.Many2one(
        "octopus.product", "Product in Octopus", required=True, ondelete="cascade", index=True
    )
    # Bindings outlive their variant: Octopus must still be told that it is gone.
    product_id = fields.Many2one("product.product", "Variant", ondelete="set null", index=True)
    inventory_item_ref = fields.Char(
        "Octopus Inventory ID", index="btree_not_null", help="What stock levels refer to."
    )
    is_archived = fields.Boolean(related="octopus_product_id.is_archived")
    sku = fields.Char("SKU", readonly=True, help="The SKU that Octopus has.")
    price = fields.Char(readonly=True, help="The price that Octopus has.")
    has_sale = fields.Boolean(
        readonly=True, help="Octopus was told of a sale price, and must be told of its end."
    )

    conflict_ref = fields.Char(
        readonly=True,
        index="btree_not_null",
        export_string_translation=False,
        help="The product of Octopus that has the variant, while ours is in another.",
    )

    _product_uniq = models.Constraint(
        "UNIQUE(account_id, product_id)", "A variant is in Octopus once per store."
    )
    _ref_idx = models.Index("(account_id, octopus_ref)")
    _sku_idx = models.Index("(account_id, sku)")

    @api.model
    def _attempt(self, account, attempts):
        """Note that variants which Octopus has not got are about to be sent, and as what.

        Until the answer is recorded, Octopus may have them or not.

        :param list attempts: ids of bindings of products, ids of variants, and SKUs
        """
        self.flush_model()
        binding_ids, product_ids, skus = map(list, zip(*attempts, strict=True))
        self.env.cr.execute(
            SQL(
                """INSERT INTO octopus_variant (account_id, company_id, octopus_product_id,
                       product_id, sku, state, attempted_at, create_date, write_date)
                   SELECT %(account)s, %(company)s, v.binding, v.product, v.sku, 'pending',
                       %(now)s, %(now)s, %(now)s
                   FROM unnest(%(bindings)s, %(products)s, %(skus)s) AS v(binding, product, sku)
                   ON CONFLICT (account_id, product_id) DO UPDATE
                   SET attempted_at = %(now)s, sku = excluded.sku
                   WHERE octopus_variant.octopus_ref IS NULL""",
                account=account.id,
                company=account.company_id.id,
                bindings=binding_ids,
                products=product_ids,
                skus=skus,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _forget_attempts(self, account, template_ids):
        """Note that Octopus has not got the variants that were about to be sent."""
        self.search(
            [
                ("account_id", "=", account.id),
                ("octopus_product_id.product_tmpl_id", "in", template_ids),
                ("octopus_ref", "=", False),
            ]
        ).attempted_at = False

    @api.model
    def _bind(self, binding, variant, remote):
        """Record which variant of Octopus one of ours is.

        :param binding: the product's
        :param dict remote: as Octopus answered it
        """
        self._note_remote(
            binding,
            variant,
            remote,
            octopus_ref=str(remote["id"]),
            inventory_item_ref=str(remote.get("inventory_item_id") or "") or False,
            conflict_ref=False,
        )
        self._mark_stock(variant.ids)

    @api.model
    def _note_remote(self, binding, variant, remote, **values):
        """Record what Octopus has of one of our variants."""
        values |= {
            "octopus_product_id": binding.id,
            "sku": str(remote.get("sku") or "").strip(),
            "attempted_at": False,
        }
        account = binding.account_id
        known = self.search([("account_id", "=", account.id), ("product_id", "=", variant.id)])
        if known:
            known.write(values)
        else:
            self.create({**values, "account_id": account.id, "product_id": variant.id})

    @api.model
    def _mark_stock(self, product_ids):
        """Have the stock of these products sent: Octopus has them anew, or no longer."""
        self.env["octopus.stock.event"]._enqueue_products(
            self.env["product.product"].browse(product_ids)
        )

    def _find_sent(self, client):
        """Ask Octopus for a variant that left the catalog before its create was answered, by
        what was sent: the variant itself may be gone."""
        remote = client.find_variant(self.sku) if self.attempted_at else None
        if remote and self._is_ours(remote):
            self.octopus_ref = str(remote["id"])
            self.inventory_item_ref = str(remote.get("inventory_item_id") or "") or False
            self.octopus_product_id.octopus_ref = str(remote["product_id"])
        self.attempted_at = False

    def _is_ours(self, remote):
        """Tell whether a variant of Octopus with our SKU, and its product, are of no other."""
        own, product_ref = self.octopus_product_id, str(remote["product_id"])
        domain = [("account_id", "=", self.account_id.id)]
        return not (
            own.octopus_ref not in (False, product_ref)
            or self.search_count([*domain, ("octopus_ref", "=", str(remote["id"]))], limit=1)
            or own.search_count(
                [*domain, ("octopus_ref", "=", product_ref), ("id", "!=", own.id)], limit=1
            )
        )

    def _remove(self, client):
        """Remove a variant from Octopus that we have no longer."""
        if self.octopus_ref:
            client.delete_variant(self.octopus_product_id.octopus_ref, self.octopus_ref)
        self._forget(client)

    def _forget(self, client):
        """Forget variants that Octopus has no longer, after their pictures: nobody else knows of
        those, and they would stay for ever."""
        for image in self.env["octopus.image"].search([("octopus_variant_id", "in", self.ids)]):
            try:
                image._remove(client)
            except OctopusValidationError as error:
                # One that Octopus keeps must not be in the way; a person can remove it there.
                _logger.warning(
                    "Octopus keeps picture %s of a variant that is gone: %s",
                    image.octopus_ref,
                    error,
                )
        self.unlink()

    def action_octopus_retry(self):
        """Send what could not be sent, again."""
        return self.octopus_product_id.action_octopus_retry()
