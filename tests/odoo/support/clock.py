"""A clock that the test turns: waits of minutes and hours pass at once."""

from contextlib import contextmanager
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from odoo.addons.linga_octopus.orm import SHORT_WAIT

# Odoo looks so often for scheduled actions that are planned for a moment.
SCHEDULER = timedelta(minutes=1)
UNFINISHED = ("queued", "running", "waiting")


class ClockMixin:
    """For tests with a store and its workers."""

    @contextmanager
    def turned_clock(self):
        """Let the clock stand still until the test turns it."""
        with freeze_time(fields.Datetime.now()) as clock:
            self.clock = clock
            yield clock

    def work_until_settled(self, limit):
        """Let the workers work as Odoo's scheduler does, until no run is unfinished.

        :param timedelta limit: of the time that may pass
        :return: the timedelta that passed
        """
        start = fields.Datetime.now()
        while True:
            self.work()
            self.env.invalidate_all()
            waiting = self.env["octopus.sync.run"].search([("state", "in", UNFINISHED)])
            passed = fields.Datetime.now() - start
            if not waiting or passed > limit:
                return passed
            next_moment = min(waiting.mapped("resume_at"))
            if next_moment - fields.Datetime.now() <= SHORT_WAIT:
                self.clock.move_to(next_moment)  # the worker sleeps that long
                continue
            # The scheduler's next look after that moment.
            looks = max(-((start - next_moment) // SCHEDULER), 1)
            self.clock.move_to(start + looks * SCHEDULER)
