"""A PostgreSQL of a test's own, to be killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from unittest.mock import patch

from devtools import paths
from devtools.provision import databases, postgres, system
from tests.e2e.waiting import wait_for

NAME = "pg-kill"


@contextlib.contextmanager
def throwaway():
    """Have devtools use a new cluster that holds a copy of the demo's prepared database, as
    durable as in production, under the name that is given to `adopt`."""
    with tempfile.TemporaryDirectory(prefix="octopus-kill-") as folder:
        dump = Path(folder) / "demo.dump"
        with postgres.running():
            databases.demo()
            _pg("pg_dump", "-Fc", "-Z1", "-f", dump, databases.DEMO)
        home = paths.short_dir(NAME)
        data, sockets = home / "data", paths.short_dir(f"{NAME}-socket")
        shutil.rmtree(home, ignore_errors=True)
        with (
            patch.object(postgres, "SETTINGS", _as_in_production(postgres.SETTINGS)),
            patch.object(postgres, "data_dir", lambda: data),
            patch.object(postgres, "socket_dir", lambda: sockets),
        ):
            home.mkdir(mode=0o755)
            postgres.ensure()
            try:
                yield dump
            finally:
                kill()
                shutil.rmtree(home, ignore_errors=True)
                shutil.rmtree(sockets, ignore_errors=True)


def _as_in_production(settings):
    """Without the short cut of the other clusters: with `wal_level = minimal`, a sequence that was
    made by the transaction that first used it goes back after a crash."""
    return "".join(
        line
        for line in settings.splitlines(keepends=True)
        if not line.startswith(("wal_", "max_wal_s"))
    )


def adopt(dump, name):
    """Restore the dump under a name, with its files."""
    databases.drop(name)
    postgres.psql('CREATE DATABASE :"db" TEMPLATE template0', db=name)
    _pg("pg_restore", "--no-owner", "-j2", "-d", name, dump)
    files = databases._filestore
    shutil.copytree(files(databases.DEMO), files(name), copy_function=os.link)
    databases.set_comment(name, databases.addon_digest())


def kill():
    """End the server as a power cut would, and wait until nothing of it is left."""
    if postgres.is_running():
        pid = int((postgres.data_dir() / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: not _processes()), "its processes notice and end"


def _processes():
    """Return the processes that work in the cluster's folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").resolve(strict=True) == postgres.data_dir().resolve():
                found.append(process.name)
    return found


def _pg(program, *arguments):
    path = system.find_postgres_bin() / program
    subprocess.run(
        [path if path.exists() else program, *map(str, arguments)],
        env={**os.environ, **postgres.environ()},
        check=True,
    )
