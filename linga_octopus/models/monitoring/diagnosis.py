"""One diagnosis of a store: what is wrong, how bad it is, and what helps.

Checklist, overview, health report and staff alerts read it, so that they agree. All limits of time
and number stand here.
"""

import hashlib
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from odoo import fields
from odoo.fields import Domain
from odoo.tools import format_date

from ...const import OPEN_ISSUES
from ..mixins.notices import read_notice, stored
from ..order.status_rules import TO_ACT
from ..sync.octopus_run_result import failed_runs

# An order waits for its stock, or a scheduled action for its turn: longer than when all is well.
LATE = timedelta(minutes=15)
# Orders are fetched, and announced orders read back, in a queue that Octopus may slow down.
LATE_FETCH = timedelta(minutes=30)
# Fewer tries without an answer are a hiccup of some minutes.
ATTEMPTS_IN_VAIN = 6
# Orders that are reported one by one. More of them have a common cause, which is reported too.
MAX_ORDERS = 100

OPEN_RUN_STATES = ("queued", "running", "waiting")

# Records of which each needs somebody; the overview counts and opens the same ones.
OVERSOLD_ORDERS = TO_ACT & Domain("is_oversold", "=", True)
# A blocked order is wrong in the stock whatever its status. A line needs no product when the order
# is cancelled, or was placed before the store was connected.
STUCK_ORDERS = Domain("stock_state", "=", "blocked") | (
    Domain("needs_mapping", "=", True)
    & Domain("status", "!=", "cancelled")
    & Domain("stock_state", "!=", "none")
)
# Nobody packs them before somebody has applied or kept what the channel changed.
CHANGED_ORDERS = (
    Domain("change_state", "=", "open") | Domain("is_elsewhere_open", "=", True)
) & Domain("status", "!=", "cancelled")
# A person says which goods came back, and whether a cancelled order is one after all.
UNCLEAR_REFUNDS = Domain("refund_ids.is_unclear", "=", True) & Domain("status", "!=", "cancelled")
ALIVE_ORDERS = Domain("is_alive_again", "=", True)
PUSH_FAILED_ORDERS = Domain("push_status", "=", "failed") | Domain(
    "fulfillment_ids.push_status", "=", "failed"
)
SHIPPED_TODAY = Domain("is_shipped_today", "=", True)
WAITING_FOR_PICKUP = Domain("is_waiting_for_pickup", "=", True) & Domain("is_test", "=", False)
LATE_ORDERS = Domain("is_late", "=", True)
OPEN_DIFFERENCES = Domain("state", "=", "open")
ORDER_CHECKS_TO_REVIEW = Domain("state", "in", ("differs", "failed"))


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a store.

    :param key: the cause, the same in every language and as long as it lasts
    :param severity: "error": something does not work; "todo": a step of the setup is missing;
        "warning": the store works less well than it could
    :param sentence: what is wrong and what to do
    :param fix: the button that helps: its `label`, and a `method` of the account, an `action`
        (XML id), or a `tab` of the settings page with its `field`
    :param record: the record to open; several records are opened by the `action` of the fix
    """

    key: str
    severity: str
    sentence: str
    fix: dict = field(default_factory=dict)
    record: Any = None

    @property
    def path(self):
        """Return the path of the page that opens the record, or the list of the records."""
        if self.record is not None and len(self.record) == 1:
            return record_path(self.record)
        return f"/odoo/action-{self.fix['action']}"


class Diagnosis:
    """What is wrong with a store, in the language of its environment."""

    def __init__(self, account, known=()):
        """Diagnose one account.

        :param known: keys that were failures at the last look; an order that is being tried again
            is still the same failure
        """
        account.ensure_one()
        self.account = account
        self.env = account.env
        self.known = known
        self._mine = Domain("account_id", "=", account.id)

    # === CONNECTION === #

    def connection(self):
        """Return what is wrong with the connection, or None."""
        account = self.account
        if account.state == "connected":
            return None
        if account.state == "error":
            severity = "error"
            sentence = account.state_message or self.env._("The connection is lost.")
        else:
            severity = "todo"
            sentence = self.env._(
                "Enter the Merchant Name and the Access ID, then press Save & Test."
            )
        fix = {
            "tab": "settings",
            "field": "merchant_name",
            "label": self.env._("Open Settings"),
        }
        return Finding("connection", severity, sentence, fix, account)

    def fetching(self):
        """Return what is wrong with the fetching of orders, or None."""
        account = self.account
        limit = int(LATE_FETCH.total_seconds() // 60)
        if not account.last_orders_sync:
            severity = "todo"
            sentence = self.env._(
                "Orders are fetched every few minutes once the store is connected."
            )
        elif is_late(account.last_orders_sync, LATE_FETCH):
            severity = "error"
            sentence = self.env._(
                "No fetch of orders has ended in the last %(minutes)s minutes.", minutes=limit
            )
        else:
            return None
        fix = {"method": "action_fetch_orders", "label": self.env._("Import Orders")}
        return Finding("fetch", severity, sentence, fix, account)

    # === QUEUES === #

    @cached_property
    def oldest(self):
        """Return since when the oldest entry of each queue waits; False for an empty queue."""
        orders = self.env["octopus.order"]
        waiting = self._mine & Domain("stock_state", "=", "waiting")
        returning = self._mine & Domain("is_return_due", "=", True)
        open_runs = self._mine & Domain("state", "in", OPEN_RUN_STATES)
        notifications = self.env["octopus.order.notification"]
        return {
            "order": orders.search(waiting, order="id", limit=1).received_at,
            # The same write made the return due.
            "return": orders.search(returning, order="write_date", limit=1).write_date,
            "notification": notifications.search(self._mine, order="id", limit=1).create_date,
            "pass": self.env["octopus.sync.run"].search(open_runs, order="id", limit=1).create_date,
        }

    def delays(self):
        """Yield the queues that do not move; the sentences are English, for monitoring systems."""
        if is_late(self.oldest["order"], LATE):
            yield Finding("order_late", "error", "an order waits for its stock")
        if is_late(self.oldest["return"], LATE):
            yield Finding("return_late", "error", "an order waits to give its goods back")
        # Without a connection they have to wait.
        if self.account.state != "connected":
            return
        if is_late(self.oldest["notification"], LATE_FETCH):
            yield Finding("notification_late", "error", "an announced order has not been read back")
        if is_late(self.account.last_orders_sync or self.account.create_date, LATE_FETCH):
            yield Finding("fetch", "error", "orders have not been asked for lately")

    # === FAILURES === #

    def in_language_of(self, env):
        """Return this diagnosis in another language; what it has read is not read again."""
        translated = copy(self)
        translated.env, translated.account = env, self.account.with_env(env)
        return translated

    def failures(self):
        """Return the findings that the staff should know of, by key."""
        if self.account.state == "unsubscribed":
            return {}
        findings = [
            *self._failures_of_connection(),
            *self._failures_of_runs(),
            *self._failures_of_records(),
            *self._failures_of_orders(),
            *self._changed_orders(),
            *self._orders_to_decide(),
            *self._failures_of_stock(),
            *self._failures_of_order_checks(),
        ]
        return {finding.key: finding for finding in findings}

    def _failures_of_connection(self):
        account = self.account
        if account.state == "error":
            yield self.connection()
            return
        in_vain = self._run_in_vain
        if in_vain or account.stock_attempts >= ATTEMPTS_IN_VAIN:
            why = in_vain.message or account.stock_message
            sentence = self.env._("It is tried again automatically. %(why)s", why=why)
            yield Finding("unreachable", "error", sentence, record=in_vain or account)

    @cached_property
    def _run_in_vain(self):
        return self.env["octopus.sync.run"].search(
            self._mine
            & Domain("state", "in", OPEN_RUN_STATES)
            & Domain("attempts", ">=", ATTEMPTS_IN_VAIN),
            limit=1,
        )

    def _failures_of_runs(self):
        runs = self._failed_runs.with_env(self.env)
        labels = dict(runs._fields["kind"]._description_selection(self.env))
        for run in runs:
            sentence = f"{labels[run.kind]}: {run.message or ''}"
            yield Finding(f"run:{run.kind}", "error", sentence, record=run)

    @cached_property
    def _failed_runs(self):
        return failed_runs(self.account)

    def _failures_of_records(self):
        """Yield the issues; records with the same issue are one cause, however many they are."""
        issues = self.env["octopus.sync.issue"]
        # Read together.
        single = issues.browse(ids[0] for *_names, ids in self._issue_groups if len(ids) == 1)
        records = {issue.id: issue.record for issue in single}
        labels = dict(issues._fields["kind"]._description_selection(self.env))
        for kind, code, names, ids in self._issue_groups:
            message = read_notice(self.env, code)
            names = sorted({name for name in names if name})
            some = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
            parts = [labels[kind], some, message] if some else [labels[kind], message]
            yield Finding(
                issue_key(kind, message),
                "error",
                ": ".join(parts),
                {"action": "linga_octopus.octopus_sync_issue_action"},
                # The record that has the issue; it may be deleted.
                records.get(ids[0]) or issues.browse(ids),
            )

    @cached_property
    def _issue_groups(self):
        return self.env["octopus.sync.issue"]._read_group(
            self._mine & Domain(OPEN_ISSUES),
            ["kind", "message"],
            ["record_name:array_agg", "id:array_agg"],
        )

    def _failures_of_orders(self):
        """Yield the orders that stay wrong until somebody does something."""
        texts = {
            "order": ("stock_message", self.env._("A line needs a product.")),
            "push": ("channel_notice", self.env._("Octopus did not get its status.")),
        }
        for key, (field_name, otherwise) in texts.items():
            for order in self._failed_orders[key].with_env(self.env):
                sentence = self.env._(
                    "Online order %(order)s: %(why)s",
                    order=order.display_name,
                    why=order[field_name] or otherwise,
                )
                yield Finding(f"{key}:{order.id}", "error", sentence, record=order)

    def _changed_orders(self):
        """Yield the orders that the channel changed, and that somebody has to decide on."""
        for order in self._failed_orders["change"].with_env(self.env):
            changes = (
                (order.changes_text or "").splitlines() if order.change_state == "open" else []
            )
            if order.is_elsewhere_open:
                goods = order.elsewhere_text
                changes.append(self.env._("sent from elsewhere: %(goods)s", goods=goods))
            sentence = self.env._(
                "Online order %(order)s was changed by the channel: %(changes)s",
                order=order.display_name,
                changes="; ".join(changes),
            )
            yield Finding(f"change:{order.id}", "error", sentence, record=order)

    def _orders_to_decide(self):
        """Yield the orders of which the channel does not say enough: a person decides."""
        texts = {
            "refund": self.env._("The channel refunded goods without saying which: choose them."),
            "alive": self.env._("Cancelled here, alive again in the channel: take it up again."),
        }
        for key, why in texts.items():
            for order in self._failed_orders[key].with_env(self.env):
                sentence = self.env._(
                    "Online order %(order)s: %(why)s", order=order.display_name, why=why
                )
                yield Finding(f"{key}:{order.id}", "error", sentence, record=order)

    @cached_property
    def _failed_orders(self):
        """Return the failed orders, by the beginning of their keys."""
        orders = self.env["octopus.order"]
        known = [key.partition(":") for key in self.known]
        failures = (
            ("order", STUCK_ORDERS, Domain("stock_state", "=", "waiting")),
            ("push", PUSH_FAILED_ORDERS, Domain("push_status", "=", "pending")),
            ("change", CHANGED_ORDERS, Domain.FALSE),
            ("refund", UNCLEAR_REFUNDS, Domain.FALSE),
            ("alive", ALIVE_ORDERS, Domain.FALSE),
        )
        found = {}
        for key, failed, retried in failures:
            ids = [int(number) for beginning, _colon, number in known if beginning == key]
            is_known = Domain("id", "in", ids)
            domain = self._mine & (failed | (retried & is_known))
            # A reported order is not solved because newer ones fill the list.
            found[key] = orders.search(domain & is_known)
            found[key] |= orders.search(domain, limit=MAX_ORDERS, order="id desc")
        return found

    def _failures_of_stock(self):
        levels, differences = self._refused_levels, self._open_differences
        if levels:
            sentence = self.env._(
                "Octopus refuses stock levels: see Octopus > Activity > Stock Levels."
            )
            fix = {"action": "linga_octopus.octopus_stock_level_refused_action"}
            yield Finding("levels", "error", sentence, fix, levels)
        if differences:
            sentence = self.env._(
                "Stock levels in Octopus differ: decide under Octopus > Activity > Stock "
                "Differences."
            )
            fix = {"action": "linga_octopus.octopus_stock_difference_action"}
            yield Finding("stock_check", "error", sentence, fix, differences)

    @cached_property
    def _refused_levels(self):
        refused = self._mine & Domain("error", "!=", False)
        return self.env["octopus.stock.level"].search(refused, limit=2)

    @cached_property
    def _open_differences(self):
        differences = self.env["octopus.stock.difference"]
        return differences.search(self._mine & OPEN_DIFFERENCES, limit=2)

    def _failures_of_order_checks(self):
        for check in self._order_checks:
            if check.state == "differs":
                sentence = self.env._(
                    "The online orders of %(day)s differ from those in Octopus: see Octopus > "
                    "Activity > Order Checks.",
                    day=format_date(self.env, check.day),
                )
            else:
                sentence = f"{check.display_name}: {check.message}"
            yield Finding(f"order_check:{check.day}", "error", sentence, record=check)

    @cached_property
    def _order_checks(self):
        # One query that reads no more than the sentences need.
        return self.env["octopus.order.check"].search_fetch(
            self._mine & ORDER_CHECKS_TO_REVIEW, ["account_id", "day", "state", "message"]
        )


def record_path(record):
    """Return the path that opens a record, in its company, also from an e-mail."""
    return f"/mail/view?model={record._name}&res_id={record.id}"


def issue_key(kind, message):
    """Return a short key of an issue; its message may be long, and is the same in all languages."""
    return f"issue:{kind}:{hashlib.sha256(stored(message).encode()).hexdigest()[:16]}"


def scheduled_actions(env):
    """Return the scheduled actions of the addon, sudoed: whether they run is no secret."""
    entries = env["ir.model.data"].sudo()
    ours = [("module", "=", "linga_octopus"), ("model", "=", "ir.cron")]
    crons = env["ir.cron"].sudo().browse(entries.search(ours).mapped("res_id"))
    return crons.exists().sorted("priority")


def is_overdue(cron):
    """Tell whether a scheduled action should have run some time ago."""
    return cron.active and is_late(cron.nextcall, LATE)


def is_late(moment, limit):
    """Tell whether a moment, if there is one, is longer ago than `limit`."""
    return bool(moment) and fields.Datetime.now() - moment > limit
