"""Catalogue out: the first run over 20,000 products, runs without and with few changes, memory.

Reference: what the remote takes at most, 250 calls a minute with 250 items each.
"""

import subprocess
import sys

from odoo.tools import SQL

from octopus_sandbox.testing import SandboxServer

from .support.harness import run, say, stopwatch
from .support.shop import connect, make_products

SIZE = 20_000
LARGE_FACTOR = 5  # for the memory: 100,000 products
CHANGED = 100
REMOTE_LIMIT = 250 * 250 / 60  # items a second


def measure(odoo, options):
    """Return the metrics of performance.md, "catalog"."""
    size = options.size or SIZE
    with SandboxServer() as sandbox:
        say(f"Making {size} products")
        with odoo.transaction() as env:
            account_id = connect(env, sandbox).id
            product_ids = make_products(env, size).ids
            env.cr.execute("ANALYZE")
        firsts, repeats, ratios, unchanged_calls, changed_calls = [], [], [], [], []
        for number in range(options.rounds):
            forget(odoo, sandbox, account_id)
            sync(odoo, account_id, firsts)
            check_complete(odoo, sandbox, size)
            sandbox.forget_requests()
            sync(odoo, account_id, repeats)
            unchanged_calls.append(writing_calls(sandbox))
            change_some(odoo, product_ids, number)
            sandbox.forget_requests()
            sync(odoo, account_id, [])
            changed_calls.append(writing_calls(sandbox))
            ratios.append(repeats[-1] / firsts[-1])
            say(f"  first {firsts[-1]:.2f} s, {size / firsts[-1]:.0f}/s; again {repeats[-1]:.2f} s")
        say(f"Memory, with {size} and {size * LARGE_FACTOR} products")
        forget(odoo, sandbox, account_id)
        small = peak_memory(odoo, account_id)
        with odoo.transaction() as env:
            make_products(env, size * LARGE_FACTOR)
            env.cr.execute("ANALYZE")
        forget(odoo, sandbox, account_id)
        large = peak_memory(odoo, account_id)
        check_complete(odoo, sandbox, size * LARGE_FACTOR)
        known = []
        for _number in range(options.rounds):
            sync(odoo, account_id, known)
    return {
        "first_sync_x_remote_limit": [size / seconds / REMOTE_LIMIT for seconds in firsts],
        "repeat_write_calls": unchanged_calls,
        "repeat_time_ratio": ratios,
        "changed100_write_calls": changed_calls,
        "memory_ratio_100k_20k": large / small,
        "unchanged_100k_s": known,
    }


def sync(odoo, account_id, seconds):
    """Press Sync Products, and time until the worker is done."""
    press(odoo, account_id)
    with stopwatch(seconds), odoo.transaction() as env:
        env["octopus.sync.run"]._cron_run()


def press(odoo, account_id):
    with odoo.transaction() as env:
        env["octopus.account"].browse(account_id).action_sync_products()


def peak_memory(odoo, account_id):
    """Let a new worker process do the run; return its peak of memory in KiB."""
    press(odoo, account_id)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.support.worker", odoo.name],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    say(f"  {int(done.stdout) / 1024:.0f} MiB")
    return int(done.stdout)


def forget(odoo, sandbox, account_id):
    """Make the store new: Octopus is empty, and Odoo knows nothing of it."""
    sandbox.reset()
    with odoo.transaction() as env:
        env.cr.execute(SQL("DELETE FROM octopus_product WHERE account_id = %s", account_id))
        env["octopus.account"].browse(account_id).write(
            {"is_catalog_matched": False, "catalog_signature": False}
        )


def change_some(odoo, product_ids, number):
    """Give some products, spread over all, another price."""
    step = max(len(product_ids) // CHANGED, 1)
    with odoo.transaction() as env:
        products = env["product.product"].browse(product_ids[::step][:CHANGED])
        products.product_tmpl_id.list_price = 20 + number


def check_complete(odoo, sandbox, size):
    """Refuse to report a run that did not do its work."""
    with odoo.transaction() as env:
        run = env["octopus.sync.run"].search([("kind", "=", "products")], limit=1)
        counts = (run.state, run.done, run.failed)
    if counts != ("done", size, 0):
        raise RuntimeError(f"The run did not send everything: {counts}")


def writing_calls(sandbox):
    return sum(count for call, count in sandbox.requests().items() if not call.startswith("GET "))


if __name__ == "__main__":
    run("catalog", measure)
