"""One worker in a process of its own, that works off all runs and tells its peak of memory."""

import sys
from pathlib import Path

from .harness import OdooDatabase


def main(database):
    """Work off all queued runs; print the peak of memory in KiB."""
    odoo = OdooDatabase(database)
    with odoo.transaction() as env:
        env["octopus.sync.run"]._cron_run()
    sys.stdout.write(f"{peak()}\n")


def peak():
    """Return the most memory that this program has held, in KiB.

    Not `ru_maxrss`: that one is inherited from whoever started the process, here a benchmark
    that has just made 100,000 products.
    """
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1])


if __name__ == "__main__":
    main(sys.argv[1])
