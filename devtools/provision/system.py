"""Programs and libraries of the system: apt installs those that are missing."""

import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

from .. import paths
from ..steps import Failure, reason, run, step
from . import stamps

APT = paths.LOCAL / "apt.lock"
APT_ENV = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "l"}
# The dynamic linker and Python print the same words.
MISSING_LIBRARY = re.compile(r"(lib\S+\.so[\d.]*): cannot open shared object file")


# The first one is Chromium without windows: a quarter less work for the processor.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_chromium():
    """Return the path of Chromium, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def find_postgres_bin():
    """Return the directory of the newest initdb, or None; in Debian it is not in PATH."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).parent if found else None


def require(find, packages, purpose):
    """Return `find()`; when it finds nothing, install `packages` first.

    :param purpose: the name of the missing thing, for the messages
    :raise Failure: when that is not possible; names the packages
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
    with stamps.lock(APT, "Waiting for another ./dev that installs packages"):
        if not find():
            _install(prefix, packages)
    found = find()
    if not found:
        raise Failure(f"{purpose} is still missing after installing {wanted}.")
    return found


def _install(prefix, packages):
    wanted = " ".join(packages)
    with step(f"Install {wanted}"):
        env = {**os.environ, **APT_ENV}
        apt = [*prefix, "apt-get", "-q"]
        hint = f"Please install {wanted} by hand and start again."
        _update(tuple(apt))
        install = [*apt, "install", "-y", "--no-install-recommends", *packages]
        run(install, f"Installing {wanted}", log="apt-install", env=env, hint=hint)


def require_start(command, purpose, env=None):
    """Run a program of others once; install the shared libraries that it misses.

    :param command: one that ends at once and changes nothing, as with `--version`
    :param purpose: the name of the program, for the messages
    :raise Failure: when it does not start; names the missing package
    """
    while library := missing_library(command, purpose, env):
        require(
            lambda missed=library: missing_library(command, purpose, env) != missed,
            [package_of(library)],
            f"{library} (for {purpose})",
        )


def missing_library(command, purpose, env=None):
    """Return the name of the shared library that a program misses, or None when it starts.

    :raise Failure: when it does not start for another reason
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
    """Return the name of the package of a shared library, by Debian's rule for such names."""
    name, _so, version = library.partition(".so")
    between = "-" if name[-1].isdigit() and version else ""
    return f"{name}{between}{version.removeprefix('.')}".lower().replace("_", "-")


@functools.cache
def _update(apt_get):
    """Update the package index, once in each run of ./dev."""
    # Ignore errors: an unrelated source may fail, and the installation shows whether it matters.
    subprocess.run(
        [*apt_get, "update"],
        env={**os.environ, **APT_ENV},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def _apt_prefix():
    """Return the command before apt-get: [] as root, sudo when it asks no password, or None."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    # sudo drops the environment, so `env` sets the variables of apt behind it.
    sudo = ["sudo", "-n", "env", *(f"{name}={value}" for name, value in APT_ENV.items())]
    allowed = subprocess.run(
        [*sudo, "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return None if allowed.returncode else sudo
