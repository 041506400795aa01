"""Orders in: how many are accepted over HTTP, and how fast their stock is deducted.

The reference, measured in turn with ours: core's own order intake, `pos.order.sync_from_ui` of one
paid cash order of three lines with real-time stock, committed each.
"""

import http.client
import itertools
import json
import random
import statistics
import threading
import time
import uuid
from decimal import Decimal

from odoo import fields, sql_db

from octopus_sandbox.profiles import PROFILES, Goods, tell
from octopus_sandbox.testing import SandboxServer

from .support.harness import run, say, stopwatch
from .support.orders_server import OrdersServer
from .support.shop import connect, make_products

PRODUCTS = 300
LINES = 3
ACCEPTED = 400  # orders per round, over HTTP
DEDUCTED = 100  # orders per round, drained by the worker
REFERENCE = 12  # orders per round, by the till
CLIENTS = 4
HOT = 3  # products that everybody buys


def measure(odoo, options):
    """Return the metrics of performance.md, "ingest"."""
    with SandboxServer() as sandbox:
        odoo.make_durable()
        with odoo.transaction() as env:
            account = connect(env, sandbox)
            products = make_products(env, options.size or PRODUCTS)
            send_products(account)
            shop = Shop(account, products)
            make_stock(account, shop.product_ids)
            till = open_till(env)
        return measure_rounds(odoo, shop, till, options.rounds)


def measure_rounds(odoo, shop, till, rounds):
    """Measure everything in turn, round by round: only such ratios mean anything."""
    keys = (
        "accept_x_pos_order",
        "accept_plain_x_pos_order",
        "accept_p95_ms",
        "accept_hot_p95_ms",
        "retries",
        "lost",
        "doubled",
    )
    keys += ("deduct_x_pos_order", "deduct_queries_per_order", "webhook_to_deducted_s")
    metrics = {key: [] for key in keys}
    sell(odoo, shop, till, 2)  # warm caches
    for number in range(rounds):
        seconds = sell(odoo, shop, till, REFERENCE)
        with OrdersServer(odoo.name, crons=0) as server:
            post_all(server, shop, shop.channel_payloads(CLIENTS * 4))  # a warm server
            mixed = post_all(server, shop, shop.channel_payloads(ACCEPTED))
            hot = post_all(server, shop, shop.channel_payloads(ACCEPTED, hot=True))
            plain = post_all(server, shop, shop.payloads(ACCEPTED))
            metrics["retries"].append(server.retries())
        metrics["accept_x_pos_order"].append(seconds / mixed.seconds_per_order)
        metrics["accept_plain_x_pos_order"].append(seconds / plain.seconds_per_order)
        metrics["accept_p95_ms"].append(mixed.p95_ms)
        metrics["accept_hot_p95_ms"].append(hot.p95_ms)
        lost, doubled = count_wrong(odoo, mixed.numbers + hot.numbers + plain.numbers)
        metrics["lost"].append(lost)
        metrics["doubled"].append(doubled)
        drain(odoo)
        deducting, queries = measure_deducting(odoo, shop)
        metrics["deduct_x_pos_order"].append(seconds / deducting)
        metrics["deduct_queries_per_order"].append(queries)
        say(
            f"Round {number + 1}: till {1000 * seconds:.0f} ms, accepted "
            f"{1000 * mixed.seconds_per_order:.1f} ms, plain "
            f"{1000 * plain.seconds_per_order:.1f} ms, deducted {1000 * deducting:.1f} ms"
        )
    metrics["webhook_to_deducted_s"] = measure_latency(odoo, shop, rounds)
    return metrics


# === PREPARATION === #


