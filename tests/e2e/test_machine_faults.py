"""Servers that are killed, disks that are full, workers that are off: all flows come to their
right end, as the second table of docs/reliability.md says. Longer ones are in tests/soak."""

import random
import resource
import subprocess
import time
from contextlib import ExitStack, contextmanager

import pytest
import requests

from devtools import tables
from devtools.provision import postgres, venv
from devtools.servers import ports
from tests.e2e.machine import Work, kill
from tests.e2e.server_log import beside
from tests.e2e.waiting import wait_for


@pytest.fixture
def work(shop, odoo, page):
    page.goto("about:blank")  # a list that asks a dead server says so, which is no complaint here
    return Work(shop, odoo)


def test_odoo_is_killed(shop, work):
    work.begin()
    time.sleep(random.uniform(0, 2))
    kill(shop.odoo.server)
    shop.odoo.start()
    shop.odoo.wait()
    let_a_minute_pass(shop)
    work.check("SIGKILL of Odoo")


def test_scheduled_actions_are_off_for_a_while(shop, work):
    switch = "UPDATE ir_cron SET active = :'active' WHERE cron_name LIKE 'Octopus: %'"
    postgres.psql(switch, connect_to=shop.odoo.db, active="f")
    work.begin()
    time.sleep(3)
    # What has come in is there, and waits; nothing went out.
    assert set(work.missing()) >= {
        "categories",
        "products",
        "pictures",
        "stock",
        "cancel",
        "parcels",
    }
    postgres.psql(switch, connect_to=shop.odoo.db, active="t")
    let_a_minute_pass(shop)
    work.check("scheduled actions off for a while")


@pytest.mark.parametrize("count", [2, 3])
def test_several_servers_on_one_database(shop, work, count):
    with ExitStack() as stack:
        for number in range(1, count):
            stack.enter_context(another_server(shop, number))
        work.begin()
        work.check(f"{count} Odoo servers on one database")


def test_the_disk_of_the_file_store_is_full(shop, work):
    """Not one byte can be written to a file any more: also none of a log or a session."""
    limit = ["prlimit", f"--pid={shop.odoo.server.pid}"]
    soft, _hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    unlimited = "unlimited" if soft == resource.RLIM_INFINITY else soft
    work.begin()
    subprocess.run([*limit, "--fsize=0:"], check=True)
    try:
        work.check("disk full for the file store")
    finally:
        subprocess.run([*limit, f"--fsize={unlimited}:"], check=True)


def test_the_log_does_not_hold_the_secret_address(shop, work):
    """Orders have come in by the webhook, so its address was asked for."""
    log = shop.odoo.server.log_file.read_text()
    assert "/octopus/webhook/... HTTP/1.1" in log
    assert shop.webhook_url.rpartition("/")[2] not in log


def test_the_document_shows_the_table():
    assert tables.RELIABILITY.read_text() == tables.render(tables.RELIABILITY)


def let_a_minute_pass(shop):
    """Have Odoo look for scheduled actions, as it does once a minute by itself: all are due."""
    due = "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' WHERE cron_name LIKE 'Octopus: %'"
    postgres.psql(due, connect_to=shop.odoo.db)
    postgres.psql("SELECT pg_notify('cron_trigger', :'db')", db=shop.odoo.db)


@contextmanager
def another_server(shop, number):
    """An Odoo server with scheduled actions on the shop's database."""
    port = ports.pick()
    with beside(shop.odoo, f"server-{number}").open("wb") as output:
        process = subprocess.Popen(
            [venv.PYTHON, "-m", "odoo", "server", f"--http-port={port}"],
            env=shop.odoo.environ(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        assert wait_for(lambda: _answers(f"http://127.0.0.1:{port}/web/health"))
        yield
    finally:
        process.terminate()
        process.wait()


def _answers(url):
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False
