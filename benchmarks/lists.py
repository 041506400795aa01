"""Online Orders with 1,000,000 rows against 10,000: opening, the next page, searching.

Both tables exist side by side, each in a schema of its own, and are asked in turn, call by call, so
that both sizes meet the same moments of the machine. What is called is what the list view and the
till call, as a cashier, each time in a new transaction with empty caches.
"""

import statistics
import time

from odoo import api
from odoo.tools import SQL

from .support.harness import run, say
from .support.lists_data import CHANNELS, TEXTS, make_old_orders, make_orders

SIZE = 1_000_000
SMALL = 10_000
CALLS = 20  # per round, of each size
PAGE = 80
TILL_PAGE = 40
CARDS = 40  # in each column
QUIET = 50  # orders of a store that has had none for two years, beside the busy one
COUNT_LIMIT = 1001
COLUMNS = tuple(TEXTS)


def measure(odoo, options):
    """Return the metrics of performance.md, "lists"."""
    size = options.size or SIZE
    with odoo.transaction() as env:
        say(f"Making {size} orders")
        user_id = make_user(env)
        busy, quiet = (make_store(env, name) for name in ("Busy", "Quiet"))
        tills = {store.name: store.pos_config_ids.id for store in (busy, quiet)}
        env.flush_all()
        for schema, count in (("large", size), ("small", SMALL)):
            make_table(env, schema)
            make_orders(env, busy, count)
            make_old_orders(env, quiet, QUIET)
    with odoo.registry.cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE large.octopus_order")
        cr.execute("VACUUM ANALYZE small.octopus_order")
    tasks = {"open": opening, "page": next_page, "cards": cards}
    for column, texts in TEXTS.items():
        for text in texts:
            tasks[f"search {column}: {text}"] = search_by(column, text)
            tasks[f"box {column}: {text}"] = search_box(text)
            tasks[f"find at the till, {column}: {text}"] = till_search(tills["Busy"], text)
    for name, till in tills.items():
        tasks[f"till of the {name.lower()} store: button"] = till_button(till)
        tasks[f"till of the {name.lower()} store: list"] = till_search(till, "")
    tasks["till of the busy store: next page"] = till_search(tills["Busy"], "", offset=TILL_PAGE)
    ratios = {name: [] for name in tasks}
    for number in range(options.rounds):
        say(f"Round {number + 1} of {options.rounds}")
        for name, task in tasks.items():
            large, small = measure_task(odoo, user_id, task)
            ratios[name].append(large / small)
            say(f"  {name}: {1000 * large:.1f} ms, {1000 * small:.1f} ms with {SMALL}")
    return {
        "open_p95_ratio": ratios["open"],
        "page_p95_ratio": ratios["page"],
        "search_p95_ratio": worst(ratios, "search"),
        # Not asked for by the targets: the same texts in the box that searches all columns, the
        # cards, and what the till shows.
        "box_p95_ratio": worst(ratios, "box"),
        "cards_p95_ratio": ratios["cards"],
        "till_p95_ratio": worst(ratios, "till"),
        "till_find_p95_ratio": worst(ratios, "find"),
    }


def worst(ratios, kind):
    """Return the rounds of the search that suffers most from the size."""
    kinds = {name: values for name, values in ratios.items() if name.startswith(kind)}
    name = max(kinds, key=lambda name: statistics.median(kinds[name]))
    say(f"The worst {name}: {statistics.median(kinds[name]):.2f}")
    return kinds[name]


def measure_task(odoo, user_id, task):
    """Return the 95th percentiles with the large and the small table, taken in turn."""
    seconds = {"large": [], "small": []}
    for _call in range(CALLS + 1):
        for schema, taken in seconds.items():
            with odoo.registry.cursor() as cr:
                cr.execute(SQL("SET LOCAL search_path TO %s, public", SQL.identifier(schema)))
                orders = api.Environment(cr, user_id, {"lang": "en_US"})["octopus.order"]
                start = time.perf_counter()
                task(orders)
                taken.append(time.perf_counter() - start)
    # The first call of each warms up and does not count.
    return [
        statistics.quantiles(taken[1:], n=20, method="inclusive")[-1] for taken in seconds.values()
    ]


