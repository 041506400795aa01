"""A busy day in a shop: channels, a till, a stock clerk, a manager, each on a connection of its
own, and what must be in the databases afterwards."""

import http.client
import json
import random
import threading
import time
import urllib.error
import uuid
from collections import Counter
from datetime import datetime, timezone

import requests

from devtools.servers.odoo_rpc import OdooSession
from devtools.servers.sandbox_server import ACCESS_ID
from devtools.servers.shop import LOGIN, PASSWORD, POS_LOGIN, POS_PASSWORD
from devtools.steps import Failure

CHANNELS = ("SHOPIFY", "AMAZON", "BIGCOMMERCE", "WOOCOMMERCE")
# What a server that is gone, or comes just up, does to who talks to it.
BROKEN = (
    urllib.error.URLError,
    http.client.HTTPException,
    ConnectionError,
    TimeoutError,
    requests.RequestException,
    json.JSONDecodeError,  # half an answer
)
ON_THE_SHELF = 100_000
# A number that ends in it is cancelled by its channel; people leave these alone.
CANCELLED_BY_CHANNEL = 3


class Ledger:
    """What was done to the shop, and so what must be in it."""

    def __init__(self):
        self.orders = {}  # Aggregator Order No.: {product id: quantity}
        self.cancelled = set()
        self.sales = []  # of the tills, by uuid
        self.sold = Counter()  # by the tills, by product id
        self.done = Counter()  # what every actor did
        self.waits = []  # seconds until an order was accepted
        self.problems = []


class Actor(threading.Thread):
    """Does one thing again and again.

    :param patient: whether the server may be gone for a while; then it is tried again
    """

    def __init__(self, life, name, seconds, act):
        super().__init__(name=name, daemon=True)
        self._life = life
        self._seconds = seconds
        self._act = act

    def run(self):
        while not self._life.is_over.wait(random.uniform(0.5, 1.5) * self._seconds):
            try:
                self._act()
            # Whatever it is belongs into the report, and must not end the day.
            except Exception as error:  # noqa: BLE001
                self._life.ledger.problems.append(f"{self.name}: {error!r}"[:500])


