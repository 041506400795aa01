"""Starting and stopping the private cluster when several runs use it."""

import pytest

from devtools.provision import postgres


@pytest.fixture
def server(tmp_path, monkeypatch):
    """The state of a simulated cluster: starting and stopping only change it."""
    monkeypatch.delenv("PGHOST", raising=False)
    monkeypatch.setattr(postgres.system, "require", lambda *_wanted: None)
    for name in ("BUSY", "USERS", "FOR_RUNS"):
        monkeypatch.setattr(postgres, name, tmp_path / name)
    (tmp_path / "PG_VERSION").touch()
    state = {"runs": False, "connected": False}
    monkeypatch.setattr(postgres, "data_dir", lambda: tmp_path)
    monkeypatch.setattr(postgres, "is_running", lambda: state["runs"])
    monkeypatch.setattr(postgres, "_others_connected", lambda: state["connected"])
    monkeypatch.setattr(postgres, "_start", lambda: state.update(runs=True))
    monkeypatch.setattr(
        postgres, "_as_server_user", lambda _command, _what: state.update(runs=False)
    )
    return state


def test_the_last_run_stops_the_server_that_the_first_started(server):
    first, second = postgres.running(), postgres.running()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert server["runs"]
    second.__exit__(None, None, None)
    assert not server["runs"]


def test_a_server_of_the_demo_is_left_running(server):
    postgres.ensure()
    with postgres.running():
        pass
    assert server["runs"]


def test_a_run_stops_the_server_that_replaced_a_killed_one(server):
    with postgres.running():
        server["runs"] = False
        postgres.ensure()
    assert not server["runs"]


def test_a_server_in_use_is_not_stopped(server):
    with postgres.running():
        assert not postgres.stop()
    postgres.ensure()
    server["connected"] = True
    assert not postgres.stop()
    server["connected"] = False
    assert postgres.stop()
    assert not postgres.stop()
