from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import MANAGER

BLANKS = r"E' \t\n\r\u00a0'"
# The SKU of a variant that has neither internal reference nor barcode begins with this.
GENERATED_SKU = "ODOO-"


class ProductProduct(models.Model):
    _inherit = "product.product"

    octopus_variant_ids = fields.One2many(
        "octopus.variant", "product_id", "Variant in Octopus", groups=MANAGER
    )

    # Few codes have blanks around them, most of them from an import; only those are indexed.
    # Without these indexes each batch of 250 products would read the whole table.
    _octopus_padded_code_idx = models.Index(
        f"(btrim(default_code, {BLANKS})) WHERE default_code <> btrim(default_code, {BLANKS})"
    )
    _octopus_padded_barcode_idx = models.Index(
        f"(btrim(barcode, {BLANKS})) WHERE barcode <> btrim(barcode, {BLANKS})"
    )

    def _octopus_sku(self):
        """Return the SKU of the variant in Octopus."""
        self.ensure_one()
        return sku_of(self.default_code, self.barcode, self.id)


def sku_of(internal_reference, barcode, variant_id):
    """Return what identifies a variant in Octopus: internal reference, otherwise barcode,
    otherwise a code that stays the same as long as the variant exists."""
    return (
        (internal_reference or "").strip()
        or (barcode or "").strip()
        or f"{GENERATED_SKU}{variant_id}"
    )


def generated_ids(skus):
    """Return the ids of the variants that generated SKUs among these belong to."""
    tails = (sku.removeprefix(GENERATED_SKU) for sku in skus if sku.startswith(GENERATED_SKU))
    return [int(tail) for tail in tails if tail.isdecimal()]


def code_domain(codes):
    """Return the domain of the variants that have one of these texts as SKU or barcode."""
    return (
        Domain("default_code", "in", codes)
        | Domain("barcode", "in", codes)
        | Domain.custom(to_sql=lambda model, alias, query: _padded(alias, codes))
        | Domain("id", "in", generated_ids(codes))
    )


def _padded(alias, codes):
    """Return the condition of the variants whose code is one of these with blanks around it."""
    # SQL takes no empty list; no variant has the code NULL.
    codes = (*codes, None)
    conditions = []
    for name in ("default_code", "barcode"):
        column, blanks = SQL.identifier(alias, name), SQL(BLANKS)
        trimmed = SQL("btrim(%s, %s)", column, blanks)
        conditions.append(SQL("(%s <> %s AND %s IN %s)", column, trimmed, trimmed, codes))
    return SQL(" OR ").join(conditions)
