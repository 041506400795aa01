"""The stock worker: it takes changes from the outbox and sends the new numbers to Octopus.

It also looks for indirect changes: numbers that change although no stock moves.
"""

import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate

from ...const import BISECT_AFTER_ATTEMPTS, QUARANTINE_AFTER_ATTEMPTS
from ...lib.back_off import Reconnect, back_off
from ...lib.octopus_api import BULK_LIMIT
from ...lib.octopus_api.bisect import is_fault_of_items, send_next
from ...lib.octopus_api.errors import (
    OctopusError,
    OctopusNotFound,
    OctopusServerError,
    OctopusValidationError,
)
from ...lib.octopus_api.items import LEVEL_KEY, level_item
from ..account.connection import open_client
from ..catalog.kits import kits_with
from ..mixins.notices import NO_CALLS_LEFT, TOO_FAST, Sentence
from ..sync import rate_budget
from .figures import numbers_to_send
from .level_store import LevelStore

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

UNEXPECTED_IN_STOCK = Sentence(
    "unexpected_in_stock",
    _lt(
        "Something unexpected went wrong; the server log has the details. It is tried "
        "again automatically; report it if it stays."
    ),
)

WORKER_CRON = "linga_octopus.ir_cron_octopus_stock_push"
STOCK_RUNS = ("stock", "stock_check")
# Changes that are taken from the outbox at a time.
TAKE_LIMIT = 5_000
# Changed levels whose numbers are computed together: a compromise between the cost of a query
# and the age of the number that is sent last.
CHUNK = 8 * BULK_LIMIT
# When so many levels were refused one by one and none accepted, the last level is tried as well:
# if Octopus refuses it too, the reason is not the levels.
MAX_REFUSED = 3
# The day up to which goods past their removal date were looked for.
DAY_KEY = "linga_octopus.stock_day"
# The moment up to which the first and last moments of products were looked for.
MOMENT_KEY = "linga_octopus.stock_moment"
# The stamp of all kit recipes.
RECIPES_KEY = "linga_octopus.stock_recipes"
# A failure of which nothing more is known.
FAILURE = OctopusError("")


def wake_stock_worker(env, moment=None):
    """Have the stock worker run now, or at `moment` (naive UTC)."""
    env.ref(WORKER_CRON)._trigger(moment)


class StockWorker:
    """Sends changed levels, and works off the runs of Sync Stocks and Check Stock.

    `ir.cron` runs one stock worker at a time on all servers of the database. Nothing else writes
    stock levels, so that the worker waits for no lock and is not overtaken.

    :param env: of the scheduled action
    """

    def __init__(self, env):
        self.env = env
        self._store = LevelStore(env)
        self._clients = {}

    def work(self):
        """Work until there is nothing left to do now, or the time of the scheduled action is up."""
        runs = self.env["octopus.sync.run"]
        _enqueue_expired(self.env)
        _enqueue_recipes(self.env)
        _enqueue_offered_again(self.env)
        _enqueue_published(self.env)
        try:
            while True:
                worked = self._take_step()
                for account in self._store.accounts_ready():
                    lang = account.company_id.partner_id.lang
                    worked += self._send_account(account.with_context(lang=lang))
                run = runs._runnable(STOCK_RUNS)[:1]
                if run:
                    run._work_batch(self._clients)
                    worked += 1
                remaining = len(runs._runnable(STOCK_RUNS)) + len(self._store.accounts_ready())
                seconds = self.env["ir.cron"]._commit_progress(worked, remaining=remaining)
                if not worked:
                    account = self.env["octopus.account"].search(
                        [("stock_resume_at", ">", fields.Datetime.now())],
                        order="stock_resume_at",
                        limit=1,
                    )
                    if not runs._sleep_until_next(STOCK_RUNS, account.stock_resume_at):
                        break
                if not seconds:
                    self.env["octopus.stock.event"]._come_back(WORKER_CRON)
                    break
        finally:
            for client in self._clients.values():
                client.close()

    # === TAKING CHANGES === #

    def _take_step(self):
        """Take some changes and commit; return their number."""
        try:
            taken = self.take()
            self.env["ir.cron"]._commit_progress()
        except SerializationFailure:
            # A product or a location was deleted meanwhile; the next round sees it.
            self.env.cr.rollback()
            return 1
        return taken

    def take(self):
        """Turn changes of the outbox into levels to send; return the number of changes."""
        changes = self.env.execute_query(
            SQL(
                # As a subquery of `IN`, PostgreSQL may repeat it for each row, past its LIMIT.
                """WITH oldest AS MATERIALIZED (
                        SELECT id FROM octopus_stock_event
                         ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
                   DELETE FROM octopus_stock_event event USING oldest WHERE event.id = oldest.id
                RETURNING event.product_id, event.warehouse_id, event.resend""",
                TAKE_LIMIT,
            )
        )
        if changes:
            touched = {tuple(places) for *places, _resend in changes}
            self._store.mark_touched(touched | kits_with(self.env, touched))
            self._store.mark_resend({tuple(places) for *places, resend in changes if resend})
        return len(changes)

    # === SENDING CHANGES === #

    def _send_account(self, account):
        """Send a chunk of the changed levels of an account; return their number."""
        state = StockState(account)
        try:
            return self._send_chunk(account, state)
        except OctopusError as error:
            self.env.cr.rollback()
            state.fail(error)
        except UserError as error:
            self.env.cr.rollback()
            state.fail_because(error.args[0])
        except SerializationFailure:
            # A user changed the same record; the rest is still to be sent.
            self.env.cr.rollback()
            return 1
        # The last line of defence: one account must not keep the others from being served.
        except Exception:
            _logger.exception("Sending the stock of Octopus account %s failed", account.id)
            self.env.cr.rollback()
            state.fail_because(UNEXPECTED_IN_STOCK(account.env))
        self.env["ir.cron"]._commit_progress()
        return 0

    def _send_chunk(self, account, state):
        client = open_client(account, self._clients)
        rows = self._store.read_pending(account, CHUNK)
        numbers = numbers_to_send(self.env, rows)
        changed = self._store.begin_sending(rows, numbers)
        attempts = account.stock_attempts  # each commit forgets what was read
        for start in range(0, len(changed), BULK_LIMIT):
            batch = changed[start : start + BULK_LIMIT]
            StockBatch(self._store, client, batch, numbers, attempts=attempts).send()
            if rate_budget.is_low(client, "stock"):
                break
        rate_budget.publish(account, client)
        if account.stock_message or account.stock_attempts or account.stock_resume_at:
            state.clear()
        if rate_budget.is_low(client, "stock"):
            state.wait_for_calls(client)
        self.env["ir.cron"]._commit_progress()
        return len(rows)


