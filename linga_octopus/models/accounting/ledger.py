"""Turns orders that changed into lines of the ledger: what they should have booked, less what they
have booked."""

import logging
from decimal import Decimal

from psycopg2.extras import Json

from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.fingerprint import fingerprint
from ...lib.ledger import (
    PAID,
    SALE,
    NotBookable,
    from_json,
    plain,
    to_book,
    to_json,
    total_booked,
)
from ...lib.moments import shop_zone, span_of_days, start_of_day
from ...orm import CONCURRENCY_ERRORS, insert_query
from .invoiced import invoice_issue
from .order_reader import COST, OrderReader, exact, financial_status
from .proposals import Proposals
from .shop_days import shop_day

_logger = logging.getLogger(__name__)

ORDERS_AT_ONCE = 200


class Ledger:
    """The ledger of a store.

    :param account: sudoed record of `octopus.account`
    :param maps: its confirmed records of `octopus.booking.map`
    """

    def __init__(self, account, maps):
        self.account = account.with_company(account.company_id)
        self.env = self.account.env
        self.maps = {booking_map.channel_id: booking_map for booking_map in maps}
        self.first_days = {}  # by channel
        self.reader = OrderReader(self.account, self.maps)
        self.orders = self.env["octopus.order"]
        self.lines = self.env["octopus.ledger.line"]

    # === CHANGED ORDERS === #

    def write_batch(self, limit=ORDERS_AT_ONCE):
        """Write the lines of some orders that changed since the last look.

        :return: the number of these orders
        """
        orders = self._take(limit)
        if orders and not self._try_to_write(orders):
            # One order must not keep the others of the store from being booked.
            for order in orders:
                if not self._try_to_write(order):
                    self._set_aside(order)
        return len(orders)

    def _try_to_write(self, orders):
        """Write the lines of these orders, or nothing; return whether it worked."""
        try:
            with self.env.cr.savepoint():
                self._write(orders)
        except CONCURRENCY_ERRORS:
            raise
        except Exception:
            _logger.exception("Writing the ledger lines failed for orders %s.", orders.ids)
            return False
        return True

    def _set_aside(self, order):
        """Keep an order out of the books until it changes; its day says so."""
        order.ledger_line_ids.filtered(lambda line: not line.move_id).unlink()
        mark = {
            "id": order.id,
            "paid_at": order.paid_at or None,
            "issue": ["unexpected", {}],
            "day": order.transaction_day,
            "gift_card": exact(order.gift_card_paid),
        }
        self._save_marks([mark])

    def _take(self, limit):
        """Lock and return orders whose state differs from the one that was looked at."""
        since = min(booking_map.start_day for booking_map in self.maps.values())
        self.env.flush_all()
        query = SQL(
            """SELECT id FROM octopus_order
                WHERE account_id = %s AND ledger_seen_at IS DISTINCT FROM write_date
                  AND write_date >= %s AND channel_id IN %s
                ORDER BY write_date LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
            self.account.id,
            start_of_day(since, shop_zone(self.account)),
            tuple(channel.id for channel in self.maps),
            limit,
        )
        self.env.cr.execute(query, log_exceptions=False)
        return self.orders.browse(order_id for (order_id,) in self.env.cr.fetchall())

    def _write(self, orders):
        money = self.reader.read_payloads(orders)
        today = shop_day(self.account)
        new, stale, marks = [], self.lines.browse(), []
        for order in orders:
            self._note_payment(order)
            issue, wanted = self._wanted(order, money.get(order.id), today)
            open_lines = order.ledger_line_ids.filtered(lambda line: not line.move_id)
            if _identity(open_lines) != _identity_of(wanted):
                stale |= open_lines
                new += [(order, posting, version) for posting, version in wanted]
            marks.append(self._mark(order, issue, money.get(order.id)))
        stale.unlink()
        self._insert(new)
        self._list_taxes(new)
        self._save_marks(marks)

    def _note_payment(self, order):
        """Note when the payment became known: an order that comes paid was paid when placed."""
        if order.paid_at or financial_status(order) not in PAID:
            return
        moment = order.write_date if order.ledger_seen_at else order.transaction_time
        order._update_cache({"paid_at": moment}, validate=False)

    def _wanted(self, order, money, today):
        """Return (issue or None, the open lines that the order should have)."""
        booked_lines = order.ledger_line_ids.filtered("move_id")
        booked = total_booked(
            (line.key, line.version, exact(line.total), from_json(line.parts))
            for line in booked_lines
        )
        try:
            issue, due = self._due(order, money)
        except NotBookable as error:
            return [str(error), {}], []
        start = self._first_day(order.channel_id)
        due = {key: it for key, it in due.items() if key in booked or it.day >= start}
        result = to_book(due, {k: v for k, v in booked.items() if not k.startswith(COST)}, today)
        # The cost of a move is booked once, whatever becomes of its valuation.
        costs = self.reader.costs(order)
        result += [(it, 1) for key, it in costs.items() if key not in booked and it.day >= start]
        return issue, result

    def _first_day(self, channel):
        if channel not in self.first_days:
            self.first_days[channel] = self.maps[channel]._first_day()
        return self.first_days[channel]

    def _due(self, order, money):
        """Return (issue or None, postings by key): an invoiced order has none."""
        if not order.invoice_id:
            return None, self.reader.due(order, money)
        try:
            return invoice_issue(order, self.reader.due_without_invoice(order, money)), {}
        except NotBookable as error:
            return [str(error), {}], {}

    def _mark(self, order, issue, money):
        is_due = SALE in {line.key for line in order.ledger_line_ids} or issue
        return {
            "id": order.id,
            "paid_at": order.paid_at or None,
            "issue": issue,
            "day": order.transaction_day if is_due else None,
            "gift_card": money.gift_card if money else exact(order.gift_card_paid),
        }

    def _list_taxes(self, new):
        """List taxes that the channels have not had so far: an accountant has to choose them."""
        for channel, booking_map in self.maps.items():
            known = {(tax.title or "", Decimal(tax.rate)) for tax in booking_map.tax_map_ids}
            found = {
                (part.key, part.rate): (1, amount)
                for order, posting, _version in new
                if order.channel_id == channel
                for part, amount in posting.parts.items()
                if part.kind == "tax" and (part.key, part.rate) not in known
            }
            if found:
                Proposals(booking_map).add_taxes(found)

    # === STATEMENTS === #

    def _insert(self, new):
        if not new:
            return
        keys = {
            (order.channel_id.id, order.currency_id.id, posting.day): self.account
            for order, posting, _version in new
        }
        days = self.env["octopus.booking.day"]._add_days(keys)
        vals_list = [self._line_values(days, *entry) for entry in new]
        self.env.cr.execute(SQL("%s", insert_query(self.lines, vals_list)))
        orders = self.orders.browse({vals["order_id"] for vals in vals_list})
        orders.invalidate_recordset(["ledger_line_ids"])
        for day in self.env["octopus.booking.day"].browse({vals["day_id"] for vals in vals_list}):
            if day.state in ("booked", "empty"):
                day.write({"state": "open", "issue": False})

    def _line_values(self, days, order, posting, version):
        day = days[order.channel_id.id, order.currency_id.id, posting.day]
        return {
            "order_id": order.id,
            "company_id": order.company_id.id,
            "day_id": day.id,
            "channel_id": order.channel_id.id,
            "currency_id": order.currency_id.id,
            "day": posting.day,
            "key": posting.key,
            "version": version,
            "total": float(posting.total),
            "currency_rate": order.currency_rate or 1.0,
            "gateway": order.payment_method or False,
            "parts": Json(to_json(posting.parts)),
            "digest": _digest(posting, version),
        }

    def _save_marks(self, marks):
        """Remember what was looked at, without changing `write_date`."""
        rows = [
            SQL(
                "(%s, %s::timestamp, %s::jsonb, %s::date, %s::numeric, %s, %s)",
                mark["id"],
                mark["paid_at"],
                mark["issue"] and Json(mark["issue"]),
                mark["day"],
                mark["gift_card"] or None,
                *self._buyer(mark["id"]),
            )
            for mark in marks
        ]
        query = SQL(
            """UPDATE octopus_order o
                  SET ledger_seen_at = o.write_date, paid_at = m.paid_at, ledger_issue = m.issue,
                      ledger_day = m.day, gift_card_paid = m.gift_card,
                      vat_number = coalesce(m.vat_number, o.vat_number),
                      buyer_company = coalesce(m.buyer_company, o.buyer_company)
                 FROM (VALUES %s) AS m(
                      id, paid_at, issue, day, gift_card, vat_number, buyer_company)
                WHERE o.id = m.id""",
            SQL(", ").join(rows),
        )
        self.env.cr.execute(query, log_exceptions=False)
        self.orders.browse(mark["id"] for mark in marks).invalidate_recordset(flush=False)

    def _buyer(self, order_id):
        """Return (VAT number, company) of a business, (None, None) where nothing is known."""
        buyer = self.reader.buyers.get(order_id)
        is_business = buyer and buyer.vat_number
        return (buyer.vat_number, buyer.company or None) if is_business else (None, None)

    # === PREVIEW === #

    def preview(self, day):
        """Return what the orders of a day would book, if nothing was booked yet.

        :param date day: of the shop
        :return: (list of (order, posting), list of (order, issue) that cannot be booked)
        """
        found, issues = [], []
        orders = self._orders_of(day)
        money = self.reader.read_payloads(orders)
        for order in orders:
            try:
                due = self.reader.due(order, money.get(order.id))
            except NotBookable as error:
                issues.append((order, [str(error), {}]))
                continue
            due |= self.reader.costs(order)
            found += [(order, posting) for posting in due.values() if posting.day == day]
        return found, issues

    def _orders_of(self, day):
        """Return orders to which something may have happened on a day."""
        start, end = span_of_days(day, day, shop_zone(self.account))

        def within(name):
            return Domain(name, ">=", start) & Domain(name, "<", end)

        moments = ("closed_at", "paid_at", "refund_ids.refunded_at")
        channels = [channel.id for channel in self.maps]
        return self.orders.search(
            Domain("account_id", "=", self.account.id)
            & Domain("channel_id", "in", channels)
            & (Domain("transaction_day", "=", day) | Domain.OR(map(within, moments)))
        )


def _digest(posting, version):
    return fingerprint([posting.key, version, plain(posting.total), to_json(posting.parts)])


def _identity(lines):
    return sorted(line.digest for line in lines)


def _identity_of(wanted):
    return sorted(_digest(posting, version) for posting, version in wanted)
