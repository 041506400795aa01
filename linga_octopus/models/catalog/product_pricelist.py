from odoo import models
from odoo.fields import Domain


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_applicable_rules_domain(self, products, date, **kwargs):
        """Override of `product`: leave out dated rules where the regular price is wanted."""
        domain = super()._get_applicable_rules_domain(products, date, **kwargs)
        if self.env.context.get("octopus_regular_price"):
            undated = Domain("date_start", "=", False) & Domain("date_end", "=", False)
            domain = Domain(domain) & undated
        return domain
