"""Servers that outlive ./dev, remembered by pid and start time so that no other is ever stopped."""

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
        """Start it detached from this terminal and process; its output goes to its log."""
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
        """The pid of the running program, or None: a recycled pid does not count."""
        try:
            identity = json.loads(self.pid_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        started = start_time(identity["pid"])
        return identity["pid"] if started and started == identity["started"] else None

    def stop(self, patience=20):
        """Ask it to end, again after half of `patience` seconds, then end it; True if it ran."""
        pid = self.pid
        if pid:
            # Odoo ends a running job first; a second signal makes it leave at once.
            for request in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
                os.kill(pid, request)
                if wait_until(lambda: not self.pid, patience / 2, pause=0.05):
                    break
        self.pid_file.unlink(missing_ok=True)
        return bool(pid)


def start_time(pid):
    """When process `pid` started, in the kernel's ticks; None when it does not run (any more)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The program's name (field 2, in brackets) may contain spaces: count from behind it.
    fields = stat.rpartition(")")[2].split()
    state, started = fields[0], fields[19]
    return None if state in "ZX" else started
