"""Parcels out: 1,000 orders are shipped, and Octopus is told of each; then the list is read.

Reference: the calls that the remote allows, 250 a minute; the sandbox has no limit here.
"""

from odoo.addons.linga_octopus.models.fulfillment.shipping import ship

from octopus_sandbox.testing import SandboxServer

from .support.harness import run, say, stopwatch
from .support.shop import connect

SIZE = 1000
REMOTE_LIMIT = 250 / 60  # calls a second
LINE = {"sku": "ITEM", "quantity": 1, "price": "10.00", "title": "Item"}
SHOWN = 80  # rows of a list
COLUMNS = ("status", "fulfillment_state", "customer_name")


def measure(odoo, options):
    """Return the metrics of performance.md, "fulfillment"."""
    size = options.size or SIZE
    rates, calls, queries = [], [], []
    with SandboxServer() as sandbox:
        with odoo.transaction() as env:
            account = connect(env, sandbox)
            account.complete_when_shipped = False  # a status is told by calls of its own
        for _round in range(options.rounds):
            say(f"Shipping {size} orders")
            ship_orders(odoo, account, sandbox, size)
            sandbox.forget_requests()
            seconds = []
            with stopwatch(seconds), odoo.transaction() as env:
                env["octopus.order"]._cron_push_status()
            check_told(odoo, size)
            rates.append(size / seconds[0])
            calls.append(sum(sandbox.requests().values()) / size)
            queries.append(list_queries(odoo))
            say(f"  {rates[-1]:.1f} parcels/s")
    return {
        "told_per_s": rates,
        "told_x_remote_limit": [rate / REMOTE_LIMIT for rate in rates],
        "calls_per_parcel": calls,
        "queries_of_the_list": queries,
    }


def ship_orders(odoo, account, sandbox, size):
    """Place orders in the sandbox, take them in and ship them."""
    for start in range(0, size, 100):
        with odoo.transaction() as env:
            orders = env["octopus.order"]
            for number in range(start, min(start + 100, size)):
                placed = sandbox.place_order([LINE], webhook=False)
                order = orders._ingest(account.with_env(env), placed)
                ship(order, numbers=[f"1Z{number:08}"], carrier="UPS")


def check_told(odoo, size):
    """Fail unless Octopus has been told of all parcels."""
    with odoo.transaction() as env:
        left = env["octopus.fulfillment"].search_count([("push_status", "!=", "synced")])
        if left:
            raise SystemExit(f"{left} of {size} parcels were not told.")


def list_queries(odoo):
    """Return how many queries a page of the list of orders takes."""
    with odoo.transaction() as env:
        before = env.cr.sql_log_count
        env["octopus.order"].search_read([], COLUMNS, limit=SHOWN)
        return env.cr.sql_log_count - before


if __name__ == "__main__":
    run("fulfillment", measure)
