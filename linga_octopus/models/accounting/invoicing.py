"""Invoices each order of channels of which an accountant wants it, and credits their refunds."""

from functools import partial

from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...lib.ledger import SALE
from ...orm import CONCURRENCY_ERRORS
from .invoice import OrderInvoice

NOT_INVOICED = "not_invoiced"


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
        for order in lines.order_id:
            yield partial(self._invoice, order, day.day)

    def credits(self):
        """Yield what credits each order that has been refunded since it was invoiced."""
        if not self.channels:
            return
        query = SQL(
            """SELECT id FROM octopus_order WHERE account_id = %s AND ledger_issue IS NOT NULL
                  AND channel_id IN %s AND ledger_issue->>0 = 'credit_missing'""",
            self.account.id,
            self.channels._ids,
        )
        for (order_id,) in self.env.execute_query(query):
            yield partial(self._try, self.env["octopus.order"].browse(order_id), _credit)

    def _invoice(self, order, day):
        problem = self._try(order, lambda order: OrderInvoice(order).invoice(day))
        lines = order.ledger_line_ids.filtered(lambda line: not line.move_id)
        if problem and lines:
            lines.issue = [NOT_INVOICED, {"error": problem}]

    def _try(self, order, make):
        """Make documents of an order, unless somebody else is about to; return what is wrong."""
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
            self.env.invalidate_all(flush=False)
            return str(error)
        return None


def _credit(order):
    OrderInvoice(order).credit_refunds()
