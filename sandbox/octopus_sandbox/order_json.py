"""Builds the JSON of an order from the request that placed it."""

import uuid
from decimal import Decimal

from .answer import spell_money, spell_time

# Amazon, Walmart and eBay pay the tax: the totals of their orders do not contain it.
TAX_PAID_BY_CHANNEL = {"AMAZON", "WALMART", "EBAY"}


def build_order(placed, lines, *, order_id, number, line_ids, currency, moment):
    """Return the complete order.

    :param placed: the fields of a `control.PlaceOrder`
    :param lines: ``[{"variant": dict or None, "title", "sku", "quantity", "price"}]``
    :param moment: when Octopus took the order
    """
    source = placed["source"].upper()
    items = [_line(line, line_id, currency) for line, line_id in zip(lines, line_ids, strict=True)]
    subtotal = sum((line["price"] * line["quantity"] for line in lines), Decimal(0))
    discount, shipping = placed["discount"], placed["shipping"]
    tax, tip = placed["tax"], placed["tip"]
    counted_tax = Decimal(0) if source in TAX_PAID_BY_CHANNEL else tax
    total = subtotal - discount + shipping + counted_tax + tip
    customer = _customer(placed["customer"], order_id, currency, spell_time(moment))
    address = customer["default_address"] if customer else None
    created = spell_time(placed["created_at"] or moment)
    stamp = spell_time(moment)
    return {
        "id": order_id,
        "source": source,
        "source_name": source.lower(),
        "name": f"#{number}",
        "number": number,
        "order_number": number,
        "reference": None,
        "token": uuid.uuid4().hex,
        "created_at": created,
        "updated_at": created,
        "processed_at": created,
        "closed_at": None,
        "cancelled_at": None,
        "cancel_reason": None,
        "test": False,
        "confirmed": True,
        "email": customer["email"] if customer else "",
        "contact_email": customer["email"] if customer else "",
        "phone": customer["phone"] if customer else "",
        "customer": customer,
        "billing_address": address,
        "shipping_address": address,
        "currency": currency,
        "presentment_currency": currency,
        "taxes_included": False,
        "total_price": spell_money(total),
        "subtotal_price": spell_money(subtotal - discount),
        "total_line_items_price": spell_money(subtotal),
        "total_discounts": spell_money(discount),
        "total_tax": spell_money(tax),
        "total_tip_received": spell_money(tip),
        "total_price_set": money_set(total, currency),
        "total_tax_set": money_set(tax, currency),
        "total_discounts_set": money_set(discount, currency),
        "total_shipping_price_set": money_set(shipping, currency),
        "total_weight": 0.0,
        "tax_lines": [],
        "discount_codes": [],
        "discount_applications": [],
        "note": placed["note"],
        "note_attributes": [],
        "tags": placed["tags"],
        "financial_status": placed["financial_status"],
        "fulfillment_status": None,
        "gateway": "manual",
        "payment_gateway_names": ["manual"],
        "processing_method": "",
        "location_id": placed["location_id"],
        "line_items": items,
        "shipping_lines": _shipping_lines(shipping, order_id, source, currency),
        "fulfillments": [],
        "refunds": [],
        "admin_graphql_api_id": None,
        "octopus_created_at": stamp,
        "octopus_updated_at": stamp,
    }


def build_refund(order, wanted, *, refund_id, restock, location_id, moment):
    """Return one refund of `order`.

    :param wanted: ``{line item id: quantity}``
    """
    currency = order["currency"]
    stamp = spell_time(moment)
    lines = [item for item in order["line_items"] if item["id"] in wanted]
    amount = sum((Decimal(i["price"]) * wanted[i["id"]] for i in lines), Decimal(0))
    return {
        "id": refund_id,
        "order_id": order["id"],
        "created_at": stamp,
        "processed_at": stamp,
        "note": "",
        "restock": restock,
        "user_id": 0,
        "order_adjustments": [],
        "transactions": [
            {
                "id": refund_id,
                "order_id": order["id"],
                "kind": "refund",
                "gateway": "manual",
                "status": "success",
                "amount": spell_money(amount),
                "currency": currency,
                "created_at": stamp,
            }
        ],
        "refund_line_items": [
            {
                "id": refund_id * 100 + position,
                "line_item_id": item["id"],
                "location_id": location_id,
                "quantity": wanted[item["id"]],
                "restock_type": "return" if restock else "no_restock",
                "subtotal": float(Decimal(item["price"]) * wanted[item["id"]]),
                "total_tax": 0.0,
            }
            for position, item in enumerate(lines, 1)
        ],
        "duties": [],
    }


