"""Reads orders back from Octopus whose notifications do not prove who sent them."""

import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import accumulate

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...const import CALLS_PER_BATCH, RATE_LIMIT
from ...lib.back_off import RATE_LIMIT_SECONDS
from ...lib.octopus_api import (
    BULK_LIMIT,
    InvalidOrder,
    OctopusError,
    OctopusNotFound,
    OctopusRateLimited,
    OctopusValidationError,
)
from ...lib.octopus_api.call_streak import repeat_at_once
from ...orm import CONCURRENCY_ERRORS, sleep_until
from .intake import OrderIntake, follow_deletion

_logger = logging.getLogger(__name__)

NOTIFICATION_CRON = "linga_octopus.ir_cron_octopus_order_notification"
# The ids that may stand in a list; any other id is read by itself.
PLAIN_REF = re.compile(r"\w[\w.-]{0,199}", re.ASCII)
# Characters of all ids in the address of a list: some servers refuse 2,000.
LIST_LENGTH = 1_500
COMMA_LENGTH = len("%2C")


class OrderReadBack:
    """Reads the orders of one store's notifications back, and stores them, batch by batch.

    :param account: the store
    :param later: the stores that are still to be read in this run
    """

    def __init__(self, account, later):
        self.account = account
        self.later = later
        self.env = account.env
        self.notifications = self.env["octopus.order.notification"]
        self.orders = self.env["octopus.order"].with_company(account.company_id)
        self.intake = OrderIntake(account)
        self.mine = Domain("account_id", "=", account.id)

    def run(self):
        """Process the notifications until none is left or Octopus stops answering.

        :return: False when the time of the worker is over
        """
        try:
            with self.account._get_client() as client:
                return self._run_batches(client)
        except CONCURRENCY_ERRORS:
            # Another transaction changes one of these orders: the next call sees it.
            self.env.cr.rollback()
            self.notifications._come_back(NOTIFICATION_CRON)
        except OctopusRateLimited as error:
            seconds = error.retry_after or RATE_LIMIT_SECONDS
            _logger.info("Orders of %s are read back in %d seconds", self.account.name, seconds)
            self._resume_in(seconds)
        except (OctopusError, UserError) as error:
            self.env.cr.rollback()
            _logger.warning("Orders not read back for %s: %s", self.account.name, error)
            if isinstance(error, UserError) or error.needs_reconnect:
                self.account._set_connection_error(error)
                self._commit(0, self.later)
        return True

    def _run_batches(self, client):
        while answer := self._run_batch(client):
            todo = self.later if answer.error else self.account | self.later
            has_time = self._commit(len(answer.settled), todo)
            # What gets through counts: the next batch may succeed.
            if answer.error and (answer.error.is_rate_limit or not answer.settled):
                raise answer.error
            if not has_time:
                self.notifications._come_back(NOTIFICATION_CRON)
                return False
        return True

    def _run_batch(self, client):
        """Read some orders back, store them, and delete their notifications.

        All calls come before the first write: storing may lock stock, which must not be locked
        during a call.

        :return: the ReadBack; None without notifications
        """
        # One call reads many known orders. Unknown ones come last, a few at a time.
        search = self.notifications.search
        if found := search(self.mine & Domain("times_asked", "=", 0), limit=BULK_LIMIT):
            answer = read_list(client, found._refs())
        elif found := search(self.mine, order="times_asked, id", limit=CALLS_PER_BATCH):
            answer = read_each(client, found._refs())
        else:
            return None
        self._store(answer)
        for notification in found:
            if notification.aggregator_order_no in answer.unclear:
                notification.times_asked += 1
        # A notification that comes meanwhile is not visible in this transaction, and stays.
        search(self.mine & Domain("aggregator_order_no", "in", answer.settled)).unlink()
        return answer

    def _store(self, answer):
        for payload in answer.payloads:
            with self._tolerated(payload.get("id")):
                # A notification does not say whether the order is new or has changed.
                self.intake.store(payload, is_new=False, is_read=True)
        missing = self.mine & Domain("aggregator_order_no", "in", answer.missing)
        for order in self.orders.search(missing):
            with self._tolerated(order.aggregator_order_no):
                follow_deletion(order)

    @contextmanager
    def _tolerated(self, ref):
        """Log whatever is wrong with an order, so that the other notifications are processed. The
        poll reads the same order and records the issue for the manager."""
        try:
            with self.env.cr.savepoint():
                yield
        except CONCURRENCY_ERRORS:
            raise
        except InvalidOrder as error:
            _logger.warning("Order %s cannot be read: %s", ref, error)
        except Exception:
            _logger.exception("Order %s could not be stored", ref)

    def _resume_in(self, seconds):
        moment = fields.Datetime.now() + timedelta(seconds=seconds)
        has_come = sleep_until(self.env, moment)
        self.env.ref(NOTIFICATION_CRON)._trigger(None if has_come else moment)
        self._commit(0, self.later)

    def _commit(self, done, todo):
        """Commit, and return the seconds that are left of the worker's time."""
        remaining = self.notifications.search_count([("account_id", "in", todo.ids)])
        return self.env["ir.cron"]._commit_progress(done, remaining=remaining)


