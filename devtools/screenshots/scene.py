"""The stages of a demo that the pictures show: no order, one, a day's orders, thousands.

The stages follow each other. A picture of an earlier stage needs a new demo.
"""

import time
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import requests

from ..servers.odoo_rpc import OdooSession
from ..steps import Failure, wait_until

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
# An order with very long names and an unknown product.
LONG_NAME = ("Maria-Magdalena Wilhelmina", "von Hohenstein-Schwarzenfels y Fernández de la Vega")
LONG_TITLE = "Hand-woven outdoor lounge cushion, weather-proof, anthracite, 120 × 60 cm, set of 4"
THOUSANDS = 2000
SECONDS = 60

EMPTY, ONE, DAY, MANY = range(4)
# The number of orders that a demo has at least at each stage.
ORDERS = {EMPTY: 0, ONE: 1, DAY: len(CUSTOMERS) + 1, MANY: THOUSANDS}


def prepare(demo, stage=DAY):
    """Bring a running demo to a stage; skip the steps that are done already.

    :return: False for a demo that is past the stage
    """
    odoo = OdooSession.of(demo)
    _open_sessions(odoo)
    customers = _Customers(demo, odoo)
    current = customers.stage
    if current > stage:
        return False
    if current < ONE <= stage:
        customers.order(0)
    if current < DAY <= stage:
        for position in range(1, len(CUSTOMERS)):
            customers.order(position)
            customers.wait_for_orders()  # they get their ids in this order
        customers.order_at_length()
        customers.wait_for_orders()
        _deal_with_orders(odoo)
    if stage >= DAY:
        if not odoo.call("octopus.stock.difference", "search_count", []):
            _make_stock_differ(odoo, demo)
        if not odoo.call("octopus.order.check", "search_count", [("state", "=", "differs")]):
            _make_orders_differ(odoo, demo)
    if current < MANY <= stage:
        customers.order_for_weeks()
        odoo.call("octopus.account", "action_fetch_orders", [first_store(odoo)])
    customers.wait_for_orders()
    return True


def control(demo, method, path, body=None):
    """Call the control of the sandbox (see sandbox/README.md); return its answer."""
    url = f"{demo['sandbox']}/_sandbox/{path}"
    answer = requests.request(method, url, json=body, timeout=SECONDS)
    answer.raise_for_status()
    return answer.json()


def first_store(odoo):
    """Return the id of the demo's store."""
    return odoo.call("octopus.account", "search", [], limit=1, order="id")[0]


def shop_zone(odoo):
    """Return the time zone of the demo's store."""
    [values] = odoo.call("octopus.account", "read", [first_store(odoo)], ["shop_timezone"])
    return ZoneInfo(values["shop_timezone"] or "UTC")


def open_restaurant(odoo):
    """Make a restaurant with online orders, unless there is one; return the id of its POS."""
    restaurants = [("module_pos_restaurant", "=", True)]
    if not odoo.call("pos.config", "search_count", restaurants):
        _install(odoo, "pos_restaurant")
        odoo.call("pos.config", "load_onboarding_restaurant_scenario", False)
    [restaurant] = odoo.call("pos.config", "search", restaurants, limit=1)
    accounts = odoo.call("octopus.account", "search", [])
    odoo.call("octopus.account", "write", accounts, {"pos_config_ids": [(4, restaurant)]})
    _open_sessions(odoo)
    return restaurant


def open_locked(odoo, pin):
    """Make a Point of Sale with online orders that an employee opens with a PIN; return its id."""
    _install(odoo, "pos_hr")
    employee = odoo.call("hr.employee", "create", {"name": "Joan Clarke", "pin": pin})
    values = {"name": "Counter", "module_pos_hr": True, "basic_employee_ids": [(4, employee)]}
    config = odoo.call("pos.config", "create", values)
    accounts = odoo.call("octopus.account", "search", [])
    odoo.call("octopus.account", "write", accounts, {"pos_config_ids": [(4, config)]})
    return config


def _install(odoo, name):
    """Install an app; try again while Odoo refuses because a scheduled action runs."""
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


def _open_sessions(odoo):
    for config in odoo.call("pos.config", "search", [], order="id"):
        domain = [("config_id", "=", config), ("state", "in", ["opening_control", "opened"])]
        if not odoo.call("pos.session", "search_count", domain):
            odoo.call("pos.config", "open_ui", [config])
        for session in odoo.call("pos.session", "search", domain):
            odoo.call("pos.session", "set_opening_control", [session], 0, "")


