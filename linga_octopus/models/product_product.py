from odoo import api, fields, models
from odoo.fields import Domain

from ..const import MANAGER

# What the SKU of a variant begins with that has neither internal reference nor barcode.
GENERATED_SKU = "ODOO-"


class ProductProduct(models.Model):
    _inherit = "product.product"

    octopus_variant_ids = fields.One2many(
        "octopus.variant", "product_id", "Variant in Octopus", groups=MANAGER
    )

    def _octopus_sku(self):
        """Return what identifies the variant in Octopus: internal reference, else barcode, else
        a code that stays the same as long as the variant lives."""
        self.ensure_one()
        return (
            (self.default_code or "").strip()
            or (self.barcode or "").strip()
            or f"{GENERATED_SKU}{self.id}"
        )

    @api.model
    def _octopus_code_domain(self, codes):
        """Return the domain of the variants that one of these SKUs or barcodes may mean."""
        generated = [
            code.removeprefix(GENERATED_SKU) for code in codes if code.startswith(GENERATED_SKU)
        ]
        return (
            Domain("default_code", "in", codes)
            | Domain("barcode", "in", codes)
            | Domain("id", "in", [int(code) for code in generated if code.isdecimal()])
        )
