"""The command line of ./dev."""

import sys

from . import bench, lint, test, venv
from .steps import Failure

USAGE = """\
usage: ./dev COMMAND

  setup                                   set everything up, start nothing
  test [unit|contract|odoo|e2e|soak] ...  run the tests; the rest goes to pytest
  lint                                    run all linters
  bench [NAME] [--json]                   run a benchmark, or list them
"""


def setup(arguments):
    venv.ensure()
    return 0


COMMANDS = {
    "setup": setup,
    "test": test.run_tests,
    "lint": lambda arguments: lint.run_lint(),
    "bench": bench.run_bench,
}


def main(arguments):
    """Run a command; the answer is the exit status."""
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        asked = bool(arguments) and arguments[0] in ("-h", "--help", "help")
        (sys.stdout if asked else sys.stderr).write(USAGE)
        return 0 if asked else 2
    try:
        return command(arguments[1:])
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    except KeyboardInterrupt:
        return 130
