from collections import defaultdict
from decimal import Decimal

from . import Invariant
from .books import owed

# What stands on the clearing accounts but for what the bank paid: account, currency, amount.
CLEARED = """
    SELECT item.account_id, item.currency_id, sum(item.amount_currency)
      FROM account_move_line item JOIN account_move move ON move.id = item.move_id
     WHERE move.state = 'posted' AND move.statement_line_id IS NULL
       AND item.account_id IN (SELECT clearing_account_id FROM octopus_booking_map)
     GROUP BY 1, 2
"""
# Accounts on which what is open is not what came less what went.
LOST = """
    SELECT item.account_id, sum(item.amount_currency), sum(item.amount_residual_currency)
      FROM account_move_line item
     WHERE item.parent_state = 'posted'
       AND item.account_id IN (SELECT clearing_account_id FROM octopus_booking_map)
     GROUP BY item.account_id, item.currency_id
    HAVING abs(sum(item.amount_currency) - sum(item.amount_residual_currency)) > 0.001
"""
UNMATCHED = """
    SELECT line.id FROM account_bank_statement_line line JOIN account_move move
        ON move.id = line.move_id
     WHERE NOT line.is_reconciled OR move.state <> 'posted'
        OR (SELECT abs(sum(balance)) FROM account_move_line WHERE move_id = move.id) > 0.001
"""
# What an order has on the clearing accounts by its invoice and credit notes.
INVOICED = """
    SELECT coalesce(sum(item.amount_currency), 0)
      FROM account_move_line item JOIN account_move move ON move.id = item.move_id
     WHERE move.move_type = 'entry' AND move.state = 'posted' AND move.ref IN %s
       AND item.account_id IN (SELECT clearing_account_id FROM octopus_booking_map)
"""


class Clearing(Invariant):
    """What stands on the clearing accounts is what the channels owe: the totals of their orders
    less refunds. Each payout is matched, to the cent."""

    follows = 3

    def check(self, env):
        for query, what in ((UNMATCHED, "bank lines not matched"), (LOST, "open amounts lost")):
            env.cr.execute(query)
            self.require(not env.cr.rowcount, f"{what}: {env.cr.fetchall()[:3]}")
        if self.simulation.is_over:
            self._check_sums(env)

    def _check_sums(self, env):
        """Compare the accounts with the channels; at the end, everything is booked."""
        env.cr.execute(CLEARED)
        here = {tuple(key): Decimal(str(amount)) for *key, amount in env.cr.fetchall()}
        wanted = defaultdict(Decimal)
        for booking_map in env["octopus.booking.map"].search([("state", "=", "confirmed")]):
            domain = [("channel_id", "=", booking_map.channel_id.id)]
            for order in env["octopus.order"].search(domain):
                key = (booking_map.clearing_account_id.id, order.currency_id.id)
                wanted[key] += self._owed(env, order)
        wrong = {
            key: (here.get(key, 0), wanted[key])
            for key in here.keys() | wanted.keys()
            if abs(here.get(key, 0) - wanted[key]) > Decimal("0.001")
        }
        self.require(not wrong, f"{{(account, currency): (here, channels)}} {wrong}")

    def _owed(self, env, order):
        """Return what a channel owes of an order, as far as accountants let it be booked."""
        placed = self.shop.orders.get(order.aggregator_order_no)
        if not placed or placed.is_odd:
            return self._booked(order)
        if order.invoice_id and order.ledger_issue:
            refs = {order.invoice_id.ref, *order.invoice_id.reversal_move_ids.mapped("ref")}
            env.cr.execute(INVOICED, [tuple(refs)])
            return Decimal(str(env.cr.fetchone()[0])) + self._booked(order)
        return owed(order, self.octopus.sandbox.store.orders.get(int(placed.ref)))

    def _booked(self, order):
        lines = order.ledger_line_ids.filtered("move_id")
        return sum((Decimal(str(line.total)) for line in lines), Decimal(0))
