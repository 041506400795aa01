"""Debian's nginx, the proxy of docs/operations.md, for the benchmark of several servers."""

import shutil

from . import system


def install():
    """Return the path of nginx; install it when it is missing."""
    return system.require(_find, ["nginx"], "nginx")


def _find():
    """Return the path of nginx, or None; Debian has it where only root looks for programs."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
