import logging
from contextlib import contextmanager, suppress
from functools import partial

from psycopg2.errors import LockNotAvailable, SerializationFailure
from psycopg2.extensions import STATUS_READY

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# How long the worker waits for a record that another transaction holds, before it looks again.
LOCK_WAIT = "1s"
# Keys of what a transaction keeps until after its commit.
QUEUES = "linga_octopus.queues"
RESPONSE = "linga_octopus.response"  # the answer to its request


class OctopusQueue(models.AbstractModel):
    """Records that wait in a queue until a scheduled action, the worker, works them off.

    Waking a worker is expensive: it opens database connections. So only the first record of a queue
    wakes it; a record with an older one before it does not. No record is left behind, because

    * the worker never ends while a record waits. It works off the oldest records first, commits,
      and looks again, until a look finds nothing. A record that another transaction holds is
      waited for (`_is_record_waiting`). When its time is over, it has itself called again
      (`_come_back`).
    * the question whether an older record waits is asked after the commit of the new record, in a
      transaction of its own. If an older one waits at that moment, the worker has not yet committed
      its end. So the worker looks again afterwards, and that look sees the new record.

    Asked before the commit, the worker could have its last look between question and commit. Ids
    follow the order of the inserts and not of the commits: a record that commits after a younger
    one finds no older one, and wakes a worker that may be awake already, which does no harm. A
    worker that was killed is called by its schedule.

    So the condition of a queue must hold for all records that its worker takes, and for no others:
    a record that the worker leaves would keep all younger ones from waking it.
    """

    _name = "octopus.queue"
    _description = "Octopus Worker's Queue"

    # The external id of each worker, and the condition (SQL) of the records that it takes now.
    _queues = {}

    # === BUSINESS METHODS: OF THOSE WHO ADD RECORDS === #

    def _wake_worker(self, cron):
        """Have the worker woken after the commit of these records, if they are first in its queue.

        :param str cron: the external id of the worker, a key of `_queues`
        """
        if not self:
            return
        cr = self.env.cr
        queues = cr.postcommit.data.setdefault(QUEUES, {})
        if not queues:
            cr.postcommit.add(partial(_wake_after_commit, cr, self.env.registry, queues))
        first = min(self._ids)
        queues[self._name, cron] = min(first, queues.get((self._name, cron), first))

    def _first_in_queue(self, cron):
        """Wake the worker: no older record waits."""
        self.env.ref(cron)._trigger()

    # === BUSINESS METHODS: OF THE WORKER === #

    @api.model
    def _is_record_waiting(self, cron):
        """Tell the worker whether it has to look again. Call it when a look found nothing to lock.

        While another transaction holds the oldest record, this waits for its end, for a second at
        most. It ends the present transaction: the next look sees what the other one did.
        """
        cr = self.env.cr
        oldest = self._oldest_in_queue(cron)
        if not oldest:
            return False
        cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_WAIT))
        lock = SQL(
            "SELECT FROM %s WHERE id = %s FOR NO KEY UPDATE", SQL.identifier(self._table), oldest
        )
        # Still held, or changed meanwhile: the next look tells.
        with suppress(LockNotAvailable, SerializationFailure):
            cr.execute(lock, log_exceptions=False)
        cr.rollback()
        return True

    @api.model
    def _oldest_in_queue(self, cron, *, before=None):
        """Return the id of the oldest record that waits, or None.

        :param int before: look only at older records than this id
        """
        self.env.cr.execute(_oldest_query(self, cron, before))
        row = self.env.cr.fetchone()
        return row and row[0]

    @api.model
    def _come_back(self, cron):
        """Have the worker called again when it ends with records left.

        Odoo does that by itself only at its next look for scheduled actions, up to a minute later.
        """
        self.env.ref(cron)._trigger()
        self.env["ir.cron"]._commit_progress()


def _oldest_query(model, cron, before=None):
    return SQL(
        "SELECT id FROM %s WHERE %s %s ORDER BY id LIMIT 1",
        SQL.identifier(model._table),
        SQL(model._queues[cron]),
        SQL("AND id < %s", before) if before else SQL(),
    )


@contextmanager
def _cursor_after_commit(cr, registry):
    """Give a cursor for reading in a hook of `cr.postcommit`: each query is its own transaction.

    The connection of the transaction that has just ended is open anyway; a new cursor costs more
    than the query. It is used as long as no other hook has begun a transaction on it.
    """
    connection = cr._cnx
    if connection.status != STATUS_READY:
        with registry.cursor() as new:
            yield new
        return
    connection.autocommit = True
    try:
        yield cr
    finally:
        connection.autocommit = False


def _wake_after_commit(cr, registry, queues):
    """Wake the workers of those queues in which no older record waits.

    A user who waits for an answer gets it first.

    :param cr: the cursor whose transaction was committed
    :param dict queues: the lowest new id by `(model, cron)`
    """
    response = cr.postcommit.data.get(RESPONSE)
    if response:
        response.call_on_close(partial(_wake_or_log, registry, queues))
        return
    with _cursor_after_commit(cr, registry) as look:
        first = _first_of_queues(look, registry, queues)
    _wake(registry, first)


def _wake_or_log(registry, queues):
    """Wake the workers; log a failure, because the answer has been sent."""
    try:
        with registry.cursor() as cr:
            first = _first_of_queues(cr, registry, queues)
        _wake(registry, first)
    except Exception:
        _logger.exception("Octopus workers were not woken: their next scheduled run does the work")


def _first_of_queues(cr, registry, queues):
    """Return those queues in which no older record waits."""
    first = {}
    for (name, cron), record_id in queues.items():
        cr.execute(_oldest_query(registry[name], cron, record_id))
        if not cr.rowcount:
            first[name, cron] = record_id
    return first


def _wake(registry, first):
    """Wake the workers of these queues.

    :param dict first: the id of the first record by `(model, cron)`
    """
    if not first:
        return
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        for (name, cron), record_id in first.items():
            env[name].browse(record_id)._first_in_queue(cron)
