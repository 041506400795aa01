"""Looks for the shortest story that fails in the same way."""

from .clock import real_time


class Shrinker:
    """Leaves out what can be left out.

    :param machine: the Machine on which the stories are told
    :param float seconds: how long to look
    """

    def __init__(self, machine, seconds):
        self._machine = machine
        self._deadline = real_time() + seconds

    def shortest(self, outcome):
        """Return the shortest Story found.

        :param Outcome outcome: of the story that failed
        """
        self._name = outcome.failure.name
        self._best = outcome.story
        self._cut_short(outcome)
        if self._try(self._best.but(only=dict(outcome.turns))):
            self._leave_out_whole()
            self._leave_out_parts()
        return self._best

    def _try(self, story):
        """Return whether a story fails in the same way; then it is the best so far."""
        if real_time() > self._deadline:
            return False
        outcome = self._machine.tell(story)
        if not outcome.failure or outcome.failure.name != self._name:
            return False
        self._best = story
        return True

    def _cut_short(self, outcome):
        """End the story when it failed, or earlier: the last check is at its end."""
        hours = min(self._best.hours, outcome.hours)
        for share in (0.25, 0.5, 0.75):
            if self._try(self._best.but(hours=round(share * hours, 2))):
                return

    def _leave_out_whole(self):
        """Leave out everything of one kind."""
        for who in list(self._best.only):
            rest = {name: turns for name, turns in self._best.only.items() if name != who}
            self._try(self._best.but(only=rest))

    def _leave_out_parts(self):
        """Leave out half of the turns of a kind, then a quarter, and so on."""
        for who in list(self._best.only):
            size = max(len(self._best.only[who]) // 2, 1)
            while size and real_time() < self._deadline:
                self._leave_out_blocks(who, size)
                size //= 2

    def _leave_out_blocks(self, who, size):
        start = 0
        while start < len(self._best.only.get(who, ())):
            turns = self._best.only[who]
            fewer = [*turns[:start], *turns[start + size :]]
            only = {**self._best.only, who: fewer}
            if not self._try(self._best.but(only=only)):
                start += size
