from odoo import api, fields, models

from ...orm import delete_batch
from .read_back import NOTIFICATION_CRON, OrderReadBack

KEEP_NOTIFICATION_DAYS = 30
MAX_WAITING = 10_000


class OctopusOrderNotification(models.Model):
    """A webhook request without credentials: it says that an order changed.

    The sender is not authenticated, so the order is read back from Octopus. Append-only:
    concurrent notifications of the same order do not wait for each other.
    """

    _name = "octopus.order.notification"
    _description = "Online Order Notification"
    _inherit = ["octopus.queue"]
    _order = "id"

    # New notifications that the worker can process now; the others do not wake it.
    _queues = {
        NOTIFICATION_CRON: """times_asked = 0 AND account_id IN (
            SELECT id FROM octopus_account WHERE state = 'connected' AND active)"""
    }

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    aggregator_order_no = fields.Char("Aggregator Order No.", required=True)
    # Calls that said nothing about this order.
    times_asked = fields.Integer(default=0, export_string_translation=False)

    # === BUSINESS METHODS === #

    @api.model
    def _enqueue(self, account, ref):
        """Have the order read back from Octopus.

        :return: False when too many notifications of the store are waiting already
        """
        mine = [("account_id", "=", account.id)]
        if self.sudo().search_count(mine, limit=MAX_WAITING) >= MAX_WAITING:
            # Anybody who knows the address can send notifications without end.
            return False
        notification = self.sudo().create({"account_id": account.id, "aggregator_order_no": ref})
        notification._wake_worker(NOTIFICATION_CRON)
        return True

    def _refs(self):
        """Return the numbers of the orders, the oldest notification first."""
        return list(dict.fromkeys(self.mapped("aggregator_order_no")))

    # === CRON METHODS === #

    @api.model
    def _cron_read_back(self):
        """Read the orders back, a batch at a time; an order that Octopus cannot answer now is
        read in the next run."""
        connected = [("account_id.state", "=", "connected"), ("account_id.active", "=", True)]
        accounts = self.search(connected).account_id
        for position, account in enumerate(accounts):
            if not OrderReadBack(account, later=accounts[position + 1 :]).run():
                return

    @api.autovacuum
    def _gc_old_notifications(self):
        """Delete notifications that were never answered, such as those of a store that stays
        disconnected: when it connects again, the poll reads all orders since then."""
        return delete_batch(self, [("create_date", "<", f"-{KEEP_NOTIFICATION_DAYS}d")])
