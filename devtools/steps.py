"""Telling the user what happens: one line per step, one sentence when it cannot go on."""

import contextlib
import subprocess
import sys
import time

from . import paths


class Failure(Exception):
    """Something is missing or went wrong; the message is one sentence for the user."""


def say(text=""):
    """Print a line at once, also when the output is a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Step:
    """A running step; `progress` shows how far it is."""

    QUIET_SECONDS = 5  # in a log file a line per change would bury everything else

    def __init__(self, title, out=None):
        self.title = title
        self.out = out or sys.stdout
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


def run(command, what, *, log=None, env=None, cwd=None, hint=""):
    """Run `command` without a terminal; its output goes to .local/log/<log>.log.

    :raise Failure: says that `what` failed, with the last line of the output and `hint`.
    """
    paths.LOG.mkdir(parents=True, exist_ok=True)
    log_file = paths.LOG / f"{log or what.replace(' ', '-')}.log"
    try:
        with log_file.open("wb") as output:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                check=False,
            )
    except OSError as error:
        raise Failure(f"{what} failed: {command[0]} cannot be run ({error.strerror}).") from error
    if done.returncode:
        raise Failure(failure_sentence(what, log_file, hint))


def failure_sentence(what, log_file, hint=""):
    """One sentence from the end of a log: what failed, its last line, what to do, where more is."""
    text = log_file.read_text(errors="replace")
    if "No space left on device" in text:
        return f"{what} failed: the disk is full (about 4 GB are needed)."
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    reason = lines[-1][:300] if lines else "it gave no reason"
    return f"{what} failed: {reason}{f' {hint}' if hint else ''} (all output: {log_file})"
