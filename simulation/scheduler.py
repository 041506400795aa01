"""Odoo's scheduler: it looks every minute, and whenever somebody has triggered an action."""

from odoo.sql_db import db_connect

from odoo.addons.base.models.ir_cron import IrCron

from .events import Event

# Odoo's own, see `odoo.service.server.SLEEP_INTERVAL`.
INTERVAL = 60
# Seconds from a notification until the scheduler runs the action. What it does takes no time here;
# in a shop it takes this long in a rush, in which an action then finds several orders.
WAKES_AFTER = 1
# An action of every minute that found nothing to do is not run again before something that it read
# has changed, or somebody triggers it, or so many seconds have passed: the nights would be all that
# there is. Rarer ones always run: an import asks Octopus, whatever is in the database.
IDLE = 1200
# An action that nobody triggers looks whether a wake-up got lost. It is run again after so many
# seconds at the earliest: once a minute, these looks would cost more than all that happens.
SAFETY_NET = 900
# What Odoo itself writes for each run of an action.
BOOKKEEPING = {"ir_cron", "ir_cron_progress", "ir_cron_trigger"}
DUE = """
    SELECT id, interval_type = 'minutes' AND interval_number = 1
               AND NOT EXISTS (SELECT FROM ir_cron_trigger
                                WHERE cron_id = ir_cron.id AND call_at <= now() AT TIME ZONE 'UTC')
      FROM ir_cron
     WHERE active AND (nextcall <= now() AT TIME ZONE 'UTC' OR id IN (
               SELECT cron_id FROM ir_cron_trigger WHERE call_at <= now() AT TIME ZONE 'UTC'))
     ORDER BY id
"""
# Threads that work off scheduled actions.
THREADS = 2


class Scheduler:
    """Runs the scheduled actions that are due, in a drawn order."""

    def __init__(self, simulation):
        self._simulation = simulation
        self._is_notified = False
        self._busy = 0
        self._cursors = simulation.machine.cursors
        self._idle = {}  # the actions that found nothing to do: what they had read
        self._ran = {}  # when each action was run last

    def begin(self):
        self._plan(0, is_regular=True)

    def restart(self):
        """The new process looks when it has started."""
        self._busy = 0
        self._is_notified = False
        self._idle.clear()
        self.notify()

    def notify(self):
        """Look as soon as possible."""
        if not self._is_notified:
            self._is_notified = True
            self._plan(WAKES_AFTER, is_regular=False)

    def _plan(self, seconds, *, is_regular):
        self._simulation.plan(Look(self._simulation, is_regular=is_regular), seconds)

    def is_free(self):
        """Return whether a thread has nothing to do."""
        return self._busy < THREADS

    def look(self, *, is_regular):
        """Run what is due."""
        if is_regular:
            self._plan(INTERVAL, is_regular=True)
        else:
            self._is_notified = False
        self._busy += 1
        try:
            self._run()
        finally:
            self._busy -= 1

    def _run(self):
        simulation = self._simulation
        simulation.counts["looks of the scheduler"] += 1
        with db_connect(simulation.registry.db_name).cursor() as cr:
            jobs = self._due(cr)
            simulation.story.dice("order", simulation.counts["looks of the scheduler"]).shuffle(
                jobs
            )
            for job in jobs:
                self._run_job(cr, job)

    def _due(self, cr):
        cr.execute(DUE)
        due = cr.fetchall()
        cr.rollback()
        return [job for job, may_be_idle in due if not (may_be_idle and self._is_idle(job))]

    def _is_idle(self, job):
        """Return whether an action would find what it found before: nothing to do."""
        if job not in self._idle:
            return False
        age = (self._simulation.clock.now - self._ran[job]).total_seconds()
        is_same = all(self._cursors.writes[name] == n for name, n in self._idle[job].items())
        return age < (IDLE if is_same else SAFETY_NET)

    def _run_job(self, cr, job):
        simulation, cursors = self._simulation, self._cursors
        simulation.counts["scheduled actions"] += 1
        self._idle.pop(job, None)
        self._ran[job] = simulation.clock.now
        before = self._work_done()
        cursors.read = set()
        IrCron._process_jobs_loop(cr, job_ids=[job])
        if self._work_done() == before:
            tables = cursors.read - BOOKKEEPING
            self._idle[job] = {name: cursors.writes[name] for name in tables}

    def _work_done(self):
        """Return how much has been written, and how often Octopus was called."""
        writes = self._cursors.writes
        written = writes.total() - sum(writes[name] for name in BOOKKEEPING)
        return written, self._simulation.counts["calls to Octopus"]


class Look(Event):
    """A look for what is due."""

    def __init__(self, simulation, *, is_regular):
        super().__init__(simulation)
        self._is_regular = is_regular

    def may_happen(self):
        return self.simulation.scheduler.is_free()

    def happen(self):
        self.simulation.scheduler.look(is_regular=self._is_regular)

    def killed(self):
        """The new process looks every minute, too; `Scheduler.restart` plans its first look."""
