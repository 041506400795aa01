"""What the pictures show: a till is open, customers order, some orders are dealt with.

The stages follow each other and there is no way back: a demo that is further on than a picture
wants has to begin anew.
"""

import time
from datetime import datetime, timedelta, timezone

import requests

from ..servers.odoo_rpc import OdooSession
from ..steps import Failure

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
# Names as long as they come, an article that nobody knows, and more than is on the shelf.
LONG_NAME = ("Maria-Magdalena Wilhelmina", "von Hohenstein-Schwarzenfels y Fernández de la Vega")
LONG_TITLE = "Hand-woven outdoor lounge cushion, weather-proof, anthracite, 120 × 60 cm, set of 4"
THOUSANDS = 2000
SECONDS = 60
MINUTES = 600

EMPTY, ONE, DAY, MANY = range(4)
# How many orders there are from this stage on.
ORDERS = {EMPTY: 0, ONE: 1, DAY: len(CUSTOMERS) + 1, MANY: THOUSANDS}


def prepare(demo, stage=DAY):
    """Bring a running demo to a stage; what is done already is left alone.

    :return: False for a demo that is past it
    """
    odoo = OdooSession(demo["odoo"], demo["db"], demo["login"], demo["password"])
    _open_tills(odoo)
    shop = _Customers(demo, odoo)
    current = shop.stage
    if current > stage:
        return False
    if current < ONE <= stage:
        shop.order(0)
    if current < DAY <= stage:
        for position in range(1, len(CUSTOMERS)):
            shop.order(position)
        shop.order_at_length()
        shop.wait_for_orders()
        _deal_with_orders(odoo)
    if stage >= DAY and not odoo.call("octopus.stock.drift", "search_count", []):
        _make_stock_differ(odoo, demo)
    if stage >= DAY and not odoo.call(
        "octopus.tie.out", "search_count", [("state", "=", "differs")]
    ):
        _make_orders_differ(odoo, demo["sandbox"])
    if current < MANY <= stage:
        shop.order_for_weeks()
        _fetch_orders(odoo)
    shop.wait_for_orders()
    return True


def open_restaurant(odoo):
    """Have a restaurant's till with online orders, which the demo comes without; return its id."""
    tills = [("module_pos_restaurant", "=", True)]
    if not odoo.call("pos.config", "search_count", tills):
        _install(odoo, "pos_restaurant")
        odoo.call("pos.config", "load_onboarding_restaurant_scenario", False)
    [till] = odoo.call("pos.config", "search", tills, limit=1)
    accounts = odoo.call("octopus.account", "search", [])
    odoo.call("octopus.account", "write", accounts, {"pos_config_ids": [(4, till)]})
    _open_tills(odoo)
    return till


def _install(odoo, name):
    """Install an app; Odoo refuses while a scheduled action runs."""
    app = odoo.call("ir.module.module", "search", [("name", "=", name)])
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            odoo.call("ir.module.module", "button_immediate_install", app)
            return
        except Failure:
            if time.monotonic() > deadline:
                raise
        time.sleep(2)


def _open_tills(odoo):
    for till in odoo.call("pos.config", "search", [], order="id"):
        domain = [("config_id", "=", till), ("state", "in", ["opening_control", "opened"])]
        if not odoo.call("pos.session", "search_count", domain):
            odoo.call("pos.config", "open_ui", [till])
        for session in odoo.call("pos.session", "search", domain):
            odoo.call("pos.session", "set_opening_control", [session], 0, "")


