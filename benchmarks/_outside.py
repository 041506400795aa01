"""Prepares a throwaway database and runs a benchmark in Odoo's environment."""

import os
import subprocess
import sys

from devtools import paths
from devtools.provision import databases, odoo_source, postgres, venv
from devtools.servers.odoo_server import Odoo


def run_inside_odoo(name):
    """Run benchmarks.inside.NAME with our arguments; return its exit status."""
    odoo_source.ensure()
    database = f"linga_bench_{name}"
    with postgres.running():
        template = databases.test()
        databases.drop(database)
        databases.copy(template, database)
        try:
            return subprocess.run(
                [venv.PYTHON, "-m", f"benchmarks.inside.{name}", database, *sys.argv[1:]],
                env=_environ(Odoo(database)),
                stdin=subprocess.DEVNULL,
                check=False,
            ).returncode
        finally:
            databases.drop(database)


def _environ(odoo):
    env = odoo.environ()
    return env | {"PYTHONPATH": os.pathsep.join([env["PYTHONPATH"], str(paths.ROOT / "sandbox")])}
