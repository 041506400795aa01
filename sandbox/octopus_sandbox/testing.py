"""A sandbox for a test or a benchmark: ``with SandboxServer() as sandbox: ...``."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

from .settings import BASE_PATH, DEFAULT_ACCESS_ID, DEFAULT_MERCHANT

TIMEOUT = 30
START_SECONDS = 30


class SandboxServer:
    """The real server in its own process, on a free loopback port, with its own database.

    :param webhook_url: the address for webhooks
    :param rate_limit: requests per minute; 0 (no limit) unless a test is about the limit
    :param db: SQLite file to use again after a restart; by default a temporary one
    """

    def __init__(self, *, webhook_url=None, rate_limit=0, db=None, port=None, currency="USD"):
        self.merchant = DEFAULT_MERCHANT
        self.access_id = DEFAULT_ACCESS_ID
        self.port = port or _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api_url = f"{self.url}{BASE_PATH}"
        self._folder = tempfile.TemporaryDirectory(prefix="octopus-sandbox-")
        self.db = str(db or Path(self._folder.name) / "sandbox.sqlite")
        self._options = [f"--rate-limit={rate_limit}", f"--currency={currency}"]
        if webhook_url:
            self._options.append(f"--webhook-url={webhook_url}")
        self._process = None
        self._http = requests.Session()
        self._http.trust_env = False

    # === Life === #

    @property
    def pid(self):
        """The pid of the running server, or None."""
        return self._process and self._process.pid

    def __enter__(self):
        return self.start()

    def __exit__(self, *_details):
        self.stop()

    def start(self):
        """Start the server; return self when it answers."""
        package_root = str(Path(__file__).parents[1])
        paths = [package_root, os.environ.get("PYTHONPATH", "")]
        self._log = Path(self._folder.name) / "sandbox.log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "octopus_sandbox", f"--port={self.port}", f"--db={self.db}"]
                + self._options,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
            )
        self._wait()
        return self

    def stop(self):
        """Stop the server and remove its temporary files."""
        self.kill()
        self._http.close()
        self._folder.cleanup()

    def kill(self):
        """Kill the server but keep its database: `start` goes on with it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _wait(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                self._http.get(f"{self.url}/_sandbox/requests", timeout=1)
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                return
        log = self._log.read_text()
        self.stop()
        raise RuntimeError(f"The sandbox did not start:\n{log}")

    # === API === #

    def api(self, method, path, **options):
        """Make an API call with valid credentials; return the `requests` answer."""
        return self._http.request(
            method,
            f"{self.api_url}/{path.lstrip('/')}",
            auth=(self.merchant, self.access_id),
            headers={"X-Octopus-Access-Token": self.access_id},
            timeout=TIMEOUT,
            **options,
        )

    # === Control === #

    def control(self, method, path, body=None):
        """Call a control endpoint; return its JSON."""
        answer = self._http.request(
            method, f"{self.url}/_sandbox/{path}", json=body, timeout=TIMEOUT
        )
        if not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def place_order(self, lines, *, source="SHOPIFY", **fields):
        """Order as a customer of a channel; return the order as the API shows it.

        :param lines: ``[{"sku": ..., "quantity": ...}]``, or ``{sku: quantity}``
        """
        if isinstance(lines, dict):
            lines = [{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()]
        return self.control("POST", "orders", {"source": source, "lines": lines, **fields})

    def place_profiled(self, profile, *, seed, **fields):
        """Order as a channel sends it; return the order, or with `count` a list of orders."""
        answer = self.control("POST", "orders", {"profile": profile, "seed": seed, **fields})
        return answer["orders"] if "count" in fields else answer

    def cancel_order(self, order_id, **fields):
        """Cancel an order as its channel."""
        return self.control("POST", f"orders/{order_id}/cancel", fields)

    def refund_order(self, order_id, **fields):
        """Refund an order, or some of its lines, as its channel."""
        return self.control("POST", f"orders/{order_id}/refund", fields)

    def fulfill_order(self, order_id, **fields):
        """Ship pieces of an order as its channel; without `lines`, all that is left."""
        return self.control("POST", f"orders/{order_id}/fulfill", fields)

    def change_order(self, order_id, **fields):
        """Change any field of an order, as its channel."""
        return self.control("PUT", f"orders/{order_id}", fields)

    def delete_order(self, order_id):
        """Delete an order, as its channel."""
        return self.control("DELETE", f"orders/{order_id}")

    def state(self):
        """Return everything the sandbox holds."""
        return self.control("GET", "state")

    def counts(self):
        """Return the number of rows of each kind: ``{"product": 3, "variant": 4, ...}``."""
        return self.control("GET", "counts")

    def requests(self):
        """Return ``{"METHOD /path-template": count}``."""
        return self.control("GET", "requests")

    def forget_requests(self):
        """Set the counts to zero."""
        self.control("DELETE", "requests")

    def set_faults(self, rules):
        """Replace the fault rules."""
        return self.control("PUT", "faults", rules)

    def clear_faults(self):
        """Remove all fault rules."""
        self.control("DELETE", "faults")

    def set_webhook(self, url, **options):
        """Replace the webhook subscribers; options: credentials, duplicates, shuffle."""
        return self.control("PUT", "webhooks", {"url": url, **options})

    def webhooks(self):
        """Return the subscribers and the state of the deliveries."""
        return self.control("GET", "webhooks")

    def settings(self, **changes):
        """Change settings: rate_limit, rate_window_seconds, image_replace_seconds, fulfillments,
        webhook_*."""
        return self.control("PUT", "settings", changes)

    def reset(self):
        """Delete everything but the ids, and go back to the settings at the start."""
        self.control("POST", "reset")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