# === INDIRECT CHANGES === #


def _enqueue_expired(env):
    """Enqueue goods whose removal date has come: from that day on Odoo does not count them."""
    quants = env["stock.quant"].sudo()
    if "removal_date" not in quants._fields:
        return
    today = fields.Date.today()
    day_before = _swap(env, DAY_KEY, fields.Date.to_string(today))
    if not day_before:
        return
    expired = quants._read_group(
        [("removal_date", "<=", today), ("removal_date", ">", day_before)],
        ["product_id", "location_id"],
    )
    env["octopus.stock.event"]._enqueue_at(
        {(product.id, location.id) for product, location in expired}
    )


def _enqueue_offered_again(env):
    """Enqueue the products that were sold out for a day that is over."""
    ended = env.execute_query(
        SQL(
            "DELETE FROM octopus_sold_out WHERE until <= %s RETURNING product_id",
            fields.Datetime.now(),
        )
    )
    if ended:
        products = env["product.product"].browse({product_id for (product_id,) in ended})
        env["octopus.stock.event"]._enqueue_products(products.exists())


def _enqueue_published(env):
    """Enqueue the products whose first or last moment on the channels has come."""
    parameters = env["ir.config_parameter"].sudo()
    before = parameters.get_param(MOMENT_KEY, "1970-01-01 00:00:00")
    now = fields.Datetime.to_string(fields.Datetime.now())
    has_come = Domain.OR(
        Domain(name, ">", before) & Domain(name, "<=", now)
        for name in ("octopus_publish_from", "octopus_publish_until")
    )
    if passed := env["product.template"].search(has_come):
        # Not at each look: saving a parameter clears the caches of all servers.
        parameters.set_param(MOMENT_KEY, now)
        env["octopus.stock.event"]._enqueue_products(passed.product_variant_ids)


def _enqueue_recipes(env):
    """Enqueue all products when a recipe of a kit has changed; nothing tells which one."""
    stamp = _recipe_stamp(env)
    if stamp is not None and _swap(env, RECIPES_KEY, stamp):
        env["octopus.stock.event"]._enqueue_locations(env["octopus.location"]._mapped())


def _swap(env, key, value):
    """Save a value; return the one before if it was another, otherwise False."""
    parameters = env["ir.config_parameter"].sudo()
    before = parameters.get_param(key)
    if before == value:
        return False
    parameters.set_param(key, value)
    return before


def _recipe_stamp(env):
    """Return a text that changes when a recipe of a kit changes; None without the app."""
    if "mrp.bom" not in env:
        return None
    [[stamp]] = env.execute_query(
        SQL(
            """SELECT concat_ws('/', count(*), max(bom.write_date), max(line.write_date),
                                sum(line.product_qty))
                 FROM mrp_bom bom LEFT JOIN mrp_bom_line line ON line.bom_id = bom.id
                WHERE bom.type = 'phantom' AND bom.active"""
        )
    )
    return stamp


# === ONE BULK CALL === #