class Shop:
    """What is sold, and to which address its orders are announced."""

    def __init__(self, account, products):
        self.account_id = account.id
        self.product_ids = products.ids
        variants = account.env["octopus.variant"].search([("product_id", "in", products.ids)])
        self.items = [(variant.octopus_ref, variant.sku) for variant in variants]
        self.database = account.env.cr.dbname
        self.path = f"/octopus/webhook/{account.webhook_token}/orders/create"
        self.access_id = account.access_id
        self.currency = account.company_id.currency_id.name
        self._number = 0

    def channel_payloads(self, count, hot=False):
        """Return new orders of all channels in turn, each as its channel sends them."""
        channels = itertools.cycle(sorted(PROFILES))
        return [self._tell(channel, hot) for channel in itertools.islice(channels, count)]

    def _tell(self, channel, hot):
        self._number += 1
        items = self.items[:HOT] if hot else random.sample(self.items, LINES)
        goods = [
            Goods(sku, f"Item {sku}", Decimal("10.00"), variant={"id": ref}) for ref, sku in items
        ]
        return tell(channel, self._number, goods, order_id=self._number).versions[0]

    def payloads(self, count):
        """Return new orders of three lines, all of one kind: what is deducted is compared."""
        return [self._payload(self.items) for _order in range(count)]

    def _payload(self, items):
        self._number += 1
        number = self._number
        address = {"name": "Ada Lovelace", "address1": "12 St James's Square", "city": "London"}
        return {
            "id": number,
            "source": "SHOPIFY",
            "order_number": str(1000 + number),
            "created_at": "2026-11-20T10:00:00-05:00",
            "octopus_created_at": "2026-11-20T15:00:05-00:00",
            "octopus_updated_at": "2026-11-20T15:00:05-00:00",
            "customer": {"id": number % 50, "first_name": "Ada", "last_name": "Lovelace"},
            "shipping_address": address,
            "billing_address": address,
            "currency": self.currency,
            "total_price": "30.0000",
            "total_tax": "0.00",
            "financial_status": "paid",
            "line_items": [
                {
                    "id": number * 10 + position,
                    "variant_id": variant_ref,
                    "sku": sku,
                    "title": f"Item {sku}",
                    "quantity": 1,
                    "price": "10.00",
                    "tax_lines": [],
                }
                for position, (variant_ref, sku) in enumerate(random.sample(items, LINES))
            ],
        }


def send_products(account):
    """Have Octopus know the products, as after Sync Products: orders name its variants."""
    account.action_sync_products()
    account.env["octopus.sync.run"]._cron_run()


def make_stock(account, product_ids):
    """Put a hundred of each product on the shelf."""
    stock = account.location_ids.warehouse_id.lot_stock_id
    for product in account.env["product.product"].browse(product_ids):
        account.env["stock.quant"]._update_available_quantity(product, stock, 100)


def open_till(env):
    """Return the id of an open session with real-time stock."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    company.point_of_sale_update_stock_quantities = "real"
    config = _cashier(env)["pos.config"].create({"name": "Benchmark"})
    config.open_ui()
    config.current_session_id.set_opening_control(0, None)
    return config.current_session_id.id


def _cashier(env):
    """Return the environment of somebody who may sell; Odoo's own user may not."""
    return env(user=env.ref("base.user_admin").id)


# === MEASUREMENTS === #


def sell(odoo, shop, session_id, count):
    """Let the till send `count` orders, one by one; return the median time of one."""
    seconds = []
    for _order in range(count):
        with odoo.transaction() as env, stopwatch(seconds):
            session = _cashier(env)["pos.session"].browse(session_id)
            order = _till_order(session, random.sample(shop.product_ids, LINES))
            session.env["pos.order"].sync_from_ui([order])
            env.cr.commit()
    return statistics.median(seconds)


