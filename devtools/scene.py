"""What the pictures show: customers have ordered, a till is open, some orders are dealt with."""

import time

import requests

from .odoo_rpc import OdooSession

CUSTOMERS = (
    ("SHOPIFY", "Ada", "Lovelace"),
    ("AMAZON", "Alan", "Turing"),
    ("SHOPIFY", "Grace", "Hopper"),
    ("EBAY", "Edsger", "Dijkstra"),
    ("BIGCOMMERCE", "Barbara", "Liskov"),
    ("SHOPIFY", "Katherine", "Johnson"),
    ("AMAZON", "Donald", "Knuth"),
    ("WALMART", "Radia", "Perlman"),
    ("WOOCOMMERCE", "Tim", "Berners-Lee"),
)
SECONDS = 60


def prepare(demo):
    """Bring a running demo to where the pictures are taken; what is done already is left alone."""
    odoo = OdooSession(demo["odoo"], demo["db"], demo["login"], demo["password"])
    _open_till(odoo)
    if not odoo.call("octopus.order", "search_count", []):
        _place_orders(demo["sandbox"])
        _wait_for_orders(odoo)
        _deal_with_orders(odoo)
    if not odoo.call("octopus.stock.drift", "search_count", []):
        _make_stock_differ(odoo, demo)
    if not odoo.call("octopus.tie.out", "search_count", [("state", "=", "differs")]):
        _make_orders_differ(odoo, demo["sandbox"])


def _open_till(odoo):
    till = odoo.call("pos.config", "search", [], limit=1, order="id")
    domain = [("config_id", "in", till), ("state", "in", ["opening_control", "opened"])]
    if not odoo.call("pos.session", "search_count", domain):
        odoo.call("pos.config", "open_ui", till)
    for session in odoo.call("pos.session", "search", domain):
        odoo.call("pos.session", "set_opening_control", [session], 0, "")


def _place_orders(sandbox):
    state = requests.get(f"{sandbox}/_sandbox/state", timeout=SECONDS).json()
    skus = [variant["sku"] for product in state["products"] for variant in product["variants"]]
    skus = [sku for sku in skus if sku]
    for position, (source, first_name, last_name) in enumerate(CUSTOMERS):
        lines = [
            {"sku": skus[(position * 3 + extra) % len(skus)], "quantity": 1 + position % 3}
            for extra in range(1 + position % 3)
        ]
        email = f"{first_name}@example.com".lower()
        customer = {"first_name": first_name, "last_name": last_name, "email": email}
        order = {"source": source, "customer": customer, "lines": lines}
        url = f"{sandbox}/_sandbox/orders"
        requests.post(url, json=order, timeout=SECONDS).raise_for_status()


def _wait_for_orders(odoo):
    deadline = time.monotonic() + SECONDS
    deducted = [("stock_state", "=", "deducted")]
    while odoo.call("octopus.order", "search_count", deducted) < len(CUSTOMERS):
        if time.monotonic() > deadline:
            return  # the pictures show what there is
        time.sleep(1)


def _deal_with_orders(odoo):
    orders = odoo.call("octopus.order", "search", [], order="id")
    odoo.call("octopus.order", "write", orders[:3], {"status": "completed"})
    odoo.call("octopus.order", "write", orders[3:4], {"status": "cancelled"})


def _make_stock_differ(odoo, demo):
    """Somebody else sets levels in Octopus: a dry run finds them, then a check that waits for
    the manager's decision."""
    [account] = odoo.call("octopus.account", "search", [], limit=1)
    state = requests.get(f"{demo['sandbox']}/_sandbox/state", timeout=SECONDS).json()
    for number, level in enumerate(state["levels"][:6]):
        requests.post(
            f"{demo['sandbox']}/admin/api/2020-01/inventory_levels/set.json",
            auth=(demo["merchant"], demo["access_id"]),
            headers={"X-Octopus-Access-Token": demo["access_id"]},
            json={
                "location_id": level["location_id"],
                "inventory_item_id": level["inventory_item_id"],
                "available": level["available"] + 3 * number + 1,
            },
            timeout=SECONDS,
        ).raise_for_status()
    odoo.call("octopus.account", "write", [account], {"auto_stock_sync": False})
    _check_stock(odoo, account)
    later = {"auto_stock_sync": True, "drift_policy": "look"}
    odoo.call("octopus.account", "write", [account], later)
    _check_stock(odoo, account)


def _make_orders_differ(odoo, sandbox):
    """An order whose news was lost, and one that its channel changed; a tie-out finds both."""
    [account] = odoo.call("octopus.account", "search", [], limit=1)
    order = requests.get(f"{sandbox}/_sandbox/state", timeout=SECONDS).json()["orders"][-1]
    line = {"sku": order["line_items"][0]["sku"], "quantity": 1}
    customer = {"first_name": "Frances", "last_name": "Allen"}
    lost = {"source": "WALMART", "customer": customer, "lines": [line], "webhook": False}
    requests.post(f"{sandbox}/_sandbox/orders", json=lost, timeout=SECONDS).raise_for_status()
    url = f"{sandbox}/_sandbox/orders/{order['id']}"
    total = f"{float(order['total_price']) + 5:.4f}"
    change = {"total_price": total, "webhook": False}
    requests.put(url, json=change, timeout=SECONDS).raise_for_status()
    day = order["octopus_created_at"][:10]
    odoo.call("octopus.account", "action_tie_out", [account], day)
    _wait_for_pass(odoo, "tie_out")


def _check_stock(odoo, account):
    odoo.call("octopus.account", "action_check_drift", [account])
    _wait_for_pass(odoo, "drift")


def _wait_for_pass(odoo, kind):
    unfinished = [("kind", "=", kind), ("state", "in", ["queued", "running", "waiting"])]
    deadline = time.monotonic() + SECONDS
    while odoo.call("octopus.sync.run", "search_count", unfinished):
        if time.monotonic() > deadline:
            return  # the pictures show what there is
        time.sleep(0.5)
