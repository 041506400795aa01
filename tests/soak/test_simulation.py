"""An hour of the simulation: one new seed after the other, in all kinds of shops.

`SOAK_SIMULATION_MINUTES` makes it shorter.
"""

import datetime
import json
import os
import subprocess

from devtools import paths, simulate
from devtools.provision import databases, postgres, stamps

MINUTES = float(os.environ.get("SOAK_SIMULATION_MINUTES", "60"))
REPORT = paths.LOCAL / "test" / "simulation.json"


def test_no_seed_fails():
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.unlink(missing_ok=True)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    options = (f"--minutes={MINUTES}", f"--seed={today:%y%m%d}000", f"--report={REPORT}")
    busy = "Waiting for another soak of this checkout"
    with stamps.lock(paths.LOCAL / "soak.lock", busy), postgres.running():
        databases.simulation()
        done = subprocess.run(
            simulate.command(*options),
            cwd=paths.ROOT,
            env=simulate.environ(),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-8000:]
    assert json.loads(REPORT.read_text())["stories"] > 0
