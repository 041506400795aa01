from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class IrCron(models.Model):
    """The scheduled actions of the addon are part of it: all workers are."""

    _inherit = "ir.cron"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_octopus(self):
        """Refuse to delete a worker: whatever wakes it would fail."""
        ours = Domain("module", "=", "linga_octopus") & Domain("model", "=", "ir.cron")
        if self.env["ir.model.data"].sudo().search_count(ours & Domain("res_id", "in", self.ids)):
            raise UserError(
                self.env._(
                    "This scheduled action belongs to Linga Octopus. Switch it off instead of "
                    "deleting it."
                )
            )
