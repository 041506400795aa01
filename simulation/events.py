"""What may stand on the agenda of a simulation."""

from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .actors import Actor
from .signals import Violation


class Event:
    """Something on the agenda."""

    name = ""
    can_hurry = False
    is_awaited = False  # whether nothing is at rest before it has happened
    is_late = False  # whether it would have happened but for something that went wrong

    def __init__(self, simulation):
        self.simulation = simulation

    def may_happen(self):
        """Return whether it can happen now."""
        return True

    def happen(self):
        """Let it happen."""
        raise NotImplementedError

    def killed(self):
        """The process in which it happened is gone."""


class Vacuum(Event):
    """A vacuum of the tables that have been written to, while nobody works."""

    seconds = 3600

    def may_happen(self):
        return not self.simulation.depth

    def happen(self):
        self.simulation.machine.clean()
        self.simulation.plan(Vacuum(self.simulation), self.seconds)


class Turn(Event):
    """A turn of an actor, or of an incident."""

    can_hurry = True

    def __init__(self, simulation, who, number, seconds):
        super().__init__(simulation)
        self.who = who
        self.name = who.name
        self.number = number
        self.seconds = seconds

    def may_happen(self):
        return not self.simulation.is_calm

    def happen(self):
        simulation = self.simulation
        following = Turn(simulation, self.who, self.number + 1, self.seconds)
        simulation._plan_turn(following)
        if simulation.story.happens(self.name, self.number):
            simulation.turns[self.name].append(self.number)
            simulation.counts[self.name] += 1
            self._take(simulation.story.dice(self.name, self.number))

    def _take(self, dice):
        if not isinstance(self.who, Actor):
            self._begin_incident(dice)
            return
        try:
            self.who.act(dice)
        except UserError:
            self.simulation.counts["refused, with a sentence"] += 1
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.simulation.counts["given up, too many others"] += 1
        except Exception as error:
            raise Violation("NoSurprise", f"{self.name}: {error!r}") from error

    def _begin_incident(self, dice):
        self.who.begin(dice)
        self.simulation.under_way.append(self.who)
        self.simulation.plan(End(self.simulation, self.who), 60 * dice.uniform(*self.who.minutes))


class End(Event):
    """The end of an incident."""

    def __init__(self, simulation, incident):
        super().__init__(simulation)
        self._incident = incident

    def happen(self):
        if self._incident in self.simulation.under_way:
            self.simulation.under_way.remove(self._incident)
            self._incident.end()
