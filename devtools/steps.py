"""Telling the user what happens: one line per step, one sentence when it cannot go on."""

import contextlib
import re
import signal
import subprocess
import sys
import time

from . import paths

# apt, pip, npm, PostgreSQL, Python and Odoo, in this order.
ERROR_LINE = re.compile(
    r"^E: |^ERROR: |^npm (ERR|error)|FATAL: |^[\w.]*(Error|Exception)\b: | (ERROR|CRITICAL) "
)


class Failure(Exception):
    """Something is missing or went wrong; the message is one sentence for the user."""


def say(text=""):
    """Print a line of a command's result."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def note(text):
    """Print a line about what is going on: beside the result, which may be for a program."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Step:
    """A running step; `progress` shows how far it is."""

    QUIET_SECONDS = 5  # in a log file a line per change would bury everything else

    def __init__(self, title, out=None):
        self.title = title
        self.out = out or sys.stderr
        self.live = self.out.isatty()
        self.started = self.last_shown = time.monotonic()

    def begin(self):
        self._show(f"{self.title} ...")

    def progress(self, text):
        now = time.monotonic()
        if self.live or now - self.last_shown >= self.QUIET_SECONDS:
            self.last_shown = now
            self._show(f"{self.title} ... {text}")

    def end(self, outcome):
        self._show(f"{self.title}: {outcome} ({time.monotonic() - self.started:.1f} s)", last=True)

    def _show(self, text, last=False):
        if self.live:
            self.out.write(f"\r\033[K{text[:200]}" + ("\n" if last else ""))
        else:
            self.out.write(f"{text}\n")
        self.out.flush()


@contextlib.contextmanager
def step(title):
    """Announce `title`, and say how long it took or that it failed."""
    current = Step(title)
    current.begin()
    try:
        yield current
    except BaseException:
        current.end("FAILED")
        raise
    current.end("done")


def run(command, what, *, log=None, env=None, cwd=None, hint="", watch=None):
    """Run `command` without a terminal; its output goes to .local/log/<log>.log.

    :param watch: called twice a second with the path of the log, to show progress.
    :raise Failure: says that `what` failed, with the last line of the output and `hint`.
    """
    paths.LOG.mkdir(parents=True, exist_ok=True)
    log_file = paths.LOG / f"{log or what.replace(' ', '-')}.log"
    try:
        with log_file.open("wb") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
            )
    except OSError as error:
        raise Failure(f"{what} failed: {command[0]} cannot be run ({error.strerror}).") from error
    if _wait(process, log_file, watch):
        raise Failure(failure_sentence(what, log_file, hint))


def _wait(process, log_file, watch):
    """The exit status of `process`, which does not outlive an interrupted ./dev."""
    try:
        while True:
            try:
                return process.wait(timeout=0.5 if watch else None)
            except subprocess.TimeoutExpired:
                watch(log_file)
    except BaseException:
        process.terminate()
        process.wait()
        raise


def call(command, **options):
    """Run `command` with its output shown, answer its exit status.

    Interrupted, it is asked to end and may tidy up. It has a session of its own, so that a
    Ctrl-C reaches it once, from here, and not a second time in the middle of the tidying.
    """
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        **options,
    )
    try:
        return process.wait()
    except BaseException:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise


def wait_until(is_reached, seconds, pause=0.2):
    """Ask `is_reached` again and again; answer whether it was true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def failure_sentence(what, log_file, hint=""):
    """One sentence from a log: what failed, why as the log says it, what to do, where more is."""
    text = log_file.read_text(errors="replace")
    if "No space left on device" in text:
        return f"{what} failed: the disk is full (about 4 GB are needed)."
    return f"{what} failed: {reason(text)}{f' {hint}' if hint else ''} (all output: {log_file})"


def reason(text):
    """The line of an output that says what went wrong: the last error, else the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if ERROR_LINE.search(line)]
    return (errors or lines or ["it gave no reason"])[-1][:300]
