from odoo import models

from ..order.fetch import add_fetch_requests, fetch_requests


class OctopusSyncRun(models.Model):
    _inherit = "octopus.sync.run"

    def action_retry(self):
        """Override: the new run of orders gets the fetch requests of this one."""
        notification = super().action_retry()
        if self.kind == "orders" and (requests := fetch_requests(self)):
            add_fetch_requests(self._queue(self.account_id, "orders"), requests)
        return notification
