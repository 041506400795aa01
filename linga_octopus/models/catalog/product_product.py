from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import MANAGER

# What the SKU of a variant begins with that has neither internal reference nor barcode.
GENERATED_SKU = "ODOO-"

BLANKS = r"E' \t\n\r\u00a0'"


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

    # Few have blanks around their codes, mostly from an import; those alone are in here.
    _octopus_padded_code_idx = models.Index(
        f"(btrim(default_code, {BLANKS})) WHERE default_code <> btrim(default_code, {BLANKS})"
    )
    _octopus_padded_barcode_idx = models.Index(
        f"(btrim(barcode, {BLANKS})) WHERE barcode <> btrim(barcode, {BLANKS})"
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
            | Domain.custom(to_sql=lambda model, alias, query: _padded(alias, codes))
            | Domain("id", "in", [int(code) for code in generated if code.isdecimal()])
        )


def _padded(alias, codes):
    """Return the condition of the products whose code is one of these but for blanks around it."""
    # One that no product has: SQL takes no empty list.
    codes = (*codes, None)
    conditions = []
    for name in ("default_code", "barcode"):
        column, blanks = SQL.identifier(alias, name), SQL(BLANKS)
        trimmed = SQL("btrim(%s, %s)", column, blanks)
        conditions.append(SQL("(%s <> %s AND %s IN %s)", column, trimmed, trimmed, codes))
    return SQL(" OR ").join(conditions)
