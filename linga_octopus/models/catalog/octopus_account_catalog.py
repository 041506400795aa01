from odoo import fields, models

from .scope import reset_catalog


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    category_source = fields.Selection(
        [("pos", "Point of Sale Categories"), ("product", "Product Categories")],
        "Categories to Send",
        default="pos",
        required=True,
        help="Which categories become those of your channels: those of the tills, or those of "
        "the products in Inventory.",
    )
    auto_catalog_sync = fields.Boolean(
        "Send Catalog Changes Automatically",
        copy=False,
        help="Changed categories, products and pictures go out every few minutes. Otherwise they "
        "go out when somebody presses the Sync buttons.",
    )
    is_catalog_matched = fields.Boolean(
        readonly=True,
        copy=False,
        help="What Octopus had at the first contact was compared with our products.",
        export_string_translation=False,
    )
    catalog_signature = fields.Char(
        readonly=True,
        copy=False,
        help="What all products depend on, as it was in the last finished pass.",
        export_string_translation=False,
    )

    def write(self, vals):
        before = {account: (account.merchant_name, account.base_url) for account in self}
        result = super().write(vals)
        for account in self:
            if before[account][0] and before[account] != (account.merchant_name, account.base_url):
                account._forget_catalog()
        return result

    def _forget_catalog(self):
        reset_catalog(self)

    def action_preview_catalog(self):
        """Show what the Sync buttons would send, and the issues that are in the way."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check Before Sending"),
            "res_model": "octopus.catalog.preview",
            "res_id": self.env["octopus.catalog.preview"]._check(self).id,
            "view_mode": "form",
            "target": "new",
        }
