"""Orders that come in all at once, twice, and to servers that die; and those that never came."""

import threading
from datetime import datetime, timedelta, timezone

import requests

from devtools.servers.odoo_rpc import OdooSession
from devtools.servers.shop import LOGIN, PASSWORD, POS_LOGIN, POS_PASSWORD
from tests.e2e.load import Load, OdooServer, Sender, send_all, stamp, webhook_path
from tests.e2e.waiting import wait_for

ORDERS = 80  # tests/soak has the full size
CANCELLED = 12
MISSED = 260  # more than a page of Octopus's list
LATE = 20


def test_a_threaded_server_takes_each_order_once(shop, odoo):
    load = Load(odoo, ORDERS, seed=1)
    send_all(load, shop.odoo, webhook_path(shop))
    load.check()


def test_two_processes_that_are_killed_take_each_order_once(shop, odoo):
    load = Load(odoo, ORDERS, seed=2)
    with OdooServer(shop.odoo, workers=2) as server:
        send_all(load, server, webhook_path(shop), kill=True)
        load.check()
        assert not server.failures()


def test_users_and_webhooks_that_cancel_at_once_give_back_once(shop, odoo):
    """Two users, a cancellation and a refund of the channel, at the same moment; of some orders
    also while the worker deducts them."""
    load = Load(odoo, CANCELLED, seed=3)
    sender = Sender(shop.odoo.url + webhook_path(shop))
    cashier = OdooSession(shop.odoo.url, shop.odoo.db, POS_LOGIN, POS_PASSWORD)
    second = OdooSession(shop.odoo.url, shop.odoo.db, LOGIN, PASSWORD)
    half = CANCELLED // 2
    sender.send(load.orders[:half])
    load.wait()
    problems = []
    for order in load.orders:
        sender.deliver(order)
        [order_id] = odoo.call(
            "octopus.order", "search", [("aggregator_order_no", "=", order["id"])]
        )
        together(
            problems,
            lambda ids=[order_id]: second.call("octopus.order", "write", ids, cancelled()),
            lambda ids=[order_id]: cashier.call("octopus.order", "write", ids, cancelled()),
            lambda order=order: sender.deliver(
                order | {"cancelled_at": stamp(), "octopus_updated_at": stamp(5)},
                topic="orders/updated",
            ),
            lambda order=order: sender.deliver(
                order | {"refunds": [whole_refund(order)], "octopus_updated_at": stamp(5)},
                topic="orders/updated",
            ),
        )
    assert not problems
    assert not sender.refused
    load.wait()
    found = odoo.call("octopus.order", "search_read", load.domain(), ["status", "stock_state"])
    assert {order["status"] for order in found} == {"cancelled"}
    assert {order["stock_state"] for order in found} <= {"restored", "none"}
    load.check_stock({})


def test_a_week_without_webhooks_is_made_up_for_while_orders_go_on(shop, odoo):
    load = Load(odoo, 0)
    control = f"{shop.sandbox.url}/_sandbox"
    put(f"{control}/webhooks", {"url": None})
    week = datetime.now(timezone.utc) - timedelta(days=7)
    skus = sorted(load.articles)
    placed = [
        place(control, skus[number % 3], week + timedelta(minutes=38 * number))
        for number in range(MISSED)
    ]
    put(f"{control}/webhooks", {"url": shop.webhook_url, "duplicates": 1, "shuffle": True})
    [account] = odoo.call("octopus.account", "search", [], limit=1, order="id")
    odoo.call(
        "octopus.account",
        "write",
        [account],
        {
            "order_watermark": week.strftime("%Y-%m-%d %H:%M:%S"),
            "orders_since": week.strftime("%Y-%m-%d %H:%M:%S"),
        },
    )
    requests.delete(f"{control}/requests", timeout=30).raise_for_status()
    odoo.call("octopus.account", "action_fetch_orders", [account])
    for number in range(LATE):  # while it runs
        placed.append(place(control, skus[number % 3], datetime.now(timezone.utc)))
    load.orders = placed
    deducted = [*load.domain(), ("stock_state", "=", "deducted")]
    count = wait_for(
        lambda: odoo.call("octopus.order", "search_count", deducted),
        lambda count: count >= len(placed),
        seconds=240,
    )
    put(f"{control}/webhooks", {"url": shop.webhook_url})
    assert count == len(placed)
    load.check()
    asked = requests.get(f"{control}/requests", timeout=30).json()["GET /orders.json"]
    assert asked >= 2, "it followed the link to the next page"
    [store] = odoo.call("octopus.account", "read", [account], ["order_watermark"])
    assert store["order_watermark"] > str(week + timedelta(days=6))


def cancelled():
    return {"status": "cancelled"}


def whole_refund(order):
    """Return a refund that puts everything of an order on sale again."""
    lines = [
        {"line_item_id": item["id"], "quantity": item["quantity"], "restock_type": "return"}
        for item in order["line_items"]
    ]
    return {"id": f"refund-{order['id']}", "restock": True, "refund_line_items": lines}


def together(problems, *actions):
    """Do these at the same moment; what goes wrong is kept in `problems`."""
    start = threading.Barrier(len(actions))

    def act(action):
        start.wait()
        try:
            action()
        except Exception as error:  # noqa: BLE001 -- a thread has nobody to tell
            problems.append(error)

    threads = [threading.Thread(target=act, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def place(control, sku, moment):
    """Order as a customer of a channel; return the order as `Load` knows it."""
    line = {"sku": sku, "quantity": 2, "price": "10.00", "title": sku}
    order = {"lines": [line], "created_at": moment.isoformat()}
    answer = requests.post(f"{control}/orders", json=order, timeout=60)
    answer.raise_for_status()
    return answer.json() | {"id": str(answer.json()["id"])}


def put(url, body):
    requests.put(url, json=body, timeout=30).raise_for_status()
