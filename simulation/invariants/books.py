from collections import defaultdict
from decimal import Decimal

from . import Invariant

# What a channel says of an order for which no money has come, or all has gone back.
WITHOUT_MONEY = ("voided", "pending", "authorized")
# All that an entry says; it never changes.
ENTRY = """
    SELECT move.id, md5(string_agg(concat_ws('|', move.state, move.date, move.ref, item.account_id,
               item.balance, item.amount_currency, item.currency_id, item.tax_line_id), ',' ORDER BY
               item.id))
      FROM account_move move JOIN account_move_line item ON item.move_id = move.id
     WHERE move.octopus_day_id IS NOT NULL GROUP BY move.id
"""
UNBALANCED = """
    SELECT move.name, move.state, sum(item.balance)
      FROM account_move move JOIN account_move_line item ON item.move_id = move.id
     WHERE move.octopus_day_id IS NOT NULL GROUP BY move.id
    HAVING move.state <> 'posted' OR abs(sum(item.balance)) > 0.001
"""
# What an entry has on clearing accounts, and what the ledger says that it has.
CLEARED = """
    SELECT move.id, coalesce(sum(item.amount_currency), 0), (
               SELECT sum(total) FROM octopus_ledger_line line WHERE line.move_id = move.id)
      FROM account_move move
      LEFT JOIN account_move_line item ON item.move_id = move.id AND item.account_id IN (
               SELECT clearing_account_id FROM octopus_booking_map
                UNION SELECT account_id FROM octopus_booking_gateway WHERE account_id IS NOT NULL)
     WHERE move.octopus_day_id IS NOT NULL GROUP BY move.id
"""


def owed(order, there):
    """Return what a channel owes of an order, as it says itself.

    :param order: record of `octopus.order`
    :param dict there: the order as Octopus has it
    """
    is_cancelled = there["cancelled_at"] or order.status == "cancelled"
    if is_cancelled or there["test"] or there["financial_status"] in WITHOUT_MONEY:
        return Decimal(0)
    back = sum(
        Decimal(payment["amount"])
        for refund in there["refunds"]
        for payment in refund["transactions"]
    )
    return Decimal(there["total_price"]) - back - Decimal(str(order.gift_card_paid or 0))


class Books(Invariant):
    """Entries balance and stay as they are; what they clear is what the channels say, to the cent,
    once; and a second run books nothing."""

    follows = 2

    def begin(self):
        self._entries = {}

    def check(self, env):
        env.cr.execute(UNBALANCED)
        self.require(not env.cr.rowcount, f"not balanced: {env.cr.fetchall()[:3]}")
        env.cr.execute(CLEARED)
        for move_id, cleared, total in env.cr.fetchall():
            is_same = abs(Decimal(cleared) - Decimal(total or 0)) < Decimal("0.001")
            self.require(is_same, f"entry {move_id} clears {cleared}, its orders say {total}")
        env.cr.execute(ENTRY)
        entries = dict(env.cr.fetchall())
        changed = [key for key, digest in self._entries.items() if entries.get(key) != digest]
        self.require(not changed, f"entries {changed[:5]} were changed")
        self._entries = entries
        self._check_orders(env)
        if self.simulation.is_over:
            days = env["octopus.booking.day"].search([("state", "not in", ("booked", "empty"))])
            left = days.mapped(lambda day: f"{day.display_name}: {day.message}")
            lines = days.line_ids.filtered(lambda line: not line.move_id)
            why = lines.mapped(lambda line: f"{line.order_id.display_name}: {line.message}")
            self.require(not days, f"days left: {left[:3]} {why[:3]}")
            self._check_second_run(len(entries))

    def _check_orders(self, env):
        """Compare what each order has in the ledger with what its channel says."""
        totals = defaultdict(Decimal)
        for line in env["octopus.ledger.line"].search([]):
            totals[line.order_id.id] += Decimal(str(line.total))
        maps = env["octopus.booking.map"].search([("state", "=", "confirmed")])
        found = env["octopus.order"].search([("channel_id", "in", maps.channel_id.ids)])
        for order in found:
            placed = self.shop.orders.get(order.aggregator_order_no)
            if not placed or placed.is_odd:
                continue
            wanted = None
            if not (order.invoice_id or order.ledger_issue):
                wanted = owed(order, self.octopus.sandbox.store.orders.get(int(placed.ref)))
            here = totals[order.id]
            self.require(
                wanted is None or abs(here - wanted) < Decimal("0.001"),
                f"{placed} ({order.status} {order.financial_status}): {here} in the ledger, "
                f"the channel says {wanted}",
            )
            self.require(not order.ledger_issue, f"{placed} is not booked: {order.ledger_issue}")

    def _check_second_run(self, count):
        """Book once more: nothing is left to book."""
        self.do(lambda env: env["octopus.booking.day"]._cron_book())
        again = self.do(
            lambda env: env["account.move"].search_count([("octopus_day_id", "!=", False)])
        )
        self.require(again == count, f"a second run booked {again - count} entries more")
