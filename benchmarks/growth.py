"""A year of a busy shop: 20,000 products, 1,000,000 orders with their transfers, 10,000,000 stock
changes that passed through. What people and workers do takes as long as on the first day, which is
measured before on the same database; and an upgrade of the module takes seconds. On the first day
also: one of a hundred times as many orders, levels or products costs no more than one of a few.
"""

import json
import re
import statistics
import subprocess
import sys
import time
from unittest.mock import patch

from odoo import api
from odoo.tools import SQL

from odoo.addons.linga_octopus.models.monitoring.health import health_report

from octopus_sandbox.testing import SandboxServer

from .ingest import Shop
from .lists import make_user, read_page
from .stock import make_stock, put_in_octopus
from .support.harness import run, say
from .support.shop import connect, copy_rows, make_products
from .support.units import unit_costs

PRODUCTS = 20_000
ORDERS = 1_000_000
CHANGES_PER_ORDER = 10
CHANGES_AT_ONCE = 100_000
FIRST_DAY = 1_000  # orders
CALLS = 7
BATCH = 100  # orders, or changes of stock
ORDERS_AT_ONCE = 50  # at 1x; of products, a hundredth of all
# Known once the addon is loaded.
WORKER = "odoo.addons.linga_octopus.models.stock.worker"
LOADED = re.compile(r"Module linga_octopus loaded in ([\d.]+)s")


def measure(odoo, options):
    """Return what a unit of work costs, seconds on the first day and after a year, and the ratio
    of each."""
    orders = options.size or ORDERS
    product_count = min(orders, PRODUCTS)
    with SandboxServer() as sandbox:
        say(f"Making {product_count} products")
        with odoo.transaction() as env:
            account = connect(env, sandbox)
            products = make_products(env, product_count)
            make_stock(env, account, products)
            put_in_octopus(env, account, products)
            account.auto_stock_sync = True
            shop = Shop(account, products)
            user_id = make_user(env)
            [pattern] = env["octopus.order"]._ingest(account, shop.payloads(1)[0])
        work(odoo)
        units = measure_units(odoo, shop)
        make_year(odoo, pattern.id, FIRST_DAY, offset=0)
        tidy(odoo)
        first = measure_all(odoo, shop, user_id)
        say(f"Making {orders} orders")
        make_year(odoo, pattern.id, orders, offset=FIRST_DAY)
        say(f"Passing {orders * CHANGES_PER_ORDER} changes of stock through")
        pass_changes(odoo, orders * CHANGES_PER_ORDER)
        tidy(odoo)
        later = measure_all(odoo, shop, user_id)
    metrics = units
    for name, seconds in later.items():
        metrics[f"{name}_s"] = round(seconds, 4)
        metrics[f"{name}_ratio"] = round(seconds / first[name], 3)
    return metrics | sizes(odoo)


# === A YEAR === #


def make_year(odoo, pattern_id, count, offset):
    """Copy an order, with its line, delivery and move, `count` times over a year."""
    with odoo.transaction() as env:
        pattern = env["octopus.order"].browse(pattern_id)
        move = pattern.picking_ids.move_ids[0]
        number = SQL("(series.number + %s)", offset)
        moment = SQL("now() - (%s - series.number) * interval '365 days' / %s", count, count)
        moment = SQL("(%s)::timestamp", moment)
        order_ids = copy_rows(
            env,
            "octopus_order",
            pattern.id,
            count,
            aggregator_order_no=SQL("(70000000 + %s)::text", number),
            third_party_order_no=SQL("'#' || %s", number),
            customer_name=SQL("md5((%s / 5)::text)", number),
            status=SQL(
                "CASE WHEN series.number > %s THEN 'take_action' ELSE 'completed' END", count - 200
            ),
            push_status=SQL("NULL"),
            received_at=moment,
            transaction_time=moment,
            transaction_day=SQL("(%s)::date", moment),
            # What is older than the account keeps it has gone, day by day.
            payload=SQL(
                "CASE WHEN %s > now() - interval '91 days' THEN pattern.payload END", moment
            ),
        )
        first_order, first_line = order_ids[0], None
        order_of = SQL("%s + series.number - 1", first_order)
        lines = copy_rows(
            env, "octopus_order_line", pattern.line_ids[0].id, count, order_id=order_of
        )
        first_line = lines[0]
        pickings = copy_rows(
            env,
            "stock_picking",
            move.picking_id.id,
            count,
            octopus_order_id=order_of,
            name=SQL("'YEAR/' || %s", number),
            date_done=moment,
        )
        copy_rows(
            env,
            "stock_move",
            move.id,
            count,
            picking_id=SQL("%s + series.number - 1", pickings[0]),
            octopus_order_line_id=SQL("%s + series.number - 1", first_line),
            date=moment,
        )


def pass_changes(odoo, count):
    """Let changes of stock come and go as the hook and the worker do it, in their own SQL."""
    with odoo.transaction() as env:
        product_ids = env["octopus.variant"].search([]).product_id.ids
        warehouse_id = (
            env["octopus.location"].search([("warehouse_id", "!=", False)]).warehouse_id.id
        )
    for _turn in range(0, count, CHANGES_AT_ONCE):
        with odoo.transaction() as env:
            env.cr.execute(
                SQL(
                    """INSERT INTO octopus_stock_event (product_id, warehouse_id)
                       SELECT (%s::int[])[1 + number %% %s], %s
                         FROM generate_series(1, %s) number""",
                    product_ids,
                    len(product_ids),
                    warehouse_id,
                    CHANGES_AT_ONCE,
                )
            )
        with odoo.transaction() as env:
            worker = sys.modules[WORKER]
            stock_worker = worker.StockWorker(env)
            with patch.object(worker, "kits_with", lambda *_arguments: set()):
                while stock_worker.take():
                    env.cr.commit()


