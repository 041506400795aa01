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
USERS = paths.LOCAL / "postgres.users"  # each run that uses the server holds a lock of it
FOR_RUNS = paths.LOCAL / "postgres.for-runs"  # exists when the last of them has to stop the server
PORT = "5432"
ROLE = "odoo"
SOCKET_LIMIT = 107  # bytes that the kernel allows for the path of a unix socket
# The server refuses to run as root; ./dev as root runs it as the first of these users.
SERVER_USERS = ("postgres", "nobody")
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
    """Whether PGHOST names an existing server, and not that of this checkout."""
    return os.environ.get("PGHOST", "") not in ("", str(socket_dir()))


def environ():
    """Return the PG* variables with which clients find the server."""
    if external():
        mine = {"PGPORT": PORT, "PGUSER": ROLE}
        return {**mine, **{k: v for k, v in os.environ.items() if k.startswith("PG")}}
    return {"PGHOST": str(socket_dir()), "PGPORT": PORT, "PGUSER": ROLE}


def ensure():
    """Start the server unless it runs; return whether this call started it."""
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
    """Remove the files of a killed server: another process may have its pid by now."""
    (data_dir() / "postmaster.pid").unlink(missing_ok=True)
    for file in socket_dir().glob(f".s.PGSQL.{PORT}*"):
        file.unlink()


@contextlib.contextmanager
def running():
    """Run the server inside the context. Several runs may use it at the same time: when one of
    them started it, the last one to end stops it."""
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
    """Stop the private cluster unless it is in use; return whether it was stopped."""
    if external():
        return False
    with _busy():
        if not is_running() or _is_used():
            return False
        _as_server_user([_program("pg_ctl"), "stop", "-m", "fast", "-D", data_dir()], "Stopping")
        FOR_RUNS.unlink(missing_ok=True)
    return True


def is_running():
    """Whether the process of the pid file runs, and in the data directory of this cluster."""
    pid_file = data_dir() / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == data_dir().resolve()
    except (OSError, ValueError, IndexError):
        return False


def data_dir():
    """Return the directory of the cluster: .local/pg, or one outside the checkout when the
    server's user may not enter the checkout."""
    return (paths.LOCAL if _reachable(paths.ROOT) else paths.short_dir("pg")) / "pg"


def socket_dir():
    """Return the directory of the socket: beside the data, unless that path is too long."""
    return fitting_socket_dir(data_dir().parent / "pg-socket", paths.short_dir("pg-socket"))


def fitting_socket_dir(wanted, short):
    """Return `wanted` when the kernel allows a socket's path below it, otherwise `short`."""
    fits = len(os.fsencode(wanted / f".s.PGSQL.{PORT}")) <= SOCKET_LIMIT
    return wanted if fits else short


def server_user():
    """Return the user that runs the server when ./dev runs as root, otherwise None."""
    if os.geteuid() != 0:
        return None
    for name in SERVER_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failure("PostgreSQL does not run as root, and there is no user postgres to run it.")


def _reachable(directory):
    """Whether the server's user may enter `directory` and all directories above it."""
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
    """Make `directory`, which only the server's user may enter.

    :raise Failure: when it belongs to another user, which is possible outside the checkout
    """
    directory.mkdir(parents=True, exist_ok=True)
    user = server_user()
    if paths.LOCAL not in directory.parents:
        owners = {os.geteuid(), user.pw_uid if user else os.geteuid()}
        if directory.is_symlink() or directory.stat().st_uid not in owners:
            raise Failure(f"{directory} belongs to another user; please remove it.")
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
    run(
        [*switch, *command],
        what,
        log="postgres",
        cwd=data_dir().parent,
        env=_without_settings(os.environ),
    )


def _without_settings(env):
    return {name: value for name, value in env.items() if not name.startswith("PG")}


def clean_environ(env=os.environ):
    """Return environment variables with which clients find this server and no other: PGSERVICE,
    for one, would send them elsewhere."""
    return {**_without_settings(env), **environ()}


def psql(query, *, connect_to="postgres", **values):
    """Run a query with psql's :'value' and :"name" placeholders; return its output.

    :raise Failure: with the first line that psql prints as its error
    """
    program = shutil.which("psql") or system.find_postgres_bin() / "psql"
    variables = [part for item in values.items() for part in ("-v", "=".join(item))]
    done = subprocess.run(
        [str(program), "-XAtq", "-v", "ON_ERROR_STOP=1", *variables, connect_to],
        env=clean_environ(),
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
