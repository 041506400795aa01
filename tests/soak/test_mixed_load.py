"""Half an hour of everything at once: orders, sales, counts, syncs, against one real server.

`SOAK_MINUTES` makes it shorter; then its figures do not go into the docs.
"""

import os
import statistics
import time

import pytest

from devtools import paths, tables
from devtools.provision import databases, postgres, stamps
from devtools.servers.shop import Shop
from tests.soak._books import Books
from tests.soak._shop_life import ShopLife, choose_goods
from tests.soak._watch import Monitor, make_api_key

FULL_MINUTES = 30
MINUTES = float(os.environ.get("SOAK_MINUTES", FULL_MINUTES))
GOODS = 40
# Caches fill for a while: what counts is the second half of the time.
GROWTH = 1.10 if MINUTES >= FULL_MINUTES else 1.30
QUEUE_SLACK = 30  # a rush of a few seconds
SETTLE_SECONDS = 900


@pytest.fixture(scope="module")
def shop():
    """A shop of its own, as durable as in production."""
    busy = "Waiting for another soak of this checkout"
    with stamps.lock(paths.LOCAL / "soak.lock", busy), postgres.running():
        shop = Shop(databases.own("linga_soak"))
        try:
            close(shop)
            shop.prepare()
            postgres.psql('ALTER DATABASE :"db" SET synchronous_commit = on', db=shop.odoo.db)
            key = make_api_key(shop.odoo)
            shop.start()
            shop.api_key = key
            yield shop
        finally:
            close(shop)


def close(shop):
    """Stop the shop and remove its data."""
    shop.stop()
    shop.remove()


@pytest.fixture(scope="module")
def day(shop):
    """The whole day, and what it left: lived once, looked at by every test."""
    life = ShopLife(shop, choose_goods(shop, GOODS))
    life.prepare()
    books = Books(shop)
    assert not books.settle(SETTLE_SECONDS), "the shop is ready"
    monitor = Monitor(shop.odoo, shop.api_key)
    monitor.start()
    life.start()
    time.sleep(60 * MINUTES)
    life.stop()
    seconds, cpu = monitor.stop()
    life.is_polled = books.wait_for_poll(SETTLE_SECONDS)
    left = books.settle(SETTLE_SECONDS)
    life.books, life.monitor, life.left = books, monitor, left
    life.faults = books.faults(life)
    life.errors, life.collisions = monitor.log()
    life.seconds, life.cpu = seconds, cpu
    write_report(life)
    return life


def write_report(life):
    """Leave the figures where the docs take them from; those of a short run, in .local/."""
    folder = paths.ROOT / "tests" / "soak" if MINUTES >= FULL_MINUTES else paths.LOCAL / "test"
    tables.write(folder / "mixed_load.csv", [{"what": k, "measured": v} for k, v in report(life)])


def report(life):
    """Yield (what, measured) for the table in docs/reliability.md."""
    ledger, monitor = life.ledger, life.monitor
    yield "time, minutes", f"{life.seconds / 60:.0f}"
    yield "online orders", len(ledger.orders)
    yield from sorted(ledger.done.items())
    p95 = statistics.quantiles(ledger.waits, n=20)[-1]
    yield (
        "an order is accepted within, ms: half of them, 95 %",
        f"{1000 * statistics.median(ledger.waits):.0f}, {1000 * p95:.0f}",
    )
    yield "the oldest order waited for its stock, s: median, most", _spread(monitor.oldest)
    for name in monitor.queues[0]:
        lengths = [sample[name] for sample in monitor.queues]
        yield f"queue of {name}: median, most", _spread(lengths)
    memory = ", ".join(f"{value:.0f}" for value in monitor.quarters(monitor.memory))
    yield "memory of Odoo, MiB, by quarter of the time", memory
    yield "processor of Odoo, % of one core", f"{100 * life.cpu / life.seconds:.0f}"
    yield "requests that failed", len(ledger.problems)
    yield "errors in Odoo's log", len(life.errors)
    yield "collisions of transactions that Odoo ran again", life.collisions
    yield "left in queues afterwards", sum(life.left.values())
    yield from life.faults.items()


def _spread(values):
    return f"{statistics.median(values):.0f}, {max(values):.0f}"


def test_everybody_was_busy(day):
    done = day.ledger.done
    assert day.monitor.failures == []
    assert len(day.ledger.orders) > 30 * MINUTES
    for what in (
        "sales at the till",
        "stock counts",
        "buttons pressed",
        "orders completed in Odoo",
    ):
        assert done[what] >= MINUTES, what


def test_nothing_is_lost_or_doubled(day):
    assert day.is_polled
    assert day.faults == dict.fromkeys(day.faults, 0)


def test_no_request_failed(day):
    assert day.ledger.problems == []


def test_the_log_has_no_error(day):
    assert day.errors == []


def test_no_queue_grows(day):
    assert day.left == {}
    for name in day.monitor.queues[0]:
        lengths = [sample[name] for sample in day.monitor.queues]
        quarters = day.monitor.quarters(lengths)
        assert quarters[-1] <= quarters[0] + QUEUE_SLACK, (name, quarters)


def test_memory_stays(day):
    quarters = day.monitor.quarters(day.monitor.memory)
    assert quarters[3] <= GROWTH * quarters[1], quarters


def test_the_document_shows_the_figures(day):
    if MINUTES >= FULL_MINUTES:
        text = tables.render(tables.RELIABILITY)
        assert f"| online orders | {len(day.ledger.orders)} |" in text
