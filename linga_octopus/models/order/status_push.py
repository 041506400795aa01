"""Sends to Octopus the status of orders that were completed, cancelled or reopened in Odoo, and
their parcels before it."""

import logging
from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...const import PUSH_STATUS_CRON
from ...lib.back_off import Reconnect, Wait, back_off
from ...lib.octopus_api import OctopusError, OctopusNotFound
from ...lib.octopus_api.call_streak import FAILURES_IN_A_ROW
from ...lib.octopus_api.errors import (
    OctopusBadAnswer,
    OctopusForbidden,
    OctopusValidationError,
)
from ...lib.octopus_api.own_texts import told_note, told_tags
from ...orm import CONCURRENCY_ERRORS, lock_rows, sleep_until
from ..mixins.notices import UNEXPECTED, stored
from .notices import PUSH_NOTICES, notices_without

_logger = logging.getLogger(__name__)

# Orders of a store before the other stores get their turn.
BATCH = 20
METHOD_NOT_ALLOWED = 405
# What each transaction reads of an order. It has ten times as many columns, and each commit clears
# the cache.
FIELDS = ("account_id", "aggregator_order_no", "status", "push_status", "is_parcel_due")
# Octopus has no call for these statuses; a tag on the order shows them there.
TAGS = {"completed": "Odoo: completed", "cancelled": "Odoo: cancelled"}


def push_pending(orders):
    """Send the status of all pending orders, one transaction each, until a look finds none.

    :param orders: any recordset of `octopus.order`, in the environment of the worker
    """
    failures = Counter()
    while (tried := _push_some(orders, failures)) is not None:
        if not (tried or sleep_until(orders.env, _next_resume(orders))):
            return
    orders._come_back(PUSH_STATUS_CRON)


def _next_resume(orders):
    """Return when the next store that has orders to push takes calls again, or False."""
    pending = _pending_domain(is_due=False)
    return orders.search(pending).account_id.sorted("push_resume_at")[:1].push_resume_at


def _push_some(orders, failures):
    """Send the status of some orders of each store, as long as it takes calls.

    :param Counter failures: how many orders in a row failed, by store; after FAILURES_IN_A_ROW,
        Octopus is down, and the store has its turn in the next run
    :return: how many orders were tried; None when the time of the worker is over
    """
    cron, tried = orders.env["ir.cron"], 0
    down = [store.id for store, count in failures.items() if count >= FAILURES_IN_A_ROW]
    domain = _pending_domain() & Domain("account_id", "not in", down)
    for (account,) in orders._read_group(domain, ["account_id"]):
        mine = domain & Domain("account_id", "=", account.id)
        try:
            client = account._get_client()
        except (OctopusError, UserError) as error:
            # Its orders stay pending until the store is connected again.
            account._set_connection_error(error)
            cron._commit_progress()
            continue
        with client:
            for order in orders.search(mine, order="id", limit=BATCH):
                # Each commit clears the cache: read one order, not all of them, after it.
                goes_on = StatusPush(order.with_prefetch(), client).push_once()
                tried += 1
                if not cron._commit_progress(1):
                    return None
                failures[account] = 0 if goes_on else failures[account] + 1
                if not goes_on:
                    break
    return tried


def _pending_domain(*, is_due=True):
    """Return the domain of the orders to push.

    :param bool is_due: now; otherwise those of stores that take no calls for a moment
    """
    now = fields.Datetime.now()
    domain = Domain("push_status", "=", "pending") | Domain("is_parcel_due", "=", True)
    domain &= Domain("account_id.state", "=", "connected") & Domain("account_id.active", "=", True)
    if not is_due:
        return domain & Domain("account_id.push_resume_at", ">", now)
    for moment in "account_id.push_resume_at", "push_retry_at":
        domain &= Domain(moment, "=", False) | Domain(moment, "<=", now)
    return domain


