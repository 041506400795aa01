"""The command line of ./dev."""

import json
import os
import subprocess
import sys

import pytest

from devtools import bench, cli, demo, paths
from devtools.servers import shop


def test_no_command_shows_the_usage_and_fails(capsys):
    assert cli.main([]) == 2
    assert "usage: ./dev COMMAND" in capsys.readouterr().err


def test_help_shows_the_usage_and_succeeds(capsys):
    assert cli.main(["--help"]) == 0
    usage = capsys.readouterr().out
    assert all(f"  {command} " in usage for command in cli.COMMANDS)


def test_the_commands_need_no_package_before_set_up():
    command = [sys.executable, "-S", "-c", "import devtools.cli"]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_failure_is_one_sentence_without_traceback(capsys):
    assert cli.main(["demo", "--bogus"]) == 1
    assert capsys.readouterr().err == (
        "./dev demo takes --detach, --fresh, --no-orders, not --bogus.\n"
    )


def test_for_an_unknown_benchmark_the_known_ones_are_named(capsys, tmp_path, monkeypatch):
    (tmp_path / "ingest.py").touch()
    (tmp_path / "__init__.py").touch()
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    assert cli.main(["bench", "images"]) == 1
    assert capsys.readouterr().err == "There is no benchmark 'images'; available: ingest.\n"


@pytest.mark.parametrize("folder", [paths.ROOT, paths.ROOT / "tests"])
def test_the_launcher_works_from_anywhere(folder):
    done = subprocess.run(
        [paths.ROOT / "dev", "--help"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.stdout == cli.USAGE


def test_the_launcher_names_the_python_that_it_needs(tmp_path):
    for name in ("dirname", "sh"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    launcher = tmp_path / "dev"
    launcher.write_text((paths.ROOT / "dev").read_text().replace("/usr/bin/python3", "nowhere"))
    done = subprocess.run(
        ["/bin/sh", launcher],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.10, 3.11, 3.12 or 3.13 is needed" in done.stderr


@pytest.mark.parametrize(("system", "chosen"), [("system", "system"), ("missing", "home-made")])
def test_the_launcher_prefers_the_python_of_the_system(tmp_path, system, chosen):
    (tmp_path / "dirname").symlink_to("/usr/bin/dirname")
    for name, says in (("system", "system"), ("python3", "home-made")):
        (tmp_path / name).write_text(f'#!/bin/sh\n[ "$1" = -c ] || echo {says}\n')
        (tmp_path / name).chmod(0o755)
    launcher = tmp_path / "dev"
    text = (paths.ROOT / "dev").read_text()
    launcher.write_text(text.replace("/usr/bin/python3", str(tmp_path / system)))
    env = {**os.environ, "PATH": str(tmp_path)}
    done = subprocess.run(
        ["/bin/sh", launcher, "lint"], env=env, stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout == f"{chosen}\n"


def test_the_description_of_the_demo_has_all_addresses_and_logins():
    running = shop.Shop("demo", 8069, 8170)
    running.webhook_url = "http://127.0.0.1:8069/octopus/webhook/x"
    described = json.loads(json.dumps(running.description()))
    assert described == {
        "odoo": "http://127.0.0.1:8069",
        "db": "demo",
        "login": "admin",
        "password": "admin",
        "pos_login": "cashier",
        "pos_password": "cashier",
        "sandbox": "http://127.0.0.1:8170",
        "merchant": "demo",
        "access_id": "demo-access-id",
        "webhook_url": "http://127.0.0.1:8069/octopus/webhook/x",
    }
    assert demo.WELCOME.format(**described, end="")


def test_every_suite_and_command_of_ci_exists():
    commands = (paths.ROOT / ".ci" / "run").read_text().splitlines()[-1]
    assert commands == "./dev lint && ./dev test"