class _Customers:
    """The customers of all channels: places their orders in the sandbox."""

    def __init__(self, demo, odoo):
        self.demo = demo
        self.odoo = odoo
        # A demo may have orders of its own, which are no stage.
        names = [" ".join(names) for _source, *names in CUSTOMERS]
        self.mine = [("customer_name", "in", [*names, " ".join(LONG_NAME)])]
        self.placed = odoo.call("octopus.order", "search_count", self.mine)
        products = control(demo, "get", "state")["products"]
        skus = [variant["sku"] for product in products for variant in product["variants"]]
        self.skus = [sku for sku in skus if sku]

    @property
    def stage(self):
        """The stage of the demo."""
        return max(stage for stage, orders in ORDERS.items() if orders <= self.placed)

    def order(self, position, **options):
        """Place the order of a customer; each customer orders other products."""
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
        """Place an order in which every text is long and one product is unknown."""
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
        """Place thousands of orders, dated over the last weeks and without webhooks."""
        while self.placed < THOUSANDS:
            moment = datetime.now(timezone.utc) - self.placed * timedelta(minutes=13)
            self.order(self.placed, created_at=moment.isoformat(), webhook=False)

    def _place(self, order):
        control(self.demo, "post", "orders", order)
        self.placed += 1

    def wait_for_orders(self):
        """Wait until the stock of all orders is deducted, at most ten minutes."""
        deducted = [("stock_state", "!=", "waiting"), *self.mine]
        wait_until(
            lambda: self.odoo.call("octopus.order", "search_count", deducted) >= self.placed,
            seconds=10 * SECONDS,
        )


def _deal_with_orders(odoo):
    orders = odoo.call("octopus.order", "search", [], order="id")
    odoo.call("octopus.order", "write", orders[:3], {"status": "completed"})
    odoo.call("octopus.order", "write", orders[3:4], {"status": "cancelled"})


def _make_stock_differ(odoo, demo):
    """Set levels in Octopus, and check them twice: in a dry run, and with differences that a
    manager has to decide on."""
    account = first_store(odoo)
    for number, level in enumerate(levels(demo)[:6]):
        set_level(demo, level, level["available"] + 3 * number + 1)
    odoo.call("octopus.account", "write", [account], {"auto_stock_sync": False})
    check_stock(odoo)
    later = {"auto_stock_sync": True, "difference_policy": "look"}
    odoo.call("octopus.account", "write", [account], later)
    check_stock(odoo)


def _make_orders_differ(odoo, demo):
    """Place an order and change another one without webhooks, and check the orders of the day."""
    order = control(demo, "get", "state")["orders"][-1]
    line = {"sku": order["line_items"][0]["sku"], "quantity": 1}
    customer = {"first_name": "Frances", "last_name": "Allen"}
    unknown = {"source": "WALMART", "customer": customer, "lines": [line], "webhook": False}
    control(demo, "post", "orders", unknown)
    total = f"{float(order['total_price']) + 5:.4f}"
    control(demo, "put", f"orders/{order['id']}", {"total_price": total, "webhook": False})
    # The check compares a day of the shop.
    zone = shop_zone(odoo)
    day = datetime.fromisoformat(order["octopus_created_at"]).astimezone(zone).date()
    odoo.call("octopus.account", "action_check_orders", [first_store(odoo)], day.isoformat())
    _wait_for_run(odoo, "order_check")


def levels(demo):
    """Return the stock levels that Octopus has."""
    return control(demo, "get", "state")["levels"]


def set_level(demo, level, available):
    """Set a stock level through the API of Octopus, as another program does."""
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


def check_stock(odoo):
    """Press Check Stock, and wait for the result."""
    odoo.call("octopus.account", "action_check_stock", [first_store(odoo)])
    _wait_for_run(odoo, "stock_check")


def _wait_for_run(odoo, kind):
    """Wait until the sync runs of a kind have ended, at most a minute."""
    unfinished = [("kind", "=", kind), ("state", "in", ["queued", "running", "waiting"])]
    wait_until(lambda: not odoo.call("octopus.sync.run", "search_count", unfinished), SECONDS)
