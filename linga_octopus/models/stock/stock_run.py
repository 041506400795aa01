"""Sync Stocks: a run that sends all levels of a store, or those of before its first sync."""

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate

from ...lib.octopus_api import BULK_LIMIT
from ..catalog.kits import kit_template_ids
from ..catalog.product_run import fix_waiting_issue
from ..catalog.scope import CatalogScope
from ..mixins.notices import Sentence
from .figures import numbers_to_send
from .level_store import LevelStore
from .worker import StockBatch

_lt = LazyTranslate(__name__)

PRODUCTS_WAITING = Sentence(
    "products_waiting",
    _lt(
        "%(count)s products are not in Octopus yet; the settings of the store list "
        "them. Press Sync Products; their stock follows automatically."
    ),
)


def level_domain(account):
    """Return the domain of the levels that a run looks at."""
    return [
        ("account_id", "=", account.id),
        ("location_id.active", "=", True),
        ("location_id.warehouse_id", "!=", False),
        ("variant_id.inventory_item_ref", "!=", False),
    ]


def queue_restore(account):
    """Queue a run that sends back the levels of the dry run, and stop the automatic sending.

    :raise UserError: there was no dry run, or a run is under way
    """
    if not account.stock_snapshot_at:
        raise UserError(
            account.env._("There is nothing to send back: no dry run was made (Check Stock).")
        )
    _queue_last(account, {"restore": True})


def queue_zero(account):
    """Queue a run that sets all levels to 0 and then unsubscribes the store, and stop the automatic
    sending.

    :raise UserError: a run is under way
    """
    _queue_last(account, {"zero": True, "unsubscribe": True})


def _queue_last(account, cursor):
    run = account.env["octopus.sync.run"]._queue(account, "stock")
    if run.started_at:
        raise UserError(account.env._("Stop the stock sync that is running first."))
    account.auto_stock_sync = False
    run.cursor = cursor


class StockRun:
    """Sends all levels, changed or not, because the numbers in Octopus may be others.

    :param run: an `octopus.sync.run` of kind "stock"
    """

    def __init__(self, run):
        self.env = run.env
        self._run = run
        self._account = run.account_id
        self._levels = run.env["octopus.stock.level"]
        self._store = LevelStore(run.env)
        self._cursor = run.cursor or {}
        # Whether the run sends other numbers than Odoo's: those that Octopus had before the first
        # sync, or 0 before the store leaves.
        self._is_zero = bool(self._cursor.get("zero"))
        self._is_restore = self._is_zero or bool(self._cursor.get("restore"))

    def start(self):
        """Begin the run, and have every later change sent automatically; return the number of
        levels to send.

        In this order: a change that comes while the numbers are read is sent afterwards.
        """
        account = self._account
        domain = level_domain(account)
        if self._is_zero:
            return self._levels.search_count(domain)
        if self._is_restore:
            return self._levels.search_count([*domain, ("has_snapshot", "=", True)])
        if not account.auto_stock_sync:
            account.with_context(octopus_run=True).auto_stock_sync = True
        account.location_ids.is_first_sync_due = False
        self._store.create_missing(SQL("account.id = %s", account.id))
        report_waiting_products(self._run)
        return self._levels.search_count(domain)

    def send_batch(self, client):
        """Send the next levels; return whether there are more."""
        rows = self._store.read_after(self._account, self._cursor.get("after", 0), BULK_LIMIT)
        if not rows:
            self._conclude()
            return False
        numbers = self._numbers(rows)
        sent = [row for row in rows if row.id in numbers]
        self._store.save_sending(sent)
        if not self._is_restore:
            self._store.settle([row.id for row in rows if row.id not in numbers])
        batch = StockBatch(
            self._store, client, sent, numbers, attempts=self._run.attempts, run=self._run
        )
        if sent:
            batch.send()
        self._run._checkpoint()
        is_split = self._save_progress(rows, sent, batch)
        more = is_split or len(rows) == BULK_LIMIT
        if not more:
            self._conclude()
        return more

    def _numbers(self, rows):
        """Return the numbers to send, by level id."""
        if self._is_zero:
            return dict.fromkeys((row.id for row in rows), 0)
        if self._is_restore:
            return {row.id: row.snapshot for row in rows if row.snapshot is not None}
        return numbers_to_send(self.env, rows)

    def _save_progress(self, rows, sent, batch):
        """Save the place and the counts of the run; return whether a part of the batch is left."""
        for level in self._levels.browse(batch.refused):
            record = level.product_id or level.location_id
            self._run._add_issue(record, batch.refused[level.id])
        is_split = batch.answered < len(sent)
        finished = rows[: rows.index(sent[batch.answered])] if is_split else rows
        done = batch.answered if self._is_restore else len(finished)
        self._run.write(
            {
                "cursor": {**self._cursor, "after": finished[-1].id, "is_split": is_split},
                "done": self._run.done + done - len(batch.refused),
                "sent": self._run.sent + batch.answered - len(batch.refused),
                "failed": self._run.failed + len(batch.refused),
            }
        )
        return is_split

    def _conclude(self):
        """Close what earlier runs and checks found: all levels were sent."""
        self.env["octopus.stock.difference"]._close_earlier(self._run)
        fix_solved_issues(self._run)


# === ISSUES === #


def fix_solved_issues(run):
    """Close the issues of stock runs with records that have no refused level now.

    Most refused levels are sent later automatically, and that does not touch issues.
    """
    refused = run.env["octopus.stock.level"].search(
        [*level_domain(run.account_id), ("error", "!=", False)]
    )
    locations = refused.filtered(lambda level: not level.product_id).location_id
    for records in (refused.product_id, locations):
        model = records.browse().with_context(active_test=False)
        run._fix_issues_of_others(model, Domain("id", "in", records.ids), kinds=["stock"])


def waiting_domain(account):
    """Return the domain of the products that have stock to send but are not in Octopus."""
    bound = account.env["octopus.variant"]._search(
        [("account_id", "=", account.id), ("inventory_item_ref", "!=", False)]
    )
    return [
        ("product_tmpl_id", "any", CatalogScope(account).product_domain()),
        "|",
        ("is_storable", "=", True),
        ("product_tmpl_id", "in", kit_template_ids(account.env)),
        ("octopus_variant_ids", "not any", [("id", "in", bound)]),
    ]


def report_waiting_products(run):
    """Add the issue that tells how many products cannot have their stock sent, if there are any."""
    account = run.account_id
    products = account.stock_waiting_count
    if not products:
        fix_waiting_issue(run)
        return
    run._add_issue(
        account,
        PRODUCTS_WAITING(run.env, count=products),
        severity="warning",
    )
