"""Messages of ./dev, and programs that it runs."""

import io
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from devtools import paths, steps


@pytest.fixture(autouse=True)
def log_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "LOG", tmp_path / "log")
    return tmp_path / "log"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_plain_output_has_a_line_for_begin_and_end():
    out = io.StringIO()
    step = steps.Step("Unpack", out)
    step.begin()
    step.end("done")
    begin, end = out.getvalue().splitlines()
    assert begin == "Unpack ..."
    assert end.startswith("Unpack: done (")


def test_plain_output_is_not_flooded_with_progress():
    out = io.StringIO()
    step = steps.Step("Unpack", out)
    for count in range(1000):
        step.progress(f"{count}")
    assert len(out.getvalue().splitlines()) <= 1


def test_a_terminal_shows_progress_on_one_line():
    out = Terminal()
    step = steps.Step("Unpack", out)
    step.begin()
    step.progress("1 of 2")
    step.end("done")
    assert out.getvalue().count("\n") == 1
    assert "1 of 2" in out.getvalue()


def test_a_failed_step_is_reported(capsys):
    with pytest.raises(steps.Failure), steps.step("Download"):
        raise steps.Failure("no network")
    shown = capsys.readouterr()
    assert "Download: FAILED" in shown.err
    assert shown.out == ""  # stdout is for results


def test_run_only_logs_the_output_of_a_program_that_succeeds(log_folder):
    steps.run([sys.executable, "-c", "print('hello')"], "Greeting")
    assert (log_folder / "Greeting.log").read_text() == "hello\n"


def test_run_gives_no_input_to_the_program():
    with pytest.raises(steps.Failure, match="EOFError"):
        steps.run([sys.executable, "-c", "input('Proceed? ')"], "Asking")


def test_run_reports_what_failed_the_reason_and_the_log(log_folder):
    code = "import sys; print('E: no such package'); print('bye'); sys.exit(3)"
    with pytest.raises(steps.Failure) as failure:
        steps.run([sys.executable, "-c", code], "Installing", log="apt", hint="Is there a network?")
    assert str(failure.value) == (
        "Installing failed: E: no such package Is there a network? "
        f"(all output: {log_folder / 'apt.log'})"
    )


def test_run_of_a_missing_program_is_a_failure_too():
    with pytest.raises(steps.Failure, match="no-such-program cannot be run"):
        steps.run(["no-such-program"], "Running")


def test_run_shows_progress_while_it_waits(tmp_path):
    seen = tmp_path / "seen"
    code = "import os, sys, time\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.01)"
    steps.run([sys.executable, "-c", code, seen], "Working", watch=lambda log: seen.touch())
    assert seen.exists()


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "it gave no reason"),
        ("one\ntwo\n\n", "two"),
        ("Traceback\nValueError: bad\nshutting down", "ValueError: bad"),
        ("psycopg2.OperationalError: refused\nbye", "psycopg2.OperationalError: refused"),
        ("npm error code E404\nsee the log", "npm error code E404"),
    ],
)
def test_the_reason_is_the_last_error_of_the_output(output, reason):
    assert steps.reason(output) == reason


def test_a_full_disk_is_named(tmp_path):
    log = tmp_path / "x.log"
    log.write_text("dpkg: error: write failed: No space left on device\ndpkg: bye")
    assert "the disk is full" in steps.failure_sentence("Unpacking", log)


def test_call_returns_the_exit_status():
    assert steps.call([sys.executable, "-c", "raise SystemExit(3)"]) == 3


def test_an_interrupted_program_may_clean_up(tmp_path):
    started, tidied = tmp_path / "started", tmp_path / "tidied"
    child = (
        "import pathlib, sys, time\n"
        "try:\n    pathlib.Path(sys.argv[1]).touch(); time.sleep(60)\n"
        "finally:\n    time.sleep(0.5); pathlib.Path(sys.argv[2]).touch()\n"
    )

    def interrupt():
        while not started.exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        steps.call([sys.executable, "-c", child, started, tidied], stderr=subprocess.DEVNULL)
    assert tidied.exists()
