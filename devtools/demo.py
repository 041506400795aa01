"""./dev demo and ./dev stop: run a shop with Odoo and the sandbox."""

import json
import time

from . import paths
from .provision import databases, odoo_source, postgres, venv
from .servers import demo_orders
from .servers.processes import Server
from .servers.shop import Shop
from .steps import Failure, say

DATABASE = databases.own("demo")
ODOO_PORT = 8069
SANDBOX_PORT = 8170
INFO = paths.LOCAL / "demo.json"
SERVERS = (Server(f"odoo-{DATABASE}"), Server(f"sandbox-{DATABASE}"))

WELCOME = """
The shop is open.
  1. Order as a customer of any channel: {sandbox}/
  2. Complete the order at the Point of Sale: {odoo}/pos/ui/1
     login {pos_login}, password {pos_password}: Open Register, Online Orders
  3. Look at it in the back office, login {login}, password {password}:
     Overview       {odoo}/odoo/octopus
     Online Orders  {odoo}/odoo/online-orders
     Settings       {odoo}/odoo/octopus-stores
{end}"""
OPTIONS = ("--detach", "--fresh", "--no-orders")


def run_demo(arguments):
    """Start the shop; run until Ctrl-C, or return and leave it running with --detach.

    A new shop begins with orders of all channels, or empty with --no-orders.
    """
    unknown = [argument for argument in arguments if argument not in OPTIONS]
    if unknown:
        raise Failure(f"./dev demo takes {', '.join(OPTIONS)}, not {unknown[0]}.")
    stop_servers()
    venv.ensure()
    odoo_source.ensure()
    postgres.ensure()
    if "--fresh" in arguments:
        databases.drop(DATABASE)
    shop = Shop(DATABASE, ODOO_PORT, SANDBOX_PORT)
    try:
        shop.prepare()
        shop.start()
        if "--no-orders" not in arguments:
            demo_orders.place(shop.description())
        INFO.write_text(json.dumps(shop.description(), indent=4) + "\n")
        end = "It runs until ./dev stop." if "--detach" in arguments else "Ctrl-C stops it."
        say(WELCOME.format(**shop.description(), end=end))
        if "--detach" not in arguments:
            _watch()
    except BaseException:
        stop_all([])
        raise
    return 0


def stop_all(arguments):
    """Stop everything that ./dev started in this checkout, and nothing else."""
    stopped = stop_servers()
    stopped += ["PostgreSQL"] if postgres.stop() else []
    say(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


def stop_servers():
    """Stop the demo's two servers; return the names of those that ran."""
    INFO.unlink(missing_ok=True)
    return [server.name for server in SERVERS if server.stop()]


def _watch():
    """Watch the servers until Ctrl-C, then stop them.

    :raise Failure: when one of them ends; names it and its log
    """
    try:
        while True:
            for server in SERVERS:
                if not server.pid:
                    raise Failure(f"{server.name} has ended by itself (see {server.log_file}).")
            time.sleep(1)
    except KeyboardInterrupt:
        stop_all([])
