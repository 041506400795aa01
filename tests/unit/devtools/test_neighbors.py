"""./dev beside a PostgreSQL of somebody else, and beside other checkouts of this repository."""

import importlib
from pathlib import Path

import pytest

from devtools import demo, paths
from devtools.provision import databases, postgres, venv
from devtools.servers import odoo_server, processes


@pytest.fixture
def elsewhere(monkeypatch):
    """PGHOST names a server that others use too."""
    monkeypatch.setenv("PGHOST", "db.example")
    yield
    monkeypatch.undo()
    importlib.reload(databases)


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.delenv("PGHOST", raising=False)


def names():
    module = importlib.reload(databases)
    return {module.BASE, module.SHOP, module.DEMO, module.TEST, module.SIMULATION}


def test_on_a_shared_server_no_database_has_a_name_that_others_may_use(elsewhere, monkeypatch):
    ours = names() | {databases.own("demo")}
    assert len(ours) == 6
    assert not {"demo", "linga_test", "linga_demo"} & ours
    monkeypatch.setattr(paths, "MARK", "another")
    theirs = names() | {databases.own("demo")}
    assert not ours & theirs
    assert all(len(name) <= 63 for name in ours)  # PostgreSQL cuts longer ones


def test_on_the_private_server_databases_have_their_plain_names(alone):
    assert names() == {
        *("linga_base", "linga_shop", "linga_demo", "linga_test"),
        "linga_simulation",
    }
    assert databases.own("demo") == "demo"


def test_a_program_that_dev_started_still_knows_the_server_as_its_own(monkeypatch):
    """Odoo and its tests find the private server by PGHOST too."""
    monkeypatch.setenv("PGHOST", str(postgres.socket_dir()))
    assert not postgres.external()
    assert databases.own("linga_test") == "linga_test"


def test_settings_of_the_environment_lead_to_no_other_server(alone, monkeypatch):
    for name in ("PGSERVICE", "PGHOSTADDR", "PGDATABASE", "PGPASSWORD", "PGOPTIONS"):
        monkeypatch.setenv(name, "elsewhere")
    found = postgres.clean_environ(venv.environ())
    assert {name for name in found if name.startswith("PG")} == {"PGHOST", "PGPORT", "PGUSER"}
    assert found["PGHOST"] == str(postgres.socket_dir())


def test_a_shared_server_is_never_stopped(elsewhere):
    assert not postgres.stop()


def test_everything_that_is_kept_belongs_to_this_checkout():
    kept = (odoo_server.DATA, odoo_server.CONFIGURATIONS, processes.RUN, paths.LOG, demo.INFO)
    for path in (*kept, databases.LOCK, postgres.USERS, postgres.BUSY):
        assert paths.LOCAL in Path(path).parents
    assert paths.MARK in paths.short_dir("pg").name


def test_the_socket_is_for_this_checkout_and_no_port_is_opened():
    assert "listen_addresses = ''" in postgres.SETTINGS
    own = (paths.LOCAL in postgres.socket_dir().parents, paths.MARK in str(postgres.socket_dir()))
    assert any(own)
