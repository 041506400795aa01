"""A story: what a simulation is asked to tell. The same story is told in the same way each time."""

import json
from dataclasses import asdict, dataclass, field, replace
from random import Random


@dataclass(frozen=True)
class Story:
    """A seed, and what of all that it draws happens.

    :param int seed: of all draws
    :param str profile: the kind of shop, a module of `simulation.profiles`
    :param float hours: how long the shop lives
    :param dict only: {who: numbers of its turns} that happen; who is missing does nothing. None:
        everything happens
    :param float pace: how many times as much happens
    :param dict often: {who: how many times as often}, of actors, faults, and the like
    """

    seed: int
    profile: str = "shop"
    hours: float = 24
    only: dict | None = None
    pace: float = 1
    often: dict = field(default_factory=dict)

    def dice(self, who, number):
        """Return the dice of one turn: those of other turns do not change them."""
        return Random(f"{self.seed} {who} {number}")

    def happens(self, who, number):
        """Return whether this turn is part of the story."""
        return self.only is None or number in self.only.get(who, ())

    def chance(self, who, usual):
        """Return the probability of something whose usual one is given."""
        return min(usual * self.often.get(who, 1), 1)

    def but(self, **changes):
        """Return the story with changes."""
        return replace(self, **changes)

    def to_json(self):
        """Return the story as one line of text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, values):
        """Return the story of a dict, as the seeds of the tests keep it."""
        return cls(**values)


@dataclass
class Outcome:
    """What came of a story.

    :param Violation failure: what was not as it must be, or None
    :param dict turns: {who: numbers of its turns} that happened
    :param float hours: how much time passed
    :param counts: a Counter of all that happened
    """

    story: Story
    failure: object = None
    turns: dict = field(default_factory=dict)
    hours: float = 0
    seconds: float = 0
    counts: dict = field(default_factory=dict)
