"""Online sales in the books: a day of 3,000 orders becomes one posted entry; then what is read of
a ledger with 1,000,000 lines against one with 10,000: days, a day, the clearing page, an order, the
report of a month.

Both ledgers exist side by side, each in a schema of its own, and are asked in turn, as an
accountant.
"""

import statistics
import time

from odoo import api
from odoo.tools import SQL

from odoo.addons.linga_octopus.models.accounting.booking import DayBooking
from odoo.addons.linga_octopus.models.accounting.ledger import Ledger

from .support.books_data import make_channel, make_payload, make_tables, make_user
from .support.harness import run, say, stopwatch

ORDERS = 3000
SIZE = 1_000_000  # lines of the ledger
SMALL = 10_000
CALLS = 20  # per round, of each size
PAGE = 80
DAY_FIELDS = (
    "display_name",
    "state",
    "order_count",
    "move_count",
    "total",
    "total_open",
    "message",
)
LINE_FIELDS = ("order_id", "kind", "total", "move_id", "message", "state")
ORDER_FIELDS = ("display_name", "check_total", "payment_status", "ledger_message")
REPORT_SUMS = ("gross", "discount", "refund", "net", "tax_amount", "cost", "margin")
MONTH = ("2026-11-01", "2026-12-01")
CLEARING_FIELDS = ("day_id", "clearing_account_id", "amount_booked", "amount_open", "age")


def measure(odoo, options):
    """Return the metrics of performance.md, "booking"."""
    size = options.size or SIZE
    orders = min(ORDERS, size)
    odoo.make_durable()
    with odoo.transaction() as env:
        booking_map = make_channel(env)
        map_id, account_id = booking_map.id, booking_map.account_id.id
    say(f"Taking in {orders} orders")
    for start in range(0, orders, 500):
        with odoo.transaction() as env:
            account = env["octopus.account"].browse(account_id)
            for number in range(start, min(start + 500, orders)):
                env["octopus.order"]._ingest(account, make_payload(number))
    written = write_lines(odoo, map_id, options.rounds)
    booked, queries, items = book_day(odoo, options.rounds)
    say(f"The entry has {items} items.")
    return {
        "book_lines_3000_orders_s": written,
        "book_day_3000_orders_s": booked,
        "book_day_queries": queries,
        **measure_pages(odoo, size, options.rounds),
    }


# === A DAY === #


def write_lines(odoo, map_id, rounds):
    """Return the seconds that the lines of the orders take, in each round; the last one stays."""
    seconds = []
    for number in range(rounds):
        with odoo.registry.cursor() as cr:
            booking_map = api.Environment(cr, api.SUPERUSER_ID, {})["octopus.booking.map"]
            booking_map = booking_map.browse(map_id)
            ledger = Ledger(booking_map.account_id, booking_map)
            with stopwatch(seconds):
                while ledger.write_batch():
                    pass
            if number < rounds - 1:
                cr.rollback()
        say(f"  {seconds[-1]:.2f} s for the lines")
    return seconds


def book_day(odoo, rounds):
    """Return seconds and queries of each round, and the number of items; the last entry stays."""
    seconds, queries = [], []
    for number in range(rounds):
        with odoo.registry.cursor() as cr:
            day = api.Environment(cr, api.SUPERUSER_ID, {})["octopus.booking.day"].search([])
            before = cr.sql_log_count
            with stopwatch(seconds):
                booking = DayBooking(day)
                booking.guarded(booking.book)
                day.env.flush_all()
            queries.append(cr.sql_log_count - before)
            if day.state != "booked" or day.line_ids.filtered(lambda line: not line.move_id):
                raise SystemExit(f"The day is {day.state}: {day.message}")
            items = len(day.move_ids.line_ids)
            if number < rounds - 1:
                cr.rollback()
        say(f"  {seconds[-1]:.2f} s and {queries[-1]} queries for the entry")
    return seconds, queries, items


# === PAGES === #


def measure_pages(odoo, size, rounds):
    """Return how much slower each page is with the large ledger than with the small one."""
    with odoo.transaction() as env:
        user_id = make_user(env)
        for schema, count in (("large", size), ("small", min(SMALL, size))):
            say(f"Making {count} lines of the ledger")
            make_tables(env, schema, count)
    with odoo.registry.cursor() as cr:
        cr._cnx.autocommit = True
        for schema in ("large", "small"):
            for table in ("octopus_ledger_line", "account_move", "account_move_line"):
                cr.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(schema, table)))
    tasks = {
        "days": days,
        "day": one_day,
        "clearing": clearing,
        "order": one_order,
        "report": report,
    }
    ratios = {name: [] for name in tasks}
    for number in range(rounds):
        say(f"Round {number + 1} of {rounds}")
        for name, task in tasks.items():
            large, small = measure_task(odoo, user_id, task)
            ratios[name].append(large / small)
            say(f"  {name}: {1000 * large:.1f} ms, {1000 * small:.1f} ms with {SMALL}")
    return {f"{name}_page_p95_ratio": values for name, values in ratios.items()}


def measure_task(odoo, user_id, task):
    """Return the 95th percentiles with the large and the small ledger, taken in turn."""
    seconds = {"large": [], "small": []}
    for _call in range(CALLS + 1):
        for schema, taken in seconds.items():
            with odoo.registry.cursor() as cr:
                cr.execute(SQL("SET LOCAL search_path TO %s, public", SQL.identifier(schema)))
                env = api.Environment(cr, user_id, {"lang": "en_US"})
                start = time.perf_counter()
                if not task(env):
                    raise SystemExit("An empty page: the benchmark would measure nothing.")
                taken.append(time.perf_counter() - start)
    # The first call of each warms up and does not count.
    return [
        statistics.quantiles(taken[1:], n=20, method="inclusive")[-1] for taken in seconds.values()
    ]


def days(env):
    return read_page(env["octopus.booking.day"], DAY_FIELDS)


def clearing(env):
    """Open the page as its menu does: what is open, by channel."""
    groups = env["octopus.clearing"].web_read_group(
        [("is_paid", "=", False)],
        ["channel_id"],
        ["__count", "amount_open:sum"],
        auto_unfold=True,
        unfold_read_specification=spec(CLEARING_FIELDS),
        unfold_read_default_limit=PAGE,
    )["groups"]
    return groups[0]["__records"]


def read_page(model, names):
    return model.web_search_read([], spec(names), limit=PAGE, count_limit=1001)["records"]


def one_day(env):
    day = env["octopus.booking.day"].search([], limit=1)
    lines = {"fields": spec(LINE_FIELDS), "limit": PAGE}
    return day.web_read({**spec(DAY_FIELDS), "line_ids": lines})[0]["line_ids"]


def one_order(env):
    order = env["octopus.order"].search([], limit=1, order="id")
    lines = {"fields": spec(LINE_FIELDS), "limit": PAGE}
    return order.web_read({**spec(ORDER_FIELDS), "ledger_line_ids": lines})[0]["ledger_line_ids"]


def report(env):
    """Open *Online Sales* as its menu does: the sums of a month, by channel."""
    start, end = MONTH
    return env["octopus.sales.report"].formatted_read_group(
        [("day", ">=", start), ("day", "<", end)],
        ["channel_id"],
        [f"{name}:sum" for name in REPORT_SUMS],
    )


def spec(names):
    return {name: {} for name in names}


if __name__ == "__main__":
    run("booking", measure)
