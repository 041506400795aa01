from odoo import fields, models


class OctopusProduct(models.Model):
    """A product of ours and the product of Octopus that stands for it."""

    _name = "octopus.product"
    _description = "Product in Octopus"
    _inherit = ["octopus.binding"]

    # Bindings outlive their product: Octopus must still be told that it is gone.
    product_tmpl_id = fields.Many2one(
        "product.template", "Product", ondelete="set null", index=True
    )
    name = fields.Char("Title", readonly=True, help="The title that Octopus has.")
    variant_ids = fields.One2many("octopus.variant", "octopus_product_id", "Variants")
    is_archived = fields.Boolean(
        "Archived in Octopus", readonly=True, help="No channel sells it any more."
    )
    source_stamp = fields.Char(
        readonly=True,
        export_string_translation=False,
        help="Tells cheaply whether the product's own records were touched since the last look.",
    )

    _product_uniq = models.Constraint(
        "UNIQUE(account_id, product_tmpl_id)", "A product is in Octopus once per store."
    )
    _ref_idx = models.Index("(account_id, octopus_ref)")
