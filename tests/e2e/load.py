"""Orders under load: many senders at once that send again until they are answered, and servers that
can be killed. Used by the short tests here and by the long ones of tests/soak."""

import base64
import os
import random
import signal
import subprocess
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import requests

from devtools.provision import venv
from devtools.servers import odoo_server, ports
from devtools.servers.sandbox_server import ACCESS_ID, MERCHANT
from tests.e2e.server_log import ENTRY, ERROR, beside, is_allowed
from tests.e2e.waiting import wait_for

CLIENTS = 8
DUPLICATES = 0.2
PATIENCE = 300  # seconds, for a server that restarts and a queue that is worked off


class OdooServer:
    """One more Odoo server on a shop's database, threaded or with `workers` processes."""

    def __init__(self, odoo, *, workers=0, port=None):
        self.port = port or ports.pick()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = beside(odoo, f"load-{self.port}")
        self._env = odoo.environ()
        self._command = [
            *[venv.PYTHON, odoo_server.PROGRAM, "server", f"--http-port={self.port}"],
            *[f"--workers={workers}", f"--gevent-port={ports.pick()}", "--max-cron-threads=1"],
        ]
        self._process = None

    def __enter__(self):
        self.log.unlink(missing_ok=True)
        self.start()
        return self

    def __exit__(self, *_details):
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def start(self):
        """Start it, and return when it answers."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # to kill its processes together
            )
        assert wait_for(self._answers, seconds=120), self.log.read_text()[-2000:]

    def kill(self):
        """End all its processes at once, whatever they do."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def failures(self):
        """Return the errors that the server has logged."""
        entries = ENTRY.split(self.log.read_text())
        return [entry for entry in entries if ERROR.match(entry) and not is_allowed(entry)]

    def _answers(self):
        try:
            return requests.get(f"{self.url}/web/health", timeout=5).ok
        except requests.RequestException:
            return False


class Sender:
    """Octopus, as far as it announces orders: at least once, to one address."""

    def __init__(self, url):
        self.url = url
        self.answered = 0
        self.cut = 0  # without an answer: nobody listened, or died
        self.refused = []
        self._lock = threading.Lock()
        pair = base64.b64encode(f"{MERCHANT}:{ACCESS_ID}".encode()).decode()
        self._headers = {
            "Authorization": f"Basic {pair}",
            "X-Octopus-Access-Token": ACCESS_ID,
        }

    def send(self, payloads):
        """Send these orders from many clients at once; each until it is answered well."""
        sessions = threading.local()

        def deliver(payload):
            if not hasattr(sessions, "http"):
                sessions.http = requests.Session()
                sessions.http.trust_env = False
            self.deliver(payload, sessions.http)

        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(deliver, payloads))

    def deliver(self, payload, http=requests, topic="orders/create"):
        """Send one order until it is answered with a 2xx; anything else is kept in `refused`."""
        headers = self._headers | {"X-Octopus-Topic": topic}
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = http.post(self.url, json=payload, headers=headers, timeout=60)
            except requests.RequestException:
                with self._lock:
                    self.cut += 1
                time.sleep(0.3)
                continue
            with self._lock:
                self.answered += 1
                if answer.ok:
                    return
                self.refused.append((answer.status_code, answer.text[:300]))
            time.sleep(0.3)
        raise TimeoutError(f"Order {payload['id']} was never taken.")


