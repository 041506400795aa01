"""The orders with which a new demo begins: one of each channel, as that channel sends them."""

import requests

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
            body = {"profile": profile, "seed": seed}
            url = f"{demo['sandbox']}/_sandbox/orders"
            requests.post(url, json=body, timeout=SECONDS).raise_for_status()
        wait_until(lambda: odoo.call("octopus.order", "search_count", []) >= len(PROFILES), SECONDS)
