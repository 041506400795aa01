import logging
import re
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.octopus_api import BULK_LIMIT, InvalidOrder, OctopusError, OctopusNotFound
from ..lib.octopus_api.errors import (
    OctopusAuthError,
    OctopusForbidden,
    OctopusValidationError,
)
from .octopus_worker import COLLISIONS

_logger = logging.getLogger(__name__)

DOORBELL_CRON = "linga_octopus.ir_cron_octopus_order_doorbell"
KEEP_DAYS = 30
# What may stand in a list of ids; anything else is asked for one by one.
PLAIN_REF = re.compile(r"[\w.-]+", re.ASCII)


class OctopusOrderDoorbell(models.Model):
    """Somebody who knows the webhook's address says that an order changed.

    Who he is, nobody knows: what the order says is read from Octopus. Append-only: rings of the
    same order never wait for each other.
    """

    _name = "octopus.order.doorbell"
    _description = "Online Order Doorbell"
    _inherit = ["octopus.worker"]
    _order = "id"

    _queues = {DOORBELL_CRON: "TRUE"}

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    aggregator_order_no = fields.Char("Aggregator Order No.", required=True)

    @api.model
    def _ring(self, account, ref):
        """Have the order read back from Octopus."""
        bell = self.sudo().create({"account_id": account.id, "aggregator_order_no": ref})
        bell._wake_worker(DOORBELL_CRON)

    @api.model
    def _cron_answer(self):
        """Read the orders back, a batch at a time; what Octopus cannot answer now waits for the
        next run."""
        cron = self.env["ir.cron"]
        waiting = [("account_id.state", "=", "connected"), ("account_id.active", "=", True)]
        for account in self.search(waiting).account_id:
            while bells := self.search([("account_id", "=", account.id)], limit=BULK_LIMIT):
                try:
                    with account._get_client() as client:
                        bells._answer(account.with_company(account.company_id), client)
                except COLLISIONS:
                    # Somebody else stores one of these orders just now: again, next time.
                    self.env.cr.rollback()
                    break
                except (OctopusError, UserError) as error:
                    self.env.cr.rollback()
                    _logger.warning("Orders not read back for %s: %s", account.name, error)
                    if isinstance(error, OctopusAuthError | OctopusForbidden | UserError):
                        account._set_connection_error(error)
                        cron._commit_progress()
                    break
                count = len(bells)
                bells.unlink()
                if not cron._commit_progress(count, remaining=self.search_count(waiting)):
                    return

    def _answer(self, account, client):
        """Read the orders of these bells, and store them."""
        refs = set(self.mapped("aggregator_order_no"))
        plain = sorted(filter(PLAIN_REF.fullmatch, refs))
        # First all that is asked of Octopus: storing may lock stock, which must not wait for it.
        payloads, gone = [], []
        # Whoever rings may say anything. With a number that is none, Octopus refuses the whole
        # list; then each is asked for by itself, and what is never answered silences no other.
        with _unless_refused("of these bells"):
            payloads += client.iter_orders(ids=plain, limit=BULK_LIMIT) if plain else []
        for ref in sorted(refs - {str(payload.get("id")) for payload in payloads}):
            with _unless_refused(ref):
                try:
                    payloads.append(client.get_order(ref))
                except OctopusNotFound:
                    gone.append(ref)
        for payload in payloads:
            self._store(account, payload)
        self.env["octopus.order"].search(
            [("account_id", "=", account.id), ("aggregator_order_no", "in", gone)]
        )._deleted_by_channel()

    @api.autovacuum
    def _gc_old_doorbells(self):
        """Forget what nobody could answer for long, as of a store that stays disconnected.

        When it connects again, it asks for everything since then anyway.
        """
        self.search([("create_date", "<", f"-{KEEP_DAYS}d")]).unlink()

    @api.model
    def _store(self, account, payload):
        """Store an order. Whatever is wrong with it must not keep the other bells from being
        answered: the poll meets the same order, and records the problem for the manager."""
        try:
            with self.env.cr.savepoint():
                self.env["octopus.order"]._ingest(account, payload)
        except COLLISIONS:
            raise
        except InvalidOrder as error:
            _logger.warning("Order %s cannot be read: %s", payload.get("id"), error)
        except Exception:
            _logger.exception("Order %s could not be stored", payload.get("id"))


@contextmanager
def _unless_refused(ref):
    """Pass over what Octopus refuses to understand. Any other failure, a 404 of the whole list
    among them, says nothing of an order: the bells are asked again."""
    try:
        yield
    except OctopusValidationError as error:
        _logger.warning("Octopus does not read order %s back: %s", ref, error)
