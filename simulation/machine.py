"""What stories are told on: one process, one clock, one database, one Octopus."""

import gc
import re
from collections import Counter

from odoo.modules.registry import Registry

from odoo.addons.base.models.ir_actions import IrActionsServer
from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.bus.models import bus
from odoo.addons.linga_octopus.models.mixins import octopus_queue

from .clock import START, Clock
from .database import LOCK_TIMEOUT, Cursors, Database
from .kernel import Simulation
from .octopus import Octopus
from .shop import open_shop

# Statements that write to a table until it is vacuumed.
MANY_WRITES = 100
# The code of a scheduled action.
METHOD = re.compile(r"model\.(\w+)\(\)")
# Odoo's records are garbage in circles; what lives through a story is little.
GC_THRESHOLDS = (100_000, 20, 100)


class Machine:
    """Tells stories, one after the other, each from the same beginning."""

    def __init__(self, name, template):
        self.clock = Clock()
        self.cursors = Cursors(self.clock)
        self.octopus = Octopus(self.clock)
        self.database = Database(name, template)
        self._states = {}  # of Octopus when a shop opens, by profile
        IrCron._notifydb = lambda _cron: self._notify()
        # There is one process: no other one changes the registry.
        Registry.check_signaling = lambda registry, _cr=None: registry
        octopus_queue.LOCK_WAIT = f"{LOCK_TIMEOUT}ms"
        # No browser listens.
        bus.get_notify_payloads = lambda _channels: []
        self._patch_actions()
        gc.set_threshold(*GC_THRESHOLDS)
        self._simulation = None
        self._cleaned = Counter()  # the writes to each table until the last vacuum

    def __enter__(self):
        return self

    def __exit__(self, *_details):
        self.database.remove()

    def tell(self, story):
        """Return the Outcome of a story."""
        self.prepare(story.profile)
        self.clock.set(START)
        self.database.restore(story.profile)
        self._cleaned = self.cursors.writes.copy()
        self.octopus.restore(self._states[story.profile])
        Registry(self.database.name).clear_all_caches()
        return Simulation(self, story).tell()

    def prepare(self, profile):
        """Open a shop of this profile once; each story begins with a copy of it."""
        if profile in self._states:
            return
        self.clock.set(START)
        self.database.create()
        self.octopus.restore(None)
        open_shop(self, profile)
        self._states[profile] = self.octopus.save()
        self.database.save(profile)
        # Whatever is loaded by now stays: it need not be looked through for garbage.
        gc.collect()
        gc.freeze()

    def clean(self):
        """Do what a vacuum of the database does, where much has been written since the last one."""
        writes = self.cursors.writes
        tables = {name for name, n in writes.items() if n - self._cleaned[name] >= MANY_WRITES}
        if tables:
            self.database.clean(tables)
        self._cleaned.update({name: writes[name] - self._cleaned[name] for name in tables})

    # === THE SIMULATION STEPS IN === #

    def step_in(self, simulation):
        """Have a simulation step in wherever it may."""
        self._simulation = simulation
        self.cursors.is_nested = lambda: simulation.depth > 1
        self.cursors.before_commit = simulation.before_commit
        self.cursors.after_commit = simulation.after_commit
        self.octopus.on_call = simulation.call
        self.clock.on_sleep = simulation.pause

    def step_out(self):
        """Have nobody step in any more."""
        self._simulation = None
        self.cursors.is_nested = lambda: False
        self.cursors.before_commit = self.cursors.after_commit = lambda: None
        self.octopus.on_call = self.octopus.answer
        self.clock.on_sleep = self.clock.turn

    def _patch_actions(self):
        """Have the method of a scheduled action called without what Odoo reads and compiles before
        each call: a tenth of all statements of a story would be its."""
        run, methods = IrActionsServer.run, {}

        def run_method(action):
            if action.id not in methods:
                found = METHOD.fullmatch(action.code.strip())
                methods[action.id] = found and (action.model_name, found[1])
            if not methods[action.id]:
                return run(action)
            model, method = methods[action.id]
            return getattr(action.env[model], method)()

        IrActionsServer.run = run_method

    def _notify(self):
        """Somebody has triggered a scheduled action."""
        if self._simulation:
            self._simulation.scheduler.notify()