def tidy(odoo):
    """What autovacuum does meanwhile."""
    with odoo.registry.cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE")


def sizes(odoo):
    with odoo.transaction() as env:
        env.cr.execute(
            """SELECT pg_database_size(current_database()) / 1048576,
                      (SELECT count(*) FROM octopus_order), (SELECT count(*) FROM stock_move),
                      pg_total_relation_size('octopus_stock_event') / 1048576"""
        )
        names = ("database_mib", "orders", "moves", "stock_event_mib")
        return dict(zip(names, env.cr.fetchone(), strict=True))


# === ONE OF MANY === #


def measure_units(odoo, shop):
    """Return what one order, one changed level and one changed product cost, of few and of many."""
    say("What one of many costs")
    hundredth = max(len(shop.product_ids) // 100, 1)
    orders = min(ORDERS_AT_ONCE, hundredth)
    metrics = unit_costs(odoo, "order", orders, lambda env, count: accept(env, shop, count), deduct)
    work(odoo)
    metrics |= unit_costs(
        odoo, "level", hundredth, lambda env, count: change(env, shop, count), send
    )
    sync_products(odoo, shop)
    metrics |= unit_costs(
        odoo,
        "product",
        hundredth,
        lambda env, count: reprice(env, shop, count),
        lambda env: env["octopus.sync.run"]._cron_run(),
    )
    return metrics


def reprice(env, shop, count):
    """Give some products another price, and press Sync Products."""
    products = env["product.product"].browse(shop.product_ids[:count])
    products.product_tmpl_id.list_price = products[0].list_price + 1
    env["octopus.account"].browse(shop.account_id).action_sync_products()


def sync_products(odoo, shop):
    """Send the products as they are: only changes are measured."""
    with odoo.transaction() as env:
        env["octopus.account"].browse(shop.account_id).action_sync_products()
        env["octopus.sync.run"]._cron_run()


# === WHAT HAS TO STAY QUICK === #


def measure_all(odoo, shop, user_id):
    """Return {what: seconds}, the median of some calls."""
    tasks = {
        "open_list": lambda env: read_page(env(user=user_id)["octopus.order"], []),
        "open_overview": lambda env: env["octopus.account"].search([]).read(["overview"]),
        "health": lambda env: health_report(env),
        "accept_order": lambda env: accept(env, shop, 1),
        "poll_known_orders": lambda env: poll(env, shop),
    }
    seconds = {name: median(odoo, task) for name, task in tasks.items()}
    seconds["deduct_100_orders"] = median(odoo, deduct, before=lambda env: accept(env, shop, BATCH))
    seconds["send_100_levels"] = median(odoo, send, before=lambda env: change(env, shop, BATCH))
    seconds["clean_up"] = median(odoo, clean_up, calls=1)
    seconds["upgrade"], seconds["upgrade_ours"] = upgrade(odoo)
    return seconds


def median(odoo, task, *, before=None, calls=CALLS):
    """Return the median time of a task, each time in a new transaction with empty caches."""
    seconds = []
    for _call in range(calls + 1 if calls > 1 else 1):
        if before:
            with odoo.transaction() as env:
                before(env)
        with odoo.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {"lang": "en_US"})
            start = time.perf_counter()
            task(env)
            env.flush_all()
            cr.commit()
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:] or seconds)


def accept(env, shop, count):
    account = env["octopus.account"].browse(shop.account_id)
    for payload in shop.payloads(count):
        env["octopus.order"]._ingest(account, payload)


def poll(env, shop):
    """Take in again what is known already, as every poll does with its overlap."""
    account = env["octopus.account"].browse(shop.account_id)
    latest = env["octopus.order"].search([("payload", "!=", False)], limit=BATCH, order="id desc")
    for order in latest:
        env["octopus.order"]._ingest(account, api_payload(order))


def api_payload(order):
    payload = json.loads(order.payload)
    return payload | {"id": order.aggregator_order_no}


def deduct(env):
    env["octopus.order"]._cron_deduct()


def change(env, shop, count):
    products = env["product.product"].browse(shop.product_ids[:count])
    env.cr.execute(
        SQL("UPDATE stock_quant SET quantity = quantity - 1 WHERE product_id IN %s", products._ids)
    )
    env["octopus.stock.event"]._enqueue_products(products)


def send(env):
    env["octopus.stock.level"]._cron_push()


def clean_up(env):
    for model, method in (
        ("octopus.order", "_gc_order_payloads"),
        ("octopus.order.notification", "_gc_old_notifications"),
        ("octopus.stock.difference", "_gc_old_differences"),
        ("octopus.sync.run", "_gc_old_runs"),
    ):
        while (result := getattr(env[model], method)()) and result[1]:
            continue


def work(odoo):
    with odoo.transaction() as env:
        deduct(env)
        send(env)


def upgrade(odoo):
    """Return the seconds of an upgrade of the module, and those that our module takes of it."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "odoo", "server", "-d", odoo.name, "-u", "linga_octopus"]
    done = subprocess.run(
        [*command, "--stop-after-init", "--no-http"], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - start, float(LOADED.search(done.stderr)[1])


if __name__ == "__main__":
    run("growth", measure)
