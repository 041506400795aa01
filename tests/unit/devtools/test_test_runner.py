"""The counts of ./dev test, and its choice of suites."""

import pytest

from devtools import test as runner
from devtools.steps import Failure

REPORT = """<testsuites>
  <testsuite errors="1" failures="2" skipped="3" tests="10" time="1.5"/>
</testsuites>"""


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.xml"
    path.write_text(REPORT)
    return path


def test_counts_come_from_the_report(report):
    result = runner.read_report("unit", report, 1)
    assert (result.passed, result.failed, result.skipped) == (4, 3, 3)
    assert not result.ok
    assert result.line() == "unit: 4 passed, 3 failed, 3 skipped in 2 s"


def test_a_suite_that_failed_before_its_tests_counts_as_a_failure(tmp_path):
    result = runner.read_report("odoo", tmp_path / "missing.xml", 4)
    assert not result.ok
    assert "status 4" in result.line()
    assert runner.total_line([result]) == "0 passed, 1 failed"


def test_a_suite_without_tests_counts_as_a_failure(tmp_path):
    assert not runner.read_report("odoo", tmp_path / "missing.xml", 5).ok


def test_the_total_is_the_sum_of_the_suites():
    results = [runner.Result("unit", passed=3), runner.Result("odoo", passed=2, failed=1)]
    assert runner.total_line(results) == "5 passed, 1 failed"


@pytest.mark.parametrize(
    ("arguments", "suites", "rest"),
    [
        ([], ["unit", "contract", "odoo", "simulation", "e2e"], []),
        (["unit", "-k", "x"], ["unit"], ["-k", "x"]),
        (["unit", "contract"], ["unit", "contract"], []),
        (["-x"], ["unit", "contract", "odoo", "simulation", "e2e"], ["-x"]),
        (["soak"], ["soak"], []),
    ],
)
def test_suites_come_before_pytest_arguments(arguments, suites, rest):
    assert runner.split_arguments(arguments) == (suites, rest)


def test_a_suite_that_cannot_be_set_up_does_not_hide_the_others(monkeypatch, capsys):
    def no_database():
        raise Failure("the disk is full")

    def passes(suite, options, env, arguments):
        return runner.Result(suite, passed=1)

    monkeypatch.setattr(runner.venv, "ensure", lambda: None)
    monkeypatch.setattr(runner.chromium, "ensure", lambda: None)
    monkeypatch.setattr(runner.odoo_source, "ensure", no_database)
    monkeypatch.setattr(runner, "_run_pytest", passes)
    assert runner.run_tests(["unit", "odoo"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "unit: 1 passed, 0 failed in 0 s" in lines
    assert "odoo: 0 passed, 0 failed in 0 s (the disk is full)" in lines
    assert lines[-1] == "1 passed, 1 failed"


def test_the_tests_of_the_addon_run_with_those_of_odoo_and_once():
    assert [folder.is_dir() for folder in runner._folders("odoo")] == [True, True]
    assert runner.paths.ADDON / "tests" in runner._folders("odoo")
    for suite in ("unit", "contract", "e2e", "soak"):
        assert runner._folders(suite) == [runner.paths.ROOT / "tests" / suite]
