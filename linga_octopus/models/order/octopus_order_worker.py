import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import ALERT_CRON
from ...orm import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

DEDUCT_CRON = "linga_octopus.ir_cron_octopus_order_deduct"
PUSH_STATUS_CRON = "linga_octopus.ir_cron_octopus_order_push_status"
# The knee of the measured curve: more orders at once are hardly quicker per order, and hold
# the locks of hot products longer.
DEDUCT_BATCH = 25
# Other transactions change the same stock: how often to begin again, with fewer and fewer orders,
# and after how many seconds to come back when even that does not help.
MAX_TRIES = 8
COME_BACK_SECONDS = 5


class OctopusOrder(models.Model):
    """The queues of online orders, and the worker that takes their goods from the stock."""

    _name = "octopus.order"
    _inherit = ["octopus.order", "octopus.queue"]

    _queues = {
        DEDUCT_CRON: "(stock_state = 'waiting' OR is_return_due IS TRUE)",
        # Others, of a store without connection or to be told again later, let nobody wait.
        PUSH_STATUS_CRON: """push_status = 'pending'
            AND (push_retry_at IS NULL OR push_retry_at <= now() AT TIME ZONE 'UTC')
            AND account_id IN (
                SELECT id FROM octopus_account WHERE state = 'connected' AND active)""",
    }

    # === ACTION METHODS === #

    def action_retry_stock(self):
        """Try again to move the goods of blocked orders."""
        self.check_access("write")
        # The stock state is the worker's, but every user may ask for another try.
        blocked_sudo = self.sudo().filtered(lambda order: order.stock_state == "blocked")
        blocked_sudo.write({"stock_state": "waiting", "stock_message": False})
        blocked_sudo._wake_worker(DEDUCT_CRON)
        return True

    # === THE WORKER === #

    @api.model
    def _cron_deduct(self):
        """Deduct the stock of the waiting orders, and give back what the channel took back, a batch
        at a time."""
        waiting = ["|", ("stock_state", "=", "waiting"), ("is_return_due", "=", True)]
        cron = self.env["ir.cron"]
        tries, size = 0, DEDUCT_BATCH
        while True:
            try:
                batch = self._next_batch(waiting, size)
                if not batch:
                    break
                batch._move_or_block()
                if any(order.is_alert_due for order in batch):
                    self.env.ref(ALERT_CRON).sudo()._trigger()
            except CONCURRENCY_ERRORS:
                # Somebody else changed one of the orders or the same stock: again, in a new
                # transaction that sees what they did. A few orders are done sooner, and meet fewer
                # others, than many.
                self.env.cr.rollback()
                tries += 1
                size = max(size // 3, 1)
                if tries < MAX_TRIES:
                    continue
                # Not a failure of the worker's: a rush at the tills.
                moment = fields.Datetime.now() + timedelta(seconds=COME_BACK_SECONDS)
                self.env.ref(DEDUCT_CRON)._trigger(moment)
                return
            tries, size = 0, min(2 * size, DEDUCT_BATCH)
            if not cron._commit_progress(len(batch), remaining=self.search_count(waiting)):
                break

    @api.model
    def _next_batch(self, domain, size):
        """Lock and return the orders whose turn it is; one that somebody changes just now is
        left for the next look."""
        orders = self.search(domain, order="id", limit=size)
        return orders.try_lock_for_update(allow_referencing=True)

    def _move_or_block(self):
        """Move the goods of these orders at once; when that fails, one by one, and block those
        that fail by themselves: a bad order never holds up the others."""
        try:
            with self.env.cr.savepoint():
                self._move_goods()
        except CONCURRENCY_ERRORS:
            raise
        # Whatever it is, it must end on the order that it is about.
        except Exception as error:  # noqa: BLE001
            if len(self) == 1:
                self._block(error)
                return
            _logger.info("Online orders %s are deducted one by one: %s", self.ids, error)
            for order in self:
                order._move_or_block()

    def _block(self, error):
        """Record on the order why its goods could not be moved."""
        if isinstance(error, UserError):
            reason = str(error)
        else:
            _logger.error("Stock of online order %s not deducted", self.id, exc_info=error)
            reason = self.env._("Something unexpected went wrong; the server log has the details.")
        if self.is_return_due:
            message = self.env._(
                "The goods could not be put back on the stock: %(reason)s\n"
                "Correct it, then press Retry Stock.",
                reason=reason,
            )
        else:
            message = self.env._(
                "The goods could not be taken from the stock: %(reason)s\n"
                "Correct it, then press Retry Stock.",
                reason=reason,
            )
        self.write({"stock_state": "blocked", "stock_message": message, "is_return_due": False})
