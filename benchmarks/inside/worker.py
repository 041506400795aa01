"""One worker in a process of its own, that works off all passes and tells its peak of memory."""

import resource
import sys

from .harness import OdooDatabase


def main(database):
    """Work off all queued passes; print the peak of memory in KiB."""
    odoo = OdooDatabase(database)
    with odoo.transaction() as env:
        env["octopus.sync.run"]._cron_run()
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\n")


if __name__ == "__main__":
    main(sys.argv[1])
