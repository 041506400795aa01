from odoo import api, fields, models

from ...const import PUSH_STATUS_CRON
from . import status_push
from .screens import cancel_questions
from .status_rules import check_seen_status

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
    cancel_reason = fields.Selection(
        [
            ("inventory", "Out of Stock"),
            ("customer", "Customer Changed Their Mind"),
            ("fraud", "Fraud"),
            ("other", "Other"),
        ],
        readonly=True,
        copy=False,
        help="Why the order was cancelled in Odoo. Octopus is told.",
    )
    push_attempts = fields.Integer(readonly=True, copy=False, export_string_translation=False)
    push_retry_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)

    _push_pending_idx = models.Index("(id) WHERE push_status = 'pending' OR is_parcel_due IS TRUE")
    # For the count on the overview.
    _push_failed_idx = models.Index("(account_id) WHERE push_status = 'failed'")

    # === ACTION METHODS === #

    def action_cancel(self, reason=False):
        """Cancel the orders and return their goods to stock.

        :param reason: a value of `cancel_reason`
        """
        check_seen_status(self)
        vals = {"status": "cancelled", "cancel_reason": reason}
        self.filtered(lambda order: order.status != "cancelled").write(vals)
        return True

    def action_ask_cancel(self):
        """Cancel after a dialog that lists the goods that are returned to stock."""
        params = {
            "order_ids": self.ids,
            "questions": self.get_cancel_questions(),
            "seen_status": {str(order.id): order.status for order in self},
        }
        return {
            "type": "ir.actions.client",
            "tag": "linga_octopus.cancel_orders",
            "params": params,
        }

    def action_retry_push(self):
        """Send the status and the parcels to Octopus again."""
        self.check_access("write")
        # Only workers may change the push status, but every user may ask for another try.
        self.sudo().filtered(lambda order: order.push_status == "failed")._queue_status_push()
        self.sudo()._retry_parcels()
        return True

    # === BUSINESS METHODS === #

    def get_cancel_questions(self):
        """Return the questions before these orders are cancelled, each in plain lines of text."""
        check_seen_status(self)
        return cancel_questions(self)

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
