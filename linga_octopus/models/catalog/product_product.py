from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import MANAGER
from ...lib.octopus_api.parsing import BLANKS, INVISIBLE

# The SKU of a variant that has neither internal reference nor barcode begins with this.
GENERATED_SKU = "ODOO-"


def _sql_text(characters):
    return "E'" + "".join(f"\\u{ord(each):04x}" for each in characters) + "'"


# A code without what cannot be seen, as `clean_code` does it in Python.
CLEAN = (
    f"btrim(translate(%(column)s, {_sql_text(BLANKS + INVISIBLE)}, {_sql_text(' ' * len(BLANKS))}))"
)
# The same of the few codes that it changes, most of them from an import; NULL for all others. The
# index on it has all rows: PostgreSQL knows by its statistics how few have a value, and uses it.
# Of an index on these rows only it keeps none, and would read the whole table instead.
PADDED = f"(CASE WHEN %(column)s <> {CLEAN} THEN {CLEAN} END)"


class ProductProduct(models.Model):
    _inherit = "product.product"

    octopus_variant_ids = fields.One2many(
        "octopus.variant", "product_id", "Variant in Octopus", groups=MANAGER
    )

    # Without these indexes each batch of 250 products, and each order with an unknown SKU, would
    # read the whole table.
    _octopus_padded_code_idx = models.Index(f"({PADDED % {'column': 'default_code'}})")
    _octopus_padded_barcode_idx = models.Index(f"({PADDED % {'column': 'barcode'}})")
    # The codes that are not in upper case, to suggest one that differs in the case only.
    _octopus_cased_code_idx = models.Index(
        "(lower(default_code)) WHERE default_code <> upper(default_code)"
    )

    def _octopus_sku(self):
        """Return the SKU of the variant in Octopus."""
        self.ensure_one()
        return sku_of(self.default_code, self.barcode, self.id)

    def _octopus_extra_values(self):
        """Hook: return more fields of the variant for Octopus.

        Asked for each variant of a batch of 250 products, whose fields are in the cache. A field on
        the product or variant is sent when it changes; a change elsewhere waits for the next one
        of the product.

        :return: {key of Octopus: JSON value}; the addon's own fields cannot be replaced
        """
        self.ensure_one()
        return {}


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
        | Domain.custom(to_sql=lambda model, alias, query: _padded_in(alias, codes))
        | Domain("id", "in", generated_ids(codes))
    )


def _padded_in(alias, codes):
    """Return the condition of the variants whose code is one of these with blanks around it.

    They are found first, as a list: in one condition with the other codes, PostgreSQL may still
    clean the codes of the whole table, of which it does not know how long that takes.
    """
    # SQL takes no empty list; no variant has the code NULL.
    codes = (*codes, None)
    found = (
        SQL(
            "SELECT id FROM product_product WHERE %s IN %s",
            SQL(PADDED, column=SQL.identifier(name)),
            codes,
        )
        for name in ("default_code", "barcode")
    )
    return SQL("%s = ANY(ARRAY(%s))", SQL.identifier(alias, "id"), SQL(" UNION ALL ").join(found))