class ShopLife:
    """The day of a running shop (devtools.servers.shop.Shop).

    :param goods: {SKU: product id}
    :param patient: whether servers may be killed meanwhile
    """

    def __init__(self, shop, goods, *, patient=False, pace=1.0):
        self.shop = shop
        self.goods = goods
        self.patient = patient
        self.pace = pace
        self.ledger = Ledger()
        self.is_over = threading.Event()
        self._actors = []

    def start(self):
        """Open the shop: who does what, and how often (seconds)."""
        orders = (("web shop 1", 1.0, self._order), ("web shop 2", 1.0, self._order))
        desk = self._session(LOGIN, PASSWORD)
        till = self._session(POS_LOGIN, POS_PASSWORD)
        store = self._session(LOGIN, PASSWORD)
        office = self._session(LOGIN, PASSWORD)
        session = self._open_till(till)
        others = (
            ("till", 3.0, lambda: self._sell(till, session)),
            ("stock clerk", 4.0, lambda: self._count(store)),
            ("order desk", 5.0, lambda: self._decide(desk)),
            ("channel", 7.0, self._cancel_as_channel),
            ("manager", 45.0, lambda: self._sync(office)),
        )
        for name, seconds, act in (*orders, *others):
            actor = Actor(self, name, seconds * self.pace, act)
            self._actors.append(actor)
            actor.start()

    def stop(self):
        """Close the shop; what is under way is finished first."""
        self.is_over.set()
        for actor in self._actors:
            actor.join(300)

    def _session(self, login, password):
        return OdooSession(self.shop.odoo.url, self.shop.odoo.db, login, password)

    def _insist(self, act):
        """Return what `act` gives, tried again as long as the server is gone."""
        while True:
            try:
                return act()
            except (*BROKEN, Failure):
                if not self.patient or self.is_over.wait(1):
                    raise

    # === CHANNELS === #

    def _order(self):
        """Order one to three products; most webhooks arrive once, some twice, some never."""
        lines = {sku: random.randint(1, 2) for sku in random.sample(list(self.goods), 3)}
        order = self._sandbox(
            "POST",
            "orders",
            source=random.choice(CHANNELS),
            lines=[{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()],
            customer={"first_name": "Ada", "last_name": "Lovelace", "phone": "+44 20 7946 0000"},
            webhook=False,
        )
        ref = str(order["id"])
        self.ledger.orders[ref] = {self.goods[sku]: count for sku, count in lines.items()}
        fate = random.random()
        if fate < 0.05:
            self.ledger.done["orders whose webhook got lost"] += 1
            return
        self._post(order)
        if fate < 0.15:
            self.ledger.done["webhooks that came twice"] += 1
            self._post(order)

    def _post(self, order):
        """Send the webhook as Octopus does, and note how long it took."""
        started = time.monotonic()
        headers = {
            "X-Octopus-Access-Token": ACCESS_ID,
            "X-Octopus-Topic": "orders/create",
            "X-Odoo-Database": self.shop.odoo.db,  # the proxy's, see docs/operations.md
        }
        try:
            answer = requests.post(self.shop.webhook_url, json=order, headers=headers, timeout=60)
        except BROKEN:
            if self.patient:  # the poll will find the order
                return
            raise
        self.ledger.waits.append(time.monotonic() - started)
        self.ledger.done["orders posted to the webhook"] += 1
        if answer.status_code != 200 and not self.patient:
            raise RuntimeError(f"The webhook answered {answer.status_code}: {answer.text[:200]}")

    def _cancel_as_channel(self):
        """Cancel an order that is some time old, and let Octopus tell it."""
        for ref in list(self.ledger.orders)[:-10]:
            if int(ref) % 10 == CANCELLED_BY_CHANNEL and ref not in self.ledger.cancelled:
                self._sandbox("POST", f"orders/{ref}/cancel", reason="customer")
                self.ledger.cancelled.add(ref)
                self.ledger.done["orders cancelled by the channel"] += 1
                return

    def _sandbox(self, method, path, **body):
        answer = requests.request(
            method, f"{self.shop.sandbox.url}/_sandbox/{path}", json=body, timeout=60
        )
        answer.raise_for_status()
        return answer.json()

    # === PEOPLE === #

    def _decide(self, desk):
        """Complete some order, or cancel it."""
        refs = [
            ref
            for ref in list(self.ledger.orders)[:-10]
            if int(ref) % 10 != CANCELLED_BY_CHANNEL and ref not in self.ledger.cancelled
        ]
        if not refs:
            return
        ref = random.choice(refs)
        found = self._insist(
            lambda: desk.call("octopus.order", "search", [("aggregator_order_no", "=", ref)])
        )
        if not found:  # its webhook got lost, and it was not polled yet
            return
        if random.random() < 0.4:
            self._insist(lambda: desk.call("octopus.order", "action_cancel", found))
            self.ledger.cancelled.add(ref)
            self.ledger.done["orders cancelled in Odoo"] += 1
        else:
            self._insist(lambda: desk.call("octopus.order", "action_complete", found))
            self.ledger.done["orders completed in Odoo"] += 1

    def _open_till(self, till):
        """Return the open session of a till that takes cash, and its cash payment method."""
        manager = self._session(LOGIN, PASSWORD)
        methods = manager.call(
            "pos.payment.method",
            "search_read",
            [("is_cash_count", "=", True), ("config_ids", "!=", False)],
            ["config_ids"],
        )
        config = methods[0]["config_ids"][0]
        till.call("pos.config", "open_ui", [config])
        [found] = till.call("pos.config", "read", [config], ["current_session_id", "pricelist_id"])
        session = found["current_session_id"][0]
        till.call("pos.session", "set_opening_control", [session], 0, None)
        return {
            "id": session,
            "method": methods[0]["id"],
            "pricelist": found["pricelist_id"] and found["pricelist_id"][0],
        }

    def _sell(self, till, session):
        """Sell two products for cash."""
        ids = random.sample(list(self.goods.values()), 2)
        order = _till_order(session, ids)
        # With the same uuid, as a till does that got no answer.
        self._insist(lambda: till.call("pos.order", "sync_from_ui", [order]))
        self.ledger.sales.append(order["uuid"])
        self.ledger.sold.update(ids)
        self.ledger.done["sales at the till"] += 1

    def _count(self, store):
        """Count a product anew."""
        product_id = random.choice(list(self.goods.values()))
        quantity = ON_THE_SHELF + random.randint(-500, 500)
        self._insist(lambda: count(store, self.shelf, product_id, quantity))
        self.ledger.done["stock counts"] += 1

    def _sync(self, office):
        """Change some prices, then press all the buttons."""
        ids = random.sample(list(self.goods.values()), 3)
        for product_id in ids:
            price = {"list_price": random.randint(5, 99)}
            self._insist(
                lambda product_id=product_id, price=price: office.call(
                    "product.product", "write", [product_id], price
                )
            )
        for kind in ("categories", "products", "stocks"):
            self._insist(
                lambda kind=kind: office.call(
                    "octopus.account", f"action_sync_{kind}", [self.account]
                )
            )
            self.ledger.done["buttons pressed"] += 1
        self._insist(lambda: office.call("octopus.account", "action_fetch_orders", [self.account]))
        self.ledger.done["buttons pressed"] += 1

    # === WHAT THEY NEED TO KNOW === #

    @property
    def account(self):
        return self.shop_facts["account"]

    @property
    def shelf(self):
        return self.shop_facts["shelf"]

    def prepare(self):
        """Fill the shelves; the numbers from here on are the ledger's."""
        session = self._session(LOGIN, PASSWORD)
        [location] = session.call(
            "octopus.location",
            "search_read",
            [("warehouse_id", "!=", False)],
            ["account_id", "warehouse_id"],
            limit=1,
        )
        [warehouse] = session.call(
            "stock.warehouse", "read", [location["warehouse_id"][0]], ["lot_stock_id"]
        )
        self.shop_facts = {
            "account": location["account_id"][0],
            "warehouse": location["warehouse_id"][0],
            "shelf": warehouse["lot_stock_id"][0],
        }
        for product_id in self.goods.values():
            count(session, self.shelf, product_id, ON_THE_SHELF)


def choose_goods(shop, how_many):
    """Return {SKU: product id} of simple goods that Octopus has a level of."""
    session = OdooSession(shop.odoo.url, shop.odoo.db, LOGIN, PASSWORD)
    found = session.call(
        "octopus.variant",
        "search_read",
        [
            ("inventory_item_ref", "!=", False),
            ("sku", "!=", False),
            ("product_id.is_storable", "=", True),
            ("product_id.tracking", "=", "none"),
        ],
        ["product_id", "sku"],
        limit=how_many,
    )
    return {variant["sku"]: variant["product_id"][0] for variant in found}


def count(session, shelf, product_id, quantity):
    """Count a product: from now on there are `quantity`."""
    values = {"product_id": product_id, "location_id": shelf, "inventory_quantity": quantity}
    quant = session.call("stock.quant", "create", values, context={"inventory_mode": True})
    session.call("stock.quant", "action_apply_inventory", [quant])


def _till_order(session, product_ids):
    """Return a paid order as the till's browser sends it."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    lines = [
        {
            "pack_lot_ids": [],
            "price_unit": 10,
            "product_id": product_id,
            "price_subtotal": 10,
            "price_subtotal_incl": 10,
            "qty": 1,
            "tax_ids": [(6, 0, [])],
        }
        for product_id in product_ids
    ]
    total = 10 * len(lines)
    payment = {"amount": total, "name": now, "payment_method_id": session["method"]}
    return {
        "uuid": str(uuid.uuid4()),
        "name": "Order",
        "session_id": session["id"],
        "date_order": now,
        "amount_paid": total,
        "amount_return": 0,
        "amount_tax": 0,
        "amount_total": total,
        "fiscal_position_id": False,
        "pricelist_id": session["pricelist"],
        "last_order_preparation_change": "{}",
        "partner_id": False,
        "to_invoice": False,
        "lines": [(0, 0, line) for line in lines],
        "payment_ids": [(0, 0, payment)],
    }
