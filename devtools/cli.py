"""The command line of ./dev."""

import signal
import sys

from . import bench, build, demo, lint, screenshots, setup, simulate, test, translations
from .steps import Failure

USAGE = """\
usage: ./dev COMMAND

  demo [--detach] [--fresh]               run the shop: Odoo, connected to the sandbox
  stop                                    stop the demo and the private PostgreSQL
  setup                                   fetch and prepare everything, run nothing
  test [unit|contract|odoo|simulation|e2e|soak] ...
                                          run the tests, with the rest as arguments of pytest
  lint [--fix]                            run all linters
  bench [NAME] [--json]                   run a benchmark, or list them
  simulate [--seed N] [--days N] [--profile NAME] [--until-failure]
                                          live through days of a shop, with all that goes wrong
  translations                            export the terms to translate
  build                                   pack the addon into dist/, as a zip and as a wheel
  screenshots [NAME ...]                  take the pictures of docs/img/ from the running demo
"""


COMMANDS = {
    "demo": demo.run_demo,
    "stop": demo.stop_all,
    "setup": setup.run_setup,
    "test": test.run_tests,
    "lint": lint.run_lint,
    "bench": bench.run_bench,
    "simulate": simulate.run_simulate,
    "screenshots": screenshots.run_screenshots,
    "translations": translations.run_translations,
    "build": build.run_build,
}


def main(arguments):
    """Run a command; return the exit status."""
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        asked = bool(arguments) and arguments[0] in ("-h", "--help", "help")
        (sys.stdout if asked else sys.stderr).write(USAGE)
        return 0 if asked else 2
    # Handle SIGTERM like Ctrl-C, so that the command stops what it started. Handle SIGINT even in
    # a shell's background job, which ignores it and would pass that on to its own processes.
    for request in (signal.SIGTERM, signal.SIGINT):
        signal.signal(request, _interrupt)
    try:
        return command(arguments[1:])
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _interrupt(signum, frame):
    raise KeyboardInterrupt
