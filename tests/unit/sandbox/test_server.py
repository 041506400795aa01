"""What needs a real server: a broken connection, and webhooks that outlive a restart."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

import pytest
import requests

from octopus_sandbox.testing import SandboxServer

from .builders import bulk, product

WAIT = 10
GHOST = [{"sku": "ghost", "quantity": 1, "price": "1", "title": "Ghost"}]


class Subscriber:
    """A webhook receiver that keeps what it gets and answers what it is told to."""

    def __init__(self):
        self.received = Queue()
        self.answers = []  # statuses for the next requests, None for no answer; then 200
        self.closing = threading.Event()
        subscriber = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = subscriber.answers.pop(0) if subscriber.answers else 200
                subscriber.received.put((dict(self.headers), body))
                if status is None:
                    subscriber.closing.wait(WAIT)
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args):
                """Keep the test output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def next(self):
        return self.received.get(timeout=WAIT)

    def close(self):
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def subscriber():
    subscriber = Subscriber()
    yield subscriber
    subscriber.close()


@pytest.fixture(scope="module")
def server():
    with SandboxServer() as server:
        yield server


@pytest.fixture
def sandbox(server):
    server.reset()
    server.settings(webhook_first_delay=0.01)
    return server


def test_a_dropped_answer_breaks_the_connection_after_the_work(sandbox):
    sandbox.set_faults([{"path": "/BulkProduct/bulkpost.json", "drop": True, "times": 1}])
    body = bulk("Products", [product("A")])
    with pytest.raises(requests.ConnectionError):
        sandbox.api("POST", "BulkProduct/bulkpost.json", json=body)
    assert len(sandbox.state()["products"]) == 1
    assert sandbox.api("POST", "BulkProduct/bulkpost.json", json=body).status_code == 200


def test_events_carry_topic_and_credentials(sandbox, subscriber):
    sandbox.set_webhook(subscriber.url)
    order = sandbox.place_order(GHOST)
    headers, body = subscriber.next()
    assert headers["X-Octopus-Topic"] == "orders/create"
    assert headers["X-Octopus-Access-Token"] == sandbox.access_id
    assert headers["Authorization"].startswith("Basic ")
    assert body == order
    sandbox.cancel_order(order["id"])
    headers, body = subscriber.next()
    assert headers["X-Octopus-Topic"] == "orders/updated"
    assert body["cancelled_at"]
    sandbox.delete_order(order["id"])
    assert subscriber.next()[0]["X-Octopus-Topic"] == "orders/delete"


def test_a_notification_has_no_credentials_and_copies_can_be_asked_for(sandbox, subscriber):
    sandbox.set_webhook(subscriber.url, credentials=False, duplicates=1, shuffle=True)
    order = sandbox.place_order(GHOST)
    for _copy in range(2):
        headers, body = subscriber.next()
        assert "Authorization" not in headers
        assert "X-Octopus-Access-Token" not in headers
        assert body["id"] == order["id"]


def test_silent_orders_are_not_announced(sandbox, subscriber):
    sandbox.set_webhook(subscriber.url)
    sandbox.place_order(GHOST, webhook=False)
    loud = sandbox.place_order(GHOST)
    assert subscriber.next()[1]["id"] == loud["id"]


def test_a_refused_event_is_sent_again(sandbox, subscriber):
    subscriber.answers = [500, 429]
    sandbox.set_webhook(subscriber.url)
    order = sandbox.place_order(GHOST)
    assert [subscriber.next()[1]["id"] for _try in range(3)] == [order["id"]] * 3


@pytest.mark.parametrize("answer", [500, None])
def test_an_event_outlives_a_restart(subscriber, tmp_path, answer):
    with SandboxServer(webhook_url=subscriber.url, db=tmp_path / "db") as sandbox:
        subscriber.answers = [answer]
        order = sandbox.place_order(GHOST)
        subscriber.next()
        sandbox.kill()
        sandbox.start()
        assert subscriber.next()[1]["id"] == order["id"]
        assert [o["id"] for o in sandbox.state()["orders"]] == [order["id"]]
