"""SIGKILL of Odoo and of PostgreSQL at random moments, and an upgrade while everybody works.

Nobody presses anything afterwards; Odoo is started again, as by a service manager.

`SOAK_KILL_MINUTES` says for how long the last test goes on killing.
"""

import contextlib
import os
import random
import signal
import time

import pytest

from devtools import paths
from devtools.provision import databases, postgres, stamps
from devtools.servers import ports
from devtools.servers.odoo_rpc import OdooSession
from devtools.servers.odoo_server import Odoo
from devtools.servers.shop import Shop
from tests.e2e.machine import Work
from tests.e2e.waiting import wait_for
from tests.soak import _cluster
from tests.soak._books import Books
from tests.soak._shop_life import ShopLife, choose_goods

MINUTES = float(os.environ.get("SOAK_KILL_MINUTES", "10"))
PAUSE = (15, 45)  # seconds between two kills
SETTLE_SECONDS = 900


class Prefork(Odoo):
    """Odoo with worker processes, as in production."""

    def write_conf(self):
        conf = super().write_conf()
        text = conf.read_text().replace("workers = 0", "workers = 2")
        conf.write_text(f"{text}gevent_port = {ports.pick()}\n")
        return conf


@pytest.fixture(scope="module")
def shop():
    """A running shop on a PostgreSQL of its own."""
    busy = "Waiting for another soak of this checkout"
    with stamps.lock(paths.LOCAL / "kill.lock", busy), _cluster.throwaway() as dump:
        shop = Shop("linga_kill")
        # Threads of Odoo that find no PostgreSQL end for good; processes are started anew.
        shop.odoo = Prefork(shop.odoo.db, shop.odoo.port)
        try:
            shop.stop()
            shop.sandbox.forget()
            _cluster.adopt(dump, shop.odoo.db)
            shop.prepare()
            shop.start()
            yield shop
        finally:
            shop.stop()
            shop.remove()


def restart_odoo(shop):
    # PostgreSQL dies under any statement, and Odoo logs those that fail with their values.
    log = shop.odoo.server.log_file.read_text(errors="replace")
    assert shop.webhook_url.rpartition("/")[2] not in log
    shop.odoo.start()
    shop.odoo.wait()


def kill_odoo(shop):
    pid = shop.odoo.server.pid
    os.killpg(pid, signal.SIGKILL)  # the workers too, as a power cut would
    assert wait_for(lambda: shop.odoo.server.pid is None)
    restart_odoo(shop)


def kill_postgres(shop):
    pid = shop.odoo.server.pid
    _cluster.kill()
    postgres.ensure()
    # Odoo with workers ends when it finds no PostgreSQL; a service manager starts it again.
    if wait_for(lambda: shop.odoo.server.pid is None, seconds=15):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        restart_odoo(shop)


def test_commits_are_durable(shop):
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert postgres.psql(f"SHOW {setting}", connect_to=shop.odoo.db) == "on"


def test_postgres_is_killed(shop):
    work = Work(shop, OdooSession.of(shop.description()))
    work.begin()
    time.sleep(random.uniform(0, 2))
    kill_postgres(shop)
    work.check("SIGKILL of PostgreSQL")


def test_the_module_is_upgraded_in_the_middle(shop):
    """While the server runs on, as it should not be done; then it is restarted."""
    work = Work(shop, OdooSession.of(shop.description()))
    # As from an early version, so that all scripts of upgrades run as well.
    early = "UPDATE ir_module_module SET latest_version = '19.0.0.0.0' WHERE name = :'addon'"
    postgres.psql(early, connect_to=shop.odoo.db, addon=databases.ADDON)
    work.begin()
    shop.odoo.upgrade(databases.ADDON)
    shop.odoo.server.stop()
    restart_odoo(shop)
    work.check("module upgraded in the middle")


def test_killed_again_and_again(shop):
    life = ShopLife(shop, choose_goods(shop, 20), patient=True)
    life.prepare()
    books = Books(shop)
    life.start()
    end = time.monotonic() + 60 * MINUTES
    kills = 0
    while time.monotonic() < end:
        time.sleep(random.uniform(*PAUSE))
        random.choice((kill_odoo, kill_postgres))(shop)
        kills += 1
    life.stop()
    assert kills > MINUTES / 2
    assert len(life.ledger.orders) > 10 * MINUTES
    assert books.wait_for_poll(SETTLE_SECONDS)
    assert books.settle(SETTLE_SECONDS) == {}
    faults = books.faults(life)
    assert faults == dict.fromkeys(faults, 0)
    assert life.ledger.problems == []
