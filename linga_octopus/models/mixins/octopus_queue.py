import logging
from functools import partial

from odoo import SUPERUSER_ID, api, models, modules
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class OctopusQueue(models.AbstractModel):
    """Records that wait in a queue until a scheduled action, the worker, works them off.

    Waking a worker is expensive: it opens database connections. So only the first record of a queue
    wakes it; a record with an older one before it does not. No record is left behind, because

    * the worker works off the oldest records first, commits, and looks again. It stops when a look
      finds nothing, or when its time is over; then Odoo calls it again.
    * the question whether an older record waits is asked after the commit of the new record, in a
      transaction of its own. If an older one waits at that moment, the worker has not yet committed
      its end. So the worker looks again afterwards, and that look sees the new record.

    Asked before the commit, the worker could have its last look between question and commit. Ids
    follow the order of the inserts and not of the commits: a record that commits after a younger
    one finds no older one, and wakes a worker that may be awake already, which does no harm. A
    worker that was killed is called by its schedule.

    So the condition of a queue must hold for all records that its worker takes, and for no others:
    a record that the worker skips would keep all younger ones from waking it.
    """

    _name = "octopus.queue"
    _description = "Octopus Worker's Queue"

    # The external id of each worker, and the condition (SQL) of the records that it takes now.
    _queues = {}

    def _wake_worker(self, cron):
        """Have the worker woken after the commit of these records, if they are first in its queue.

        :param str cron: the external id of the worker, a key of `_queues`
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
        """Wake the worker: no older record waits."""
        self.env.ref(cron)._trigger()

    @api.model
    def _wake_after_answer(self, response):
        """Have the workers woken after this response has been sent, so that its receiver does not
        wait for that too.

        :param odoo.http.Response response: the answer to the request of this transaction
        """
        queues = self.env.cr.postcommit.data.get("octopus_queues")
        # A test gets its cursor back together with the answer.
        if queues and not modules.module.current_test:
            response.call_on_close(partial(_wake_or_log, self.env.registry, queues.copy()))
            queues.clear()


def _wake_or_log(registry, queues):
    """Wake the workers; log a failure, because the answer has been sent."""
    try:
        _wake(registry, queues)
    except Exception:
        _logger.exception("Octopus workers were not woken: their next scheduled run does the work")


def _wake(registry, queues):
    """Wake the workers of those queues in which no older record waits.

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
