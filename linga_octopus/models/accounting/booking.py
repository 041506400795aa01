"""Books the days of online sales: one balanced, posted entry of the open lines of a day."""

import logging
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import psycopg2

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import ACCOUNTANT, BOOKING_CRON
from ...lib.ledger import SALE, from_json
from ...orm import CONCURRENCY_ERRORS
from .entry import Entry, NotMapped
from .invoicing import NOT_INVOICED, Invoicing, forget_attempt
from .ledger import Ledger
from .order_reader import exact
from .reasons import is_waiting, try_later
from .shop_days import first_open_day, is_over, shop_day

_logger = logging.getLogger(__name__)

READERS = ACCOUNTANT
# After so many days, what is certain is booked, and the rest follows when it is known.
PATIENCE = timedelta(days=3)
# An entry is checked by this addon; Odoo's checks after each line would cost most of the time.
QUIET = {
    "check_move_validity": False,
    "skip_invoice_sync": True,
    "skip_analytic_sync": True,  # posting makes the analytic items
    "tz": "UTC",  # the due date of an entry: core would read the user's zone for it
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


def book_all(days):
    """Write the ledgers of all stores that book, and book the days that are over.

    :param days: model `octopus.booking.day`
    """
    maps = days.env["octopus.booking.map"].search([("state", "=", "confirmed")])
    for account, of_account in maps.grouped("account_id").items():
        try:
            has_time = _book_store(days, account, of_account)
        # The last line of defense: one store must not keep the others from being booked.
        except Exception:
            _logger.exception("Booking the online sales of store %s failed", account.id)
            days.env.cr.rollback()
            _hold_all(days, account)
            has_time = True
        if not has_time:
            days.env.ref(BOOKING_CRON)._trigger()
            return


def _book_store(days, account, maps):
    """Book a store step by step; return whether there is time for the next one."""
    cron = days.env["ir.cron"]
    for step in _steps(days, account, maps):
        try:
            step()
        except CONCURRENCY_ERRORS:
            # Another transaction changed the same: the next run sees what it did.
            days.env.cr.rollback()
        if not cron._commit_progress(1):
            return False
    return True


def _hold_all(days, account):
    """Hold the open days of a store about which nothing can be done."""
    open_days = days.search(
        Domain("account_id", "=", account.id)
        & Domain("state", "=", "open")
        & Domain("day", "<", fields.Date.today())
    )
    open_days.write({"state": "held", "issue": try_later("unexpected_day")})


def book_now(day):
    """Book what is certain of a day: at once, or by the worker where each order has an invoice.

    :param day: sudoed record of `octopus.booking.day`
    """
    booking = DayBooking(day)
    if booking.map.always_invoice:
        day.env.ref(BOOKING_CRON)._trigger()
    else:
        booking.guarded(booking.book)


def _steps(days, account, maps):
    """Yield what is to be done for a store, each in a transaction of its own."""
    yield from _ledger_steps(Ledger(account, maps))
    invoicing = Invoicing(account, maps.filtered("always_invoice"))
    yield from invoicing.credits()
    for day in _days_to_book(days, account):
        booking = DayBooking(day)
        yield from booking.guarded(partial(booking.invoices, invoicing)) or ()
        yield partial(booking.guarded, booking.book)


def _ledger_steps(ledger):
    """Yield what writes the lines of the orders that changed, some at a time."""
    has_more = True

    def write():
        nonlocal has_more
        has_more = False  # even when it fails
        has_more = bool(ledger.write_batch())

    while has_more:
        yield write


def _days_to_book(days, account):
    found = days.search(
        Domain("account_id", "=", account.id)
        & Domain("state", "in", ("open", "held"))
        & Domain("hold_user_id", "=", False)
        & (Domain("day", "<", shop_day(account)) | Domain("is_forced", "=", True)),
        order="day, id",
    )
    return found.filtered(
        lambda day: (day.is_forced or is_over(account, day.day)) and not is_waiting(day.issue)
    )


class DayBooking:
    """The booking of one day of a channel in one currency.

    :param day: sudoed record of `octopus.booking.day`
    """

    def __init__(self, day):
        self.day = day.with_company(day.company_id)
        self.env = self.day.env
        self.company = self.day.company_id
        maps = self.env["octopus.booking.map"]
        self.map = maps.search_fetch([("channel_id", "=", day.channel_id.id)])

    # === BOOKING === #

    def guarded(self, work):
        """Return what a function for this day returns. After an error, the day is held and nothing
        is returned: other days go on. An error that nobody expects is tried again after a while."""
        if is_waiting(self.day.issue):
            return None
        try:
            with self.env.cr.savepoint():
                return work()
        except CONCURRENCY_ERRORS:
            raise
        except (UserError, ValidationError) as error:
            issue = ["failed", {"error": str(error)}]
        # The last line of defense: one day must not keep the others from being booked.
        except Exception:
            _logger.exception("Booking day %s of online sales failed", self.day.id)
            issue = try_later("unexpected_day")
        forget_attempt(self.env)
        self._hold(issue)
        return None

    def invoices(self, invoicing):
        """Return what invoices the orders of the day, where each order has an invoice."""
        return [] if self.obstacle() else list(invoicing.invoices(self.day))

    def book(self):
        """Book what can be booked, and say on the day why the rest cannot.

        :raise UserError: Odoo does not take the entry
        """
        if not self._lock():
            return
        if issue := self.obstacle():
            self._hold(issue)
            return
        lines = self._open_lines()
        entry, certain, issues = self._sort(lines)
        self._save_issues(issues)
        if issues and not (self.day.is_forced or self._is_late()):
            self._hold(issues[0][1] if len(issues) == 1 else self._open_orders(len(issues)))
            return
        if certain:
            self._mark_booked(certain, self._create_move(entry))
        self._finish(issues, bool(certain))

    def _lock(self):
        """Lock the day; another worker may be about to book it."""
        self.env.flush_all()
        query = SQL(
            "SELECT id FROM octopus_booking_day WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED",
            self.day.id,
        )
        self.env.cr.execute(query, log_exceptions=False)
        return bool(self.env.cr.rowcount)

    def obstacle(self):
        """Return the issue that keeps the whole day from being booked, or None."""
        day = self.day
        if day.hold_user_id:
            return ["on_hold", {"user": day.hold_user_id.name}]
        if not self.map or self.map.state != "confirmed":
            return ["not_confirmed", {}]
        if not day.currency_id.active:
            return ["inactive_currency", {"currency": day.currency_id.name}]
        if self.map._missing_accounts():
            return ["incomplete", {"missing": self.map.missing}]
        if day.is_forced or self._is_late():
            return None
        return self._check_issue() or self._order_issue()

    def _is_late(self):
        return self.day.day + PATIENCE < shop_day(self.day.account_id)

    def _check_issue(self):
        if not self.map.waits_for_check:
            return None
        found = self.env["octopus.order.check"].search(
            [("account_id", "=", self.day.account_id.id), ("day", "=", self.day.day)], limit=1
        )
        if found.state == "differs":
            return ["check_differs", {}]
        return None if found.state == "agrees" else ["check_waiting", {}]

    def _order_issue(self):
        """Return the issue when orders of the day have no lines because they are not bookable."""
        count = self.env["octopus.order"].search_count(
            [
                ("account_id", "=", self.day.account_id.id),
                ("channel_id", "=", self.day.channel_id.id),
                ("currency_id", "=", self.day.currency_id.id),
                ("ledger_day", "=", self.day.day),
                ("ledger_issue", "!=", False),
                # What is wrong with an invoice is no matter of the day.
                ("invoice_id", "=", False),
            ]
        )
        return self._open_orders(count) if count else None

    def _open_orders(self, count):
        until = self.day.day + PATIENCE + timedelta(days=1)
        return ["orders_open", {"count": count, "day": fields.Date.to_string(until)}]

    # === LINES === #

    def _open_lines(self):
        """Lock and return the open lines as rows."""
        query = SQL(
            """SELECT id, order_id, key, version, total, currency_rate, gateway, parts, issue
                 FROM octopus_ledger_line WHERE day_id = %s AND move_id IS NULL
                ORDER BY id FOR NO KEY UPDATE SKIP LOCKED""",
            self.day.id,
        )
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.dictfetchall()

    def _sort(self, rows):
        """Return (Entry, the rows in it, (id, issue) of the others)."""
        entry = Entry(self.map, self.day.currency_id)
        sales = self._choices_of_sales(rows)
        certain, issues, parts_of = [], [], {}
        for row in rows:
            with self._aside(row, issues):
                parts_of[row["id"]] = from_json(row["parts"])
        entry.choices.read_products(
            part.key for parts in parts_of.values() for part in parts if part.is_product
        )
        for row in rows:
            if row["id"] in parts_of:
                with self._aside(row, issues):
                    self._add(entry, row, parts_of[row["id"]], sales.get(row["order_id"]))
                    certain.append(row)
        return entry, certain, issues

    @contextmanager
    def _aside(self, row, issues):
        """Leave a line that cannot be booked out of the entry, and add why to the issues."""
        try:
            yield
        except NotMapped as error:
            issues.append((row["id"], error.args[0]))
        except (psycopg2.Error, *CONCURRENCY_ERRORS):
            raise  # the database answers nothing more before the savepoint
        # The last line of defense: one order must not keep the others of the day from being booked.
        except Exception:
            _logger.exception("Booking Octopus order %s failed", row["order_id"])
            issues.append((row["id"], try_later("unexpected")))

    def _add(self, entry, row, parts, sale):
        """Add a line to the entry.

        :raise NotMapped: it cannot be booked, at least not yet
        """
        issue = row["issue"]
        is_uninvoiced = issue and issue[0] == NOT_INVOICED and self.map.always_invoice
        if is_uninvoiced or (is_waiting(issue) and not self.day.is_forced):
            raise NotMapped(issue)
        entry.check(parts, sale)
        rate = exact(row["currency_rate"]) or 1
        entry.add(row["key"], exact(row["total"]), parts, rate, row["gateway"], sale)

    def _choices_of_sales(self, rows):
        """Return the choices with which the sales of these orders were booked, by order."""
        later = [row["order_id"] for row in rows if (row["key"], row["version"]) != (SALE, 1)]
        if not later:
            return {}
        query = SQL(
            """SELECT line.order_id, move.octopus_choices FROM octopus_ledger_line line
                 JOIN account_move move ON move.id = line.move_id
                WHERE line.order_id IN %s AND line.key = %s ORDER BY line.version""",
            tuple(later),
            SALE,
        )
        choices = {}
        for order_id, made in self.env.execute_query(query):
            known = choices.setdefault(order_id, {"accounts": {}, "taxes": {}})
            for name, by_part in known.items():
                by_part.update(made[name] | by_part)  # the first version comes first
        return choices

    def _save_issues(self, issues):
        by_line = dict(issues)
        for line in self.env["octopus.ledger.line"].browse(by_line):
            if line.issue != by_line[line.id]:
                line.issue = by_line[line.id]

    # === ENTRY === #

    def _create_move(self, entry):
        items = entry.items()
        # A day whose amounts cancel each other out has no items: its lines need no entry.
        if not items:
            items = [
                {"account_id": self.map.rounding_account_id.id, "balance": 0.0, "name": self._ref()}
            ]
        moves = self.env["account.move"].with_context(**QUIET)
        move = moves.create(
            {
                "move_type": "entry",
                "journal_id": self.map.journal_id.id,
                "date": first_open_day(
                    self.company,
                    self.map.journal_id,
                    self.day.day,
                    has_tax=any(map(_is_taxed, items)),
                ),
                "ref": self._ref(),
                "octopus_day_id": self.day.id,
                "octopus_choices": entry.choices.made,
                "always_tax_exigible": True,
                "line_ids": [Command.create(item) for item in items],
            }
        )
        move._post(soft=False)
        self.map._note_used({account for _rate, account in entry.clearing})
        return move

    def _ref(self):
        """Return the reference: a later entry of a day has a number."""
        number = self.env["account.move"].search_count([("octopus_day_id", "=", self.day.id)])
        name = f"{self.day.account_id.name} {self.day._title()}"
        return f"{name} /{number + 1}" if number else name

    def _mark_booked(self, rows, move):
        query = SQL(
            "UPDATE octopus_ledger_line SET move_id = %s, issue = NULL WHERE id IN %s",
            move.id,
            tuple(row["id"] for row in rows),
        )
        self.env.cr.execute(query)
        self.env["octopus.ledger.line"].invalidate_model(["move_id", "issue"])

    # === STATE === #

    def _hold(self, issue):
        was_held = self.day.state == "held"
        self.day.write({"state": "held", "issue": issue})
        if not was_held and issue[0] != "on_hold":
            self.map._notify_held(self.day)

    def _finish(self, issues, has_booked):
        state = "held" if issues else "booked"
        if not (issues or has_booked or self.day.line_ids):
            state = "empty"
        issue = self._open_orders(len(issues)) if issues else False
        self.day.write({"state": state, "issue": issue, "is_forced": False})


def _is_taxed(item):
    """Return whether an item stands in the tax report, whose lock date counts for it."""
    commands = [*item.get("tax_ids", ()), *item.get("tax_tag_ids", ())]
    return "tax_repartition_line_id" in item or any(ids for _command, _id, ids in commands)


def preview_items(booking_map, day):
    """Return what the entry of a day would be, by currency, and the orders that are left out.

    Nothing is written. Lines that were booked already are shown as if they were not.

    :param booking_map: sudoed record of `octopus.booking.map`
    :return: (list of (currency, items), list of (order, issue))
    """
    booking_map = booking_map.with_company(booking_map.company_id)
    found, issues = Ledger(booking_map.account_id, booking_map).preview(day)
    entries = {}
    for order, posting in found:
        currency = order.currency_id
        entry = entries.setdefault(currency, Entry(booking_map, currency))
        try:
            entry.check(posting.parts)
        except NotMapped as error:
            issues.append((order, error.args[0]))
            continue
        rate = exact(order.currency_rate) or 1
        entry.add(posting.key, posting.total, posting.parts, rate, order.payment_method or None)
    return [(currency, entry.items()) for currency, entry in entries.items()], issues
