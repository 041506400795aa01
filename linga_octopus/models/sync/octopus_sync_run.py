import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...const import LANE_RESERVE, ORDER_RETRY_DELAYS, RETRY_DELAYS
from ...lib.octopus_api.bisect import SmallerBatch
from ...lib.octopus_api.errors import (
    OctopusAuthError,
    OctopusError,
    OctopusForbidden,
    OctopusRateLimited,
)

_logger = logging.getLogger(__name__)

# Which model works off a pass of which kind. It implements
#   _run_start(run)          -> how many records there are to look at (the pass's total)
#   _run_batch(run, client)  -> True while there is more; keeps its place in `run.cursor`
# A batch commits with `run._checkpoint()` what it must not forget: before a create is sent (so
# that a lost answer is looked up), and when the answer is recorded, *before* it writes to the
# pass itself, because the user may press Stop at any time. Run again, a batch finds what is
# done already and sends the rest.
PASS_MODELS = {
    "categories": "octopus.category",
    "products": "octopus.product",
    "images": "octopus.image",
    "stock": "octopus.stock.level",
    "stock_check": "octopus.stock.difference",
    "orders": "octopus.order",
    "order_check": "octopus.order.check",
}

# Passes that another worker than ours works off, because it alone writes what they write.
PASS_CRONS = {
    "stock": "linga_octopus.ir_cron_octopus_stock_push",
    "stock_check": "linga_octopus.ir_cron_octopus_stock_push",
}
DEFAULT_CRON = "linga_octopus.ir_cron_octopus_sync_run"


