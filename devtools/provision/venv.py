"""The Python environment in .local/venv, with the exact versions of requirements-dev.txt."""

import importlib.util
import os
import subprocess
import sys

from .. import paths
from ..steps import run, step
from . import stamps, system

DIRECTORY = paths.LOCAL / "venv"
PYTHON = DIRECTORY / "bin" / "python"
REQUIREMENTS = paths.ROOT / "requirements-dev.txt"
UNWANTED = ("PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")  # variables


def ensure():
    """Make or update the environment unless it is current."""
    wanted = stamps.digest(REQUIREMENTS, sys.version)
    stamp = DIRECTORY / ".stamp"
    if stamps.is_current(stamp, wanted) and PYTHON.exists():
        return
    with stamps.lock(paths.LOCAL / "venv.lock", "Waiting for another ./dev that makes the venv"):
        if stamps.is_current(stamp, wanted):
            return
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        system.require(
            lambda: importlib.util.find_spec("ensurepip"),
            [f"python{version}-venv"],
            "Python's venv",
        )
        if not _usable():
            with step(f"Python {version} environment"):
                make = [sys.executable, "-m", "venv", "--clear", DIRECTORY]
                run(make, "Making the Python environment", log="venv")
        with step("Python packages (requirements-dev.txt)"):
            # What is imported is compiled into another place, see `environ`.
            install = [PYTHON, "-m", "pip", "install", "--no-input", "--no-compile", "-q"]
            what, hint = "Installing the Python packages", "Is there a network?"
            run([*install, "-r", REQUIREMENTS], what, log="pip", hint=hint)
        stamp.write_text(wanted)


def _usable():
    """Whether there is a venv of exactly this Python version; another one is made again."""
    if not PYTHON.exists():
        return False
    code = f"import sys, pip; sys.exit(sys.version != {sys.version!r})"
    return not subprocess.run([PYTHON, "-c", code], capture_output=True, check=False).returncode


def tool(name):
    """Return the path of a program that a package of the environment brings."""
    return DIRECTORY / "bin" / name


def environ(*python_path, **extra):
    """Return the environment variables for a program that runs in the venv.

    What it imports is compiled once, into .local/: many programs of the tests import all of Odoo.
    """
    path = os.pathsep.join([str(DIRECTORY / "bin"), os.environ.get("PATH", os.defpath)])
    clean = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    joined = os.pathsep.join(str(entry) for entry in python_path)
    ours = {"PATH": path, "PYTHONPATH": joined, "PYTHONPYCACHEPREFIX": paths.LOCAL / "pycache"}
    return {**clean, **{name: str(value) for name, value in {**ours, **extra}.items()}}
