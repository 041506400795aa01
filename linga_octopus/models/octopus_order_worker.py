import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

DEDUCT_CRON = "linga_octopus.ir_cron_octopus_order_deduct"
TELL_CRON = "linga_octopus.ir_cron_octopus_order_tell"
# The knee of the measured curve: more orders at once are hardly quicker per order, and hold
# the locks of hot products longer.
DEDUCT_BATCH = 25
# Other transactions change the same stock: how often to begin again before the next run.
MAX_TRIES = 5


class OctopusOrder(models.Model):
    """The queues of online orders, and the worker that takes their goods from the stock."""

    _name = "octopus.order"
    _inherit = ["octopus.order", "octopus.worker"]

    _queues = {DEDUCT_CRON: "stock_state = 'waiting'", TELL_CRON: "channel_state = 'to_tell'"}

    # === ACTION METHODS === #

    def action_retry_stock(self):
        """Try again to deduct the stock of blocked orders."""
        self.check_access("write")
        # The stock state is the worker's, but every user may ask for another try.
        blocked_sudo = self.sudo().filtered(lambda order: order.stock_state == "blocked")
        blocked_sudo.write({"stock_state": "waiting", "stock_message": False})
        blocked_sudo._wake_worker(DEDUCT_CRON)
        return True

    # === THE WORKER === #

    @api.model
    def _cron_deduct(self):
        """Deduct the stock of the waiting orders, a batch at a time."""
        waiting = [("stock_state", "=", "waiting")]
        cron = self.env["ir.cron"]
        tries = 0
        while batch := self._next_batch(waiting):
            try:
                batch._deduct_or_block()
                self.env["octopus.alert.cause"]._note_orders(batch)
            except OperationalError:
                # Somebody else changed the same stock: the batch again, in a new transaction
                # that sees what they did.
                self.env.cr.rollback()
                tries += 1
                if tries == MAX_TRIES:
                    raise
                continue
            tries = 0
            if not cron._commit_progress(len(batch), remaining=self.search_count(waiting)):
                break

    @api.model
    def _next_batch(self, domain):
        """Lock and return the orders whose turn it is; one that somebody changes just now is
        left for the next look."""
        orders = self.search(domain, order="id", limit=DEDUCT_BATCH)
        return orders.try_lock_for_update(allow_referencing=True)

    def _deduct_or_block(self):
        """Deduct these orders at once; when that fails, one by one, and block those that fail
        by themselves: a bad order never holds up the others."""
        try:
            with self.env.cr.savepoint():
                self._deduct()
        except OperationalError:
            raise
        # Whatever it is, it must end on the order that it is about.
        except Exception as error:  # noqa: BLE001
            if len(self) == 1:
                self._block(error)
                return
            _logger.info("Online orders %s are deducted one by one: %s", self.ids, error)
            for order in self:
                order._deduct_or_block()

    def _block(self, error):
        """Record on the order why its goods could not be moved."""
        if isinstance(error, UserError):
            reason = str(error)
        else:
            _logger.error("Stock of online order %s not deducted", self.id, exc_info=error)
            reason = self.env._("Something unexpected went wrong; the server log has the details.")
        self.write(
            {
                "stock_state": "blocked",
                "stock_message": self.env._(
                    "The goods could not be taken from the stock: %(reason)s\n"
                    "Correct it, then press Retry.",
                    reason=reason,
                ),
            }
        )