class OctopusSyncRun(models.Model):
    """One press of a button, or one scheduled pass, with its progress.

    Whatever stops a pass (a kill, a restart, Octopus being down), its place is in the
    database, and the worker goes on from there.
    """

    _name = "octopus.sync.run"
    _description = "Octopus Pass"
    _order = "id desc"

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("orders", "Orders"),
            ("stock", "Stocks"),
            ("stock_check", "Stock Check"),
            ("order_check", "Daily Tie-Out"),
            ("categories", "Categories"),
            ("products", "Products"),
            ("images", "Pictures"),
        ],
        required=True,
    )
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("running", "Running"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("partial", "Done with Problems"),
            ("failed", "Failed"),
            ("stopped", "Stopped"),
        ],
        default="queued",
        required=True,
        readonly=True,
    )
    message = fields.Text(readonly=True)
    total = fields.Integer(readonly=True)
    done = fields.Integer(readonly=True)
    failed = fields.Integer("Problems", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    started_at = fields.Datetime("Started", readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    resume_at = fields.Datetime("Goes On At", readonly=True)
    attempts = fields.Integer(
        readonly=True, help="Tries in a row that brought no answer from Octopus."
    )
    cursor = fields.Json(
        help="Where the pass has got to, in terms of the model that works it off.",
        export_string_translation=False,
    )
    _open_uniq = models.UniqueIndex(
        "(account_id, kind) WHERE state IN ('queued', 'running', 'waiting')",
        "A pass of this kind is already under way.",
    )

    @api.depends("account_id", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = f"{run.account_id.name}: {labels.get(run.kind, '')}"

    @api.depends("total", "done", "state")
    def _compute_progress(self):
        for run in self:
            finished = run.state in ("done", "partial")
            run.progress = 100.0 if finished else 100.0 * run.done / max(run.total, 1)

    # === ACTION METHODS === #

    def action_stop(self):
        """Stop the pass after its present batch; pressing Sync again goes on with the rest."""
        # Passes themselves are read-only for all.
        self.account_id.check_access("write")
        self._stop_open()
        return True

    def action_retry(self):
        """Run the same pass again; what has been sent already is not sent twice."""
        self.ensure_one()
        return self.account_id._queue_run(self.kind)

    # === BUSINESS METHODS === #

    @api.model
    def _queue(self, account, kind, *, at_once=True):
        """Return the account's unfinished pass of `kind`, made now if there is none.

        :param bool at_once: whether one that waits goes on now, as who presses a button expects
        """
        # The manager pressed a button on the account: passes themselves are read-only for all.
        runs_sudo = self.sudo()
        run = runs_sudo.search(
            [
                ("account_id", "=", account.id),
                ("kind", "=", kind),
                ("state", "in", ("queued", "running", "waiting")),
            ],
            limit=1,
        )
        if not run:
            run = runs_sudo.create({"account_id": account.id, "kind": kind})
        elif at_once and run.state == "waiting":
            run.write({"state": "queued", "resume_at": False, "attempts": 0})
        run._worker()._trigger()
        return run

    def _worker(self):
        """Return the scheduled action that works off this pass."""
        return self.env.ref(PASS_CRONS.get(self.kind, DEFAULT_CRON))

    def _is_stopped(self):
        """Tell whether somebody stopped the pass, perhaps while its batch was under way."""
        self.invalidate_recordset(["state"])
        return self.state == "stopped"

    def _stop_open(self):
        """Stop those of these passes that have not ended."""
        unfinished = self.filtered(lambda run: run.state in ("queued", "running", "waiting"))
        unfinished.sudo().write({"state": "stopped", "ended_at": fields.Datetime.now()})

    # --- the worker --- #

    @api.model
    def _cron_run(self):
        """Work off the queued passes, a batch at a time, the most urgent lane first.

        `ir.cron` runs one of us at a time on all servers of the database, so a pass needs no
        lock of its own.
        """
        kinds = [kind for kind in LANE_RESERVE if kind not in PASS_CRONS]
        clients = {}
        try:
            while run := self._runnable(kinds)[:1]:
                run._work_batch(clients)
                remaining = len(self._runnable(kinds))
                if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                    break
        finally:
            for client in clients.values():
                client.close()

    @api.model
    def _runnable(self, kinds=tuple(LANE_RESERVE)):
        """Return the passes of these kinds that could go on now, the most urgent lane first."""
        lanes = list(LANE_RESERVE)
        return self.search(
            [
                ("kind", "in", kinds),
                "|",
                ("state", "in", ("queued", "running")),
                "&",
                ("state", "=", "waiting"),
                ("resume_at", "<=", fields.Datetime.now()),
            ],
            order="id",
        ).sorted(lambda run: lanes.index(run.kind))

    def _work_batch(self, clients):
        """Do one batch of this pass, and record what became of it.

        :param dict clients: the open clients of this worker
        """
        self.ensure_one()
        try:
            self._do_batch(clients)
            # What collides with somebody does so here, and not when the worker commits.
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody changed the pass meanwhile, most likely by pressing Stop, or its account.
            # The next look at the passes takes that into account.
            self.env.cr.rollback()

    def _do_batch(self, clients):
        account = self.account_id
        run = self.with_company(account.company_id)
        client, calls = None, 0
        try:
            if account.state not in ("connected", "error") or not account.active:
                run._end("stopped", self.env._("The store is not connected to Octopus."))
                return
            client = account._get_open_client(clients)
            calls = client.calls
            more = run._start_or_continue(client)
            run._note_calls(client, calls)
            self.env["octopus.rate"]._note(account, client)
            # Once a bulk call has failed, only its own answer says that Octopus is well.
            if not run.bulk_limit:
                run.attempts = 0
            if not more:
                run._end("partial" if run.failed else "done")
            else:
                run._yield_when_budget_is_low(client)
        except OctopusError as error:
            run._recover(error)
            run._note_calls(client, calls)
        except UserError as error:
            self.env.cr.rollback()
            run._end("failed", str(error))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        # The last line of defence: whatever goes wrong in one pass must end on its record,
        # where the manager sees it, and must not keep the other passes from running.
        except Exception:
            _logger.exception("Octopus pass %s failed", self.id)
            self.env.cr.rollback()
            run._end(
                "failed",
                self.env._(
                    "Something unexpected went wrong; the server log has the details. "
                    "Press the button again, and report it if it stays."
                ),
            )

    def _start_or_continue(self, client):
        worker = self.env[PASS_MODELS[self.kind]]
        if not self.started_at:
            self.write({"started_at": fields.Datetime.now(), "total": worker._run_start(self)})
        if self.state != "running":
            self.write({"state": "running", "resume_at": False, "message": False})
        self._checkpoint()
        return worker._run_batch(self, client)

    def _checkpoint(self):
        """Make what has been done so far permanent."""
        self.env["ir.cron"]._commit_progress()

    def _recover(self, error):
        """Wait and try again where that can help, else end the pass and say why."""
        # What the batch wrote before it failed was committed by its own checkpoints.
        self.env.cr.rollback()
        if isinstance(error, SmallerBatch):
            return
        delays = ORDER_RETRY_DELAYS if self.kind == "orders" else RETRY_DELAYS
        if isinstance(error, OctopusRateLimited):
            self._wait(error.retry_after or 60, self.env._("Octopus asks to go slower."))
        elif error.retryable and self.attempts < len(delays):
            delay = delays[self.attempts]
            self.attempts += 1
            self._wait(delay, self.account_id._explain_error(error))
        else:
            if isinstance(error, OctopusAuthError | OctopusForbidden):
                self.account_id._set_connection_error(error)
            self._end("failed", self.account_id._explain_error(error))

    def _wait(self, seconds, message):
        self._wait_until(fields.Datetime.now() + timedelta(seconds=seconds), message)

    def _wait_until(self, moment, message):
        if self._is_stopped():
            return
        self.write({"state": "waiting", "resume_at": moment, "message": message})
        self._worker()._trigger(moment)

    def _end(self, state, message=False):
        if self._is_stopped():
            return
        now = fields.Datetime.now()
        self.write({"state": state, "message": message, "ended_at": now})
        stamp = f"last_{self.kind}_sync"
        if state in ("done", "partial") and stamp in self.account_id._fields:
            self.account_id[stamp] = now
