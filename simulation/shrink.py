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
        self._best, self._turns = outcome.story, outcome.turns
        self._cut_short(outcome)
        if self._try(self._best.but(only=dict(self._turns))):
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
        self._best, self._turns = story, outcome.turns
        return True

    def _cut_short(self, outcome):
        """End the story when it failed, or earlier: the last check is at its end."""
        hours = min(self._best.hours, outcome.hours)
        for share in (0.25, 0.5, 0.75):
            if self._try(self._best.but(hours=round(share * hours, 2))):
                return

    def _leave_out_whole(self):
        """Leave out kinds of turns."""
        self._leave_out(
            list(self._best.only),
            lambda kept: {who: turns for who, turns in self._best.only.items() if who in kept},
        )

    def _leave_out_parts(self):
        """Leave out turns of each kind."""
        for who, turns in list(self._best.only.items()):
            self._leave_out(turns, lambda fewer, who=who: {**self._best.only, who: fewer})

    def _leave_out(self, all_of_them, only):
        """Leave out half of something, then a quarter, and so on.

        :param list all_of_them: what may be left out
        :param only: function that returns the turns of the story in which some of them are left
        """
        kept, size = all_of_them, max(len(all_of_them) // 2, 1)
        while size:
            start = 0
            while start < len(kept):
                fewer = [*kept[:start], *kept[start + size :]]
                if self._try(self._best.but(only=only(fewer))):
                    kept = fewer
                else:
                    start += size
            size //= 2
