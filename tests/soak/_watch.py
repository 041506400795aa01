"""What a monitor sees of a running Odoo: memory, processor time, the health report, the log."""

import os
import re
import statistics
import subprocess
import threading
import time
from pathlib import Path

import requests

from devtools.provision import venv

SAMPLE_SECONDS = 5
# Core's own collisions of transactions, which it runs again: PostgreSQL's way of saying "not now".
COLLISION = re.compile(
    r"could not serialize access|deadlock detected|could not obtain lock|"
    r"current transaction is aborted"
)
# They are run again within the job; one that fails all the same is an error.
FAILED_JOB = re.compile(r"ir_cron: Job .* failed")
STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:")
SERIOUS = re.compile(r" (ERROR|CRITICAL) ")
MAKE_KEY = """
from datetime import timedelta
from odoo import fields
user = env.ref("base.user_admin")
expires = fields.Datetime.now() + timedelta(days=1)
print("KEY", env["res.users.apikeys"].with_user(user)._generate(None, "soak", expires))
env.cr.commit()
"""


def make_api_key(odoo):
    """Return an API key of the administrator, as somebody makes one for a monitor."""
    done = subprocess.run(
        [venv.PYTHON, "-m", "odoo", "shell", "--no-http", "--log-level=error"],
        env=odoo.environ(),
        input=MAKE_KEY,
        capture_output=True,
        text=True,
        check=True,
    )
    [key] = re.findall(r"KEY (\S+)", done.stdout)
    return key


class Monitor(threading.Thread):
    """Looks every few seconds, until it is stopped."""

    def __init__(self, odoo, key):
        super().__init__(daemon=True)
        self.memory = []  # MiB
        self.queues = []  # {name: length}
        self.oldest = []  # seconds that the oldest order has waited for its stock
        self.failures = []
        self._odoo = odoo
        self._headers = {"Authorization": f"Bearer {key}"}
        self._log = odoo.server.log_file
        self._log_start = self._log.stat().st_size
        self._is_over = threading.Event()
        self._cpu_start = self._cpu()
        self.started = time.monotonic()

    def run(self):
        while not self._is_over.wait(SAMPLE_SECONDS):
            try:
                self.look()
            # A monitor that dies would make every later assertion worthless.
            except Exception as error:  # noqa: BLE001
                self.failures.append(repr(error)[:300])

    def look(self):
        """Take one sample."""
        self.memory.append(resident(self._odoo.server.pid))
        answer = requests.get(
            f"{self._odoo.url}/octopus/health", headers=self._headers, timeout=60
        ).json()
        [account] = answer["accounts"]
        self.queues.append(
            {
                "orders": account["waiting_orders"],
                "orders to tell": account["untold_orders"],
                "stock changes": answer["stock_events"],
                "levels": account["pending_levels"],
                "passes": account["open_runs"],
            }
        )
        self.oldest.append(account["oldest_seconds"]["order"])

    def stop(self):
        """End it; answers how long it looked, and the processor seconds of Odoo meanwhile."""
        self._is_over.set()
        self.join(120)
        return time.monotonic() - self.started, self._cpu() - self._cpu_start

    def quarters(self, values):
        """Return the medians of the four quarters of the time."""
        size = max(len(values) // 4, 1)
        parts = [values[at : at + size] for at in range(0, size * 4, size)]
        return [statistics.median(part) for part in parts if part]

    def log(self):
        """Return (errors, collisions that core runs again) of the log meanwhile."""
        with self._log.open("rb") as file:
            file.seek(self._log_start)
            lines = file.read().decode("utf-8", "replace").splitlines()
        records = []
        for line in lines:
            if STAMP.match(line) or not records:
                records.append(line)
            else:  # a statement or a traceback goes on
                records[-1] += "\n" + line
        failed = [record for record in records if SERIOUS.search(record.partition("\n")[0])]
        errors = [
            record for record in failed if FAILED_JOB.search(record) or not COLLISION.search(record)
        ]
        return errors, len(failed) - len(errors)

    def _cpu(self):
        fields = Path(f"/proc/{self._odoo.server.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid):
    """Return the memory of a process in MiB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024
