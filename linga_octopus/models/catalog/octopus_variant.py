import logging

from odoo import fields, models

from ...lib.octopus_api.call_streak import repeat_at_once
from ...lib.octopus_api.errors import OctopusValidationError

_logger = logging.getLogger(__name__)


class OctopusVariant(models.Model):
    """The link between a variant of Odoo and the variant of Octopus that stands for it."""

    _name = "octopus.variant"
    _description = "Variant in Octopus"
    _inherit = ["octopus.binding"]
    _rec_name = "sku"

    # === FIELDS === #

    octopus_product_id = fields.Many2one(
        "octopus.product", "Product in Octopus", required=True, ondelete="cascade", index=True
    )
    # The binding outlives the variant: the next run removes it from Octopus.
    product_id = fields.Many2one("product.product", "Variant", ondelete="set null", index=True)
    inventory_item_ref = fields.Char(
        "Octopus Inventory ID", index="btree_not_null", help="The ID that stock levels refer to."
    )
    is_archived = fields.Boolean(related="octopus_product_id.is_archived")
    sku = fields.Char("SKU", readonly=True, help="The SKU in Octopus.")
    # A line each, the latest first: channels go on using the SKU that a listing was made with.
    former_skus = fields.Text(readonly=True, export_string_translation=False)
    price = fields.Char(readonly=True, help="The price in Octopus.")
    uom_id = fields.Many2one(
        "uom.uom",
        "Packaging",
        readonly=True,
        help="The packaging that Octopus sells; empty: the unit of the product.",
    )
    has_sale = fields.Boolean(
        readonly=True, help="A sale price was sent to Octopus; its end must be sent as well."
    )
    details = fields.Json(
        readonly=True,
        prefetch=False,
        export_string_translation=False,
        help="The other prices and the custom attributes that Octopus was told last.",
    )
    conflict_ref = fields.Char(
        readonly=True,
        index="btree_not_null",
        export_string_translation=False,
        help="The product of Octopus that has the variant, while Odoo has it in another product.",
    )

    # === CONSTRAINTS === #

    _product_uniq = models.Constraint(
        "UNIQUE(account_id, product_id)", "A variant is in Octopus once per store."
    )
    _ref_idx = models.Index("(account_id, octopus_ref)")
    _sku_idx = models.Index("(account_id, sku)")
    _former_skus_idx = models.Index(
        r"USING gin (string_to_array(former_skus, E'\n')) WHERE former_skus IS NOT NULL"
    )

    # === ACTION METHODS === #

    def action_octopus_retry(self):
        """Send again what could not be sent."""
        return self.octopus_product_id.action_octopus_retry()

    # === BUSINESS METHODS === #

    def _find_sent(self, client):
        """Look in Octopus for a variant that left the catalog before its create was answered.

        It is found by the SKU that was sent, because the variant itself may be deleted.
        """
        remote = repeat_at_once(client.find_variant, self.sku) if self.attempted_at else None
        if remote and self._is_own(remote):
            self.octopus_ref = remote.ref
            self.inventory_item_ref = remote.inventory_item_ref
            self.octopus_product_id.octopus_ref = remote.product_ref
        self.attempted_at = False

    def _is_own(self, remote):
        """Tell whether neither a remote variant nor its product belongs to another binding."""
        own = self.octopus_product_id
        domain = [("account_id", "=", self.account_id.id)]
        return not (
            own.octopus_ref not in (False, remote.product_ref)
            or self.search_count([*domain, ("octopus_ref", "=", remote.ref)], limit=1)
            or own.search_count(
                [*domain, ("octopus_ref", "=", remote.product_ref), ("id", "!=", own.id)], limit=1
            )
        )

    def _delete_remote(self, client):
        """Delete a variant in Octopus that Odoo no longer has, and its binding."""
        if self.octopus_ref:
            client.delete_variant(self.octopus_product_id.octopus_ref, self.octopus_ref)
        self._unlink_with_images(client)

    def _unlink_with_images(self, client):
        """Unlink bindings of variants that Octopus no longer has, after their pictures were
        deleted there: without a binding the pictures would stay in Octopus for ever."""
        for image in self.env["octopus.image"].search([("octopus_variant_id", "in", self.ids)]):
            try:
                image._delete_remote(client)
            except OctopusValidationError as error:
                # A picture that Octopus keeps must not be in the way; a user can delete it there.
                _logger.warning(
                    "Octopus keeps picture %s of a variant that is gone: %s",
                    image.octopus_ref,
                    error,
                )
        self.unlink()
