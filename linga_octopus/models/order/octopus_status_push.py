from odoo import api, fields, models

from ...const import PUSH_STATUS_CRON
from . import status_push

# The condition of the queue. Orders of a store without connection, or with a later try, do not
# keep the worker awake.
TO_PUSH = """(push_status = 'pending' OR is_parcel_due IS TRUE)
        AND (push_retry_at IS NULL OR push_retry_at <= now() AT TIME ZONE 'UTC')
        AND account_id IN (
            SELECT id FROM octopus_account WHERE state = 'connected' AND active
               AND (push_resume_at IS NULL OR push_resume_at <= now() AT TIME ZONE 'UTC'))"""


class OctopusStatusPush(models.AbstractModel):
    """An order whose status and parcels are sent to Octopus; the worker is `status_push`."""

    _name = "octopus.status.push"
    _inherit = "octopus.order.handover"
    _description = "Status to Send to Octopus"

    push_status = fields.Selection(
        [
            ("pending", "Pending"),
            ("synced", "Synced"),
            ("tag_only", "Synced as Tag Only"),
            ("failed", "Failed"),
        ],
        readonly=True,
        copy=False,
        help="Whether the status of the order was sent to Octopus.",
    )
    pushed_at = fields.Datetime("Status Sent", readonly=True, copy=False)
    push_attempts = fields.Integer(readonly=True, copy=False, export_string_translation=False)
    push_retry_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)

    _push_pending_idx = models.Index("(id) WHERE push_status = 'pending' OR is_parcel_due IS TRUE")
    # For the count on the overview.
    _push_failed_idx = models.Index("(account_id) WHERE push_status = 'failed'")

    # === ACTION METHODS === #

    def action_retry_push(self):
        """Send the status and the parcels to Octopus again."""
        self.check_access("write")
        # Only workers may change the push status, but every user may ask for another try.
        self.sudo().filtered(lambda order: order.push_status == "failed")._queue_status_push()
        self.sudo()._retry_parcels()
        return True

    # === BUSINESS METHODS === #

    def _queue_status_push(self):
        """Have the worker send the status of these orders to Octopus; `self` is sudoed."""
        self.write({"push_status": "pending", "push_attempts": 0, "push_retry_at": False})
        self._wake_worker(PUSH_STATUS_CRON)

    # === CRON METHODS === #

    @api.model
    def _cron_push_status(self):
        """Send the parcels, and the status of completed and cancelled orders, to Octopus."""
        self._ship_tracked()
        status_push.push_pending(self)
