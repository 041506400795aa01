"""./dev simulate: tells stories of a simulated shop with Odoo, on databases that are removed
afterwards. See docs/simulation.md."""

import os

from . import paths
from .provision import databases, odoo_source, postgres, venv
from .servers.odoo_server import Odoo
from .steps import call


def run_simulate(arguments):
    """Tell the stories that the arguments ask for."""
    venv.ensure()
    odoo_source.ensure()
    with postgres.running():
        databases.simulation()
        return call(command(*arguments), env=environ())


def command(*arguments):
    """Return the command of a simulation."""
    return [venv.PYTHON, "-m", "simulation", _database(), databases.SIMULATION, *arguments]


def environ():
    """Return the environment of a simulation: sets have the same order each time."""
    env = Odoo(_database()).environ()
    env["PYTHONPATH"] += f"{os.pathsep}{paths.ROOT / 'sandbox'}"
    return {**env, "PYTHONHASHSEED": "0"}


def _database():
    return f"linga_simulation_{os.getpid()}"
