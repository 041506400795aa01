"""The clock of a simulation: Odoo, PostgreSQL and the sandbox read it."""

import time
from contextlib import contextmanager
from datetime import datetime, timedelta

import freezegun

# Seconds of the world outside. Not `time.time` itself, which freezegun would replace here, too.
real_time = time.time.__call__
# Three days before the clocks of Europe change.
START = datetime(2026, 3, 26, 7)  # noqa: DTZ001 -- naive UTC, as Odoo's


class Clock:
    """Stands still until it is turned."""

    def __init__(self):
        # There is no thread that would need the world's time: no call is looked up for one.
        freezegun.configure(default_ignore_list=[])
        self._frozen = freezegun.freeze_time(START).start()
        # What sleeps lets time pass; see `Simulation.pause`.
        time.sleep = self._sleep
        self.on_sleep = self.turn

    def _sleep(self, seconds):
        self.on_sleep(max(seconds, 0))

    @property
    def now(self):
        """Return the present moment, naive UTC."""
        return self._frozen()

    def set(self, moment):
        """Set the clock."""
        self._frozen.move_to(moment)

    def turn(self, seconds):
        """Let so many seconds pass; fewer than none: somebody has corrected the clock."""
        self._frozen.tick(timedelta(seconds=seconds))

    def turn_to(self, moment):
        """Let time pass until a moment, unless it is past."""
        if moment > self.now:
            self._frozen.move_to(moment)

    @contextmanager
    def ahead(self, skew):
        """Let a block read a clock that is ahead by `skew`, a timedelta."""
        if not skew:
            yield
            return
        self._frozen.tick(skew)
        try:
            yield
        finally:
            self._frozen.tick(-skew)
