"""Configuration of the servers: Odoo, PostgreSQL, ports."""

import configparser
import os
import socket
from pathlib import Path

import pytest

from devtools.provision import postgres
from devtools.servers import odoo_server, ports
from devtools.servers.processes import Server
from devtools.steps import Failure

PG = {"PGHOST": "/run/pg", "PGPORT": "5432", "PGUSER": "odoo"}


def read_configuration(text):
    parser = configparser.ConfigParser()
    parser.read_string(text)
    return parser["options"]


def test_odoo_serves_its_own_database_on_localhost_only():
    text = odoo_server.configuration("demo", 8069, [Path("/odoo/addons"), Path("/repo")], PG)
    options = read_configuration(text)
    assert options["addons_path"] == "/odoo/addons,/repo"
    assert (options["db_host"], options["db_port"]) == ("/run/pg", "5432")
    assert (options["db_name"], options["dbfilter"]) == ("demo", "^demo$")
    assert (options["http_interface"], options["http_port"]) == ("127.0.0.1", "8069")
    assert options["list_db"] == "False"


def test_no_password_is_written_to_a_file():
    text = odoo_server.configuration("demo", 8069, [], {**PG, "PGPASSWORD": "s3cret"})
    assert "s3cret" not in text


def test_progress_of_an_installation_comes_from_the_log():
    log = "x Loading module base (1/58) \nx Loading module web (2/58) \nx creating tables"
    assert odoo_server.loading_progress(log) == "module 2 of 58 (web)"
    assert odoo_server.loading_progress("") == "starting"


def test_a_server_that_ends_at_once_is_reported_with_its_last_error(tmp_path):
    server = Server("gone")
    server.pid_file, server.log_file = tmp_path / "gone.json", tmp_path / "gone.log"
    server.log_file.write_text("OSError: Address already in use\n")
    with pytest.raises(Failure, match="Address already in use"):
        odoo_server.wait_until_answering(server, f"http://127.0.0.1:{ports.pick()}/", "Odoo", 5)


def test_the_preferred_port_is_taken_when_free():
    free = ports.pick()
    assert ports.pick(free) == free


def test_another_port_is_taken_when_the_preferred_one_is_busy():
    with socket.create_server(("127.0.0.1", 0)) as busy:
        taken = busy.getsockname()[1]
        assert ports.pick(taken) != taken


def test_a_socket_path_that_fits_is_kept():
    wanted = Path(".local/pg")
    assert postgres.fitting_socket_dir(wanted, Path("short")) == wanted


@pytest.mark.parametrize("length", [92, 93, 94, 200])
def test_a_socket_path_fits_the_kernels_limit(length):
    wanted = Path("/" + "x" * (length - 1))
    chosen = postgres.fitting_socket_dir(wanted, Path("short"))
    assert len(os.fsencode(chosen / ".s.PGSQL.5432")) <= 107
    # 93 = 107 less the 14 bytes of "/.s.PGSQL.5432"
    assert (chosen == wanted) == (length <= 93)


def test_an_existing_server_is_used_as_the_environment_names_it(monkeypatch):
    for name in ("PGPORT", "PGUSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGUSER", "me")
    environ = postgres.environ()
    assert postgres.external()
    assert (environ["PGHOST"], environ["PGPORT"], environ["PGUSER"]) == ("db.example", "5432", "me")


def test_the_private_server_ignores_other_settings_of_the_environment(monkeypatch):
    monkeypatch.delenv("PGHOST", raising=False)
    monkeypatch.setenv("PGUSER", "me")
    assert postgres.environ()["PGUSER"] == "odoo"
    assert not postgres.external()


def test_a_dead_servers_pid_file_is_no_running_server(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "data_dir", lambda: tmp_path)
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert not postgres.is_running()  # this process runs, but in another directory
    monkeypatch.chdir(tmp_path)
    assert postgres.is_running()


def test_a_directory_of_another_user_is_not_used(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    trap = tmp_path / "pg-socket"
    trap.symlink_to(elsewhere)
    with pytest.raises(Failure, match="belongs to another user"):
        postgres._own(trap)


def test_an_existing_server_that_does_not_answer_is_reported_in_one_sentence(monkeypatch, tmp_path):
    # Prints what psql prints when no server runs.
    (tmp_path / "psql").write_text(
        "#!/bin/sh\nprintf 'psql: error: refused\n\tHint\n' >&2; exit 2\n"
    )
    (tmp_path / "psql").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PGHOST", "db.example")
    with pytest.raises(Failure) as failure:
        postgres.ensure()
    assert str(failure.value) == "PostgreSQL at db.example: refused"
