import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import LazyTranslate

from ...const import LANE_RESERVE, MANAGER
from ...lib.back_off import ORDER_RETRY_DELAYS, RETRY_DELAYS, Reconnect, Wait, back_off
from ...lib.octopus_api.bisect import SmallerBatch
from ...lib.octopus_api.errors import OctopusError
from ...orm import lock_rows, sleep_until
from ..account.connection import open_client
from ..mixins.notices import NO_CALLS_LEFT, TOO_FAST, NoticeText, Sentence
from . import rate_budget
from .run_removal import delete_old_runs, unlink_earlier_empty

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

NOT_CONNECTED = Sentence("not_connected", _lt("The store is not connected to Octopus."))
UNEXPECTED_IN_RUN = Sentence(
    "unexpected_in_run",
    _lt(
        "Something unexpected went wrong; the server log has the details. "
        "Press the button again, and report it if it stays."
    ),
)
SKIPPED = Sentence(
    "skipped", _lt("Octopus answered something that cannot be read, skipped: %(what)s")
)

# The model that works off a kind of run. It implements
#   _run_start(run)          -> number of records to look at (the run's total)
#   _run_batch(run, client)  -> True while there is more; keeps its place in `run.cursor`
#   _run_retry(run)          -> orders only: repeats what users asked `run` to fetch
#   _run_retry_numbers(run, numbers) -> orders only: fetches these orders too
#   _run_retry_products(run, products) -> products only: sends these even if nothing changed
# A batch commits with `run._checkpoint()` before it sends a create, so that a lost answer is looked
# up, and when it has recorded the answer, *before* it writes to the run, because a user may press
# Stop at any moment. A batch that is repeated finds what is done already and sends the rest.
RUN_MODELS = {
    "categories": "octopus.category",
    "products": "octopus.product",
    "images": "octopus.image",
    "opening": "octopus.remote.product",
    "stock": "octopus.stock.level",
    "stock_check": "octopus.stock.difference",
    "orders": "octopus.order",
    "order_check": "octopus.order.check",
}
# Kinds of runs that the stock worker works off, because only it may write stock levels.
RUN_CRONS = {
    "stock": "linga_octopus.ir_cron_octopus_stock_push",
    "stock_check": "linga_octopus.ir_cron_octopus_stock_push",
}
DEFAULT_CRON = "linga_octopus.ir_cron_octopus_sync_run"

OPEN_STATES = ("queued", "running", "waiting")
# The account's field for the time of the last run of a kind.
LAST_SYNC_FIELDS = {
    "categories": "last_categories_sync",
    "products": "last_products_sync",
    "stock": "last_stock_sync",
    "orders": "last_orders_sync",
}


