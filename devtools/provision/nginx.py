"""Debian's nginx, the proxy of docs/operations.md, for the benchmark of several servers."""

import shutil

from .. import paths
from ..steps import run, step
from . import system

FOLDER = paths.LOCAL / "nginx"
HINT = "Please install nginx by hand and start again."


def ensure():
    """Return the path of nginx; unpack Debian's package when it is missing.

    Installed, it would start a server of its own on port 80.
    """
    # Debian has it where only root looks for programs.
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    program = found or FOLDER / "usr/sbin/nginx"
    if not found and not program.is_file():
        _unpack()
    system.require_start([program, "-v"], "nginx")
    return program


def _unpack():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with step("Download nginx"):
        download = ["apt-get", "-q", "download", "nginx"]
        run(download, "Downloading nginx", log="nginx", cwd=FOLDER, hint=HINT)
        [package] = FOLDER.glob("nginx_*.deb")
        run(["dpkg", "-x", package, FOLDER], "Unpacking nginx", log="nginx", hint=HINT)
        package.unlink()
