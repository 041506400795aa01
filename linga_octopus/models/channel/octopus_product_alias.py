from odoo import fields, models


class OctopusProductAlias(models.Model):
    """What a channel calls a product in Odoo, saved when a user maps the line of an order."""

    _name = "octopus.product.alias"
    _description = "Octopus Product Alias"
    _inherit = ["octopus.company.guard"]
    _check_company_auto = True
    _order = "account_id, kind, key"

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    kind = fields.Selection(
        [("variant", "Octopus Variant"), ("sku", "SKU"), ("barcode", "Barcode")], required=True
    )
    key = fields.Char("Called", required=True)
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", check_company=True, index=True
    )

    _key_uniq = models.Constraint(
        "UNIQUE(account_id, kind, key)", "This name of a product is already mapped."
    )
