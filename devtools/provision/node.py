"""prettier, eslint, rtlcss: Node from the machine or apt, packages by the lock in .local/node."""

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
    """Install the packages of package-lock.json unless they are there already."""
    system.require(lambda: shutil.which("npm"), ["nodejs", "npm"], "Node")
    wanted = stamps.digest(*MANIFESTS)
    stamp = DIRECTORY / ".stamp"
    if stamps.is_current(stamp, wanted):
        return
    system.require_start(["npm", "--version"], "Node")
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for manifest in MANIFESTS:
        shutil.copy(manifest, DIRECTORY)
    with step("Node packages (package-lock.json)"):
        install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        run(install, "Installing the Node packages", log="npm", cwd=DIRECTORY)
    stamp.write_text(wanted)


def tool(name):
    """The path of a program from the lock file."""
    return PROGRAMS / name


def colours_text():
    """Whether this Node can print eslint's usual report (Debian 12's Node 18 cannot)."""
    check = "process.exit(require('util').styleText ? 0 : 1)"
    return not subprocess.run(["node", "-e", check], capture_output=True, check=False).returncode


def environ():
    """Environment with which configuration files in the checkout find the packages in .local/."""
    return {**os.environ, "NODE_PATH": str(MODULES)}
