from odoo import api, fields, models

from .image_run import ImageRun


class OctopusImage(models.Model):
    """The link between a picture of Odoo and the picture of Octopus that stands for it."""

    _name = "octopus.image"
    _description = "Image in Octopus"
    _inherit = ["octopus.binding"]

    # === FIELDS === #

    octopus_product_id = fields.Many2one(
        "octopus.product", "Product in Octopus", required=True, ondelete="cascade", index=True
    )
    octopus_variant_id = fields.Many2one(
        "octopus.variant",
        "Variant in Octopus",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty for the image of the product itself.",
    )
    position = fields.Integer(required=True)
    checksum = fields.Char(
        readonly=True,
        export_string_translation=False,
        help="The checksum of the file that was last prepared: unchanged files are not even read.",
    )
    filename = fields.Char(readonly=True)
    replace_after = fields.Datetime(
        readonly=True,
        help="Octopus takes the new image some seconds after the old one was deleted.",
    )

    # === CONSTRAINTS === #

    _product_uniq = models.UniqueIndex(
        "(octopus_product_id) WHERE octopus_variant_id IS NULL",
        "A product has one image of its own.",
    )
    _variant_uniq = models.Constraint(
        "UNIQUE(octopus_variant_id)", "A variant has one image of its own."
    )

    # === ACTION METHODS === #

    def action_octopus_retry(self):
        """Send again what could not be sent."""
        self.check_access("read")
        for account in self.account_id:
            account._queue_run("images")
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _run_start(self, run):
        return ImageRun(run).start()

    @api.model
    def _run_batch(self, run, client):
        return ImageRun(run, client).do_batch()

    def _owner(self):
        """Return the product or variant of Odoo that the picture belongs to."""
        return self.octopus_variant_id.product_id or self.octopus_product_id.product_tmpl_id

    def _named_error(self):
        """Return the error as the product's page shows it, which may have several pictures."""
        variant = self.octopus_variant_id.product_id
        if self.error and variant:
            return f"{variant.display_name}: {self.error}"
        return self.error

    def _save_sent(self, ref, filename, checksum):
        """Save that Octopus has the picture.

        :param str checksum: of the file in Odoo
        """
        self.write(
            {
                "octopus_ref": ref,
                "state": "synced",
                "error": False,
                "checksum": checksum,
                "filename": filename,
                "synced_at": fields.Datetime.now(),
                "attempted_at": False,
            }
        )

    def _save_error(self, error):
        self.write({"state": "error", "error": error, "attempted_at": False})

    def _delete_remote(self, client):
        """Delete the picture in Octopus; one that is gone already is fine."""
        if self.attempted_at and not self.octopus_ref:
            self.octopus_ref = self._find_remote(client)
        if self.octopus_ref:
            client.delete_image(self.octopus_product_id.octopus_ref, self.octopus_ref)
            self.write(
                {"octopus_ref": False, "state": "pending", "error": False, "attempted_at": False}
            )

    def _find_remote(self, client):
        """Return the id in Octopus of a picture whose create got no answer, or None."""
        product = self.octopus_product_id
        if not self.filename:
            return None
        for remote in client.iter_products(title=product.name):
            if remote.ref == product.octopus_ref:
                for image in remote.images:
                    if image.is_named(self.filename):
                        return image.ref
        return None