# === CALLS === #


@dataclass
class ReadBack:
    """The answers of Octopus about some orders, until it stopped answering."""

    payloads: list = field(default_factory=list)
    missing: list = field(default_factory=list)  # ids without an order in Octopus
    settled: list = field(default_factory=list)  # ids that need not be read again
    unclear: list = field(default_factory=list)  # ids to read one by one, later
    error: OctopusError | None = None  # the reason why it stopped


def read_list(client, refs):
    """Read as many of these orders as one list takes; those that are not in it are unclear."""
    answer = ReadBack()
    odd = [ref for ref in refs if not PLAIN_REF.fullmatch(ref)]
    plain = [ref for ref in refs if ref not in odd]
    ends = accumulate(len(ref) + COMMA_LENGTH for ref in plain)
    asked = [ref for ref, end in zip(plain, ends, strict=True) if end <= LIST_LENGTH]
    try:
        answer.payloads += repeat_at_once(_read_all, client, asked)
    except OctopusError as error:
        # A 404 of the whole list says nothing about an order.
        if not _is_refusal(error):
            answer.error = error
            return answer
        # One invalid id makes Octopus refuse the whole list.
        _logger.warning("Octopus does not read a list of orders back: %s", error)
    found = {str(payload.get("id")) for payload in answer.payloads}
    answer.settled = [ref for ref in asked if ref in found]
    answer.unclear = [ref for ref in [*asked, *odd] if ref not in found]
    return answer


def _read_all(client, refs):
    return list(client.iter_orders(ids=refs, limit=BULK_LIMIT))


def read_each(client, refs):
    """Read these orders one by one, until Octopus stops answering."""
    answer = ReadBack()
    for ref in refs:
        try:
            _leave_calls(client)
            answer.payloads.append(repeat_at_once(client.get_order, ref))
        except OctopusNotFound:
            answer.missing.append(ref)
        except ValueError as error:  # not an id
            _logger.warning("Order %r is not read back: %s", ref, error)
        except OctopusRateLimited as error:
            answer.error = error
            break
        except OctopusError as error:
            if not _is_refusal(error):
                # Octopus may fail at this order only: the others come first next time.
                answer.unclear.append(ref)
                answer.error = error
                break
            _logger.warning("Octopus does not read order %r back: %s", ref, error)
        answer.settled.append(ref)
    return answer


def _is_refusal(error):
    """Return whether a repeated call would fail in the same way; any other failure says nothing
    about the order."""
    is_plain = type(error) is OctopusError and not error.retryable  # such as 414
    return is_plain or isinstance(error, OctopusValidationError)


def _leave_calls(client):
    """Stop when half of the calls of this minute are used: notifications of orders that do not
    exist must not use up the calls of the other workers.

    :raise OctopusRateLimited: as Octopus does when no call is left
    """
    rate = client.rate
    if not rate or not rate.reset_at or rate.remaining > (rate.limit or RATE_LIMIT) // 2:
        return
    seconds = (rate.reset_at - datetime.now(timezone.utc)).total_seconds()
    if seconds > 0:
        raise OctopusRateLimited("The other calls are for the other workers.", retry_after=seconds)
