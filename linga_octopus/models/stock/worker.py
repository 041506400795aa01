"""The stock worker: it takes changes from the outbox and sends the new numbers to Octopus."""

import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.back_off import Reconnect, back_off
from ...lib.octopus_api import BULK_LIMIT
from ...lib.octopus_api.errors import OctopusError
from ..catalog.kits import kits_with
from ..sync import rate_budget
from .batch import StockBatch
from .figures import numbers_to_send
from .indirect_changes import enqueue_indirect_changes
from .level_store import LevelStore

_logger = logging.getLogger(__name__)

WORKER_CRON = "linga_octopus.ir_cron_octopus_stock_push"
STOCK_RUNS = ("stock", "stock_check")
# Changes that are taken from the outbox at a time.
TAKE_LIMIT = 5_000
# Changed levels whose numbers are computed together: a compromise between the cost of a query
# and the age of the number that is sent last.
CHUNK = 8 * BULK_LIMIT
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
        enqueue_indirect_changes(self.env)
        try:
            while True:
                worked = self._take_step() + self._send_changes()
                run = runs._runnable(STOCK_RUNS)[:1]
                if run:
                    run._work_batch(self._clients)
                    worked += 1
                remaining = len(runs._runnable(STOCK_RUNS)) + len(self._store.accounts_ready())
                seconds = self.env["ir.cron"]._commit_progress(worked, remaining=remaining)
                if not worked:
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

    def _send_changes(self):
        """Send a chunk of the changed levels of every account; return their number."""
        return sum(self._send_account(account) for account in self._store.accounts_ready())

    def _send_account(self, account):
        state = StockState(account)
        try:
            return self._send_chunk(account, account._get_open_client(self._clients))
        except OctopusError as error:
            self.env.cr.rollback()
            state.fail(error)
        except UserError as error:
            self.env.cr.rollback()
            state.fail_because(str(error))
        except SerializationFailure:
            # A user changed the same record; the rest is still to be sent.
            self.env.cr.rollback()
            return 1
        # The last line of defence: one account must not keep the others from being served.
        except Exception:
            _logger.exception("Sending the stock of Octopus account %s failed", account.id)
            self.env.cr.rollback()
            state.fail_because(
                self.env._(
                    "Something unexpected went wrong; the server log has the details. It is tried "
                    "again automatically; report it if it stays."
                )
            )
        self.env["ir.cron"]._commit_progress()
        return 0

    def _send_chunk(self, account, client):
        rows = self._store.read_pending(account, CHUNK)
        numbers = numbers_to_send(self.env, rows)
        changed = [row for row in rows if row.id in numbers and row.differs_from(numbers[row.id])]
        changed_ids = {row.id for row in changed}
        self._store.settle([row.id for row in rows if row.id not in changed_ids])
        self._store.save_sending(changed)
        for start in range(0, len(changed), BULK_LIMIT):
            batch = changed[start : start + BULK_LIMIT]
            attempts = account.stock_attempts
            StockBatch(self._store, client, batch, numbers, attempts=attempts).send()
            if rate_budget.is_low(client, "stock"):
                break
        StockState(account).succeed(client)
        self.env["octopus.rate"]._save_rate(account, client)
        self.env["ir.cron"]._commit_progress()
        return len(rows)


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

    def succeed(self, client):
        """Record that Octopus answers, and leave the rest of its minute to orders."""
        account = self._account
        if account.stock_message or account.stock_attempts or account.stock_resume_at:
            self.clear()
        if rate_budget.is_low(client, "stock"):
            self._wait_until(
                rate_budget.renewed_at(client),
                self.env._("The calls that Octopus allows in a minute are used up."),
            )

    def fail(self, error):
        """Wait after a failed call, longer with every failure.

        :param OctopusError error: of the call
        """
        decision = back_off(error, self._account.stock_attempts, gives_up=False)
        if isinstance(decision, Reconnect):
            self._account._set_connection_error(error)
            self.fail_because(self._account._explain_error(error))
        elif decision.is_rate_limit:
            self._wait(decision, self.env._("Octopus asks to go slower."))
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
