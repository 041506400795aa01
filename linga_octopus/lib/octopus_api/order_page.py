"""The page of an order in the shop of the channel, as far as Octopus names it."""

import json
from urllib.parse import urlsplit

PAGE_KEYS = ("order_status_url", "order_url")


def order_page(payload):
    """Return the address of the page where the channel shows the order, or "".

    A query and a fragment are cut off: shops put keys there that open the order to everybody.

    :param str payload: the order as Octopus sent it
    """
    try:
        order = json.loads(payload or "{}")
    except ValueError:
        return ""
    order = order.get("order", order) if isinstance(order, dict) else {}
    stated = [order.get(key) for key in PAGE_KEYS] if isinstance(order, dict) else []
    return next(filter(None, map(_safe_address, stated)), "")


def _safe_address(text):
    try:
        address = urlsplit(text.strip()) if isinstance(text, str) else None
        is_safe = address and address.scheme == "https" and address.hostname
        if not is_safe or address.username or address.password:
            return ""
    except ValueError:
        return ""
    return address._replace(query="", fragment="").geturl()
