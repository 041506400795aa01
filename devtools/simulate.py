"""./dev simulate: tells stories of a simulated shop with Odoo, on databases that are removed
afterwards. See docs/simulation.md."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

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


def tell_listed(entries, processes=2):
    """Tell stories in several processes, and return {name: outcome}, as `simulation.command`
    writes it.

    :param entries: list of dicts with the name of each story, the story, and what it breaks
    :raise RuntimeError: a process ended without telling its stories
    """
    outcomes = {}
    with tempfile.TemporaryDirectory() as folder:
        running = []
        for number in range(processes):
            file = Path(folder) / f"{number}.json"
            file.write_text(json.dumps(entries[number::processes]))
            told = command("--stories", file, number=number)
            pipe = subprocess.PIPE
            env = environ(number)
            running.append(subprocess.Popen(told, cwd=paths.ROOT, env=env, stdout=pipe, text=True))
        for process in running:
            lines = process.communicate()[0].splitlines()
            if process.returncode:
                raise RuntimeError(f"The simulation ended with status {process.returncode}.")
            outcomes |= {line["name"]: line for line in map(json.loads, lines)}
    return outcomes


def command(*arguments, number=0):
    """Return the command of a simulation.

    :param int number: of those that run at the same time
    """
    return [venv.PYTHON, "-m", "simulation", _database(number), databases.SIMULATION, *arguments]


def environ(number=0):
    """Return the environment of the simulation with this number: sets have the same order each
    time."""
    env = Odoo(_database(number)).environ()
    env["PYTHONPATH"] += f"{os.pathsep}{paths.ROOT / 'sandbox'}"
    return {**env, "PYTHONHASHSEED": "0"}


def _database(number):
    return f"linga_simulation_{os.getpid()}_{number}"
