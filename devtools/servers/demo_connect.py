"""Connects the demo's account to the sandbox through Odoo's RPC, as a manager does."""

import time

from ..steps import Failure, note
from . import sandbox_server

FIRST_SYNCS = (
    ("action_sync_categories", "last_categories_sync", "categories"),
    ("action_sync_products", "last_products_sync", "products"),
    ("action_sync_stocks", "last_stock_sync", "stock"),
)
GIVEN_UP = ("failed", "stopped")


def ensure_account(odoo, api_url):
    """Return the id of the demo's account; create it when missing, and set its address."""
    found = odoo.call(
        "octopus.account", "search", [("merchant_name", "=", sandbox_server.MERCHANT)]
    )
    if found:
        if read(odoo, "octopus.account", found[0], "base_url")["base_url"] != api_url:
            # Another port, and the same shop; its products are found again by their SKUs.
            context = {"octopus_another_shop": True}
            values = {"base_url": api_url}
            odoo.call("octopus.account", "write", found, values, context=context)
        return found[0]
    pos_configs = odoo.call("pos.config", "search", [])
    values = {
        "name": "Demo store",
        "merchant_name": sandbox_server.MERCHANT,
        "access_id": sandbox_server.ACCESS_ID,
        "base_url": api_url,
        "pos_config_ids": [(6, 0, pos_configs)],
    }
    account = odoo.call("octopus.account", "create", values)
    odoo.call("octopus.account", "action_subscribe", [account])
    return account


def webhook_url(odoo, account):
    """Return the address to which Octopus sends the webhooks of `account`."""
    return read(odoo, "octopus.account", account, "webhook_url")["webhook_url"]


def connect(odoo, account, step):
    """Test the connection, map the location, and run the first syncs unless they were run."""
    odoo.call("octopus.account", "action_test_connection", [account])
    map_location(odoo, account)
    for action, last_sync, kind in FIRST_SYNCS:
        if not read(odoo, "octopus.account", account, last_sync)[last_sync]:
            odoo.call("octopus.account", action, [account])
            wait_for_run(odoo, account, kind, step)
    wait_for_rest(odoo, account, step)
    odoo.call("octopus.account", "write", [account], {"auto_stock_sync": True})


def map_location(odoo, account):
    """Map the first location to the first warehouse, unless one is mapped."""
    domain = [("account_id", "=", account)]
    locations = odoo.call("octopus.location", "search_read", domain, ["warehouse_id"])
    if not locations:
        raise Failure("The sandbox has no location to map to a warehouse.")
    if not any(location["warehouse_id"] for location in locations):
        warehouse = odoo.call("stock.warehouse", "search", [], limit=1)[0]
        values = {"warehouse_id": warehouse}
        odoo.call("octopus.location", "write", [locations[0]["id"]], values)


def wait_for_run(odoo, account, kind, step, seconds=240):
    """Wait until the last sync run of `kind` has ended.

    :param seconds: how long to wait at most
    :raise Failure: when it failed, with its message
    """
    deadline = time.monotonic() + seconds
    domain = [("account_id", "=", account), ("kind", "=", kind)]
    fields = ["state", "message", "done", "total"]
    while True:
        [run] = odoo.call(
            "octopus.sync.run", "search_read", domain, fields, limit=1, order="id desc"
        )
        if run["state"] == "done":
            return
        if run["state"] == "partial":
            note(f"Some {kind} could not be sent, see Linga Octopus: {run['message'] or ''}")
            return
        if run["state"] in GIVEN_UP:
            raise Failure(f"The sync of {kind} ended as {run['state']}: {run['message'] or ''}")
        if time.monotonic() > deadline:
            raise Failure(f"The sync of {kind} was not done after {seconds} s ({run['state']}).")
        step.progress(f"{kind} {run['done']} of {run['total']}")
        time.sleep(0.3)


def wait_for_rest(odoo, account, step, seconds=240):
    """Wait for the sync runs that the first syncs queued: pictures."""
    deadline = time.monotonic() + seconds
    domain = [("account_id", "=", account), ("state", "in", ["queued", "running", "waiting"])]
    while open_runs := odoo.call("octopus.sync.run", "search_read", domain, ["kind", "done"]):
        if time.monotonic() > deadline:
            note("Some pictures are not sent yet.")
            return
        step.progress(", ".join(f"{run['kind']} {run['done']}" for run in open_runs))
        time.sleep(0.3)


def read(odoo, model, record, *fields):
    """Return {field: value} of one record."""
    return odoo.call(model, "read", [record], fields)[0]
