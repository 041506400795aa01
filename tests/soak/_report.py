"""What the long tests came to when they last ran in full: the report in docs/reliability.md."""

import os
import subprocess
from collections import defaultdict

from devtools import paths, tables

SHORTENED_BY = ("SOAK_MINUTES", "SOAK_KILL_MINUTES", "SOAK_SIMULATION_MINUTES")
HERE = "tests/soak/"


class Report:
    """A pytest plugin that adds up the phases of each test, and writes them down at the end."""

    def __init__(self, file, day):
        self.file = file
        self.day = day
        self.seconds = defaultdict(float)
        self.results = {}

    def pytest_runtest_logreport(self, report):
        if report.nodeid.startswith(HERE):
            name = report.nodeid.removeprefix(HERE)
            self.seconds[name] += report.duration
            if report.failed or report.when == "call":
                self.results.setdefault(name, report.outcome)
            if report.failed:
                self.results[name] = "failed"

    def pytest_sessionfinish(self):
        if self.results and not any(name in os.environ for name in SHORTENED_BY):
            tables.write(self.file, self.rows(tables.read(self.file)))

    def rows(self, before):
        """Return the rows of the report: those of this run, and of others what they came to."""
        rows = {row["test"]: row for row in before}
        code = code_of()
        for name, result in self.results.items():
            rows[name] = {
                "test": name,
                "result": result,
                "minutes": f"{self.seconds[name] / 60:.1f}",
                "day": self.day,
                "code": code,
            }
        return [rows[name] for name in sorted(rows)]


def code_of():
    """Return the commit that is tested, with a + where the addon has changes of its own."""

    def git(*command):
        return subprocess.run(
            ["git", *command], cwd=paths.ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()

    changed = git("status", "--porcelain", "linga_octopus")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")
