import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...const import CALLS_PER_BATCH, COME_BACK_SECONDS
from ...lib.octopus_api import BULK_LIMIT, InvalidOrder, OctopusError
from ...lib.octopus_api.errors import OctopusAuthError, OctopusForbidden, OctopusRateLimited
from ...orm import CONCURRENCY_ERRORS, delete_batch
from .intake import follow_deletion
from .octopus_order_read_back import read_each, read_list

_logger = logging.getLogger(__name__)

DOORBELL_CRON = "linga_octopus.ir_cron_octopus_order_notification"
KEEP_DAYS = 30
MAX_WAITING = 10_000


class OctopusOrderNotification(models.Model):
    """Somebody who knows the webhook's address says that an order changed.

    Who he is, nobody knows: what the order says is read from Octopus. Append-only: rings of the
    same order never wait for each other.
    """

    _name = "octopus.order.notification"
    _description = "Online Order Doorbell"
    _inherit = ["octopus.queue"]
    _order = "id"

    # New notifications that the worker can process now; the others do not wake it.
    _queues = {
        DOORBELL_CRON: """times_asked = 0 AND account_id IN (
            SELECT id FROM octopus_account WHERE state = 'connected' AND active)"""
    }

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    aggregator_order_no = fields.Char("Aggregator Order No.", required=True)
    # How often Octopus was asked without saying anything of this order.
    times_asked = fields.Integer(default=0, export_string_translation=False)

    @api.model
    def _enqueue(self, account, ref):
        """Have the order read back from Octopus; return whether it will be."""
        mine = [("account_id", "=", account.id)]
        if self.sudo().search_count(mine, limit=MAX_WAITING) >= MAX_WAITING:
            # Somebody who only knows the address could ring for ever.
            return False
        notification = self.sudo().create({"account_id": account.id, "aggregator_order_no": ref})
        notification._wake_worker(DOORBELL_CRON)
        return True

    # === THE WORKER === #

    @api.model
    def _cron_answer(self):
        """Read the orders back, a batch at a time; what Octopus cannot answer now waits for the
        next run."""
        waiting = [("account_id.state", "=", "connected"), ("account_id.active", "=", True)]
        accounts = self.search(waiting).account_id
        for position, account in enumerate(accounts):
            if not self._answer_store(account, later=accounts[position + 1 :]):
                return

    @api.model
    def _answer_store(self, account, later):
        """Process the notifications of a store; return False when the time is over.

        :param later: the stores that wait too
        """
        try:
            with account._get_client() as client:
                while said := self._answer_batch(account, client):
                    # A store whose Octopus stops answering waits for no more in this run.
                    todo = later if said.error else account | later
                    has_time = self._commit(len(said.settled), todo)
                    if said.error:
                        raise said.error
                    if not has_time:
                        return False
        except CONCURRENCY_ERRORS:
            # Somebody else changes one of these orders just now: again, in a moment.
            self.env.cr.rollback()
            moment = fields.Datetime.now() + timedelta(seconds=COME_BACK_SECONDS)
            self.env.ref(DOORBELL_CRON)._trigger(moment)
            self._commit(0, later)
        except OctopusRateLimited as error:
            seconds = error.retry_after or 60
            self.env.ref(DOORBELL_CRON)._trigger(fields.Datetime.now() + timedelta(seconds=seconds))
            _logger.info("Orders of %s are read back in %d seconds", account.name, seconds)
            self._commit(0, later)
        except (OctopusError, UserError) as error:
            self.env.cr.rollback()
            _logger.warning("Orders not read back for %s: %s", account.name, error)
            if isinstance(error, OctopusAuthError | OctopusForbidden | UserError):
                account._set_connection_error(error)
                self._commit(0, later)
        return True

    @api.model
    def _answer_batch(self, account, client):
        """Read some orders back, store them and return the answers; None without notifications.

        First all that is asked of Octopus: storing may lock stock, which must not wait for it.
        """
        mine = Domain("account_id", "=", account.id)
        # The sender is not authenticated, so the orders are read from Octopus. One call answers
        # many notifications of known orders; the unknown ones come last, and a few at a time.
        if notifications := self.search(mine & Domain("times_asked", "=", 0), limit=BULK_LIMIT):
            said = read_list(client, notifications._refs())
        elif notifications := self.search(mine, order="times_asked, id", limit=CALLS_PER_BATCH):
            said = read_each(client, notifications._refs())
        else:
            return None
        orders = self.env["octopus.order"].with_company(account.company_id)
        for payload in said.payloads:
            with self._bearing(payload.get("id")):
                # A notification does not tell whether the order is new or an old one that changed.
                orders._ingest(account, payload, is_news=False)
        gone = [("account_id", "=", account.id), ("aggregator_order_no", "in", said.gone)]
        for order in orders.search(gone):
            with self._bearing(order.aggregator_order_no):
                follow_deletion(order)
        for unclear in notifications.filtered(
            lambda notification: notification.aggregator_order_no in said.unclear
        ):
            unclear.times_asked += 1
        # Whoever rang for the same order meanwhile is not seen in this transaction, and stays.
        self.search(mine & Domain("aggregator_order_no", "in", said.settled)).unlink()
        return said

    def _refs(self):
        """Return the numbers of the orders, those that were rung for first in front."""
        return list(dict.fromkeys(self.mapped("aggregator_order_no")))

    @api.model
    def _commit(self, done, todo):
        """Commit, and return how much time is left."""
        remaining = self.search_count([("account_id", "in", todo.ids)])
        return self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    @api.model
    @contextmanager
    def _bearing(self, ref):
        """Bear whatever is wrong with an order: it must not keep the other notifications from being
        answered. The poll meets the same order, and records the problem for the manager."""
        try:
            with self.env.cr.savepoint():
                yield
        except CONCURRENCY_ERRORS:
            raise
        except InvalidOrder as error:
            _logger.warning("Order %s cannot be read: %s", ref, error)
        except Exception:
            _logger.exception("Order %s could not be stored", ref)

    @api.autovacuum
    def _gc_old_notifications(self):
        """Forget what nobody could answer for long, as of a store that stays disconnected.

        When it connects again, it asks for everything since then anyway.
        """
        return delete_batch(self, [("create_date", "<", f"-{KEEP_DAYS}d")])
