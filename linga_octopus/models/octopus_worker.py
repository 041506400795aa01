from odoo import SUPERUSER_ID, api, models


class OctopusWorker(models.AbstractModel):
    """Records that wait in a queue, and the scheduled worker that works it off."""

    _name = "octopus.worker"
    _description = "Octopus Worker's Queue"

    @api.model
    def _queue_domain(self, cron):
        """Return what is waiting for a worker.

        :param str cron: the worker's external id
        """
        raise NotImplementedError

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
        env = api.Environment(cr, SUPERUSER_ID, {})
        for (model, cron), first in queues.items():
            domain = [*env[model]._queue_domain(cron), ("id", "<", first)]
            if not env[model].search_count(domain, limit=1):
                env.ref(cron)._trigger()
