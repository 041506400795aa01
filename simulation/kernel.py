"""The simulation itself: what happens next, who steps in between, and what must be true."""

import heapq
import itertools
import random
from collections import Counter, defaultdict
from datetime import timedelta
from functools import partial

from odoo import SUPERUSER_ID, api, http
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying

from . import actors, faults, invariants, parts
from .clock import START, real_time
from .events import Turn, Vacuum
from .journal import Journal
from .scheduler import Scheduler
from .shop import Shop
from .signals import Killed, Violation
from .story import Outcome
from .webhooks import Postman

# How deep others step in: someone, in between of him another, ...
MAX_DEPTH = 3
# How often somebody steps in where he may, and from how far in the future.
HURRY = 0.05
HURRY_WITHIN = timedelta(minutes=3)
# Of the calls to Octopus, how many go wrong by chance.
CALL_FAULTS = 0.03
# Of the commits, how many are the last of their process.
CRASHES = 0.0005
# When faults and actors stop, all that waits is done within this time: the longest delay between
# two tries (an hour), the next import of orders, and the first tries after both.
SETTLED_WITHIN = timedelta(hours=2)
# How often the books are closed.
HOURS_BETWEEN_CHECKS = 12


class Simulation:
    """Tells one story.

    :param machine: the Machine, whose database, Octopus and clock it uses
    :param Story story: what to tell
    """

    def __init__(self, machine, story):
        self.story = story
        self.machine = machine
        self.clock = machine.clock
        self.octopus = machine.octopus
        self.registry = Registry(machine.database.name)
        self.counts = Counter()
        self.turns = defaultdict(list)
        self.depth = 0
        self.is_calm = True
        self._agenda = []
        self._numbers = itertools.count()
        self._drawn = Counter()
        self.journal = Journal(self)
        self.shop = Shop(self)
        self.postman = Postman(self)
        self.scheduler = Scheduler(self)
        self.actors = self._parts(actors, actors.Actor)
        self.call_faults = self._parts(faults, faults.CallFault)
        self.incidents = self._parts(faults, faults.Incident)
        self.invariants = self._parts(invariants, invariants.Invariant)
        self.invariants.sort(key=lambda invariant: invariant.follows)
        self.under_way = []
        self.is_over = False
        self.disturbances = []  # moments of what takes its time

    def _parts(self, package, base):
        return [part(self) for part in parts.load(package, base)]

    # === TELLING === #

    def tell(self):
        """Return the Outcome of the story."""
        outcome = Outcome(self.story)
        started = real_time()
        random.seed(self.story.seed)
        self.machine.step_in(self)
        try:
            self._live()
        except Violation as failure:
            outcome.failure = failure
        finally:
            self.machine.step_out()
        outcome.hours = (self.clock.now - START) / timedelta(hours=1)
        outcome.seconds = real_time() - started
        outcome.turns = dict(self.turns)
        outcome.counts = self.counts
        return outcome

    def _live(self):
        self.scheduler.begin()
        self.settle(minutes=1)
        for invariant in self.invariants:
            invariant.begin()
        self._plan_turns()
        self.plan(Vacuum(self), Vacuum.seconds)
        end = self.clock.now + timedelta(hours=self.story.hours)
        self.is_calm = False
        while self.clock.now < end:
            until = min(end, self.clock.now + timedelta(hours=HOURS_BETWEEN_CHECKS))
            self._run_until(until)
            self.is_over = until == end
            self._close_books()

    def _close_books(self):
        """Let everything come to rest, and check what must be true."""
        self.is_calm = True
        for incident in self.under_way:
            incident.end()
        self.under_way.clear()
        self._hasten()
        self.settle()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.shop.look(env)
            for invariant in self.invariants:
                invariant.check(env)
        self.journal.check()
        self.counts["checks"] += 1
        self.is_calm = False

    def settle(self, minutes=16):
        """Let time pass until nothing waits any more.

        :param minutes: at least so long: the next import of orders finds what got lost
        :raise Violation: something still waits after SETTLED_WITHIN
        """
        deadline = self.clock.now + SETTLED_WITHIN
        self._run_until(self.clock.now + timedelta(minutes=minutes))
        while True:
            waiting = self._waiting()
            if not waiting:
                waiting = [actor.name for actor in self.actors if self._decide(actor)]
            if not waiting:
                return
            if self.clock.now > deadline:
                self.journal.check()  # what failed says more than what waits for it
                raise Violation("Liveness", f"after {SETTLED_WITHIN}: {', '.join(waiting[:5])}")
            self._run_until(self.clock.now + timedelta(minutes=1))

    def _decide(self, actor):
        try:
            return actor.decide()
        except UserError:
            return True
        except Exception as error:
            raise Violation("NoSurprise", f"{actor.name}: {error!r}") from error

    def _hasten(self):
        """Let what is late come now, and in the end the last words of the channels as well."""
        now = self.clock.now
        self._agenda = [
            (min(moment, now) if self._is_due(event) else moment, number, event)
            for moment, number, event in self._agenda
        ]
        heapq.heapify(self._agenda)

    def _is_due(self, event):
        return event.is_awaited and (self.is_over or event.is_late)

    def _waiting(self):
        waiting = [event.name for *_order, event in self._agenda if event.is_awaited]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for invariant in self.invariants:
                waiting += invariant.waits(env)
        return waiting

    # === AGENDA === #

    def plan(self, event, seconds):
        """Have an event happen in so many seconds."""
        moment = self.clock.now + timedelta(seconds=seconds)
        heapq.heappush(self._agenda, (moment, next(self._numbers), event))

    def _plan_turns(self):
        for who in (*self.actors, *self.incidents):
            per_day = self.shop.per_day(who) * self.story.pace
            if per_day:
                self._plan_turn(Turn(self, who, 0, 86400 / per_day))

    def _plan_turn(self, turn):
        """Plan the next turn of someone: draw when it is, whether it happens or not."""
        dice = self.story.dice(f"{turn.name} waits", turn.number)
        self.plan(turn, dice.expovariate(1 / turn.seconds))

    def _run_until(self, moment):
        while event := self._next_until(moment):
            self._happen(event)
        self.clock.turn_to(moment)

    def _next_until(self, moment):
        """Take the next event off the agenda that is due, and turn the clock to it."""
        held = []
        found = None
        while self._agenda and self._agenda[0][0] <= moment:
            entry = heapq.heappop(self._agenda)
            if entry[2].may_happen():
                self.clock.turn_to(entry[0])
                found = entry[2]
                break
            held.append(entry)
        for entry in held:
            heapq.heappush(self._agenda, entry)
        return found

    def _happen(self, event):
        """Let an event happen, and survive when it is the last of its process."""
        self.depth += 1
        # Whoever steps in between is a thread of its own, without the request of the other.
        http._request_stack.push(None)
        try:
            event.happen()
        except Killed:
            event.killed()
            if self.depth > 1:
                raise
            self._restart()
        finally:
            http._request_stack.pop()
            self.depth -= 1

    def _restart(self):
        """Begin again with nothing in memory."""
        self.disturb()
        self.registry.clear_all_caches()
        self.scheduler.restart()

    def jump(self, delta):
        """Set the clock of Odoo's server: for all others, no time passes."""
        self.clock.turn(delta.total_seconds())
        self.octopus.skew -= delta
        self._agenda = [(moment + delta, number, event) for moment, number, event in self._agenda]
        self.disturb()

    def disturb(self):
        """Note that something happens now that may take its time."""
        self.disturbances.append(self.clock.now)

    # === STEPPING IN === #

    def draw(self, who):
        """Return the dice of the next draw of a kind, or None when it is no part of the story."""
        number = self._drawn[who]
        self._drawn[who] += 1
        return self.story.dice(who, number) if self.story.happens(who, number) else None

    def note(self, who, what):
        """Note that the last draw of a kind came to something."""
        self.turns[who].append(self._drawn[who] - 1)
        self.counts[what] += 1

    def pause(self, seconds):
        """Let time pass in the middle of something; what is due meanwhile happens."""
        moment = self.clock.now + timedelta(seconds=seconds)
        if self.depth < MAX_DEPTH:
            self._run_until(moment)
        self.clock.turn_to(moment)

    def hurry(self):
        """Perhaps let someone step in right now."""
        if self.is_calm or not 0 < self.depth < MAX_DEPTH:
            return
        dice = self.draw("Hurries")
        is_hurried = dice and dice.random() < self.story.chance("Hurries", HURRY)
        if is_hurried and (event := self._pull_forward(dice)):
            self.note("Hurries", "transactions interleaved")
            self._happen(event)

    def _pull_forward(self, dice):
        """Take one of the next events off the agenda that could as well happen now."""
        near = [entry for entry in heapq.nsmallest(12, self._agenda) if entry[2].can_hurry]
        latest = self.clock.now + HURRY_WITHIN
        near = [entry for entry in near if entry[0] < latest and entry[2].may_happen()]
        if not near:
            return None
        entry = dice.choice(near)
        self._agenda.remove(entry)
        heapq.heapify(self._agenda)
        return entry[2]

    def before_commit(self):
        self.hurry()
        self._perhaps_crash("before a commit")

    def after_commit(self):
        self._perhaps_crash("after a commit")
        self.hurry()

    def _perhaps_crash(self, when):
        if self.is_calm or not self.depth:
            return
        dice = self.draw("Crashes")
        if dice and dice.random() < self.story.chance("Crashes", CRASHES):
            self.note("Crashes", f"crashes {when}")
            raise Killed

    # === CALLS TO OCTOPUS === #

    def call(self, request):
        """Return Octopus's answer to a request of the client, or raise what the client sees."""
        self.counts["calls to Octopus"] += 1
        dice = self.draw("Calls")
        slow = self.story.dice("latency", self._drawn["Calls"])
        self.pause(slow.lognormvariate(-2.5, 0.7))
        self.hurry()
        fault = self._fault_of_call(dice)
        for incident in self.under_way:
            answer = incident.hits(request, dice or slow)
            if answer is not None:
                self.counts[f"calls during {incident.name}"] += 1
                return answer
        answer = fault and fault.before(request, dice)
        if answer is None:
            answer = self.octopus.answer(request)
            self.pause(slow.lognormvariate(-2.5, 0.7))
            self.hurry()
            if fault:
                answer = fault.after(answer, dice)
        return answer

    def _fault_of_call(self, dice):
        if self.is_calm or not dice or dice.random() >= self.story.chance("Calls", CALL_FAULTS):
            return None
        weights = [fault.weight * self.story.often.get(fault.name, 1) for fault in self.call_faults]
        [fault] = dice.choices(self.call_faults, weights)
        self.note("Calls", f"calls with {fault.name}")
        return fault

    # === TRANSACTIONS === #

    def do(self, function, user=None):
        """Return what a function of an environment returns, in a transaction as of a request."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, user or SUPERUSER_ID, {})
            return retrying(partial(function, env), env)

    def environment(self, cr, user):
        """Return an environment of a user on a cursor."""
        return api.Environment(cr, user, {})