class _Customers:
    """Those who order in the sandbox, as customers of any channel."""

    def __init__(self, demo, odoo):
        self.url = f"{demo['sandbox']}/_sandbox"
        self.odoo = odoo
        self.placed = odoo.call("octopus.order", "search_count", [])
        self.http = requests.Session()
        state = self.http.get(f"{self.url}/state", timeout=SECONDS).json()
        skus = [variant["sku"] for product in state["products"] for variant in product["variants"]]
        self.skus = [sku for sku in skus if sku]

    @property
    def stage(self):
        """How far on the demo is."""
        return max(stage for stage, orders in ORDERS.items() if orders <= self.placed)

    def order(self, position, **options):
        """Place the order of one of the customers; each has other goods."""
        source, first_name, last_name = CUSTOMERS[position % len(CUSTOMERS)]
        lines = [
            {
                "sku": self.skus[(position * 3 + extra) % len(self.skus)],
                "quantity": 1 + position % 3,
            }
            for extra in range(1 + position % 3)
        ]
        email = f"{first_name}@example.com".lower()
        customer = {"first_name": first_name, "last_name": last_name, "email": email}
        self._place({"source": source, "customer": customer, "lines": lines, **options})

    def order_at_length(self):
        """Place an order of which everything is long, and one line is unknown."""
        first_name, last_name = LONG_NAME
        lines = [
            {"sku": self.skus[len(self.skus) // 2], "quantity": 2},
            {"sku": "CUSHION-ANTHRACITE-120X60-4", "title": LONG_TITLE, "price": 89, "quantity": 4},
        ]
        customer = {"first_name": first_name, "last_name": last_name, "phone": "+49 170 1234567"}
        note = "Please ring twice; the bell is behind the roses, and the dog is friendly."
        order = {"source": "BIGCOMMERCE", "customer": customer, "lines": lines, "note": note}
        self._place(order)

    def order_for_weeks(self):
        """Place thousands, those of the last weeks; nobody was told of them."""
        while self.placed < THOUSANDS:
            moment = datetime.now(timezone.utc) - self.placed * timedelta(minutes=13)
            self.order(self.placed, created_at=moment.isoformat(), webhook=False)

    def _place(self, order):
        requested = self.http.post(f"{self.url}/orders", json=order, timeout=SECONDS)
        requested.raise_for_status()
        self.placed += 1

    def wait_for_orders(self):
        """Wait until all have come and the worker has dealt with them."""
        deadline = time.monotonic() + MINUTES
        arrived = [("stock_state", "!=", "waiting")]
        while self.odoo.call("octopus.order", "search_count", arrived) < self.placed:
            if time.monotonic() > deadline:
                return  # the pictures show what there is
            time.sleep(0.5)


def _fetch_orders(odoo):
    [account] = odoo.call("octopus.account", "search", [], limit=1)
    odoo.call("octopus.account", "action_fetch_orders", [account])


def _deal_with_orders(odoo):
    orders = odoo.call("octopus.order", "search", [], order="id")
    odoo.call("octopus.order", "write", orders[:3], {"status": "completed"})
    odoo.call("octopus.order", "write", orders[3:4], {"status": "cancelled"})


def _make_stock_differ(odoo, demo):
    """Somebody else sets levels in Octopus: a dry run finds them, then a check that waits for
    the manager's decision."""
    [account] = odoo.call("octopus.account", "search", [], limit=1)
    for number, level in enumerate(levels(demo)[:6]):
        set_level(demo, level, level["available"] + 3 * number + 1)
    odoo.call("octopus.account", "write", [account], {"auto_stock_sync": False})
    check_stock(odoo, account)
    later = {"auto_stock_sync": True, "drift_policy": "look"}
    odoo.call("octopus.account", "write", [account], later)
    check_stock(odoo, account)


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


def levels(demo):
    """Return the stock levels that Octopus has."""
    state = requests.get(f"{demo['sandbox']}/_sandbox/state", timeout=SECONDS).json()
    return state["levels"]


def set_level(demo, level, available):
    """Set a stock level in Octopus, as somebody else does."""
    requests.post(
        f"{demo['sandbox']}/admin/api/2020-01/inventory_levels/set.json",
        auth=(demo["merchant"], demo["access_id"]),
        headers={"X-Octopus-Access-Token": demo["access_id"]},
        json={
            "location_id": level["location_id"],
            "inventory_item_id": level["inventory_item_id"],
            "available": available,
        },
        timeout=SECONDS,
    ).raise_for_status()


def check_stock(odoo, account):
    """Press Check Stock, and wait for what it finds."""
    odoo.call("octopus.account", "action_check_drift", [account])
    _wait_for_pass(odoo, "drift")


def _wait_for_pass(odoo, kind):
    unfinished = [("kind", "=", kind), ("state", "in", ["queued", "running", "waiting"])]
    deadline = time.monotonic() + SECONDS
    while odoo.call("octopus.sync.run", "search_count", unfinished):
        if time.monotonic() > deadline:
            return  # the pictures show what there is
        time.sleep(0.5)
