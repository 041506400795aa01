"""Check Stock: a run that compares the levels in Octopus with those of Odoo."""

from odoo import fields
from odoo.tools import SQL, LazyTranslate, groupby

from ...lib.octopus_api import BULK_LIMIT
from ...lib.stock_number import difference_reason, difference_state
from ..mixins.notices import Sentence
from .figures import numbers_to_send
from .level_store import LevelStore
from .stock_run import fix_solved_issues, level_domain

_lt = LazyTranslate(__name__)

WOULD_CHANGE = Sentence(
    "levels_would_change",
    _lt(
        "Sync Stocks would change %(count)s stock levels in Octopus; see Stock "
        "Differences. Nothing was sent."
    ),
)
SENT_AGAIN = Sentence(
    "levels_sent_again",
    _lt(
        "%(count)s stock levels differed in Octopus and were sent again; Stock "
        "Differences shows which and why."
    ),
)
TO_DECIDE = Sentence(
    "levels_to_decide",
    _lt(
        "%(count)s stock levels differ in Octopus. Open Stock Differences and decide "
        "which to send again."
    ),
)


class StockCheck:
    """Finds the levels that differ, and has them sent again if the store wants that.

    Before the first Sync Stocks the check is a dry run: it shows what the sync would change, and
    keeps the numbers of Octopus as a snapshot that can be restored.

    :param run: an `octopus.sync.run` of kind "stock_check"
    """

    def __init__(self, run):
        self.env = run.env
        self._run = run
        self._account = run.account_id
        self._store = LevelStore(run.env)
        self._is_dry_run = not run.account_id.auto_stock_sync
        self._is_corrected = not self._is_dry_run and run.account_id.difference_policy == "heal"

    def start(self):
        """Begin the check; return the number of levels to compare."""
        self._store.create_missing(SQL("account.id = %s", self._account.id))
        if self._is_dry_run:
            self._store.clear_snapshot(self._account)
            self._account.stock_snapshot_at = fields.Datetime.now()
        return self.env["octopus.stock.level"].search_count(level_domain(self._account))

    def compare_batch(self, client):
        """Compare the next levels; return whether there are more."""
        after = (self._run.cursor or {}).get("after", 0)
        rows = self._store.read_after(self._account, after, BULK_LIMIT)
        if rows:
            numbers = numbers_to_send(self.env, rows)
            remote = _read_remote(client, rows)
            if self._is_dry_run:
                # Octopus sells none of what it does not list: that is what restoring sends back.
                self._store.save_snapshot({row.id: remote.get(row.id, 0) for row in rows})
            self._save_differences(rows, numbers, remote)
            self._run.write({"cursor": {"after": rows[-1].id}, "done": self._run.done + len(rows)})
        more = len(rows) == BULK_LIMIT
        if not more:
            self._conclude()
        return more

    def _save_differences(self, rows, numbers, remote):
        compared = [row for row in rows if row.id in numbers]
        different = [row for row in compared if remote.get(row.id) != numbers[row.id]]
        levels = self.env["octopus.stock.level"].browse(row.id for row in different)
        self._store.clear_errors({row.id for row in compared} - set(levels._ids))
        if not different:
            return
        self.env["octopus.stock.difference"].create(
            [
                self._prepare_difference(row, level, numbers[row.id], remote.get(row.id))
                for row, level in zip(different, levels, strict=True)
            ]
        )
        if not self._is_dry_run:
            levels.resend = True
        if self._is_corrected:
            self._store.mark(levels.ids)

    def _prepare_difference(self, row, level, number, remote):
        """Return the values of a difference.

        :param int number: the number to send
        :param remote: the number in Octopus; None if Octopus does not list the level
        """
        reason = difference_reason(
            number,
            remote,
            row.pushed,
            is_waiting=bool(level.waiting_count),
            is_refused=bool(level.error),
        )
        return {
            "run_id": self._run.id,
            "level_id": row.id,
            "product_id": row.product_id,
            "location_id": row.location_id,
            "octopus_quantity": remote or 0,
            "is_listed": remote is not None,
            "odoo_quantity": number,
            "pushed_quantity": row.pushed or 0,
            "pushed_at": level.pushed_at,
            "drops_to_zero": (remote or 0) > 0 and not number,
            "reason": reason,
            "state": difference_state(
                reason, is_dry_run=self._is_dry_run, is_corrected=self._is_corrected
            ),
        }

    def _conclude(self):
        """Report what was found, and close what earlier checks had found."""
        differences = self.env["octopus.stock.difference"]
        differences._close_earlier(self._run)
        fix_solved_issues(self._run)
        count = differences.search_count([("run_id", "=", self._run.id)])
        self._run.sent = count
        if count:
            self._run._add_issue(self._account, self._describe(count), severity="warning")
        else:
            self._run._fix_issues(self._account)

    def _describe(self, count):
        """Return the sentence about the differences that were found."""
        if self._is_dry_run:
            return WOULD_CHANGE(self.env, count=count)
        if self._is_corrected:
            return SENT_AGAIN(self.env, count=count)
        return TO_DECIDE(self.env, count=count)


def _read_remote(client, rows):
    """Return the numbers in Octopus by level id; levels that it does not list are left out."""
    remote = {}
    for location_ref, group in groupby(rows, lambda row: row.location_ref):
        level_ids = {row.item_ref: row.id for row in group}
        for found in client.iter_inventory_levels(
            inventory_item_refs=level_ids, location_refs=[location_ref]
        ):
            level_id = level_ids.get(found.inventory_item_ref)
            if found.location_ref == location_ref and level_id:
                remote[level_id] = found.available or 0
    return remote