class StatusPush:
    """Sends the status of one order to Octopus.

    :param order: record of `octopus.order`
    :param client: OctopusClient of its store
    """

    def __init__(self, order, client):
        read_order(order)
        self.order = order
        self.client = client
        self.account = order.account_id
        self.env = order.env

    def push_once(self):
        """Send the status, and leave the order pending when somebody changed it meanwhile: the
        status that was sent may be an old one.

        :return: False when Octopus takes no calls of this store now
        """
        try:
            goes_on = self._push()
            self.env.flush_all()
        except CONCURRENCY_ERRORS:
            self.env.cr.rollback()
            return True
        # The last line of defense: one order must not keep the others from being sent.
        except Exception:
            _logger.exception("Sending the status of Octopus order %s failed", self.order.id)
            self.env.cr.rollback()
            lock_rows(self.order)
            self._fail(UserError(UNEXPECTED(self.env)))
            return True
        return goes_on

    def _push(self):
        order = self.order
        try:
            # Nothing is written before a call, so that no row is locked during it.
            by_tag = order._tell_parcels(self.client)
            if order.push_status == "pending":
                vals = self._send()
            else:
                vals = {}
                if by_tag:
                    self._tag()
        except OctopusError as error:
            return self._follow_failure(error)
        lock_rows(order)  # a user may have changed it during the call
        by_tag._told_by_tag()
        is_due = "pending" in order.fulfillment_ids.mapped("push_status")
        now = fields.Datetime.now()
        vals |= {"is_parcel_due": is_due, "push_retry_at": False, "pushed_at": now}
        # None of these is tracked; tracking would read all that an order has.
        order.with_context(mail_notrack=True).write(vals)
        if order.status == "cancelled" and order.push_status == "synced":
            # Octopus puts the goods back on sale itself, perhaps after it got Odoo's new number.
            self.env["octopus.stock.event"]._enqueue_products(
                order.line_ids.product_id, resend=True
            )
        return True

    # === CALLS === #

    def _send(self):
        """Call Octopus, and return the values to write on the order.

        :raise OctopusError: Octopus does not have the status
        """
        if self.order.status != "cancelled":
            self._tag()
            return synced_values(self.order)
        try:
            self._check_cancelled(self._cancel())
        except OctopusError as error:
            if not _has_no_cancel_call(error):
                return self._accept_if_cancelled(error)
            self._tag()
            self._set_notice("no_cancel_call")
            return {"push_status": "tag_only"}
        return synced_values(self.order)

    def _cancel(self):
        """Cancel the order in Octopus, and return its answer.

        :raise OctopusError: Octopus does not cancel it
        """
        ref, reason = self.order.aggregator_order_no, self.order.cancel_reason or ""
        try:
            return self.client.cancel_order(ref, restock=True, reason=reason)
        except OctopusValidationError:
            # The call is undocumented: this Octopus may know no reasons.
            if not reason:
                raise
        return self.client.cancel_order(ref, restock=True)

    def _check_cancelled(self, answer):
        """Make sure that the order is cancelled in Octopus; the answer may be about another one.

        :raise OctopusBadAnswer: it is not
        """
        ref = self.order.aggregator_order_no
        is_shown = str(answer.get("id")) == ref and answer.get("cancelled_at")
        if not (is_shown or self._is_cancelled_there()):
            raise OctopusBadAnswer("Octopus has not cancelled the order.", retryable=True)

    def _accept_if_cancelled(self, error):
        """Return the values of success when Octopus refuses to cancel an order that is cancelled
        there already.

        :raise OctopusError: `error`, when it is not cancelled
        """
        if error.retryable or not self._is_cancelled_there():
            raise error
        return synced_values(self.order)

    def _is_cancelled_there(self):
        return bool(self.client.get_order(self.order.aggregator_order_no).get("cancelled_at"))

    def _tag(self):
        """Write the status and the hand-over on the order in Octopus as tags, and as a note what
        people should read there; the tags and the note of others stay."""
        order, ref = self.order, self.order.aggregator_order_no
        remote = self.client.get_order(ref)
        status = [TAGS[order.status]] if order.status in TAGS else []
        values = {"tags": told_tags(remote.get("tags"), [*status, *order._own_tags()])}
        note = remote.get("note") or ""
        if isinstance(note, str) and (told := told_note(note, order._own_notes())) != note:
            values["note"] = told
        self.client.update_order(ref, values)

    # === FAILURES === #

    def _follow_failure(self, error):
        """Plan another try where that can help, otherwise set the push status to failed.

        :return: False when Octopus takes no calls of this store now
        """
        lock_rows(self.order)
        decision = back_off(error, self.order.push_attempts)
        if isinstance(decision, Reconnect):
            # The order stays pending until the store is connected again.
            self.account._set_connection_error(error)
            return False
        if not isinstance(decision, Wait):
            self._fail(error)
            return not error.retryable
        moment = fields.Datetime.now() + timedelta(seconds=decision.seconds)
        if decision.is_rate_limit:
            # It concerns all orders of the store.
            self.account.push_resume_at = moment
            self.env.ref(PUSH_STATUS_CRON)._trigger(moment)
        else:
            self.order.write({"push_attempts": decision.attempts, "push_retry_at": moment})
        return False

    def _fail(self, error):
        order = self.order
        if order.is_parcel_due:
            order._parcels_failed(error)
        if order.push_status != "pending":
            return
        order.push_status = "failed"
        if isinstance(error, OctopusNotFound):
            reason = ["no_such_order", {"number": order.aggregator_order_no}]
        else:
            reason = self.account._explain_error(error)
        self._set_notice("push_failed", status=order.status, error=reason)

    def _set_notice(self, code, **values):
        """Add a notice that holds until the status is sent, in place of the one before."""
        plain = {name: stored(value) for name, value in values.items()}
        if [code, plain] not in (self.order.notices or ()):
            self.order._unflag(*PUSH_NOTICES)
            self.order._flag(code, **values)


def read_order(order):
    """Read what the push needs of an order, and no more."""
    order.fetch(FIELDS)


def synced_values(order):
    """Return the values to write on an order whose status Octopus has."""
    return {
        "push_status": "synced",
        "notices": notices_without(order, PUSH_NOTICES),
    }


def _has_no_cancel_call(error):
    is_refused = isinstance(error, OctopusNotFound | OctopusForbidden)
    return is_refused or error.status == METHOD_NOT_ALLOWED
