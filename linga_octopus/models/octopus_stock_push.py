"""Sending stock levels: what changed by itself, and all of them in a pass."""

import logging

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, groupby

from ..const import BULK_LIMIT, PATIENCE, PATIENCE_ALONE
from ..lib.octopus_api.apart import is_fault_of_items, send_apart
from ..lib.octopus_api.errors import (
    OctopusError,
    OctopusNotFound,
    OctopusServerError,
    OctopusValidationError,
)

_logger = logging.getLogger(__name__)

# Changed levels whose numbers are computed together: a compromise between the cost of a query
# and the age of the number that is sent last.
CHUNK = 8 * BULK_LIMIT
# So many refused one by one and none accepted, and the last neither: it is not the items that
# Octopus refuses.
MAX_REFUSED = 3


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
            self._send_batch(client, batch, numbers, attempts=account.stock_attempts)
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

    @api.model
    def _send_batch(self, client, rows, numbers, attempts, run=None):
        """Send the levels; return what Octopus refused, by level id, and how many levels it has
        answered: those after them are to be sent again, because the last calls of this minute
        are for the lanes above.

        What it took is permanent after each call: the next one may meet the rate limit, and
        what was refused would be looked for among all of it again.

        :param int attempts: how often in a row it failed before; then also levels at which
            Octopus fails are looked for: the numbers are absolute, and may be sent twice
        :raise OctopusError: it is not the items that Octopus refuses
        """
        items = [_prepare_item(row, numbers[row.id]) for row in rows]
        answered, refused, unrecorded = 0, {}, {}
        # Of the levels before those that the budget left over, Octopus took some.
        is_about_items = bool(run and run.cursor and run.cursor.get("is_split"))
        apart = (OctopusValidationError, OctopusNotFound)
        if attempts >= PATIENCE:
            apart += (OctopusServerError,)
        for results in send_apart(client.bulk_set_levels, items, "sv_temp_id", apart=apart):
            answered += len(results)
            errors = {int(ref): result.error for ref, result in results.items()}
            accepted = {id_: numbers[id_] for id_, error in errors.items() if not error}
            unrecorded |= {id_: error for id_, error in errors.items() if error}
            refused |= unrecorded
            failures = [result.raw.get("failure") for result in results.values()]
            if failures[0] and not is_fault_of_items(client, failures[0]):
                raise failures[0]
            is_about_items |= not all(failures)
            if not is_about_items and len(refused) > MAX_REFUSED:
                if not self._is_looked_at(client, items[-1], apart):
                    raise failures[0]
                is_about_items = True
            if is_about_items:
                self._record_accepted(accepted, run)
                self._record_refused(unrecorded)
                unrecorded = {}
                self.env["ir.cron"]._commit_progress()
                if self.env["octopus.account"]._stock_budget_is_low(client):
                    break
        is_doubtful = unrecorded and not isinstance(failures[0], OctopusValidationError)
        if is_doubtful and attempts < PATIENCE_ALONE:
            raise failures[0]  # nothing was taken: nobody knows whether it is the levels
        self._record_refused(unrecorded)
        return refused, answered

    @api.model
    def _is_looked_at(self, client, item, apart):
        """Tell whether Octopus takes or refuses this level by itself, and not all calls. It may
        be sent once more."""
        try:
            client.bulk_set_levels([item])
        except apart:
            return False
        return True

    # === PASSES === #

    @api.model
    def _pass_start(self, run):
        """Begin to send all levels, and have every later change sent by itself.

        In this order: a change that comes while the numbers are read is sent afterwards.
        """
        account = run.account_id
        if _is_restore(run):
            return self.search_count([*self._pass_domain(account), ("has_snapshot", "=", True)])
        if not account.auto_stock_sync:
            account.with_context(octopus_pass=True).auto_stock_sync = True
        self._create_missing(SQL("account.id = %s", account.id))
        self._report_waiting_products(run)
        return self.search_count(self._pass_domain(account))

    @api.model
    def _pass_domain(self, account):
        return [
            ("account_id", "=", account.id),
            ("location_id.active", "=", True),
            ("location_id.warehouse_id", "!=", False),
            ("variant_id.inventory_item_ref", "!=", False),
        ]

    @api.model
    def _pass_batch(self, run, client):
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
        refused, answered = {}, 0
        if sent:
            refused, answered = self._send_batch(client, sent, numbers, run.attempts, run)
        run._checkpoint()
        for level in self.browse(refused):
            record = level.product_id or level.location_id
            run._add_issue(record, refused[level.id])
        is_split = answered < len(sent)
        looked_at = rows[: rows.index(sent[answered])] if is_split else rows
        done = answered if is_restore else len(looked_at)
        run.write(
            {
                "cursor": {**cursor, "after": looked_at[-1].id, "is_split": is_split},
                "done": run.done + done - len(refused),
                "failed": run.failed + len(refused),
            }
        )
        more = is_split or len(rows) == BULK_LIMIT
        if not more:
            self._conclude(run)
        return more

    @api.model
    def _conclude(self, run):
        """Close what earlier passes and checks had said of the levels: all were sent."""
        self.env["octopus.stock.drift"]._close_earlier(run)
        self._fix_solved_issues(run)

    @api.model
    def _fix_solved_issues(self, run):
        """Close the problems of stock passes with records of which no level is refused now.

        Most levels that were refused go out later by themselves, which has no time for this.
        """
        refused = self.search([*self._pass_domain(run.account_id), ("error", "!=", False)])
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


def _prepare_item(row, number):
    return {
        "sv_temp_id": str(row.id),
        "location_id": _as_sent(row.location_ref),
        "inventory_item_id": _as_sent(row.item_ref),
        "available": number,
    }


def _as_sent(ref):
    """Return an id as Octopus's own samples show it: a number where it is one."""
    return int(ref) if ref.isdecimal() else ref


def _batches(rows):
    return (rows[at : at + BULK_LIMIT] for at in range(0, len(rows), BULK_LIMIT))
