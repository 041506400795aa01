"""Servers are found again and stopped, and never confused with other processes."""

import json
import os
import subprocess
import sys
import time

import pytest

from devtools import paths
from devtools.servers import processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "RUN", tmp_path / "run")
    monkeypatch.setattr(paths, "LOG", tmp_path / "log")
    server = processes.Server("sleeper")
    yield server
    server.stop(patience=1)


def test_a_started_server_is_found_by_the_next_command(server):
    server.start(SLEEP, dict(os.environ))
    again = processes.Server("sleeper")
    assert again.pid == server.pid
    assert again.pid


def test_stop_ends_the_server_and_returns_whether_it_ran(server):
    server.start(SLEEP, dict(os.environ))
    pid = server.pid
    assert server.stop() is True
    assert processes.start_time(pid) is None
    assert server.pid is None
    assert server.stop() is False


def test_a_server_that_ignores_the_request_is_ended(server, tmp_path):
    ready = tmp_path / "ready"
    server.start([sys.executable, "-c", STUBBORN, ready], dict(os.environ))
    while not ready.exists():
        time.sleep(0.01)
    pid = server.pid
    server.stop(patience=0.2)
    assert processes.start_time(pid) is None


@pytest.fixture
def stranger():
    """A process that was not started as a server."""
    with subprocess.Popen(SLEEP) as process:
        yield process
        process.kill()


def test_a_recycled_pid_is_left_alone(server, stranger):
    server.pid_file.parent.mkdir(parents=True)
    server.pid_file.write_text(json.dumps({"pid": stranger.pid, "started": "1"}))
    assert server.pid is None
    assert server.stop() is False
    assert stranger.poll() is None


def test_a_broken_pid_file_is_no_server(server):
    server.pid_file.parent.mkdir(parents=True)
    server.pid_file.write_text("{")
    assert server.pid is None


def test_the_output_of_a_server_is_logged(server):
    server.start([sys.executable, "-c", "print('hello')"], dict(os.environ))
    while server.pid:
        time.sleep(0.01)
    assert server.log_file.read_text() == "hello\n"
