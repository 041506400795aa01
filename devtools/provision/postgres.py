"""A private PostgreSQL cluster in .local/, on a unix socket only; or the server of PGHOST."""

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from .. import paths
from ..steps import Failure, run, step
from . import stamps, system

BUSY = paths.LOCAL / "postgres.lock"  # held while the server starts or stops
USERS = paths.LOCAL / "postgres.users"  # locked by each run that uses the server
FOR_RUNS = paths.LOCAL / "postgres.for-runs"  # is there when the last of them has to stop it
PORT = "5432"
ROLE = "odoo"
SOCKET_LIMIT = 107  # bytes that the kernel allows for the path of a unix socket
SERVER_USERS = (
    "postgres",
    "nobody",
)  # who runs it when ./dev runs as root: the server refuses root
SETTINGS = """\
# Written by ./dev: private to this checkout, for a small machine.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
port = {port}
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
log_min_messages = warning
"""


def external():
    """Whether the user named an existing server with PGHOST."""
    return bool(os.environ.get("PGHOST"))


def environ():
    """The PG* variables with which clients find the server."""
    if external():
        mine = {"PGPORT": PORT, "PGUSER": ROLE}
        return {**mine, **{k: v for k, v in os.environ.items() if k.startswith("PG")}}
    return {"PGHOST": str(socket_dir()), "PGPORT": PORT, "PGUSER": ROLE}


def ensure():
    """Have a running server that answers; True if it was started for that."""
    if external():
        psql("SELECT 1")
        return False
    system.require(system.find_postgres_bin, ["postgresql"], "PostgreSQL")
    with _busy():
        if is_running():
            return False
        if not (data_dir() / "PG_VERSION").is_file():
            with step("PostgreSQL cluster"):
                _initialise()
        with step("PostgreSQL"):
            _start()
        return True


def _start():
    _write_settings()
    _forget_killed()
    log = data_dir() / "server.log"
    _as_server_user([_program("pg_ctl"), "start", "-w", "-D", data_dir(), "-l", log], "Starting")


def _busy():
    return stamps.lock(BUSY, "Waiting for PostgreSQL to start or to stop")


def _forget_killed():
    """Remove what a server that was killed left: its pid may be taken, if only by its remains."""
    (data_dir() / "postmaster.pid").unlink(missing_ok=True)
    for file in socket_dir().glob(f".s.PGSQL.{PORT}*"):
        file.unlink()


@contextlib.contextmanager
def running():
    """Have a running server. One that was started for this is stopped again by the last who uses
    it: several runs may go on side by side."""
    with _using():
        if ensure():
            FOR_RUNS.touch()
        yield


@contextlib.contextmanager
def _using():
    USERS.parent.mkdir(parents=True, exist_ok=True)
    try:
        with USERS.open("w") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            yield
    finally:
        if FOR_RUNS.exists():
            stop()


def _is_used():
    with USERS.open("w") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return bool(_others_connected())


def stop():
    """Stop the private cluster unless somebody uses it; True if it was stopped."""
    if external():
        return False
    with _busy():
        if not is_running() or _is_used():
            return False
        _as_server_user([_program("pg_ctl"), "stop", "-m", "fast", "-D", data_dir()], "Stopping")
        FOR_RUNS.unlink(missing_ok=True)
    return True


def is_running():
    """Whether the process of the pid file is this cluster's: it works in the data directory."""
    pid_file = data_dir() / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == data_dir().resolve()
    except (OSError, ValueError, IndexError):
        return False


def data_dir():
    """Where the cluster is: .local/pg, or a short-named place when the server's user gets no
    further than a closed home directory."""
    return (paths.LOCAL if _reachable(paths.ROOT) else paths.short_dir("pg")) / "pg"


def socket_dir():
    """Where the socket is: beside the data unless that path is too long for the kernel."""
    return fitting_socket_dir(data_dir().parent / "pg-socket", paths.short_dir("pg-socket"))


def fitting_socket_dir(wanted, short):
    """`wanted` when a socket's path below it fits, else `short`."""
    fits = len(os.fsencode(wanted / f".s.PGSQL.{PORT}")) <= SOCKET_LIMIT
    return wanted if fits else short


def server_user():
    """The ordinary user that runs the server when this is root, else None."""
    if os.geteuid() != 0:
        return None
    for name in SERVER_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failure("PostgreSQL does not run as root, and there is no user postgres to run it as.")


def _reachable(directory):
    """Whether the server's user may pass through `directory` and all above it."""
    user = server_user()
    if user is None:
        return True
    for path in (directory, *directory.parents):
        info = path.stat()
        shift = 6 if info.st_uid == user.pw_uid else 3 if info.st_gid == user.pw_gid else 0
        if not info.st_mode >> shift & 1:
            return False
    return True


def _initialise():
    for name in ("initdb", "postgres"):
        system.require_start([_program(name), "--version"], "PostgreSQL")
    _own(data_dir())
    options = ["--username", ROLE, "--auth=trust", "--encoding=UTF8", "--no-instructions"]
    locale = ["--locale=C.UTF-8", "--lc-collate=C"]
    command = [_program("initdb"), "-D", data_dir(), *options, *locale]
    _as_server_user(command, "Making the PostgreSQL cluster")


def _write_settings():
    _own(socket_dir())
    settings = SETTINGS.format(sockets=socket_dir(), port=PORT)
    (data_dir() / "linga.conf").write_text(settings)
    main = data_dir() / "postgresql.conf"
    include = "include = 'linga.conf'\n"
    if include not in main.read_text():
        with main.open("a") as file:
            file.write(include)
    user = server_user()
    if user:
        os.chown(data_dir() / "linga.conf", user.pw_uid, user.pw_gid)


def _own(directory):
    """Make `directory`, open to the server's user only.

    :raise Failure: when somebody else was there first, which can happen outside the checkout
    """
    directory.mkdir(parents=True, exist_ok=True)
    user = server_user()
    if paths.LOCAL not in directory.parents:
        owners = {os.geteuid(), user.pw_uid if user else os.geteuid()}
        if directory.is_symlink() or directory.stat().st_uid not in owners:
            raise Failure(f"{directory} belongs to somebody else; please remove it.")
    if user:
        os.chown(directory, user.pw_uid, user.pw_gid)
    directory.chmod(0o700)


def _program(name):
    found = system.find_postgres_bin() / name
    return found if found.exists() else shutil.which(name)


def _as_server_user(command, what):
    user = server_user()
    switch = ["runuser", "-u", user.pw_name, "--"] if user else []
    what = f"{what} PostgreSQL" if " " not in what else what
    run([*switch, *command], what, log="postgres", cwd=data_dir().parent, env=_clean_environ())


def _clean_environ():
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def psql(query, *, connect_to="postgres", **values):
    """Run a query with psql's :'value' and :"name" placeholders; answers its output."""
    program = shutil.which("psql") or system.find_postgres_bin() / "psql"
    variables = [part for item in values.items() for part in ("-v", "=".join(item))]
    done = subprocess.run(
        [str(program), "-XAtq", "-v", "ON_ERROR_STOP=1", *variables, connect_to],
        env={**os.environ, **environ()},
        input=query,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        problem = done.stderr.strip().splitlines()[0].removeprefix("psql: error: ")
        raise Failure(f"PostgreSQL at {environ()['PGHOST']}: {problem}")
    return done.stdout.strip()


def _others_connected():
    return psql(
        "SELECT 1 FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1"
    )