def _till_order(session, product_ids):
    """Return a paid order as the till's browser sends it."""
    cash = session.payment_method_ids.filtered("is_cash_count")[:1]
    number = str(uuid.uuid4())
    return {
        "amount_paid": 10 * len(product_ids),
        "amount_return": 0,
        "amount_tax": 0,
        "amount_total": 10 * len(product_ids),
        "date_order": fields.Datetime.to_string(fields.Datetime.now()),
        "fiscal_position_id": False,
        "pricelist_id": session.config_id.pricelist_id.id,
        "name": f"Order {number}",
        "last_order_preparation_change": "{}",
        "lines": [
            (
                0,
                0,
                {
                    "id": product_id,
                    "pack_lot_ids": [],
                    "price_unit": 10,
                    "product_id": product_id,
                    "price_subtotal": 10,
                    "price_subtotal_incl": 10,
                    "qty": 1,
                    "tax_ids": [(6, 0, [])],
                },
            )
            for product_id in product_ids
        ],
        "partner_id": False,
        "session_id": session.id,
        "payment_ids": [
            (
                0,
                0,
                {
                    "amount": 10 * len(product_ids),
                    "name": fields.Datetime.now(),
                    "payment_method_id": cash.id,
                },
            )
        ],
        "uuid": number,
        "user_id": session.env.uid,
        "to_invoice": False,
    }


class Accepted:
    """How a crowd of orders was accepted."""

    def __init__(self, numbers, seconds, waits):
        self.numbers = numbers
        self.seconds_per_order = seconds / len(numbers)
        self.p95_ms = 1000 * statistics.quantiles(waits, n=20)[-1]


def post_all(server, shop, payloads):
    """Post orders with a few clients at once, and return how that went."""
    bodies = [json.dumps(payload).encode() for payload in payloads]
    waits, failures = [], []

    def client(mine):
        for body in mine:
            with stopwatch(waits):
                status = post(server, shop, body)
            if status != 200:
                failures.append(status)

    threads = [
        threading.Thread(target=client, args=(bodies[start::CLIENTS],)) for start in range(CLIENTS)
    ]
    total = []
    with stopwatch(total):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise RuntimeError(f"The webhook answered {failures}; its log: {server.log}")
    return Accepted([str(payload["id"]) for payload in payloads], total[0], waits)


def post(server, shop, body):
    """Post one order as Octopus would; return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {
        "Content-Type": "application/json",
        "X-Octopus-Access-Token": shop.access_id,
        # As docs/operations.md asks of the proxy: without it, and with --db-filter, Odoo connects
        # to PostgreSQL once more for each request, to list its databases.
        "X-Odoo-Database": shop.database,
    }
    connection.request("POST", shop.path, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def count_wrong(odoo, numbers):
    """Return how many of these orders are missing, and how many are there twice."""
    with odoo.transaction() as env:
        groups = env["octopus.order"]._read_group(
            [("aggregator_order_no", "in", numbers)], ["aggregator_order_no"], ["__count"]
        )
    return len(numbers) - len(groups), sum(count - 1 for _number, count in groups)


def drain(odoo):
    """Deduct whatever is waiting."""
    with odoo.transaction() as env:
        env["octopus.order"]._cron_deduct()


def measure_deducting(odoo, shop):
    """Return seconds and queries per order of the worker that drains a backlog."""
    with odoo.transaction() as env:
        account = env["octopus.account"].browse(shop.account_id)
        for payload in shop.payloads(DEDUCTED):
            env["octopus.order"]._ingest(account, payload)
    seconds = []
    queries = sql_db.sql_counter
    with stopwatch(seconds):
        drain(odoo)
    return seconds[0] / DEDUCTED, (sql_db.sql_counter - queries) / DEDUCTED


def measure_latency(odoo, shop, rounds):
    """Post single orders to an idle server, and wait until their stock is deducted."""
    waits = []
    with OrdersServer(odoo.name, crons=1) as server:
        for number in range(-1, rounds):  # the first one also waits for the server's start
            [payload] = shop.payloads(1)
            post(server, shop, json.dumps(payload).encode())
            seconds = []
            with stopwatch(seconds):
                wait_until_deducted(odoo, str(payload["id"]))
            if number >= 0:
                waits += seconds
            time.sleep(1)
    return waits


def wait_until_deducted(odoo, number):
    """Return when the order is deducted."""
    while True:
        with odoo.transaction() as env:
            order = env["octopus.order"].search([("aggregator_order_no", "=", number)])
            if order.stock_state == "deducted":
                return
        time.sleep(0.02)


if __name__ == "__main__":
    run("ingest", measure)
