from odoo import models

from .scope import reset_catalog


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

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
