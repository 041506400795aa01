from odoo import models

from .changes import flag_other_lines
from .refunds import store_refunds


class OctopusOrder(models.Model):
    """Follows what happens to an order after it was placed. All fields stand in room `order`."""

    _inherit = "octopus.order"

    def _follow_lines(self, remote):
        """Override."""
        flag_other_lines(self, remote)

    def _follow_refunds(self, remote):
        """Override."""
        store_refunds(self, remote)
