"""What one order, level or product costs, when there are more of them to work off at once."""

import statistics
import time

from odoo import sql_db

from .harness import say

# Times the work of 1x, and how often each is measured: little work is more at the mercy of noise.
FACTORS = {1: 5, 10: 3, 100: 1}


def unit_costs(odoo, unit, base, prepare, work):
    """Return queries and milliseconds of a unit at 1x, 10x and 100x, and how much either grows.

    :param str unit: of the metrics' names
    :param int base: how many units 1x is
    :param prepare: takes (an environment, a number), and leaves as many units to do
    :param work: takes an environment, and does them
    """
    _measure(odoo, base, prepare, work)  # warm caches
    metrics = {}
    for factor, calls in FACTORS.items():
        costs = [_measure(odoo, base * factor, prepare, work) for _call in range(calls)]
        queries, ms = (statistics.median(figures) for figures in zip(*costs, strict=True))
        say(f"  {base * factor} x {unit}: {queries:.2f} queries, {ms:.2f} ms each")
        metrics[f"{unit}_queries_{factor}x"], metrics[f"{unit}_ms_{factor}x"] = queries, ms
    for figure in ("queries", "ms"):
        *fewer, most = (metrics[f"{unit}_{figure}_{factor}x"] for factor in FACTORS)
        metrics[f"{unit}_{figure}_growth"] = most / min(fewer)
    return metrics


def _measure(odoo, count, prepare, work):
    """Return (queries, milliseconds) of one of `count` units."""
    with odoo.transaction() as env:
        prepare(env, count)
    queries, start = sql_db.sql_counter, time.perf_counter()
    with odoo.transaction() as env:
        work(env)
    seconds = time.perf_counter() - start
    return (sql_db.sql_counter - queries) / count, 1000 * seconds / count
