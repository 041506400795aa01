"""Parcels out: 1,000 orders are shipped, and Octopus is told of each; then the list is read.

Reference: the calls that the remote allows, 250 a minute; the sandbox has no limit here.
"""

import time

from octopus_sandbox.testing import SandboxServer

from .support.harness import run, say, stopwatch
from .support.shop import connect

SIZE = 1000
REMOTE_LIMIT = 250 / 60  # calls a second
LINE = {"sku": "ITEM", "quantity": 1, "price": "10.00", "title": "Item"}
SHOWN = 80  # rows of a list
COLUMNS = (
    *("channel_id", "third_party_order_no", "customer_name", "status", "badges"),
    *("fulfillment_state", "pickup_due_at", "is_late", "is_waiting_for_pickup"),
)


def measure(odoo, options):
    """Return the metrics of performance.md, "fulfillment"."""
    size = options.size or SIZE
    rates, calls, work, queries, per_order = [], [], [], [], []
    odoo.make_durable()
    with SandboxServer() as sandbox:
        with odoo.transaction() as env:
            account = connect(env, sandbox)
            account.complete_when_shipped = False  # a status is told by calls of its own
        for _round in range(options.rounds):
            say(f"Shipping {size} orders")
            ship_orders(odoo, account, sandbox, size)
            sandbox.forget_requests()
            seconds = []
            with stopwatch(seconds):
                work.append(tell_all(odoo, size))
            check_told(odoo, size)
            rates.append(size / seconds[0])
            calls.append(sum(sandbox.requests().values()) / size)
            list_queries(odoo, SHOWN)  # fills the caches
            queries.append(list_queries(odoo, SHOWN))
            per_order.append((queries[-1] - list_queries(odoo, SHOWN // 2)) / (SHOWN // 2))
            say(f"  {rates[-1]:.1f} parcels/s")
    return {
        "told_per_s": rates,
        "told_x_remote_limit": [rate / REMOTE_LIMIT for rate in rates],
        "calls_per_parcel": calls,
        "queries_per_parcel": [queries / size for queries, _seconds in work],
        "cpu_ms_per_parcel": [1000 * seconds / size for _queries, seconds in work],
        "queries_of_the_list": queries,
        "queries_per_order_of_the_list": per_order,
    }


def ship_orders(odoo, account, sandbox, size):
    """Place orders in the sandbox, take them in and ship them."""
    for start in range(0, size, 100):
        with odoo.transaction() as env:
            orders, dialogs = env["octopus.order"], env["octopus.ship"]
            for number in range(start, min(start + 100, size)):
                placed = sandbox.place_order([LINE], webhook=False)
                order = orders._ingest(account.with_env(env), placed)
                values = {"numbers": f"1Z{number:08}", "carrier": "UPS"}
                dialogs.create({"order_ids": order.ids, **values}).action_ship()


def tell_all(odoo, size):
    """Run the worker until nothing is left: a run does one batch of each store, and the scheduler
    starts the next one at once.

    :return: the queries, and the seconds of the processor outside of PostgreSQL
    """
    queries, start = 0, time.process_time()
    for _run in range(size):
        with odoo.transaction() as env:
            orders = env["octopus.order"]
            orders._cron_push_status()
            is_done = not orders.search_count([("is_parcel_due", "=", True)], limit=1)
            queries += env.cr.sql_log_count
        if is_done:
            break
    return queries, time.process_time() - start


def check_told(odoo, size):
    """Fail unless Octopus has been told of all parcels."""
    with odoo.transaction() as env:
        left = env["octopus.fulfillment"].search_count([("push_status", "!=", "synced")])
        if left:
            raise SystemExit(f"{left} of {size} parcels were not told.")


def list_queries(odoo, count):
    """Return how many queries a page of the list with so many orders takes."""
    with odoo.transaction() as env:
        before = env.cr.sql_log_count
        env["octopus.order"].web_search_read([], {name: {} for name in COLUMNS}, limit=count)
        return env.cr.sql_log_count - before


if __name__ == "__main__":
    run("fulfillment", measure)
