import logging
from functools import partial

from odoo import SUPERUSER_ID, api, models, modules
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class OctopusQueue(models.AbstractModel):
    """Records that wait in a queue for the scheduled worker that works it off."""

    _name = "octopus.queue"
    _description = "Octopus Worker's Queue"

    # The external id of each worker, and the condition (SQL) of the records that wait for it.
    _queues = {}

    def _wake_worker(self, cron):
        """Have the worker woken when these records are committed, if it may be asleep.

        Waking is dear (it opens database connections), so it is done only by the first in a
        queue: while somebody waits before us, the worker is about to look at the queue once
        more, and will find us. That is asked after the commit, in a new transaction: asked
        before, the worker might have had its last look in between.
        """
        if not self:
            return
        postcommit = self.env.cr.postcommit
        queues = postcommit.data.setdefault("octopus_queues", {})
        if not queues:
            postcommit.add(partial(_wake, self.env.registry, queues))
        first = min(self._ids)
        queues[self._name, cron] = min(first, queues.get((self._name, cron), first))

    def _first_in_queue(self, cron):
        """Wake the worker: before this record, nobody waits for it."""
        self.env.ref(cron)._trigger()

    @api.model
    def _wake_after_answer(self, response):
        """Have the workers woken when this response has been sent: who waits for it need not wait
        for that, too.

        :param odoo.http.Response response: the answer to the request of this transaction
        """
        queues = self.env.cr.postcommit.data.get("octopus_queues")
        # A test has its cursor back as soon as it has the answer.
        if queues and not modules.module.current_test:
            response.call_on_close(partial(_wake_or_log, self.env.registry, queues.copy()))
            queues.clear()


def _wake_or_log(registry, queues):
    """Wake the workers when there is nobody left whom an error could be told."""
    try:
        _wake(registry, queues)
    except Exception:
        _logger.exception("Octopus workers were not woken: their next scheduled run does the work")


def _wake(registry, queues):
    """Wake the workers of those queues that these records are the first in.

    :param dict queues: the lowest new id by `(model, cron)`
    """
    if not queues:
        return
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        for (name, cron), first in queues.items():
            record = env[name].browse(first)
            cr.execute(
                SQL(
                    "SELECT 1 FROM %s WHERE %s AND id < %s LIMIT 1",
                    SQL.identifier(record._table),
                    SQL(record._queues[cron]),
                    first,
                )
            )
            if not cr.rowcount:
                record._first_in_queue(cron)
