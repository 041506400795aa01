from odoo import api, fields, models
from odoo.tools import SQL


class OctopusProductAlias(models.Model):
    """What a channel calls a product in Odoo, saved when a user maps the line of an order."""

    _name = "octopus.product.alias"
    _description = "Octopus Product Alias"
    _inherit = ["octopus.company.guard"]
    _check_company_auto = True
    _order = "account_id, kind, key"

    account_id = fields.Many2one("octopus.account", "Store", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    kind = fields.Selection(
        [("variant", "Octopus Variant"), ("sku", "SKU"), ("barcode", "Barcode")], required=True
    )
    key = fields.Char("Called", required=True, help="What the channel calls the product.")
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", check_company=True, index=True
    )
    # Written by the worker that deducts the goods of orders.
    source = fields.Char("Channel", readonly=True, help="The channel of the latest order.")
    use_count = fields.Integer("Uses", readonly=True, help="Lines of orders that took the product.")
    last_used_at = fields.Datetime(
        "Last Use", readonly=True, help="When goods were last deducted because of it."
    )

    _key_uniq = models.Constraint(
        "UNIQUE(account_id, kind, key)", "This name of a product is already mapped."
    )

    @api.onchange("product_id")
    def _onchange_product_id(self):
        """Say what a correction does."""
        if not self._origin or self.product_id == self._origin.product_id:
            return None
        message = self.env._(
            "Later orders take this product. Orders that are in Odoo already keep theirs."
        )
        title = self.env._("For Later Orders")
        return {"warning": {"title": title, "message": message, "type": "notification"}}

    def _count_uses(self, source, count):
        """Count lines of an order that took the product; `self` is sudoed. The sum is made by
        PostgreSQL: a user may correct the product meanwhile."""
        self.flush_recordset()
        query = SQL(
            """UPDATE octopus_product_alias
                  SET use_count = coalesce(use_count, 0) + %s, last_used_at = %s, source = %s
                WHERE id IN %s""",
            count,
            fields.Datetime.now(),
            source,
            tuple(self.ids) or (None,),
        )
        self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_recordset(["use_count", "last_used_at", "source"])
