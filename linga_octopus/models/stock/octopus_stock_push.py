"""Sending stock levels: what changed by itself, and all of them in a pass."""

import logging

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, groupby

from ...const import BULK_LIMIT
from ...lib.octopus_api.errors import OctopusError
from .batch import StockBatch

_logger = logging.getLogger(__name__)

# Changed levels whose numbers are computed together: a compromise between the cost of a query
# and the age of the number that is sent last.
CHUNK = 8 * BULK_LIMIT


class OctopusStockLevel(models.Model):
    _inherit = "octopus.stock.level"

    # === CHANGES === #

    @api.model
    def _push_pending(self, clients):
        """Send a chunk of the changed levels of every account; return how many were worked off.

        :param dict clients: the open clients of this worker
        """
        return sum(self._push_account(account, clients) for account in self._accounts_ready())

    @api.model
    def _push_account(self, account, clients):
        try:
            count = self._push_chunk(account, account._get_open_client(clients))
        except OctopusError as error:
            self.env.cr.rollback()
            account._stock_recover(error)
        except UserError as error:
            self.env.cr.rollback()
            account._stock_back_off(str(error))
        except SerializationFailure:
            # A user changed the same record; the rest is still to be sent.
            self.env.cr.rollback()
            return 1
        # The last line of defence: one account must not keep the others from being served.
        except Exception:
            _logger.exception("Sending the stock of Octopus account %s failed", account.id)
            self.env.cr.rollback()
            account._stock_fail_unexpectedly()
        else:
            return count
        self.env["ir.cron"]._commit_progress()
        return 0

    @api.model
    def _push_chunk(self, account, client):
        rows = self._read_pending(account, CHUNK)
        numbers = self._numbers(rows)
        changed = [row for row in rows if row.id in numbers and row.differs_from(numbers[row.id])]
        changed_ids = {row.id for row in changed}
        self._settle([row.id for row in rows if row.id not in changed_ids])
        self._record_sending(changed)
        for batch in _batches(changed):
            StockBatch(self, client, batch, numbers, attempts=account.stock_attempts).send()
            if account._stock_budget_is_low(client):
                break
        account._stock_answered(client)
        self.env["octopus.rate"]._note(account, client)
        self.env["ir.cron"]._commit_progress()
        return len(rows)

    @api.model
    def _numbers(self, rows):
        """Return the number to send of these LevelRows by id; variants that are not kept in
        stock are left out."""
        numbers = {row.id: 0 for row in rows if not row.product_id}
        with_product = (row for row in rows if row.product_id)
        for location_id, group in groupby(with_product, lambda row: row.location_id):
            location = self.env["octopus.location"].browse(location_id)
            figures = location._stock_figures([row.product_id for row in group])
            numbers.update(
                (row.id, figures[row.product_id].number)
                for row in group
                if row.product_id in figures
            )
        return numbers

    # === PASSES === #

    @api.model
    def _run_start(self, run):
        """Begin to send all levels, and have every later change sent by itself.

        In this order: a change that comes while the numbers are read is sent afterwards.
        """
        account = run.account_id
        if _is_restore(run):
            return self.search_count([*self._run_domain(account), ("has_snapshot", "=", True)])
        if not account.auto_stock_sync:
            account.with_context(octopus_run=True).auto_stock_sync = True
        self._create_missing(SQL("account.id = %s", account.id))
        self._report_waiting_products(run)
        return self.search_count(self._run_domain(account))

    @api.model
    def _run_domain(self, account):
        return [
            ("account_id", "=", account.id),
            ("location_id.active", "=", True),
            ("location_id.warehouse_id", "!=", False),
            ("variant_id.inventory_item_ref", "!=", False),
        ]

    @api.model
    def _run_batch(self, run, client):
        """Send the next levels, changed or not: the numbers in Octopus may not be ours."""
        cursor = run.cursor or {}
        rows = self._read_after(run.account_id, cursor.get("after", 0), BULK_LIMIT)
        if not rows:
            self._conclude(run)
            return False
        is_restore = _is_restore(run)
        numbers = _snapshots(rows) if is_restore else self._numbers(rows)
        sent = [row for row in rows if row.id in numbers]
        self._record_sending(sent)
        if not is_restore:
            self._settle([row.id for row in rows if row.id not in numbers])
        batch = StockBatch(self, client, sent, numbers, attempts=run.attempts, run=run)
        if sent:
            batch.send()
        run._checkpoint()
        for level in self.browse(batch.refused):
            record = level.product_id or level.location_id
            run._add_issue(record, batch.refused[level.id])
        is_split = batch.answered < len(sent)
        looked_at = rows[: rows.index(sent[batch.answered])] if is_split else rows
        done = batch.answered if is_restore else len(looked_at)
        run.write(
            {
                "cursor": {**cursor, "after": looked_at[-1].id, "is_split": is_split},
                "done": run.done + done - len(batch.refused),
                "failed": run.failed + len(batch.refused),
            }
        )
        more = is_split or len(rows) == BULK_LIMIT
        if not more:
            self._conclude(run)
        return more

    @api.model
    def _conclude(self, run):
        """Close what earlier passes and checks had said of the levels: all were sent."""
        self.env["octopus.stock.difference"]._close_earlier(run)
        self._fix_solved_issues(run)

    @api.model
    def _fix_solved_issues(self, run):
        """Close the problems of stock passes with records of which no level is refused now.

        Most levels that were refused go out later by themselves, which has no time for this.
        """
        refused = self.search([*self._run_domain(run.account_id), ("error", "!=", False)])
        locations = refused.filtered(lambda level: not level.product_id).location_id
        for records in (refused.product_id, locations):
            model = records.browse().with_context(active_test=False)
            run._fix_issues_of_others(model, Domain("id", "in", records.ids), kinds=["stock"])

    @api.model
    def _fix_waiting_issue(self, run):
        """Close the note on products that Octopus lacks when it has them all.

        :param run: of any kind
        """
        account = run.account_id
        if run._open_issues(account, ["stock"]) and not account.stock_waiting_count:
            run._fix_issues(account, ["stock"])

    @api.model
    def _report_waiting_products(self, run):
        """Say how many products cannot have their stock sent because Octopus lacks them."""
        account = run.account_id
        products = account.stock_waiting_count
        if not products:
            self._fix_waiting_issue(run)
            return
        run._add_issue(
            account,
            self.env._(
                "%(count)s products are not in Octopus yet; the settings of the store list "
                "them. Press Sync Products; their stock follows by itself.",
                count=products,
            ),
            severity="warning",
        )


def _is_restore(run):
    """Return whether the pass sends back what Octopus had before the first sync."""
    return bool((run.cursor or {}).get("restore"))


def _snapshots(rows):
    """Return what Octopus had at the dry run, by level id."""
    return {row.id: row.snapshot for row in rows if row.snapshot is not None}


def _batches(rows):
    return (rows[at : at + BULK_LIMIT] for at in range(0, len(rows), BULK_LIMIT))