def build_transactions(order):
    """Return the payments of an order: one that matches its status, and its refunds."""
    kinds = {"authorized": "authorization", "authorization": "authorization"}
    status = str(order["financial_status"]).lower()
    payment = {
        "id": f"txn_{order['id']}",
        "order_id": order["id"],
        "kind": kinds.get(status, "sale"),
        "status": "pending" if status == "pending" else "success",
        "amount": order["total_price"],
        "currency": order["currency"],
        "gateway": order["gateway"],
        "authorization": "",
        "created_at": order["octopus_created_at"],
    }
    refunds = [entry for refund in order["refunds"] for entry in refund["transactions"]]
    return [payment, *refunds]


def money_set(amount, currency):
    """Return an amount in the currency of shop and customer, which is always the same here."""
    money = {"amount": spell_money(amount), "currency_code": currency}
    return {"shop_money": money, "presentment_money": money}


def _line(line, line_id, currency):
    variant = line["variant"] or {}
    options = [variant.get(f"option{n}") for n in (1, 2, 3)]
    chosen = " / ".join(o for o in options if o and o != "Default Title")
    return {
        "id": line_id,
        "variant_id": variant.get("id"),
        "product_id": variant.get("product_id"),
        "sku": line["sku"],
        "title": line["title"],
        "variant_title": chosen or None,
        "name": f"{line['title']} - {chosen}" if chosen else line["title"],
        "vendor": None,
        "quantity": line["quantity"],
        "fulfillable_quantity": line["quantity"],
        "price": spell_money(line["price"]),
        "price_set": money_set(line["price"], currency),
        "total_discount": spell_money(Decimal(0)),
        "total_discount_set": money_set(Decimal(0), currency),
        "discount_allocations": [],
        "tax_lines": [],
        "properties": [],
        "requires_shipping": True,
        "taxable": bool(variant.get("taxable")),
        "gift_card": False,
        "product_exists": bool(variant),
        "grams": 0,
        "fulfillment_service": None,
        "fulfillment_status": None,
        "variant_inventory_management": variant.get("inventory_management"),
        "admin_graphql_api_id": None,
        "origin_location": None,
    }


def _customer(sent, order_id, currency, stamp):
    if sent is None:
        return None
    first, last = sent["first_name"], sent["last_name"]
    address = {
        "first_name": first,
        "last_name": last,
        "name": f"{first} {last}".strip(),
        "company": "",
        "address1": "80 Citizen Court",
        "address2": "",
        "city": "San Jose",
        "province": "California",
        "province_code": "CA",
        "zip": "95138",
        "country": "United States",
        "country_code": "US",
        "phone": sent["phone"],
    }
    return {
        "id": order_id,
        "first_name": first,
        "last_name": last,
        "email": sent["email"],
        "phone": sent["phone"],
        "created_at": stamp,
        "updated_at": stamp,
        "accepts_marketing": "False",
        "orders_count": 1,
        "state": "enabled",
        "total_spent": "0",
        "note": "",
        "verified_email": True,
        "tax_exempt": False,
        "tags": None,
        "currency": currency,
        "default_address": address,
    }


def _shipping_lines(price, order_id, source, currency):
    if not price:
        return []
    return [
        {
            "id": order_id,
            "title": "Standard shipping",
            "price": spell_money(price),
            "discounted_price": spell_money(price),
            "price_set": money_set(price, currency),
            "code": "STANDARD",
            "source": source.lower(),
            "phone": "",
            "carrier_identifier": "",
            "discount_allocations": [],
            "tax_lines": [],
        }
    ]
