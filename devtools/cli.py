"""The command line of ./dev."""

import signal
import sys

from . import bench, build, demo, lint, screenshots, setup, test, translations
from .steps import Failure

USAGE = """\
usage: ./dev COMMAND

  demo [--detach] [--fresh]               the shop, with Odoo, connected to the sandbox
  stop                                    stop the demo and the private PostgreSQL
  setup                                   set everything up, leave nothing running
  test [unit|contract|odoo|e2e|soak] ...  run the tests; the rest goes to pytest
  lint [--fix]                            run all linters
  bench [NAME] [--json]                   run a benchmark, or list them
  translations                            export the terms to translate, after texts were changed
  build                                   the addon as a zip and as a wheel, in dist/
  screenshots [NAME ...]                  take the pictures of docs/img/ from the running demo
"""


COMMANDS = {
    "demo": demo.run_demo,
    "stop": demo.stop_all,
    "setup": setup.run_setup,
    "test": test.run_tests,
    "lint": lint.run_lint,
    "bench": bench.run_bench,
    "screenshots": screenshots.run_screenshots,
    "translations": translations.run_translations,
    "build": build.run_build,
}


def main(arguments):
    """Run a command; the answer is the exit status."""
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        asked = bool(arguments) and arguments[0] in ("-h", "--help", "help")
        (sys.stdout if asked else sys.stderr).write(USAGE)
        return 0 if asked else 2
    # Asked to end is treated like Ctrl-C: what was started gets stopped. A shell's background
    # jobs ignore SIGINT, and would hand that on to what they start.
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
