"""Several servers on one database behind nginx: orders a minute with one of them, and with three.

An order counts as accepted when its sender has the answer, and as done when its stock is deducted
too: the worker of deductions is one for all servers, whatever their number.
"""

import contextlib
import time

from octopus_sandbox.testing import SandboxServer

from .ingest import PRODUCTS, Shop, count_wrong, make_stock, post_all, send_products
from .support.harness import run, say
from .support.orders_server import OrdersServer
from .support.proxy import Proxy
from .support.shop import connect, make_products

ORDERS = 1_000  # a round, for each number of servers
SERVERS = (1, 3)
WARM = 24  # orders


def measure(odoo, options):
    """Return orders a minute, and what went wrong, for each number of servers."""
    with SandboxServer() as sandbox:
        odoo.make_durable()
        with odoo.transaction() as env:
            account = connect(env, sandbox)
            products = make_products(env, PRODUCTS)
            send_products(account)
            shop = Shop(account, products)
            make_stock(account, shop.product_ids)
        return measure_rounds(odoo, shop, options)


def measure_rounds(odoo, shop, options):
    """Measure each number of servers in turn: only such ratios mean anything."""
    metrics = {}
    for number in range(options.rounds):
        for count in SERVERS:
            figures = measure_servers(odoo, shop, count, options.size or ORDERS)
            say(f"Round {number + 1}, {count} servers: {figures}")
            for key, value in figures.items():
                metrics.setdefault(f"{key}_{count}", []).append(value)
    few, many = SERVERS
    for key in ("accepted_per_minute", "done_per_minute"):
        pairs = zip(metrics[f"{key}_{many}"], metrics[f"{key}_{few}"], strict=True)
        metrics[f"{key}_{many}_x_{few}"] = [more / less for more, less in pairs]
    return metrics


def measure_servers(odoo, shop, count, orders):
    """Post orders to so many servers; return orders a minute, and what went wrong."""
    with contextlib.ExitStack() as stack:
        servers = [
            stack.enter_context(OrdersServer(odoo.name, crons=1)) for _server in range(count)
        ]
        proxy = stack.enter_context(Proxy(servers, odoo.name))
        post_all(proxy, shop, shop.payloads(WARM * count))
        wait_until_done(odoo)
        start = time.perf_counter()
        accepted = post_all(proxy, shop, shop.payloads(orders))
        wait_until_done(odoo)
        seconds = time.perf_counter() - start
        retries = sum(server.retries() for server in servers)
    lost, doubled = count_wrong(odoo, accepted.numbers)
    return {
        "accepted_per_minute": round(60 / accepted.seconds_per_order),
        "accept_p95_ms": round(accepted.p95_ms, 1),
        "done_per_minute": round(60 * orders / seconds),
        "retries": retries,
        "lost": lost,
        "doubled": doubled,
    }


def wait_until_done(odoo):
    """Return when the stock of all orders is deducted."""
    while True:
        with odoo.transaction() as env:
            if not env["octopus.order"].search_count([("stock_state", "=", "waiting")], limit=1):
                return
        time.sleep(0.1)


if __name__ == "__main__":
    run("servers", measure)
