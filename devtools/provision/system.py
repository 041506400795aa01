"""What comes from the system (PostgreSQL, Chromium, Node): apt installs what is missing."""

import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

from ..steps import Failure, reason, run, step

APT_ENV = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "l"}
# The dynamic linker and Python use the same words.
MISSING_LIBRARY = re.compile(r"(lib\S+\.so[\d.]*): cannot open shared object file")


def find_chromium():
    """The browser for the e2e tests, or None."""
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


def find_postgres_bin():
    """The directory of the newest initdb and pg_ctl (Debian keeps them out of PATH), or None."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).parent if found else None


def require(find, packages, purpose):
    """Answer `find()`, after installing `packages` when it finds nothing at first.

    :raise Failure: when that is not possible; names what to install.
    """
    found = find()
    if found:
        return found
    wanted = " ".join(packages)
    prefix = _apt_prefix()
    if prefix is None:
        raise Failure(
            f"{purpose} is missing and cannot be installed from here (needs apt and root or "
            f"password-less sudo): please install {wanted} and start again."
        )
    with step(f"Install {wanted}"):
        env = {**os.environ, **APT_ENV}
        apt = [*prefix, "apt-get", "-q"]
        hint = f"Please install {wanted} by hand and start again."
        _update(tuple(apt))
        install = [*apt, "install", "-y", "--no-install-recommends", *packages]
        run(install, f"Installing {wanted}", log="apt-install", env=env, hint=hint)
    found = find()
    if not found:
        raise Failure(f"{purpose} is still missing after installing {wanted}.")
    return found


def require_start(command, purpose, env=None):
    """Run a foreign program once, after installing the shared libraries that it misses.

    :param command: ends at once and changes nothing, as with `--version`
    :raise Failure: when it does not start; names what to install.
    """
    while library := missing_library(command, purpose, env):
        require(
            lambda missed=library: missing_library(command, purpose, env) != missed,
            [package_of(library)],
            f"{library} (for {purpose})",
        )


def missing_library(command, purpose, env=None):
    """The shared library without which a program does not start, or None when it starts.

    :raise Failure: when it does not start for another reason.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise Failure(f"{purpose} does not start: {error.strerror} ({command[0]}).") from error
    if not done.returncode:
        return None
    found = MISSING_LIBRARY.search(done.stdout)
    if not found:
        raise Failure(f"{purpose} does not start: {reason(done.stdout)}")
    return found[1]


def package_of(library):
    """The Debian package of a shared library, by Debian's rule for their names."""
    name, _so, version = library.partition(".so")
    between = "-" if name[-1].isdigit() and version else ""
    return f"{name}{between}{version.removeprefix('.')}".lower().replace("_", "-")


@functools.cache
def _update(apt_get):
    """Read the package index, once for all that is missing."""
    # An outdated index of some unrelated source is no reason to stop: the install decides.
    subprocess.run(
        [*apt_get, "update"],
        env={**os.environ, **APT_ENV},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def _apt_prefix():
    """How to call apt-get: [] as root, sudo when it asks no password, None when impossible."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    # sudo drops the environment, so what apt needs is set behind it.
    sudo = ["sudo", "-n", "env", *(f"{name}={value}" for name, value in APT_ENV.items())]
    allowed = subprocess.run(
        [*sudo, "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return None if allowed.returncode else sudo
