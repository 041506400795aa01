"""What the benchmarks share: options, Odoo on a database, rounds, the report."""

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import time

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

ROUNDS = 5


def run(name, measure):
    """Run a benchmark and print its result.

    :param measure: takes (OdooDatabase, options), returns {key: values of the rounds, or a value}
    """
    parser = argparse.ArgumentParser(prog=f"./dev bench {name}")
    parser.add_argument("database", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--size", type=int, help="smaller than the full size, for a quick look")
    options = parser.parse_args()
    _report(name, measure(OdooDatabase(options.database), options), options)


def _report(name, measured, options):
    """Print the medians; for what was measured in rounds also the smallest and largest value."""
    metrics, spread = {}, {}
    for key, values in measured.items():
        values = values if isinstance(values, list) else [values]
        metrics[key] = round(statistics.median(values), 4)
        if len(values) > 1:
            spread[key] = [round(min(values), 4), round(max(values), 4)]
    if options.json:
        result = {"bench": name, "metrics": metrics, "rounds": options.rounds, "spread": spread}
        sys.stdout.write(json.dumps(result) + "\n")
        return
    for key, value in metrics.items():
        low, high = spread.get(key, (value, value))
        sys.stdout.write(f"{key:32} {value:>10}   [{low} .. {high}]\n")


def say(text):
    """Tell whoever waits what is going on; only the result goes to stdout."""
    sys.stderr.write(f"{text}\n")


@contextlib.contextmanager
def stopwatch(seconds):
    """Append how long the block takes to the list `seconds`."""
    start = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - start)


class OdooDatabase:
    """Odoo in this process, on a database that nobody else uses."""

    def __init__(self, name):
        config.parse_config(["--no-http", "--log-level=error", "-d", name], setup_logging=True)
        self.name = name
        self.registry = Registry(name)

    @contextlib.contextmanager
    def transaction(self):
        """Give an environment of a new transaction, with empty caches, that commits."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def make_durable(self):
        """Have each commit wait for the disk, as in production, whatever the test databases are
        set to."""
        with self.transaction() as env:
            name = SQL.identifier(self.name)
            env.cr.execute(SQL("ALTER DATABASE %s SET synchronous_commit = on", name))
        sql_db.close_all()  # what is connected already keeps its old setting

    @contextlib.contextmanager
    def server(self, *options):
        """Run an Odoo server with its scheduled actions on the database."""
        command = [sys.executable, "-m", "odoo", "server", "-d", self.name, *options]
        process = subprocess.Popen(
            [*command, "--log-level=error"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()
