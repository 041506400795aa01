from datetime import timedelta

from . import Incident


class ClockJump(Incident):
    """Somebody sets the clock of Odoo's server, and later sets it right."""

    per_day = 0.4
    minutes = (20, 300)

    def begin(self, dice):
        self._jump = timedelta(seconds=dice.choice((-180, -20, 30, 240)))
        self.simulation.jump(self._jump)

    def end(self):
        self.simulation.jump(-self._jump)
