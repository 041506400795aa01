"""Invoices each order of channels of which an accountant wants it, and credits their refunds."""

import logging
from functools import partial

from psycopg2.extras import Json

from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...lib.ledger import SALE
from ...orm import CONCURRENCY_ERRORS
from ..mixins.notices import UNEXPECTED
from .invoice import OrderInvoice
from .reasons import is_waiting, try_later

_logger = logging.getLogger(__name__)

NOT_INVOICED = "not_invoiced"
NOT_CREDITED = "not_credited"


def forget_attempt(env):
    """Forget what was done since a savepoint that was rolled back: values in caches, and the
    numbers of journal entries, which Odoo keeps for the whole transaction."""
    env.invalidate_all(flush=False)
    env["account.move"]._get_sequence_cache().clear()


class Invoicing:
    """The invoices of a store.

    :param account: sudoed record of `octopus.account`
    :param maps: its records of `octopus.booking.map` whose orders are invoiced
    """

    def __init__(self, account, maps):
        self.account = account
        self.env = account.env
        self.channels = maps.channel_id

    def invoices(self, day):
        """Yield what invoices each order that is to be booked on a day.

        :param day: record of `octopus.booking.day`
        """
        if day.channel_id not in self.channels:
            return
        lines = day.line_ids.filtered(
            lambda line: not line.move_id and (line.key, line.version) == (SALE, 1)
        )
        for order in lines.filtered(lambda line: not is_waiting(line.issue)).order_id:
            yield partial(self._invoice, order, day.day)

    def credits(self):
        """Yield what credits each order that has been refunded since it was invoiced."""
        if not self.channels:
            return
        query = SQL(
            """SELECT id, ledger_issue FROM octopus_order
                WHERE account_id = %s AND ledger_issue IS NOT NULL AND channel_id IN %s
                  AND ledger_issue->>0 IN ('credit_missing', %s)""",
            self.account.id,
            self.channels._ids,
            NOT_CREDITED,
        )
        for order_id, issue in self.env.execute_query(query):
            if not is_waiting(issue):
                yield partial(self._credit, self.env["octopus.order"].browse(order_id))

    def _invoice(self, order, day):
        issue = self._try(order, lambda order: OrderInvoice(order).invoice(day), NOT_INVOICED)
        lines = order.ledger_line_ids.filtered(lambda line: not line.move_id)
        if issue and lines:
            lines.issue = issue

    def _credit(self, order):
        issue = self._try(order, lambda order: OrderInvoice(order).credit_refunds(), NOT_CREDITED)
        if issue:
            # Without a new `write_date`, which would have the ledger look at the order again.
            query = "UPDATE octopus_order SET ledger_issue = %s WHERE id = %s"
            self.env.cr.execute(SQL(query, Json(issue), order.id))
            order.invalidate_recordset(["ledger_issue"], flush=False)

    def _try(self, order, make, code):
        """Make documents of an order, unless somebody else is about to; return what is wrong as an
        issue with this code."""
        query = "SELECT 1 FROM octopus_order WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED"
        self.env.flush_all()
        if not self.env.execute_query(SQL(query, order.id)):
            return None
        try:
            with self.env.cr.savepoint():
                make(order)
        except CONCURRENCY_ERRORS:
            raise
        except (UserError, ValidationError) as error:
            forget_attempt(self.env)
            return [code, {"error": str(error)}]
        # The last line of defense: one order must not keep the others from being invoiced.
        except Exception:
            _logger.exception("Invoicing Octopus order %s failed", order.id)
            forget_attempt(self.env)
            return try_later(code, error=UNEXPECTED(self.env))
        return None
