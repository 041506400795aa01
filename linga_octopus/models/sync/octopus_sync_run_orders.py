from odoo import models

from ..order.octopus_order_fetch import fetch_requests_of


class OctopusSyncRun(models.Model):
    """What is special about trying a pass of orders again."""

    _inherit = "octopus.sync.run"

    def action_retry(self):
        """Override: what somebody wished this pass to fetch is wished again."""
        notification = super().action_retry()
        if self.kind == "orders" and (wishes := fetch_requests_of(self)):
            self.env["octopus.order"]._request_fetch(self.account_id, *wishes)
        return notification
