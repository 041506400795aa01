"""./dev test: sets up what each suite needs, and runs it in its own pytest process."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from . import paths
from .provision import chromium, databases, odoo_source, postgres, venv
from .servers.odoo_server import Odoo
from .steps import Failure, call, say

SUITES = ("unit", "contract", "odoo", "simulation", "e2e")  # run in this order without arguments
ON_REQUEST = ("soak",)
WITHOUT_ODOO = ("unit", "contract")
# So many pytest processes share these suites file by file; each has its own database and servers.
# Two use both cores of a small machine; those of the browser tests wait half of their time.
PROCESSES = {"odoo": 2, "e2e": 3}
# They take the files in the order of tests/conftest.py.
AT_ONCE = ["--dist=loadfile", "--no-loadscope-reorder"]
NAMED_FILES = ("tests/", "linga_octopus/tests")  # as arguments of pytest
NOTHING_COLLECTED = 5  # pytest's exit status


@dataclass
class Result:
    """The outcome of a suite."""

    suite: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    problem: str = ""

    @property
    def ok(self):
        return not (self.failed or self.problem)

    def line(self):
        """Return the summary line of this suite."""
        counts = f"{self.passed} passed, {self.failed} failed"
        if self.skipped:
            counts += f", {self.skipped} skipped"
        problem = f" ({self.problem})" if self.problem else ""
        return f"{self.suite}: {counts} in {self.seconds:.0f} s{problem}"


def run_tests(arguments):
    """Run the suites that `arguments` name first, with the rest of them for pytest."""
    suites, pytest_arguments = split_arguments(arguments)
    results = [_run_suite(suite, pytest_arguments) for suite in suites if _folder(suite).is_dir()]
    if not results:
        raise Failure(f"There is no folder tests/{suites[0]}.")
    say()
    for result in results:
        say(result.line())
    say(total_line(results))
    return 0 if all(result.ok for result in results) else 1


def split_arguments(arguments):
    """Return (suites, pytest arguments); without names of suites, the usual ones."""
    known = (*SUITES, *ON_REQUEST)
    count = 0
    while count < len(arguments) and arguments[count] in known:
        count += 1
    return list(arguments[:count]) or list(SUITES), list(arguments[count:])


def total_line(results):
    """Return the last line; a suite that failed before its tests counts as one failure."""
    passed = sum(result.passed for result in results)
    failed = sum(result.failed or (0 if result.ok else 1) for result in results)
    return f"{passed} passed, {failed} failed"


def read_report(suite, report, status):
    """Return the result of a suite from pytest's JUnit report and exit status."""
    result = Result(suite)
    if report.is_file():
        for node in ET.parse(report).getroot().iter("testsuite"):
            broken = int(node.get("failures", 0)) + int(node.get("errors", 0))
            result.failed += broken
            result.skipped += int(node.get("skipped", 0))
            result.passed += int(node.get("tests", 0)) - broken - int(node.get("skipped", 0))
            result.seconds += float(node.get("time", 0))
    if status == NOTHING_COLLECTED:
        result.problem = "no tests found"
    elif status and not result.failed:
        result.problem = f"pytest ended with status {status}"
    return result


def _run_suite(suite, pytest_arguments):
    say(f"== {suite}")
    try:
        venv.ensure()
        if suite in WITHOUT_ODOO:
            return _run_pytest(suite, ["-p", "no:odoo"], venv.environ(), pytest_arguments)
        chromium.ensure()
        odoo_source.ensure()
        with postgres.running():
            options, env = _prepare(suite)
            return _run_pytest(suite, options, env, pytest_arguments)
    except Failure as failure:
        return Result(suite, problem=str(failure))


def _prepare(suite):
    """Prepare the database of a suite with Odoo; return its pytest options and environment."""
    if suite == "odoo":
        options = ["-p", "tests.odoo.plugin", "--odoo-http", "--odoo-log-level=error"]
        return options, Odoo(databases.test()).environ()
    if suite == "simulation":
        databases.simulation()
        return ["-p", "no:odoo"], venv.environ()
    databases.demo()
    return ["-p", "no:odoo"], venv.environ()


def _run_pytest(suite, options, env, arguments):
    report = paths.LOCAL / "test" / f"{suite}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [venv.PYTHON, "-m", "pytest", "-q", f"--junitxml={report}", *options, *arguments]
    if not any(argument.startswith(NAMED_FILES) for argument in arguments):
        command += _folders(suite)
    if suite in PROCESSES and not arguments:
        command += [f"--numprocesses={PROCESSES[suite]}", *AT_ONCE]
    hypothesis = {"HYPOTHESIS_STORAGE_DIRECTORY": str(paths.LOCAL / "hypothesis")}
    return read_report(suite, report, call(command, env={**env, **hypothesis}))


def _folder(suite):
    return paths.ROOT / "tests" / suite


def _folders(suite):
    """Return the folders of a suite: with Odoo, the tests that the addon brings too."""
    return [_folder(suite), *([paths.ADDON / "tests"] if suite == "odoo" else [])]
