from odoo import fields, models


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

    _product_uniq = models.Constraint(
        "UNIQUE(account_id, product_id)", "A variant is in Octopus once per store."
    )
    _ref_idx = models.Index("(account_id, octopus_ref)")
