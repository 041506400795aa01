"""What goes wrong. Each is a class in a file of its own."""

from ..part import Part


class CallFault(Part):
    """Something that happens to a call to Octopus.

    :cvar weight: how likely it is among the faults that hit a call
    """

    weight = 1

    def before(self, request, dice):
        """Return an answer instead of Octopus's, or None; or raise what the client sees."""
        return

    def after(self, answer, dice):
        """Return the answer as it arrives, or raise what the client sees instead."""
        return answer


class Incident(Part):
    """Something that goes on for a while, such as an outage.

    :cvar per_day: how often
    :cvar minutes: how long it lasts, at least and at most
    """

    per_day = 0
    minutes = (0, 0)

    def begin(self, dice):
        """Begin it."""

    def end(self):
        """End it."""

    def hits(self, request, dice):
        """Return an answer to a call meanwhile, or None; or raise what the client sees."""
        return
