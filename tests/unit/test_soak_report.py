"""The report of the long tests keeps what each came to when it last ran."""

from types import SimpleNamespace

import pytest

from devtools import tables
from tests.soak import _report
from tests.soak._report import Report


@pytest.fixture
def report(tmp_path, monkeypatch):
    for name in _report.SHORTENED_BY:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(_report, "code_of", lambda: "c0ffee")
    file = tmp_path / "report.csv"
    old = {"result": "passed", "minutes": "1.0", "day": "2026-11-01", "code": "beef"}
    tables.write(file, [{"test": name} | old for name in ("test_a.py::one", "test_a.py::two")])
    return Report(file, "2026-11-28")


def tell(report, name, *phases):
    for when, outcome, seconds in phases:
        report.pytest_runtest_logreport(
            SimpleNamespace(
                nodeid=name,
                when=when,
                outcome=outcome,
                failed=outcome == "failed",
                duration=seconds,
            )
        )


def test_a_run_replaces_its_own_rows_only(report):
    tell(
        report,
        "tests/soak/test_a.py::two",
        ("setup", "passed", 60),
        ("call", "passed", 30),
        ("teardown", "passed", 0),
    )
    tell(report, "tests/unit/test_b.py::other", ("call", "passed", 1))
    report.pytest_sessionfinish()
    one, two = tables.read(report.file)
    assert one["day"] == "2026-11-01"
    assert two == {
        "test": "test_a.py::two",
        "result": "passed",
        "minutes": "1.5",
        "day": "2026-11-28",
        "code": "c0ffee",
    }


@pytest.mark.parametrize("phase", ["setup", "call", "teardown"])
def test_a_failure_in_any_phase_is_one(report, phase):
    phases = [
        (when, "failed" if when == phase else "passed", 1)
        for when in ("setup", "call", "teardown")
        if not (phase == "setup" and when == "call")
    ]
    tell(report, "tests/soak/test_a.py::one", *phases)
    report.pytest_sessionfinish()
    assert tables.read(report.file)[0]["result"] == "failed"


def test_a_shortened_run_proves_nothing(report, monkeypatch):
    monkeypatch.setenv("SOAK_MINUTES", "1")
    tell(report, "tests/soak/test_a.py::one", ("call", "failed", 1))
    report.pytest_sessionfinish()
    assert tables.read(report.file)[0]["result"] == "passed"
