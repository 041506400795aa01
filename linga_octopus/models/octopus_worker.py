from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

# Somebody else changed the same rows at the same moment: again, in a new transaction. Not every
# OperationalError is one: a text too long for an index fails for ever.
COLLISIONS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)


class OctopusWorker(models.AbstractModel):
    """Records that wait in a queue for the scheduled worker that works it off."""

    _name = "octopus.worker"
    _description = "Octopus Worker's Queue"

    # The external id of each worker, and the condition (SQL) of the records that wait for it.
    _queues = {}

    def _wake_worker(self, cron):
        """Have the worker woken when these records are committed, if it may be asleep.

        Waking is dear (it opens a database connection), so it is done only by the first in a
        queue: while somebody waits before us, the worker is about to look at the queue once
        more, and will find us. That is asked after the commit, in a new transaction: asked
        before, the worker might have had its last look in between.
        """
        if not self:
            return
        postcommit = self.env.cr.postcommit
        queues = postcommit.data.setdefault("octopus_queues", {})
        if not queues:
            registry = self.env.registry
            postcommit.add(lambda: _wake(registry, queues))
        first = min(self._ids)
        queues[self._name, cron] = min(first, queues.get((self._name, cron), first))


def _wake(registry, queues):
    """Wake the workers of those queues that these records are the first in.

    :param dict queues: the lowest new id by `(model, cron)`
    """
    with registry.cursor() as cr:
        for (name, cron), first in queues.items():
            model = registry[name]
            cr.execute(
                SQL(
                    "SELECT 1 FROM %s WHERE %s AND id < %s LIMIT 1",
                    SQL.identifier(model._table),
                    SQL(model._queues[cron]),
                    first,
                )
            )
            if not cr.rowcount:
                api.Environment(cr, SUPERUSER_ID, {}).ref(cron)._trigger()
