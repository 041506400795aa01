from odoo import api, fields, models


class BaseModuleUninstall(models.TransientModel):
    _inherit = "base.module.uninstall"

    octopus_order_count = fields.Integer(compute="_compute_octopus")
    is_octopus_lost = fields.Boolean(compute="_compute_octopus")

    @api.depends("module_ids")
    def _compute_octopus(self):
        """Count what is lost when this addon is uninstalled, even along with another one."""
        count = self.env["octopus.order"].sudo().search_count([])
        for wizard in self:
            wizard.is_octopus_lost = "linga_octopus" in wizard._get_modules().mapped("name")
            wizard.octopus_order_count = count
