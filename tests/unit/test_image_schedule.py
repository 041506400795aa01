"""How long a first sync of many images takes while a few calls fail, by the rules of a run alone.

The loop is that of `ImageRun`, with the real decisions after a failure; the clock is a number.
tests/odoo/sync/test_progress.py measures fewer images with Odoo and the sandbox.
"""

import random
import runpy
from dataclasses import dataclass, field

import pytest
from back_off import back_off

from devtools import paths
from octopus_api import OctopusError, OctopusRateLimited, OctopusServerError
from octopus_api.call_streak import CallStreak

CONST = runpy.run_path(str(paths.ADDON / "const.py"))
CALL_SECONDS = 60 / CONST["RATE_LIMIT"]
BATCH = CONST["CALLS_PER_BATCH"]
SHORT_WAIT = 5  # the worker sleeps through it; after a longer one, Odoo looks once a minute
MINUTE = 60
IMAGES = 20_000
# A quarter each: 500, 502, an answer that is lost after the work, 429.
FAULTS = (
    OctopusServerError("down", status=500, maybe_done=True),
    OctopusServerError("bad gateway", status=502, maybe_done=True),
    OctopusServerError("lost", maybe_done=True),
    OctopusRateLimited("slower", status=429, retry_after=2),
)
LOST = FAULTS[2]


@dataclass
class Octopus:
    """Calls that take their time, of which a share fails."""

    share: float
    dice: random.Random
    clock: float = 0.0
    stored: set = field(default_factory=set)

    def call(self, image=None):
        """Make a call; one for an image stores it.

        :raise OctopusError: the call failed
        """
        self.clock += CALL_SECONDS
        fault = self.dice.choice(FAULTS) if self.dice.random() < self.share else None
        if image is not None and fault in (None, LOST):
            assert image not in self.stored, "sent twice"
            self.stored.add(image)
        if fault:
            raise fault


def send(octopus, images, unsure):
    """Send a batch; return the images that got through, and the error that stopped the others."""
    streak, sent = CallStreak(), set()
    try:
        for image in images:
            try:
                if image in unsure:
                    octopus.call()  # is it there already?
                if image not in unsure or image not in octopus.stored:
                    octopus.call(image)
            except OctopusError as error:
                if error.maybe_done:
                    unsure.add(image)
                streak.fail(error)
            else:
                streak.succeed()
                sent.add(image)
        streak.conclude()
    except OctopusError as error:
        return sent, error
    return sent, None


def seconds(count, share, seed):
    """Return how long a run over so many images takes while this share of calls fails."""
    octopus = Octopus(share, random.Random(seed))
    waiting, later, unsure, attempts = list(range(count)), [], set(), 0
    while waiting or later:
        if not waiting:
            waiting, later = later, []
        batch, waiting = waiting[:BATCH], waiting[BATCH:]
        sent, error = send(octopus, batch, unsure)
        later += [image for image in batch if image not in sent]
        attempts = 0 if sent or not error else attempts
        if error:
            decision = back_off(error, attempts)
            attempts = decision.attempts
            moment = octopus.clock + decision.seconds
            if decision.seconds > SHORT_WAIT:
                moment += -moment % MINUTE
            octopus.clock = moment
    assert len(octopus.stored) == count
    return octopus.clock


def test_two_thousand_take_as_long_as_odoo_measures():
    """501 seconds, docs/reliability.md."""
    assert seconds(2000, 0.02, seed=3) == pytest.approx(501, rel=0.05)


def test_a_few_failing_calls_take_a_fifth_longer_at_most():
    without = seconds(IMAGES, 0, seed=1)
    assert without == pytest.approx(IMAGES * CALL_SECONDS)
    for seed in range(3):
        assert seconds(IMAGES, 0.02, seed) <= 1.2 * without
