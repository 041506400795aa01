"""./dev bench NAME: runs benchmarks/NAME.py with Odoo, on a database that is removed afterwards."""

import os

from . import paths
from .provision import databases, odoo_source, postgres, venv
from .servers.odoo_server import Odoo
from .steps import Failure, call, say

FOLDER = paths.ROOT / "benchmarks"


def names():
    """Return the names of all benchmarks."""
    return sorted(path.stem for path in FOLDER.glob("[!_]*.py"))


def run_bench(arguments):
    """Run the benchmark that `arguments` name first, with the rest of them; or list all."""
    available = ", ".join(names()) or "none yet"
    if not arguments:
        say(f"Benchmarks: {available}")
        return 0
    name, *options = arguments
    if name not in names():
        raise Failure(f"There is no benchmark {name!r}; available: {available}.")
    venv.ensure()
    odoo_source.ensure()
    database = databases.own(f"linga_bench_{name}")
    command = [venv.PYTHON, "-m", f"benchmarks.{name}", database, *options]
    with postgres.running():
        template = databases.test()
        databases.drop(database)
        try:
            databases.copy(template, database)
            env = Odoo(database).environ()
            env["PYTHONPATH"] += f"{os.pathsep}{paths.ROOT / 'sandbox'}"
            return call(command, env=env)
        finally:
            databases.drop(database)
