"""Stock out: what noticing a change costs, how long 20,000 changes and a single one take.

Peers measured in the same run: core's `free_qty` over the same products, and `_action_done` of a
3-line delivery.
"""

import functools
import inspect
import statistics
import sys
import time
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from werkzeug import Response

from odoo.tools import SQL

from octopus_sandbox.testing import SandboxServer

from .support.harness import run, say, stopwatch
from .support.shop import connect, make_products

SIZE = 20_000
ORDERS = 40  # deliveries per round, for the cost of the hook
BULK = 250
# Known once the addon is loaded.
QUEUE = "odoo.addons.linga_octopus.models.mixins.octopus_queue"
BULKSET = "POST /bulkinventory_levels/bulkset.json"


def measure(odoo, options):
    """Return the metrics of performance.md, "stock"."""
    size = options.size or SIZE
    with SandboxServer() as sandbox:
        say(f"Making {size} products in Odoo and in the sandbox")
        odoo.make_durable()
        with odoo.transaction() as env:
            account = connect(env, sandbox)
            products = make_products(env, size)
            make_stock(env, account, products)
            put_in_octopus(env, account, products)
            account.auto_stock_sync = True
            product_ids = products.ids
        push(odoo)
        metrics = {}
        say("Sending changes of all levels")
        metrics |= measure_sending(odoo, sandbox, product_ids, options.rounds)
        say("Deliveries")
        metrics |= measure_hook(odoo, product_ids, options.rounds)
        push(odoo)
        say("From a change to Octopus, with a server running")
        metrics |= measure_latency(odoo, sandbox, product_ids, options.rounds)
    return metrics


# === PREPARATION === #


def make_stock(env, account, products):
    """Give every product a quant in the mapped warehouse."""
    stock = account.location_ids.warehouse_id.lot_stock_id
    env.cr.execute(
        SQL(
            """INSERT INTO stock_quant (product_id, location_id, company_id, quantity,
                                        reserved_quantity, in_date)
               SELECT unnest(%s), %s, %s, 100, 0, now()""",
            products.ids,
            stock.id,
            stock.company_id.id,
        )
    )


def put_in_octopus(env, account, products):
    """Create the products in the sandbox and bind them, as Sync Products would."""
    bindings = []
    with account._get_client() as client:
        for start in range(0, len(products), BULK):
            batch = products[start : start + BULK].ids
            result = client.bulk_products([_product_item(product_id) for product_id in batch])
            for product_id in batch:
                item = result.items[str(product_id)]
                variant = item.variants[str(product_id)]
                bindings.append(
                    (
                        product_id,
                        item.octopus_ref,
                        variant.octopus_ref,
                        variant.inventory_item_ref,
                    )
                )
    columns = [list(column) for column in zip(*bindings, strict=True)]
    env.cr.execute(
        SQL(
            """WITH bound AS (SELECT * FROM unnest(%(products)s, %(refs)s, %(variants)s, %(items)s)
                                AS bound(product_id, ref, variant_ref, item_ref)),
                    parents AS (
                        INSERT INTO octopus_product (account_id, company_id, product_tmpl_id,
                                                     octopus_ref, state)
                        SELECT %(account)s, %(company)s, product.product_tmpl_id, bound.ref,
                               'synced'
                          FROM bound JOIN product_product product ON product.id = bound.product_id
                     RETURNING id, octopus_ref)
               INSERT INTO octopus_variant (account_id, company_id, octopus_product_id, product_id,
                                            octopus_ref, inventory_item_ref, state)
               SELECT %(account)s, %(company)s, parents.id, bound.product_id, bound.variant_ref,
                      bound.item_ref, 'synced'
                 FROM bound JOIN parents ON parents.octopus_ref = bound.ref""",
            products=columns[0],
            refs=columns[1],
            variants=columns[2],
            items=columns[3],
            account=account.id,
            company=account.company_id.id,
        )
    )
    env.cr.execute("ANALYZE")


def _product_item(product_id):
    return {
        "SV_Temp_ProductId": str(product_id),
        "title": f"Item {product_id}",
        "variants": [
            {"SV_Temp_variantId": str(product_id), "sku": f"ITEM-{product_id}", "price": "10.00"}
        ],
    }


def push(odoo):
    """Let the stock worker send everything."""
    with odoo.transaction() as env:
        env["octopus.stock.level"]._cron_push()


# === MEASUREMENTS === #


def measure_sending(odoo, sandbox, product_ids, rounds):
    """Change every level, then send all; compare with one reading of free_qty."""
    ratios, calls = [], []
    for _round in range(rounds):
        with odoo.transaction() as env:
            env.cr.execute("UPDATE stock_quant SET quantity = quantity - 1 WHERE quantity > 0")
            env["octopus.stock.event"]._enqueue_products(env["product.product"].browse(product_ids))
        sandbox.forget_requests()
        sending, reading = [], []
        with stopwatch(sending):
            push(odoo)
        with odoo.transaction() as env, stopwatch(reading):
            warehouse = env["octopus.location"].search([("warehouse_id", "!=", False)]).warehouse_id
            products = env["product.product"].with_context(warehouse_id=warehouse.id)
            products.browse(product_ids).mapped("free_qty")
        say(f"  sent in {sending[0]:.2f} s; free_qty {reading[0]:.2f} s")
        ratios.append(sending[0] / reading[0])
        calls.append(sandbox.requests().get(BULKSET, 0))
    return {"changed20k_calls": calls, "changed20k_time_x_free_qty": ratios}


