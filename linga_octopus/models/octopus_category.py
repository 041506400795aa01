from odoo import fields, models


class OctopusCategory(models.Model):
    """A category of ours and the custom collection of Octopus that stands for it."""

    _name = "octopus.category"
    _description = "Category in Octopus"
    _inherit = ["octopus.binding"]
    _rec_name = "title"

    # Bindings outlive their category: Octopus must still be told that it is gone.
    pos_categ_id = fields.Many2one("pos.category", "PoS Category", ondelete="set null", index=True)
    product_categ_id = fields.Many2one(
        "product.category", "Product Category", ondelete="set null", index=True
    )
    title = fields.Char(readonly=True, help="The name that Octopus has, with those above it.")
    is_adopted = fields.Boolean(
        "Was There Before",
        readonly=True,
        help="Octopus had a collection of this name already. It stays when our category goes.",
    )

    _pos_categ_uniq = models.Constraint(
        "UNIQUE(account_id, pos_categ_id)", "A category is in Octopus once per store."
    )
    _product_categ_uniq = models.Constraint(
        "UNIQUE(account_id, product_categ_id)", "A category is in Octopus once per store."
    )
