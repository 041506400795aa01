"""Messages and programs: a line for each step, one sentence when a command fails."""

import contextlib
import re
import signal
import subprocess
import sys
import time

from . import paths

# Error lines of apt, pip, npm, PostgreSQL, Python and Odoo, in this order.
ERROR_LINE = re.compile(
    r"^E: |^ERROR: |^npm (ERR|error)|FATAL: |^[\w.]*(Error|Exception)\b: | (ERROR|CRITICAL) "
)


class Failure(Exception):
    """A command cannot go on; the message is one sentence for the user."""


def say(text=""):
    """Print a line of a command's result to stdout."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def note(text):
    """Print a line about the progress to stderr: a program may read the result in stdout."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Step:
    """A step of a command, announced on stderr; `progress` shows how far it is."""

    QUIET_SECONDS = 5  # at most a line in this time, unless in a terminal

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
    """Announce `title`; print how long the step took, or that it failed."""
    current = Step(title)
    current.begin()
    try:
        yield current
    except BaseException:
        current.end("FAILED")
        raise
    current.end("done")


def run(command, what, *, log=None, env=None, cwd=None, hint="", watch=None):
    """Run `command` without a terminal; write its output to .local/log/<log>.log.

    :param watch: called twice a second with the path of the log, to show progress
    :raise Failure: says that `what` failed, with the last error of the output and `hint`
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
    """Return the exit status of `process`; end it when ./dev is interrupted."""
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
    """Run `command` and show its output; return its exit status.

    When ./dev is interrupted, it interrupts the program and waits, so that the program can clean
    up. The program has its own session: otherwise the terminal's Ctrl-C would reach it as well,
    and interrupt the cleaning up.
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
    """Call `is_reached` every `pause` seconds; return whether it was true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def failure_sentence(what, log_file, hint=""):
    """Return one sentence: `what` failed, the reason in the log, `hint`, the path of the log."""
    text = log_file.read_text(errors="replace")
    if "No space left on device" in text:
        return f"{what} failed: the disk is full (about 4 GB are needed)."
    return f"{what} failed: {reason(text)}{f' {hint}' if hint else ''} (all output: {log_file})"


def reason(text):
    """Return the line of an output with the reason: the last error, otherwise the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if ERROR_LINE.search(line)]
    return (errors or lines or ["it gave no reason"])[-1][:300]
