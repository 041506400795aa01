"""Parcels of an order: what a channel keeps of them, and what it refuses."""

from collections import Counter

from .answer import spell_time
from .errors import invalid

# The switch `fulfillments`: the status that a merchant without the calls answers, None with them.
CALLS = {"offered": None, "404": 404, "405": 405, "403": 403}


def is_alive(parcel):
    """Return whether the goods of a parcel are on their way, or will be."""
    return parcel.get("status") not in ("cancelled", "failure", "error")


def build_parcel(order, given, *, ref, moment):
    """Return a new parcel of an order.

    :param given: the fields that the caller sent
    :raise ApiError: more pieces than are left
    """
    left = pieces_left(order)
    wanted = {entry["id"]: entry["quantity"] for entry in given.get("line_items") or ()}
    wanted = wanted or {ref: pieces for ref, pieces in left.items() if pieces > 0}
    if not wanted:
        raise invalid("line_items", "All pieces of the order are fulfilled.")
    for line, pieces in wanted.items():
        if pieces > left.get(line, 0):
            raise invalid("line_items", f"Fewer pieces of line {line} are left.")
    numbers = given.get("tracking_numbers") or [given.get("tracking_number")]
    numbers = [number for number in numbers if number]
    items = [item for item in order["line_items"] if item["id"] in wanted]
    return {
        "id": ref,
        "order_id": order["id"],
        "status": "success",
        "created_at": spell_time(moment),
        "service": "manual",
        "location_id": given.get("location_id"),
        "shipment_status": None,
        "tracking_company": given.get("tracking_company") or None,
        "tracking_number": numbers[0] if numbers else None,
        "tracking_numbers": numbers,
        "tracking_urls": given.get("tracking_urls") or [],
        "line_items": [
            {"id": item["id"], "sku": item["sku"], "quantity": wanted[item["id"]]} for item in items
        ],
    }


def follow_parcels(order):
    """Set the status of an order, and of its lines, by its parcels."""
    left = pieces_left(order)
    for item in order["line_items"]:
        item["fulfillable_quantity"] = max(left[item["id"]], 0)
    if not any(is_alive(parcel) for parcel in order["fulfillments"]):
        order["fulfillment_status"] = None
    elif any(pieces > 0 for pieces in left.values()):
        order["fulfillment_status"] = "partial"
    else:
        order["fulfillment_status"] = "fulfilled"


def pieces_left(order):
    """Return {line item id: pieces} that are neither in a parcel nor refunded."""
    left = Counter({item["id"]: item["quantity"] for item in order["line_items"]})
    for parcel in filter(is_alive, order["fulfillments"]):
        left.subtract({entry["id"]: entry["quantity"] for entry in parcel["line_items"]})
    for refund in order["refunds"]:
        for entry in refund["refund_line_items"]:
            left[entry["line_item_id"]] -= entry["quantity"]
    return left