class StockBatch:
    """Sends at most 250 levels together, and saves which ones Octopus accepted and refused.

    Accepted levels are committed after each call, because the next call may meet the rate limit.
    Refused levels are saved only when it is certain that Octopus does not refuse every call.

    :param store: the LevelStore
    :param client: the open client of the account
    :param list rows: the LevelRows to send
    :param dict numbers: the number to send, by level id
    :param int attempts: failures in a row so far; after some of them the batch is also bisected
        for errors of the server, which is safe because the numbers are absolute
    :param run: the sync run, if any
    """

    def __init__(self, store, client, rows, numbers, *, attempts, run=None):
        # The errors of refused levels, by level id.
        self.refused = {}
        # How many levels Octopus has answered. The levels after them are to be sent again, because
        # the last calls of this minute are left to orders.
        self.answered = 0
        self._store = store
        self._client = client
        self._rows = rows
        self._numbers = numbers
        self._attempts = attempts
        self._run = run
        self._suspects = {}  # level id -> the error, if the level is at fault
        # Octopus accepted some of the levels before those that are left.
        self._is_about_levels = bool(run and run.cursor and run.cursor.get("is_split"))
        self._bisected = (OctopusValidationError, OctopusNotFound)
        if attempts >= BISECT_AFTER_ATTEMPTS:
            self._bisected += (OctopusServerError,)

    def send(self):
        """Send the levels.

        :raise OctopusError: the call failed for another reason than its levels
        """
        items = self._items()
        call, parts, failure = self._client.bulk_set_levels, [items], None
        while results := send_next(call, parts, LEVEL_KEY, ambiguous=self._bisected):
            errors = {int(ref): result.error for ref, result in results.items()}
            refused = {id_: error for id_, error in errors.items() if error}
            self.answered += len(results)
            self.refused |= refused
            self._suspects |= refused
            # A failed call is returned only when there was a single level in it.
            failure = next(iter(results.values())).raw.get("failure")
            if failure:
                self._judge(failure, items[-1])
            else:
                self._is_about_levels = True
            if self._is_about_levels:
                accepted = {id_: self._numbers[id_] for id_ in errors if id_ not in refused}
                self._store.save_accepted(accepted, self._run)
                self._store.save_refused(self._suspects)
                self._suspects = {}
                self._store.commit()
                if rate_budget.is_low(self._client, "stock"):
                    return
        is_ambiguous = self._suspects and not isinstance(failure, OctopusValidationError)
        if is_ambiguous and self._attempts < QUARANTINE_AFTER_ATTEMPTS:
            raise failure  # nothing was accepted, so the levels need not be the reason
        self._store.save_refused(self._suspects)

    def _items(self):
        return [
            level_item(
                str(row.id),
                location_ref=row.location_ref,
                inventory_item_ref=row.item_ref,
                available=self._numbers[row.id],
            )
            for row in self._rows
        ]

    def _judge(self, failure, last):
        """Find out from a failed call whether Octopus refuses levels because of the levels.

        :param failure: the error of that call
        :param dict last: the last item of the batch
        :raise OctopusError: the reason is another one
        """
        if not is_fault_of_items(self._client, failure):
            raise failure
        if not self._is_about_levels and len(self.refused) > MAX_REFUSED:
            if not self._is_answered(last):
                raise failure
            self._is_about_levels = True

    def _is_answered(self, item):
        """Tell whether Octopus accepts this level alone. It may be sent once more afterwards."""
        try:
            self._client.bulk_set_levels([item])
        except self._bisected:
            return False
        return True


# === STATE === #


class StockState:
    """The state of the stock worker for one account: until when it waits, and why.

    Whatever happens, changed levels stay to be sent: the worker never gives up.

    :param account: an `octopus.account`
    """

    def __init__(self, account):
        self.env = account.env
        # The account is written to by managers, its state only by the worker.
        self._account = account.sudo()

    def clear(self):
        """Forget what went wrong: the next try comes at once."""
        self._account.write({"stock_message": False, "stock_resume_at": False, "stock_attempts": 0})

    def wait_for_calls(self, client):
        """Leave the rest of this minute's calls to orders."""
        self._wait_until(rate_budget.renewed_at(client), NO_CALLS_LEFT(self.env))

    def fail(self, error):
        """Wait after a failed call, longer with every failure.

        :param OctopusError error: of the call
        """
        decision = back_off(error, self._account.stock_attempts, gives_up=False)
        if isinstance(decision, Reconnect):
            self._account._set_connection_error(error)
            self.fail_because(self._account._explain_error(error))
        elif decision.is_rate_limit:
            self._wait(decision, TOO_FAST(self.env))
        else:
            self._wait(decision, self._account._explain_error(error))

    def fail_because(self, message):
        """Wait after another failure, longer with every failure."""
        self._wait(back_off(FAILURE, self._account.stock_attempts, gives_up=False), message)

    def _wait(self, decision, message):
        self._account.stock_attempts = decision.attempts
        moment = fields.Datetime.now() + timedelta(seconds=decision.seconds)
        self._wait_until(moment, message)

    def _wait_until(self, moment, message):
        self._account.write({"stock_resume_at": moment, "stock_message": message})
        wake_stock_worker(self.env, moment)