def measure_hook(odoo, product_ids, rounds):
    """Do deliveries of three lines; compare the time inside our methods with all the rest.

    Timed inside one run instead of with and without: the machine's noise is larger than the hook.
    What timing itself costs is found by timing every second delivery twice, and taken off.

    Once while changes wait for the worker already, as in a busy shop, and once when nothing does:
    then the delivery also wakes the worker.
    """
    shares = {"hook_cost_pct": [], "hook_waking_cost_pct": []}
    at = 0
    for _round in range(rounds):
        for key, count in (("hook_cost_pct", ORDERS), ("hook_waking_cost_pct", ORDERS // 2)):
            ours, rest = {1: [], 2: []}, []
            for number in range(2 * count):
                if key == "hook_waking_cost_pct":
                    push(odoo)
                whole = []
                sold = [product_ids[(at + line) % len(product_ids)] for line in range(3)]
                layers = 1 + number % 2
                with own_time(odoo.registry, layers) as own:
                    deliver(odoo, sold, whole, own)
                at += 3
                ours[layers].append(own.seconds)
                if layers == 1:
                    rest.append(sum(whole) - own.seconds)
            single, double = (statistics.median(ours[layers]) for layers in (1, 2))
            shares[key].append(100 * (2 * single - double) / statistics.median(rest))
    return shares


class OwnTime:
    """Adds up the time inside our methods, without that of what they call of core's."""

    def __init__(self):
        self.seconds = 0.0
        self.inside = []  # whose methods we are in, the innermost last: True is ours
        self.since = 0.0

    def timed(self, original, *, ours, model):
        @functools.wraps(original)
        def wrapper(record, *args, **options):
            if not ours and (not self.inside or record._name != model):
                return original(record, *args, **options)
            self._count()
            self.inside.append(ours)
            try:
                return original(record, *args, **options)
            finally:
                self._count()
                self.inside.pop()

        return wrapper

    def _count(self):
        now = time.perf_counter()
        if self.inside and self.inside[-1]:
            self.seconds += now - self.since
        self.since = now


@contextmanager
def own_time(registry, layers):
    """Time what our addon adds to a delivery: all its overrides of the models that take part in
    one, what it does when the transaction ends, and waking the worker.

    :param layers: how often each method is timed around itself
    """
    own = OwnTime()
    with ExitStack() as stack:

        def patch_method(owner, name, model, *, ours):
            for _layer in range(layers):
                wrapper = own.timed(vars(owner)[name], ours=ours, model=model)
                stack.enter_context(patch.object(owner, name, wrapper))

        for model in ("stock.picking", "stock.move", "stock.move.line", "stock.quant"):
            for owner, name, overridden in our_overrides(registry[model]):
                patch_method(owner, name, model, ours=True)
                patch_method(overridden, name, model, ours=False)
        events = registry["octopus.stock.event"]
        owner = next(one for one in events.__mro__ if "_enqueue_logged" in vars(one))
        patch_method(owner, "_enqueue_logged", events._name, ours=True)
        # Called after the commit, to see whether the worker has to be woken.
        patch_method(sys.modules[QUEUE], "_wake", "octopus.queue", ours=True)
        crons = next(one for one in registry["ir.cron"].__mro__ if "_notifydb" in vars(one))
        patch_method(crons, "_notifydb", "ir.cron", ours=True)
        yield own


def our_overrides(model):
    """Yield (our class, method, the class whose method it overrides) of a model."""
    classes = model.__mro__
    for position, owner in enumerate(classes):
        if owner.__module__.startswith("odoo.addons.linga_octopus."):
            for name, value in vars(owner).items():
                below = [one for one in classes[position + 1 :] if name in vars(one)]
                if inspect.isfunction(value) and below and not name.startswith("__"):
                    yield owner, name, below[0]


def deliver(odoo, product_ids, seconds, own):
    """Deliver one of each product to a customer; time `_action_done` until it is committed, and
    what is our `own` of it.

    As in a user's request: what happens after the answer has been sent is not timed.
    """
    response = Response()
    with odoo.transaction() as env:
        warehouse = env["octopus.location"].search([("warehouse_id", "!=", False)]).warehouse_id
        picking = env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product_id,
                            "product_uom_qty": 1,
                            "quantity": 1,
                            "picked": True,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": env.ref("stock.stock_location_customers").id,
                        },
                    )
                    for product_id in product_ids
                ],
            }
        )
        env.flush_all()
        # As `ir.http` does.
        env.cr.postcommit.data[sys.modules[QUEUE].RESPONSE] = response
        own.seconds = 0.0
        with stopwatch(seconds):
            picking._action_done()
            env.cr.commit()
    own.seconds, in_request = 0.0, own.seconds
    response.close()
    own.seconds = in_request


def measure_latency(odoo, sandbox, product_ids, rounds):
    """Change one product while a server idles; wait until Octopus knows."""
    waits = []
    with odoo.server("--no-http", "--max-cron-threads=1"):
        for number in range(-1, rounds):  # the first change also waits for the server's start
            sandbox.forget_requests()
            with odoo.transaction() as env:
                product = env["product.product"].browse(product_ids[number])
                warehouse = (
                    env["octopus.location"].search([("warehouse_id", "!=", False)]).warehouse_id
                )
                env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 7)
            start = time.monotonic()
            while not sandbox.requests().get(BULKSET):
                time.sleep(0.02)
            if number >= 0:
                waits.append(time.monotonic() - start)
            time.sleep(1)
    return {"change_to_push_s": waits}


if __name__ == "__main__":
    run("stock", measure)
