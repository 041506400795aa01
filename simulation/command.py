"""The command line of a simulation, in a process of Odoo."""

import argparse
import faulthandler
import importlib
import json
import logging
import signal
import sys
from contextlib import nullcontext
from pathlib import Path

from . import profiles
from .clock import real_time
from .machine import Machine
from .report import Report, line_of
from .shrink import Shrinker
from .story import Story

# Virtual hours of a story when new seeds are looked through, one after the other.
HOURS_OF_A_SEED = 3


def main():
    """Tell what is asked for; end with status 1 when something was not as it must be."""
    options = _parser().parse_args()
    faulthandler.register(signal.SIGUSR1)  # says where a long story is
    # The journal of the story has what is logged.
    logging.getLogger().handlers.clear()
    with Machine(options.database, options.template) as machine:
        if options.stories:
            return _tell_listed(machine, options)
        story = Story(options.seed, options.profile, 24 * options.days)
        if options.until_failure or options.minutes:
            return _tell_many(machine, story, options)
        return _tell_one(machine, story, options)


def _parser():
    parser = argparse.ArgumentParser(prog="./dev simulate")
    add = parser.add_argument
    add("database", help=argparse.SUPPRESS)
    add("template", help=argparse.SUPPRESS)
    add("--seed", type=int, default=1, help="of all draws (default: 1)")
    add("--days", type=float, default=1, help="how long the shop lives (default: 1)")
    add("--profile", default="shop", choices=profiles.names(), help="the kind of shop")
    add("--until-failure", action="store_true", help="one seed after the other, half a day each")
    add("--minutes", type=float, help="the same, for so long")
    add("--shrink", type=float, default=300, metavar="SECONDS",
        help="how long to look for the shortest story of a failure; 0: not at all")  # fmt: skip
    add("--stories", type=Path, help=argparse.SUPPRESS)
    add("--breaks", help=argparse.SUPPRESS)
    add("--report", type=Path, help="where the figures are added up, as JSON")
    return parser


def _tell_one(machine, story, options):
    outcome = machine.tell(story)
    sys.stdout.write(line_of(outcome))
    report = Report(options.report)
    report.add(outcome)
    sys.stdout.write(report.text())
    return _explain(machine, outcome, options)


def _tell_many(machine, story, options):
    """Tell a story of each seed, in each profile in turn, until one fails or the time is over."""
    started, report, status = real_time(), Report(options.report), 0
    names = profiles.names()
    while True:
        profile = names[story.seed % len(names)]
        outcome = machine.tell(story.but(profile=profile, hours=HOURS_OF_A_SEED))
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
        shorter = Shrinker(machine, options.shrink).shrink(outcome)
        sys.stdout.write(f"\nThe shortest story found fails in the same way:\n{shorter}\n")
    return 1


def _tell_listed(machine, options):
    """Tell the stories of a file, each with what it breaks on purpose; write an outcome a line."""
    breaks = importlib.import_module(options.breaks).BREAKS if options.breaks else {}
    for entry in json.loads(options.stories.read_text()):
        context = breaks[entry["break"]]() if entry.get("break") else nullcontext()
        with context:
            outcome = machine.tell(Story.from_json(entry["story"]))
        failure = outcome.failure
        result = {
            "name": entry["name"],
            "invariant": failure and failure.name,
            "message": failure and failure.message[:2000],
            "hours": round(outcome.hours, 2),
            "seconds": round(outcome.seconds, 1),
        }
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()
    return 0
