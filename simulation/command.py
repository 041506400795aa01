"""The command line of a simulation, in a process of Odoo."""

import argparse
import faulthandler
import importlib
import json
import logging
import signal
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

from . import profiles
from .clock import real_time
from .machine import Machine
from .report import Report, line_of
from .shrink import Shrinker
from .story import Story

# Virtual hours of a story when new seeds are looked through, one after the other.
HOURS_OF_A_SEED = 1.5
# Minutes in which a deliberate break has to be found.
LOOK_FOR_A_BREAK = 10


def main():
    """Tell what is asked for; end with status 1 when something was not as it must be."""
    options = _parser().parse_args()
    faulthandler.register(signal.SIGUSR1)  # says where a long story is
    # The journal of the story has what is logged.
    logging.getLogger().handlers.clear()
    with Machine(options.database, options.template) as machine:
        if options.stories:
            return _tell_listed(machine, options)
        if options.find:
            return _find_breaks(machine, options)
        story = Story(options.seed, options.profile or "shop", 24 * (options.days or 1))
        if options.story:
            story = Story.from_json(json.loads(options.story))
        if options.until_failure or options.minutes:
            return _tell_many(machine, story, options)
        return _tell_one(machine, story, options)


def _parser():
    parser = argparse.ArgumentParser(prog="./dev simulate")
    add = parser.add_argument
    add("database", help=argparse.SUPPRESS)
    add("template", help=argparse.SUPPRESS)
    add("--seed", type=int, default=1, help="of all draws (default: 1)")
    add("--days", type=float, help="how long the shop lives (default: 1; of many seeds, 1.5 hours)")
    add("--profile", choices=profiles.names(),
        help="the kind of shop (default: shop; of many seeds, each in turn)")  # fmt: skip
    add("--until-failure", action="store_true", help="one seed after the other")
    add("--minutes", type=float, help="the same, for so long")
    add("--story", help="a whole story, as a failure prints it, instead of a seed")
    add("--shrink", type=float, default=300, metavar="SECONDS",
        help="how long to look for the shortest story of a failure; 0: not at all")  # fmt: skip
    add("--stories", type=Path, help=argparse.SUPPRESS)
    add("--breaks", default="tests.simulation.breaks", help=argparse.SUPPRESS)
    add("--find", nargs="+", metavar="BREAK", help="find these deliberate breaks, or all")
    add("--report", type=Path, help="a file of JSON to which the figures are added")
    return parser


def _tell_one(machine, story, options):
    report = Report(options.report)
    outcome = machine.tell(story)
    sys.stdout.write(line_of(outcome))
    report.add(outcome)
    sys.stdout.write(report.text())
    return _explain(machine, outcome, options)


def _tell_many(machine, story, options):
    """Tell a story of each seed, in each profile in turn, until one fails or the time is over."""
    started, report, status = real_time(), Report(options.report), 0
    names = [options.profile] if options.profile else profiles.names()
    hours = 24 * options.days if options.days else HOURS_OF_A_SEED
    while True:
        profile = names[story.seed % len(names)]
        outcome = machine.tell(story.but(profile=profile, hours=hours))
        report.add(outcome)
        sys.stdout.write(line_of(outcome))
        sys.stdout.flush()
        if outcome.failure:
            status = _explain(machine, outcome, options)
            if options.until_failure:
                break
        if options.minutes and real_time() - started > 60 * options.minutes:
            break
        story = story.but(seed=story.seed + 1)
    sys.stdout.write(report.text())
    return status


def _explain(machine, outcome, options):
    """Write what failed, and the shortest story in which it does."""
    if not outcome.failure:
        return 0
    sys.stdout.write(f"\n{outcome.failure}\n")
    if options.shrink:
        shorter = Shrinker(machine, options.shrink).shortest(outcome).to_json()
        sys.stdout.write(f"\nThe shortest story found fails in the same way:\n{shorter}\n")
        sys.stdout.write("Tell it again: ./dev simulate --shrink 0 --story 'THAT LINE'\n")
    return 1


def _tell_listed(machine, options):
    """Tell the stories of a file, each with what it breaks on purpose; write an outcome a line."""
    breaks = _breaks(options)
    for entry in json.loads(options.stories.read_text()):
        context = breaks[entry["break"]].open() if entry.get("break") else nullcontext()
        # Whatever is broken, the shop opens as usual.
        story = Story.from_json(entry["story"])
        machine.prepare(story.profile)
        with context:
            outcome = machine.tell(story)
        failure = outcome.failure
        result = {
            "name": entry["name"],
            "invariant": failure and failure.name,
            "message": failure and failure.message[:2000],
            "story": outcome.story.to_json(),
            "hours": round(outcome.hours, 2),
            "seconds": round(outcome.seconds, 1),
        }
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()
    return 0


def _breaks(options):
    return importlib.import_module(options.breaks).BREAKS


def _find_breaks(machine, options):
    """Look for a seed with which each deliberate break is found; write one a line."""
    breaks, is_found = _breaks(options), True
    for name in breaks if options.find == ["all"] else options.find:
        result = _find_break(machine, name, breaks[name], options)
        is_found &= result["invariant"] == breaks[name].invariant
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()
    return 0 if is_found else 1


def _find_break(machine, name, broken, options):
    started, seed = real_time(), options.seed
    story = Story(seed, broken.profile, broken.hours, pace=broken.pace, often=broken.often)
    machine.prepare(story.profile)
    while True:
        with broken.open():
            outcome = machine.tell(story)
        sys.stderr.write(f"{name}: {line_of(outcome)}")
        seconds = real_time() - started
        if outcome.failure or seconds > 60 * (options.minutes or LOOK_FOR_A_BREAK):
            break
        story = story.but(seed=story.seed + 1)
    failure = outcome.failure
    if failure and options.shrink:
        with broken.open():
            story = Shrinker(machine, options.shrink).shortest(outcome)
    return {
        "break": name,
        "seconds": round(seconds),
        "invariant": failure and failure.name,
        "message": failure and failure.message[:300],
        "story": asdict(story),
    }