# === WHAT THE LIST VIEW DOES === #


def opening(orders):
    return read_page(orders, [])


def next_page(orders):
    return read_page(orders, [], offset=PAGE)


def cards(orders):
    """Open the kanban view, which asks for all its columns and their first cards at once."""
    groups = orders.with_context(octopus_board=True).web_read_group(
        [],
        ["status"],
        ["__count"],
        auto_unfold=True,
        unfold_read_specification={name: {} for name in (*COLUMNS, "needs_mapping")},
        unfold_read_default_limit=CARDS,
    )["groups"]
    if not all(group["__records"] for group in groups):
        raise SystemExit("Empty columns: the benchmark would measure nothing.")


def search_by(column, text):
    """Search in the column's own field of the search view."""
    if column == "transaction_time":
        domain = [("search_time", "ilike", text)]
    elif column == "third_party_name":
        domain = [("search_channel", "ilike", text)]
    elif column == "check_total":
        domain = [("check_total", "=", float(text))]
    elif column == "status":
        domain = [("status", "=", "cancelled")]
    else:
        domain = [(column, "ilike", text)]
    return lambda orders: read_page(orders, domain)


def search_box(text):
    """Search for the same text in any column."""
    return lambda orders: read_page(orders, [("search_text", "ilike", text)])


def read_page(orders, domain, offset=0):
    fields = {name: {} for name in (*COLUMNS, "stock_state", "needs_mapping")}
    fields["currency_id"] = {"fields": {"display_name": {}}}
    found = orders.web_search_read(
        domain, fields, offset=offset, limit=PAGE, count_limit=COUNT_LIMIT
    )
    if not found["records"]:
        raise SystemExit(f"Nothing found with {domain}: the benchmark would measure nothing.")


# === WHAT THE TILL DOES === #


def till_button(till):
    """Ask for the number on the button."""

    def ask(orders):
        if not orders.env["pos.config"].browse(till).get_octopus_summary()["latest_id"]:
            raise SystemExit("No orders at this till: the benchmark would measure nothing.")

    return ask


def till_search(till, text, offset=0):
    """Ask for a page of the till's screen, with a text in its search box."""

    def ask(orders):
        config = orders.env["pos.config"].browse(till)
        found = config.get_octopus_orders(text=text, offset=offset, limit=TILL_PAGE)
        if not found["orders"]:
            raise SystemExit(f"Nothing found with {text}: the benchmark would measure nothing.")

    return ask


# === PREPARATION === #


def make_store(env, name):
    """Return a store with a till of its own and all channels."""
    till = env["pos.config"].create({"name": name})
    store = env["octopus.account"].create({"name": name, "pos_config_ids": till.ids})
    for channel in sorted(set(CHANNELS)):
        env["octopus.channel"]._add(store, channel)
    return store


def make_user(env):
    """Return the id of a cashier."""
    groups = ("base.group_user", "point_of_sale.group_pos_user")
    return (
        env["res.users"]
        .create(
            {
                "name": "Cashier",
                "login": "bench-cashier",
                "tz": "UTC",
                "group_ids": [(4, env.ref(group).id) for group in groups],
            }
        )
        .id
    )


def make_table(env, schema):
    """Make a schema with an empty table of orders of its own, and use it in this transaction."""
    env.cr.execute(
        SQL(
            """
            CREATE SCHEMA %(schema)s;
            CREATE TABLE %(schema)s.octopus_order (LIKE public.octopus_order INCLUDING ALL);
            GRANT USAGE ON SCHEMA %(schema)s TO CURRENT_USER;
            SET LOCAL search_path TO %(schema)s, public
            """,
            schema=SQL.identifier(schema),
        )
    )


if __name__ == "__main__":
    run("lists", measure)
