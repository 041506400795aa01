"""Node.js from the machine or from apt; prettier, eslint and rtlcss in .local/node."""

import os
import shutil
import subprocess

from .. import paths
from ..steps import run, step
from . import stamps, system

DIRECTORY = paths.LOCAL / "node"
MODULES = DIRECTORY / "node_modules"
PROGRAMS = MODULES / ".bin"
MANIFESTS = [paths.ROOT / "package.json", paths.ROOT / "package-lock.json"]


def ensure():
    """Install the packages of package-lock.json unless they are current."""
    system.require(lambda: shutil.which("npm"), ["nodejs", "npm"], "Node")
    wanted = stamps.digest(*MANIFESTS)
    stamp = DIRECTORY / ".stamp"
    if stamps.is_current(stamp, wanted):
        return
    system.require_start(["npm", "--version"], "Node")
    with stamps.lock(paths.LOCAL / "node.lock", "Waiting for another ./dev that installs them"):
        if stamps.is_current(stamp, wanted):
            return
        DIRECTORY.mkdir(parents=True, exist_ok=True)
        for manifest in MANIFESTS:
            shutil.copy(manifest, DIRECTORY)
        with step("Node packages (package-lock.json)"):
            install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            run(install, "Installing the Node packages", log="npm", cwd=DIRECTORY)
        stamp.write_text(wanted)


def tool(name):
    """Return the path of a program that one of the packages brings."""
    return PROGRAMS / name


def colors_text():
    """Whether this Node can print the default report of eslint; Node 18 of Debian 12 cannot, and
    where there is none yet, nothing can."""
    if not shutil.which("node"):
        return False
    check = "process.exit(require('util').styleText ? 0 : 1)"
    return not subprocess.run(["node", "-e", check], capture_output=True, check=False).returncode


def environ():
    """Return the environment in which configuration files find the packages in .local/."""
    return {**os.environ, "NODE_PATH": str(MODULES)}
