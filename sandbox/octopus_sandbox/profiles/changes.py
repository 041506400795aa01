"""What happens to an order after it was placed. A change makes the next version of the JSON."""

from copy import deepcopy
from decimal import Decimal

from ..order_json import build_refund

CHANGES = {}  # name: (group, function of an order, a Story and a `random.Random`)
# Of a line that is added later: the discounts and taxes of the order stay as they are.
NO_AMOUNTS = {"total_discount": "0.00", "discount_allocations": [], "tax_lines": []}


def change(group):
    """Register a function as the change of its name."""

    def register(function):
        CHANGES[function.__name__] = (group, function)
        return function

    return register


# === Parcels === #


def _parcel(order, story, number, lines):
    return {
        "id": order["id"] * 10 + number,
        "order_id": order["id"],
        "status": "success",
        "created_at": order["octopus_updated_at"],
        "service": story.channel.service or order["source"].title(),
        "location_id": story.location_id,
        "shipment_status": "success",
        "tracking_company": "UPS",
        "tracking_number": f"1Z{order['id']:09}{number}",
        "tracking_numbers": [f"1Z{order['id']:09}{number}"],
        "tracking_urls": [f"https://track.example.com/1Z{order['id']:09}{number}"],
        "line_items": [
            {"id": item["id"], "sku": item["sku"], "quantity": quantity} for item, quantity in lines
        ],
    }


@change("parcel")
def parcel(order, story, _dice):
    lines = [(item, item["quantity"]) for item in order["line_items"]]
    order["fulfillments"] = [_parcel(order, story, 1, lines)]
    order["fulfillment_status"] = "fulfilled"


@change("parcel")
def parcels(order, story, _dice):
    """Two parcels, one of them cancelled and sent again."""
    first, *others = [(item, item["quantity"]) for item in order["line_items"]]
    order["fulfillments"] = [
        _parcel(order, story, 1, [first]) | {"status": "cancelled"},
        _parcel(order, story, 2, [first]),
        *([_parcel(order, story, 3, others)] if others else []),
    ]
    order["fulfillment_status"] = "partial" if others else "fulfilled"


# === Refunds === #


def _first_goods(order, story):
    """Return the first line of goods that are out."""
    return next((i for i in order["line_items"] if story.leaves.get(i["sku"])), None)


def _refund(order, story, *, restock, restock_type):
    item = _first_goods(order, story)
    if not item:
        return None
    refund = build_refund(
        order,
        {item["id"]: 1},
        refund_id=order["id"] * 10 + 9,
        restock=restock,
        location_id=story.location_id or 0,
        moment=story.moment,
    )
    line = refund["refund_line_items"][0]
    line["restock_type"] = restock_type
    taxes = item["tax_lines"] if isinstance(item["tax_lines"], list) else []
    tax = sum(Decimal(entry["price"]) for entry in taxes) / item["quantity"]
    line["total_tax"] = float(round(tax, 2))
    order["refunds"] = [refund]
    order["financial_status"] = "partially_refunded"
    return item


@change("end")
def refund(order, story, dice):
    restock_type = dice.choice(("return", "Return", "cancel"))
    if item := _refund(order, story, restock=True, restock_type=restock_type):
        story.leaves[item["sku"]] -= 1


@change("end")
def refund_without_restock(order, story, dice):
    _refund(order, story, restock=False, restock_type=dice.choice(("no_restock", "")))


@change("end")
def foreign_refund(order, story, dice):
    """The refund names the line by the channel's own id, as the reference's sample does."""
    refund(order, story, dice)
    for entry in order["refunds"]:
        entry["refund_line_items"][0]["line_item_id"] = 11_886_729_068_653


@change("end")
def refund_money_only(order, story, _dice):
    """Money without goods: an adjustment, such as shipping or goodwill."""
    entry = build_refund(
        order, {}, refund_id=order["id"] * 10 + 9, restock=False, location_id=0, moment=story.moment
    )
    entry["transactions"][0]["amount"] = "2.00"
    entry["order_adjustments"] = [
        {"id": 1, "amount": "-2.00", "tax_amount": "0.00", "kind": "refund_discrepancy"}
    ]
    order["refunds"], order["financial_status"] = [entry], "partially_refunded"


# === Other ends === #


@change("end")
def cancelled(order, story, dice):
    order["cancelled_at"] = order["octopus_updated_at"]
    order["cancel_reason"] = dice.choice(("customer", "fraud", "inventory", "other"))
    order["financial_status"] = "refunded"
    story.leaves.clear()


@change("end")
def cancelled_without_restock(order, story, dice):
    """The goods were damaged: they stay out."""
    leaves = dict(story.leaves)
    cancelled(order, story, dice)
    story.leaves.update(leaves)
    lines = {item["id"]: item["quantity"] for item in order["line_items"]}
    entry = build_refund(
        order, lines, refund_id=order["id"] * 10 + 9, restock=False, location_id=0,
        moment=story.moment,
    )  # fmt: skip
    order["refunds"] = [entry]


@change("end")
def alive_again(order, story, dice):
    """Cancelled by mistake: the version after this one is as if nothing had been."""
    story.then = deepcopy(order)
    leaves = dict(story.leaves)
    cancelled(order, story, dice)
    story.leaves.update(leaves)


@change("end")
def voided(order, _story, _dice):
    order["financial_status"] = "voided"


# === Edits === #


def _add(order, story, item, pieces):
    """Change the quantity of a line, and the totals with it."""
    item["quantity"] += pieces
    story.leaves[item["sku"]] = story.leaves.get(item["sku"], 0) + pieces
    amount = Decimal(item["price"]) * pieces
    for name in ("total_price", "subtotal_price", "total_line_items_price"):
        before = order[name]
        order[name] = f"{Decimal(before) + amount:.{len(before.partition('.')[2])}f}"


@change("end")
def line_added(order, story, _dice):
    if item := _first_goods(order, story):
        new = {**item, **NO_AMOUNTS, "id": item["id"] * 1000, "quantity": 0}
        order["line_items"].append(new)
        _add(order, story, new, 1)


@change("end")
def line_raised(order, story, _dice):
    if item := _first_goods(order, story):
        _add(order, story, item, 1)


@change("end")
def line_lowered(order, story, _dice):
    if item := _first_goods(order, story):
        # Of a configurable product, the child with the same SKU is what leaves.
        same = [other for other in order["line_items"] if other["sku"] == item["sku"]]
        _add(order, story, same[-1], -1)


@change("end")
def exchange(order, story, _dice):
    """One piece comes back, one of something else goes out."""
    item = _first_goods(order, story)
    other = next((goods for goods in story.goods if item and goods.sku != item["sku"]), None)
    if other:
        _add(order, story, item, -1)
        variant = other.variant or {}
        new = {
            "id": item["id"] * 1000,
            "variant_id": variant.get("id"),
            "product_id": variant.get("product_id"),
            "sku": other.sku,
            "title": other.title,
            "name": other.title,
            "quantity": 0,
        }
        order["line_items"].append({**item, **NO_AMOUNTS, **new})
        _add(order, story, order["line_items"][-1], 1)
