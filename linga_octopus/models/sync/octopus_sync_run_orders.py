from odoo import models


class OctopusSyncRun(models.Model):
    _inherit = "octopus.sync.run"

    def action_retry(self):
        """Override: the new run of orders gets the fetch requests of this one."""
        notification = super().action_retry()
        if self.kind == "orders":
            self.env["octopus.order"]._run_retry(self)
        return notification
