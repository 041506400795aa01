"""Servers that outlive ./dev, known by pid and start time, so that no other process is stopped."""

import json
import os
import signal
import subprocess
from pathlib import Path

from .. import paths
from ..steps import wait_until

RUN = paths.LOCAL / "run"


class Server:
    """A background program of this checkout, known by `name`."""

    def __init__(self, name):
        self.name = name
        self.pid_file = RUN / f"{name}.json"
        self.log_file = paths.LOG / f"{name}.log"

    def start(self, command, env):
        """Start it, detached from the terminal and from this process; log its output."""
        RUN.mkdir(parents=True, exist_ok=True)
        paths.LOG.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=paths.ROOT,
                start_new_session=True,
            )
        identity = {"pid": process.pid, "started": start_time(process.pid)}
        self.pid_file.write_text(json.dumps(identity))

    @property
    def pid(self):
        """The pid of the running program, or None; the pid of another process does not count."""
        try:
            identity = json.loads(self.pid_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        started = start_time(identity["pid"])
        return identity["pid"] if started and started == identity["started"] else None

    def stop(self, patience=20):
        """Stop it: two requests to end, then SIGKILL; return whether it ran.

        :param patience: seconds to wait, half of them after each request
        """
        pid = self.pid
        if pid:
            # Odoo finishes a running job first, and ends at once at the second signal.
            for request in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
                os.kill(pid, request)
                if wait_until(lambda: not self.pid, patience / 2, pause=0.05):
                    break
        self.pid_file.unlink(missing_ok=True)
        return bool(pid)


def start_time(pid):
    """Return when process `pid` started, in the kernel's ticks; None when it does not run."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The program's name (field 2, in brackets) may contain spaces: split the text after it.
    fields = stat.rpartition(")")[2].split()
    state, started = fields[0], fields[19]
    return None if state in "ZX" else started
