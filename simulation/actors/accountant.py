from datetime import timedelta

from odoo.exceptions import AccessError, UserError

from ..clock import START
from ..signals import Violation
from . import Actor

RATES = {"JPY": 151.3, "KWD": 0.307, "EUR": 0.923}  # to the dollar


class Accountant(Actor):
    """Sets channels up, holds, releases and books days, invoices orders, and closes the books; and
    tries to change what is booked."""

    per_day = 20

    def act(self, dice):
        steps = (self._set_up, self._book, self._hold, self._release, self._invoice, self._spoil)
        step = dice.choices((*steps, self._close, self._stop), (2, 4, 1, 1, 2, 2, 1, 1))[0]
        self.do(lambda env: step(env, dice), self.shop.users["accountant"])

    def decide(self):
        """Set up what the channels have shown; at the end, book what can be booked."""
        done = self.do(self._use_currencies)
        if self.simulation.is_over:
            self.do(lambda env: env["octopus.booking.day"]._cron_book())
            done |= self.do(self._cancel_wrong, self.shop.users["accountant"])
            done |= self.do(self._credit_all, self.shop.users["accountant"])
            done |= self.do(self._book_all, self.shop.users["accountant"])
        # Last: a tax that has to be chosen shows when it is booked.
        return done | self.do(self._set_up, self.shop.users["accountant"])

    # === CHANNELS === #

    def _use_currencies(self, env):
        """Use the currencies of the orders; return whether there is one that was not used."""
        used = env["octopus.order"]._read_group([], ["currency_id"])
        new = env["res.currency"].union(*(currency for [currency] in used))
        new = new.filtered(lambda currency: not currency.active)
        new.active = True
        day = START.date() - timedelta(days=30)
        env["res.currency.rate"].create(
            [{"currency_id": one.id, "name": day, "rate": RATES.get(one.name, 0.9)} for one in new]
        )
        return bool(new)

    def _set_up(self, env, dice=None):
        env["octopus.booking.map"].action_set_up()
        maps = env["octopus.booking.map"].search([])
        open_lines = env["octopus.ledger.line"].search([("move_id", "=", False)])
        asking = open_lines.filtered("issue").channel_id
        drafts = maps.filtered(
            lambda one: one.state == "draft" or one.missing or one.channel_id in asking
        )
        for booking_map in drafts:
            self._choose(env, booking_map)
            booking_map.action_confirm()
        return bool(drafts)

    def _choose(self, env, booking_map):
        booking_map.action_propose()
        booking_map.action_create_accounts()
        booking_map.start_day = START.date() - timedelta(days=1)
        tax = env["account.tax"].search([("type_tax_use", "=", "sale")], limit=1)
        booking_map.tax_map_ids.filtered(lambda one: not one.tax_id).tax_id = tax

    def _stop(self, env, dice):
        if maps := env["octopus.booking.map"].search([]):
            dice.choice(maps).action_stop()

    # === DAYS === #

    def _days(self, env, dice, *domain):
        days = env["octopus.booking.day"].search(list(domain), order="id")
        return days and dice.choice(days)

    def _book(self, env, dice):
        if day := self._days(env, dice):
            day.action_book()
            self.simulation.counts["days booked by hand"] += 1

    def _hold(self, env, dice):
        if day := self._days(env, dice, ("state", "!=", "booked")):
            day.action_hold()

    def _release(self, env, dice):
        if day := self._days(env, dice, ("hold_user_id", "!=", False)):
            day.action_release()

    def _book_all(self, env):
        """Book all days that have something open, or nothing any more before they are over; return
        whether anything came of it: a day that is tried for the first time may ask for a tax."""
        lines, days = env["octopus.ledger.line"], env["octopus.booking.day"]
        open_lines, open_days = [("move_id", "=", False)], [("state", "in", ("open", "held"))]

        def left():
            return lines.search_count(open_lines) + days.search_count(open_days)

        def asking():
            return lines.search_count([*open_lines, ("issue", "!=", False)])

        before, asked = left(), asking()
        (lines.search(open_lines).day_id | days.search(open_days)).action_book()
        return left() < before or asking() > asked

    # === WHAT ELSE ACCOUNTANTS DO === #

    def _invoice(self, env, dice):
        # Accountants reach an order from its entry.
        lines = env["octopus.ledger.line"].search([("key", "=", "sale")], limit=30, order="id desc")
        if lines:
            order = dice.choice(lines).order_id
            order.action_credit_refunds() if order.invoice_id else order.action_create_invoice()
            self.simulation.counts["invoices and credit notes"] += 1

    def _cancel_wrong(self, env):
        """Cancel the documents of orders that changed after their invoice, so that their days book
        them; return whether there were any."""
        orders = self._orders_with(env, "invoice_differs")
        for order in orders:
            order.invoice_id.reversal_move_ids.filtered(
                lambda note: note.state != "cancel"
            ).button_cancel()
            order.invoice_id.button_cancel()
        return bool(orders)

    def _orders_with(self, env, code):
        orders = env["octopus.order"].search([("ledger_issue", "!=", False)])
        return orders.filtered(lambda order: order.ledger_issue[0] == code)

    def _credit_all(self, env):
        """Credit what was refunded after it was invoiced; return whether anything was credited."""
        orders = self._orders_with(env, "credit_missing")
        for order in orders:
            order.action_credit_refunds()
        return bool(orders)

    def _close(self, env, dice):
        env.company.sudo().sale_lock_date = self.simulation.clock.now.date() - timedelta(days=1)

    def _spoil(self, env, dice):
        """Try to change what is booked."""
        moves = env["account.move"].search([("octopus_day_id", "!=", False)], order="id")
        if not moves:
            return
        move = dice.choice(moves)
        line = env["octopus.ledger.line"].search([("move_id", "=", move.id)], limit=1)
        tries = {
            "draft": move.button_draft,
            "delete": move.unlink,
            "change the ledger": lambda: line.write({"total": 1}),
            "delete from the ledger": line.unlink,
        }
        what = dice.choice(sorted(tries))
        try:
            tries[what]()
        except (UserError, AccessError):
            return
        raise Violation("Books", f"an accountant may {what}")