class OctopusSyncRun(models.Model):
    """A sync run: one press of a button, or one scheduled run, with its progress.

    Its place is in the database, so that the worker goes on from there after a kill, a restart or
    an outage of Octopus.
    """

    _name = "octopus.sync.run"
    _description = "Octopus Sync Run"
    _inherit = ["octopus.run.result", "octopus.internal.fields"]
    _order = "id desc"

    # === FIELDS === #

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("orders", "Orders"),
            ("stock", "Stocks"),
            ("stock_check", "Stock Check"),
            ("order_check", "Order Check"),
            ("categories", "Categories"),
            ("products", "Products"),
            ("images", "Images"),
            ("opening", "Opening Catalog"),
        ],
        required=True,
    )
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("running", "Running"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("partial", "Done with Issues"),
            ("failed", "Failed"),
            ("stopped", "Stopped"),
        ],
        default="queued",
        required=True,
        readonly=True,
    )
    message = NoticeText(readonly=True)
    started_at = fields.Datetime("Started", readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    resume_at = fields.Datetime("Resumes At", readonly=True)
    attempts = fields.Integer(readonly=True, help="Tries in a row without an answer from Octopus.")
    following = fields.Json(
        readonly=True,
        export_string_translation=False,
        help="The kinds of runs that are queued when this one has ended, one after the other.",
    )
    cursor = fields.Json(
        help="The place of the run, as its model keeps it.", export_string_translation=False
    )
    issue_ids = fields.One2many("octopus.sync.issue", "run_id", "Issues Found")
    # Bulk calls
    bulk_limit = fields.Integer(
        readonly=True,
        export_string_translation=False,
        help="The size of a bulk call since Octopus failed at one; 0: as much as Octopus takes.",
    )
    poison_count = fields.Integer(
        readonly=True,
        export_string_translation=False,
        help="Records in a row at which Octopus failed although each was alone in its call.",
    )

    # === CONSTRAINTS === #

    _open_uniq = models.UniqueIndex(
        "(account_id, kind) WHERE state IN ('queued', 'running', 'waiting')",
        "A run of this kind is already under way.",
    )

    # === COMPUTE METHODS === #

    @api.depends("account_id", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = f"{run.account_id.name}: {labels.get(run.kind, '')}"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override: refresh open settings pages."""
        runs = super().create(vals_list)
        runs._notify_settings_page()
        return runs

    def write(self, vals):
        """Override: users and the worker change the state; refresh open settings pages, about once
        a second while a run gets on."""
        if "state" in vals:
            lock_rows(self)
        is_news = vals.keys() & {"total", "done", "failed"} and self._is_second_over()
        result = super().write(vals)
        if is_news or "state" in vals:
            self._notify_settings_page()
        return result

    # === ACTION METHODS === #

    def action_stop(self):
        """Stop the run after its present batch; the next Sync goes on with the rest."""
        # Runs are read-only for all users.
        self.account_id.check_access("write")
        self._stop_open()
        return True

    def action_retry(self):
        """Run the same again; what was sent already is not sent twice."""
        self.ensure_one()
        notification = self.account_id._queue_run(self.kind)
        if self.kind == "orders":
            self.env[RUN_MODELS[self.kind]]._run_retry(self)
        return notification

    # === BUSINESS METHODS: QUEUE === #

    @api.model
    def _queue(self, account, kind, *, at_once=True):
        """Return the account's unfinished run of `kind`; create it if there is none.

        :param bool at_once: continue a waiting run now, as a user expects who presses a button
        """
        # The manager pressed a button of the account. Runs are read-only for all users.
        runs_sudo = self.sudo()
        run = runs_sudo.search(
            [
                ("account_id", "=", account.id),
                ("kind", "=", kind),
                ("state", "in", OPEN_STATES),
            ],
            limit=1,
        )
        if not run:
            run = runs_sudo.create({"account_id": account.id, "kind": kind})
        elif at_once and run.state == "waiting":
            run.write({"state": "queued", "resume_at": False, "attempts": 0})
        run._worker_cron()._trigger()
        return run

    @api.model
    def _queue_chain(self, account, kinds):
        """Queue a run of the first of these kinds; the others follow when it has ended well."""
        run = self._queue(account, kinds[0])
        if kinds[1:]:
            run.following = [*kinds[1:]]
        return run

    @api.model
    def _runnable(self, kinds=tuple(LANE_RESERVE)):
        """Return the runs of these kinds that can go on now, the most urgent kind first."""
        urgency = list(LANE_RESERVE)
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
        ).sorted(lambda run: urgency.index(run.kind))

    @api.model
    def _sleep_until_next(self, kinds, moment=False):
        """Sleep until the next waiting run of these kinds goes on; return whether it does soon.

        :param moment: naive UTC at which the worker has something else to do, or False
        """
        waiting = [("kind", "in", kinds), ("state", "=", "waiting")]
        run = self.search(waiting, order="resume_at", limit=1)
        moments = {run.resume_at, moment} - {False}
        return bool(moments) and sleep_until(self.env, min(moments))

    def _worker_cron(self):
        """Return the scheduled action that works off this run."""
        return self.env.ref(RUN_CRONS.get(self.kind, DEFAULT_CRON))

    def _is_open(self):
        """Tell whether the run has not ended."""
        return self.state in OPEN_STATES

    def _is_stopped(self):
        """Tell whether a user has stopped the run, perhaps during the present batch."""
        self.invalidate_recordset(["state"])
        return self.state == "stopped"

    def _stop_open(self):
        """Stop those of these runs that have not ended."""
        unfinished = self.filtered(lambda run: run._is_open())
        unfinished.sudo().write({"state": "stopped", "ended_at": fields.Datetime.now()})

    # === BUSINESS METHODS: WORK === #

    def _work_batch(self, clients):
        """Do one batch of this run, and record the outcome.

        :param dict clients: the open clients of this worker
        """
        self.ensure_one()
        try:
            # Its names of records are in the language of the company, as the catalog is. Two
            # columns are read, and not all of the company and of its partner.
            company = self.company_id.with_context(prefetch_fields=False)
            self.with_context(lang=company.partner_id.lang)._do_batch(clients)
            # A collision with another transaction is raised here, and not when the worker commits.
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Another transaction changed the run, most likely because a user pressed Stop, or its
            # account. The next search for runs takes that into account.
            self.env.cr.rollback()

    def _do_batch(self, clients):
        account = self.account_id
        run = self.with_company(account.company_id)
        client, calls = None, 0
        try:
            if account.state not in ("connected", "error") or not account.active:
                run._end("stopped", NOT_CONNECTED(self.env))
                return
            client = open_client(account, clients)
            calls = client.calls
            more = run._start_or_continue(client)
            if account.state == "error":
                # Octopus accepts the credentials again.
                account.write({"state": "connected", "state_message": False})
            rate_budget.save(run, client, calls)
            rate_budget.publish(account, client)
            run._conclude_batch(client, more)
        except OctopusError as error:
            run._recover(error)
            rate_budget.save(run, client, calls)
        except UserError as error:
            self.env.cr.rollback()
            run._end("failed", error.args[0])
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        # The last line of defence: any failure of one run must end on its record, where the manager
        # sees it, and must not keep the other runs from running.
        except Exception:
            _logger.exception("Octopus sync run %s failed", self.id)
            self.env.cr.rollback()
            run._end("failed", UNEXPECTED_IN_RUN(self.env))

    def _start_or_continue(self, client):
        model = self.env[RUN_MODELS[self.kind]]
        if not self.started_at:
            self.write({"started_at": fields.Datetime.now(), "total": model._run_start(self)})
        if self.state != "running":
            self.write({"state": "running", "resume_at": False, "message": False})
            self._checkpoint()
        return model._run_batch(self, client)

    def _checkpoint(self):
        """Commit what has been done so far."""
        self.env["ir.cron"]._commit_progress()

    def _got_through(self):
        """Commit the result of a single call: it counts as progress."""
        self._checkpoint()
        # After a failed bulk call, only the answer to a bulk call shows that Octopus works.
        if self.attempts and not self.bulk_limit:
            self.attempts = 0

    def _conclude_batch(self, client, more):
        """End the run, or leave the last calls of this minute to more urgent runs."""
        for row in client.unreadable:
            self._add_issue(self.account_id, SKIPPED(self.env, what=row), severity="warning")
        client.unreadable.clear()
        if not self.bulk_limit:
            self.attempts = 0
        if not more:
            self._end("partial" if self.failed else "done")
        elif rate_budget.is_low(client, self.kind):
            self._wait_until(rate_budget.renewed_at(client), NO_CALLS_LEFT(self.env))

    def _recover(self, error):
        """Wait and try again where that can help, otherwise end the run and say why."""
        # The batch has committed what must stay.
        self.env.cr.rollback()
        if isinstance(error, SmallerBatch):
            return
        is_poll = self.kind == "orders"
        delays = ORDER_RETRY_DELAYS if is_poll else RETRY_DELAYS
        decision = back_off(error, self.attempts, delays=delays)
        if isinstance(decision, Wait):
            self.attempts = decision.attempts
            self._wait_until(
                fields.Datetime.now() + timedelta(seconds=decision.seconds),
                TOO_FAST(self.env)
                if decision.is_rate_limit
                else self.account_id._explain_error(error),
            )
            return
        message = self.account_id._explain_error(error)
        if isinstance(decision, Reconnect):
            self.account_id._set_connection_error(error)
            if is_poll:
                # The poll is what finds out that Octopus accepts the credentials again.
                moment = fields.Datetime.now() + timedelta(seconds=delays[-1])
                self._wait_until(moment, message)
                return
        self._end("failed", message)

    def _wait_until(self, moment, message):
        if self._is_stopped():
            return
        self.write({"state": "waiting", "resume_at": moment, "message": message})
        self._worker_cron()._trigger(moment)

    def _end(self, state, message=False):
        if self._is_stopped():
            return
        now = fields.Datetime.now()
        self.write({"state": state, "message": message, "ended_at": now})
        self._announce_end()
        if state in ("done", "partial"):
            self._go_on_after(now)
        # Orders are polled some hundred times a day.
        if self.kind == "orders" and state == "done" and not self.total:
            unlink_earlier_empty(self)

    def _go_on_after(self, now):
        """Do what follows from the end of the run."""
        cursor = self.cursor or {}
        # Sending the numbers of before the first sync, or 0, is no sync.
        if self.kind in LAST_SYNC_FIELDS and not ("restore" in cursor or "zero" in cursor):
            self.account_id[LAST_SYNC_FIELDS[self.kind]] = now
        if self.following:
            # For whoever pressed the button.
            self.with_user(self.create_uid)._queue_chain(self.account_id, self.following)
        if cursor.get("unsubscribe"):
            self.account_id.action_unsubscribe()

    # === BUSINESS METHODS: ISSUES === #

    def _add_issue(self, record, message, severity="error"):
        """Log that `record` could not be sent, or only in part, and why."""
        self.env["octopus.sync.issue"]._log(self, record, message, severity)

    def _open_issues(self, records, kinds=None):
        """Return the open issues with `records`, the oldest first.

        :param kinds: of the runs that met the issues; default: the kind of this run
        """
        return self.env["octopus.sync.issue"]._search_open(self, records, kinds or [self.kind])

    def _fix_issues(self, records, kinds=None):
        """Close the open issues with `records` that earlier runs met."""
        issues = self._open_issues(records, kinds)
        issues.filtered(lambda issue: issue.run_id != self).fixed_by = self

    def _fix_issues_of_others(self, model, domain, kinds=None):
        """Close the open issues with records of a model that no run looks at any more.

        :param Domain domain: of the records that runs look at
        :param kinds: of the runs that met the issues; default: the kind of this run
        """
        self.env["octopus.sync.issue"]._fix_except(self, model, domain, kinds or [self.kind])

    # === BUSINESS METHODS: MESSAGES === #

    def _notify_settings_page(self):
        """Have open settings pages of these accounts refreshed, once per transaction."""
        waiting = self.env.cr.precommit.data.setdefault("linga_octopus.runs", set())
        if not waiting:
            self.env.cr.precommit.add(self._send_notifications)
        waiting.update(self.account_id.ids)

    def _is_second_over(self):
        """Tell whether one of these runs was written to in an earlier second than this one."""
        now = self.env.cr.now().replace(microsecond=0)
        return any(run.write_date < now for run in self)

    def _send_notifications(self):
        account_ids = sorted(self.env.cr.precommit.data.pop("linga_octopus.runs", ()))
        if account_ids:
            self.env.ref(MANAGER)._bus_send("linga_octopus/sync_runs", {"account_ids": account_ids})

    def _announce_end(self):
        """Tell the user who pressed the button what became of it."""
        user = self.create_uid
        if not user or user == self.env.ref("base.user_root"):
            return
        env = self.with_context(lang=user.lang).env
        run = self.with_env(env)
        labels = dict(run._fields["kind"]._description_selection(env))
        text = run.message if run.state == "failed" else run.result
        user._bus_send(
            "linga_octopus/run_ended",
            {"id": run.id, "kind": labels[run.kind], "state": run.state, "text": text or ""},
        )

    # === CRON METHODS === #

    @api.autovacuum
    def _gc_old_runs(self):
        """Remove the runs of long ago."""
        delete_old_runs(self.env)

    @api.model
    def _cron_run(self):
        """Work off the queued runs, a batch at a time, the most urgent kind first.

        `ir.cron` runs one such worker at a time on all servers of the database, so a run needs no
        lock of its own.
        """
        kinds = [kind for kind in LANE_RESERVE if kind not in RUN_CRONS]
        clients = {}
        try:
            while True:
                run = self._runnable(kinds)[:1]
                if run:
                    run._work_batch(clients)
                elif not self._sleep_until_next(kinds):
                    break
                remaining = len(self._runnable(kinds))
                if not self.env["ir.cron"]._commit_progress(len(run), remaining=remaining):
                    # Otherwise Odoo may take a minute to call the worker again.
                    self.env.ref(DEFAULT_CRON)._trigger()
                    break
        finally:
            for client in clients.values():
                client.close()
