"""The orders with which a new demo begins: one of each channel, as that channel sends them."""

import json
import urllib.request

from ..steps import step, wait_until
from .odoo_rpc import OdooSession

PROFILES = (
    *("SHOPIFY", "WOOCOMMERCE", "BIGCOMMERCE", "MAGENTO", "AMAZON"),
    *("AMAZON_FBA", "EBAY", "WALMART", "ETSY", "TIKTOK"),
)
SECONDS = 60


def place(demo):
    """Place the orders in the sandbox, unless the shop has some, and wait until they are in Odoo.

    :param dict demo: addresses and logins, as in .local/demo.json
    """
    odoo = OdooSession(demo["odoo"], demo["db"], demo["login"], demo["password"])
    if odoo.call("octopus.order", "search_count", []):
        return
    with step(f"{len(PROFILES)} orders"):
        for seed, profile in enumerate(PROFILES):
            _order(demo["sandbox"], {"profile": profile, "seed": seed})
        wait_until(lambda: odoo.call("octopus.order", "search_count", []) >= len(PROFILES), SECONDS)


def _order(sandbox, order):
    # `./dev` runs before any package is installed: urllib instead of requests.
    body, headers = json.dumps(order).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{sandbox}/_sandbox/orders", body, headers)
    with urllib.request.urlopen(request, timeout=SECONDS):
        pass