class Load:
    """Random orders of a few hot products, and what must be true when they are worked off."""

    def __init__(self, odoo, count, seed=0):
        self.odoo = odoo
        self.articles = hot_products(odoo)
        self.before = self.on_hand()
        dice = random.Random(seed)
        mark = uuid.uuid4().hex[:8]
        self.orders = [self._order(f"{mark}-{number}", dice) for number in range(count)]
        self._dice = dice

    def _order(self, ref, dice):
        skus = dice.sample(sorted(self.articles), dice.randint(1, len(self.articles)))
        items = [
            {
                "id": f"{ref}-{position}",
                "sku": sku,
                "title": sku,
                "quantity": dice.randint(1, 3),
                "price": "10.00",
            }
            for position, sku in enumerate(skus)
        ]
        now = stamp()
        return {
            "id": ref,
            "source": dice.choice(["SHOPIFY", "AMAZON", "EBAY"]),
            "order_number": ref,
            "created_at": now,
            "octopus_created_at": now,
            "octopus_updated_at": now,
            "customer": {"id": dice.randint(1, 20), "first_name": "Ada"},
            "total_price": f"{10 * sum(item['quantity'] for item in items)}.00",
            "financial_status": "paid",
            "line_items": items,
        }

    def deliveries(self):
        """Return the orders with their duplicates, which come soon after or even before them."""
        again = self._dice.sample(self.orders, int(len(self.orders) * DUPLICATES))
        place = {order["id"]: number for number, order in enumerate(self.orders)}
        return sorted(
            [*self.orders, *again],
            key=lambda order: place[order["id"]] + self._dice.uniform(0, CLIENTS),
        )

    def on_hand(self):
        """Return {SKU: quantity}."""
        found = self.odoo.call(
            "product.product", "read", list(self.articles.values()), ["qty_available"]
        )
        quantities = {product["id"]: product["qty_available"] for product in found}
        return {sku: quantities[product] for sku, product in self.articles.items()}

    def ordered(self):
        """Return {SKU: quantity} of all orders."""
        total = Counter()
        for order in self.orders:
            for item in order["line_items"]:
                total[item["sku"]] += item["quantity"]
        return total

    def domain(self):
        return [("aggregator_order_no", "in", [order["id"] for order in self.orders])]

    def wait(self):
        """Wait until the worker has nothing more to do for these orders."""
        waiting = [
            *self.domain(),
            *["|", ("stock_state", "=", "waiting"), ("is_return_due", "=", True)],
        ]
        left = wait_for(
            lambda: self.odoo.call("octopus.order", "search_count", waiting),
            lambda count: not count,
            seconds=PATIENCE,
        )
        assert left == 0, "the worker left orders waiting"

    def check(self):
        """None lost, none double, each with one done delivery, and the stock as ordered."""
        self.wait()
        found = self.odoo.call(
            "octopus.order",
            "search_read",
            self.domain(),
            ["aggregator_order_no", "stock_state", "status", "check_total", "picking_ids"],
        )
        refs = [order["aggregator_order_no"] for order in found]
        assert len(refs) == len(set(refs)), "an order is here twice"
        assert set(refs) == {order["id"] for order in self.orders}, "an order is lost"
        assert {order["stock_state"] for order in found} == {"deducted"}
        assert {order["status"] for order in found} == {"take_action"}
        assert {len(order["picking_ids"]) for order in found} == {1}, "one delivery each"
        totals = {order["id"]: float(order["total_price"]) for order in self.orders}
        assert {o["aggregator_order_no"]: o["check_total"] for o in found} == totals
        self._check_moves([order["id"] for order in found])
        self.check_stock(self.ordered())

    def _check_moves(self, order_ids):
        moves = self.odoo.call(
            "stock.move",
            "search_read",
            [("picking_id.octopus_order_id", "in", order_ids)],
            ["product_id", "quantity", "state"],
        )
        assert {move["state"] for move in moves} == {"done"}
        moved = Counter()
        for move in moves:
            moved[move["product_id"][0]] += move["quantity"]
        assert moved == {self.articles[sku]: count for sku, count in self.ordered().items()}

    def check_stock(self, taken):
        """So many pieces are gone, by SKU, and nothing is reserved for ever."""
        expected = {sku: self.before[sku] - taken.get(sku, 0) for sku in self.articles}
        assert self.on_hand() == expected


def hot_products(odoo, count=3):
    """Return {SKU: product id} of some plain products that are counted."""
    domain = [
        ("is_storable", "=", True),
        ("tracking", "=", "none"),
        ("default_code", "!=", False),
        ("available_in_pos", "=", True),
    ]
    found = odoo.call(
        "product.product", "search_read", domain, ["default_code"], limit=count, order="id"
    )
    assert len(found) == count
    return {product["default_code"]: product["id"] for product in found}


def stamp(seconds=0):
    """Return a moment from now as Octopus writes it."""
    moment = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="seconds")


def webhook_path(shop):
    """Return the path of a shop's webhook, which is the same on all its servers."""
    return "/" + shop.webhook_url.split("/", 3)[3]


def send_all(load, server, path, *, kill=False):
    """Send a load to a server, which may be killed and started again half-way, and check that
    every answer was a good one."""
    sender = Sender(server.url + path)
    deliveries = load.deliveries()
    killer = threading.Thread(target=_kill_half_way, args=(server, sender, len(deliveries)))
    if kill:
        killer.start()
    sender.send(deliveries)
    if kill:
        killer.join()
        assert sender.cut, "the kill met nobody"
    assert not sender.refused, sender.refused[:5]
    assert sender.answered >= len(deliveries)


def _kill_half_way(server, sender, count):
    wait_for(lambda: sender.answered >= count / 2, seconds=PATIENCE)
    server.kill()
    server.start()
