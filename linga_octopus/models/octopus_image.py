from odoo import fields, models


class OctopusImage(models.Model):
    """A picture of ours and the picture of Octopus that stands for it."""

    _name = "octopus.image"
    _description = "Picture in Octopus"
    _inherit = ["octopus.binding"]

    octopus_product_id = fields.Many2one(
        "octopus.product", "Product in Octopus", required=True, ondelete="cascade", index=True
    )
    octopus_variant_id = fields.Many2one(
        "octopus.variant",
        "Variant in Octopus",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty: the picture of the product itself.",
    )
    position = fields.Integer(required=True)
    checksum = fields.Char(
        readonly=True,
        export_string_translation=False,
        help="Of the picture that was last prepared: unchanged pictures are not even read.",
    )
    filename = fields.Char(readonly=True)
    replace_after = fields.Datetime(
        readonly=True,
        help="Octopus takes the new picture some seconds after the old one was removed.",
    )

    _product_uniq = models.UniqueIndex(
        "(octopus_product_id) WHERE octopus_variant_id IS NULL",
        "A product has one picture of its own.",
    )
    _variant_uniq = models.Constraint(
        "UNIQUE(octopus_variant_id)", "A variant has one picture of its own."
    )
