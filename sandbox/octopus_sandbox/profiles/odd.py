"""Values of types that nobody expects, in fields that hold something else as a rule."""

ODD = {
    "total_price": ("12,50", "1.999,00", "$12.50", "1,999", "N/A", {"amount": "12.50"}),
    "total_tax": ("0,00", "", "n/a", []),
    "total_discounts": (None, "-", {}),
    "taxes_included": ("Y", "N", 1, "perhaps"),
    "created_at": ("10/25/2026 02:30:00 PM", 1793000000, "1793000000000", "yesterday", ""),
    "updated_at": ("25.10.2026 14:30", None, 0),
    "closed_at": ("0001-01-01T00:00:00", False),
    "customer": ("Ada Lovelace", [], None, 5),
    "billing_address": ("80 Citizen Court", [], False),
    "shipping_address": ("80 Citizen Court, San Jose", {}, None),
    "note": (["Ring", "twice"], {"text": "x"}, 5, True),
    "tags": (["web", "new"], None, {"a": "b"}),
    "fulfillments": ({}, "none", None, {"location_id": 0}),
    "refunds": ("", {}, None, "none"),
    "shipping_lines": ({"title": "Post", "price": "4,90"}, "", "Post"),
    "payment_gateway_names": ("manual", None, {"0": "manual"}),
    "email": (None, [], 0),
    "phone": (15551234567, {}, "  "),
    "currency": ("usd", " USD ", 840),
    "financial_status": ("PAID", None, 1),
    "fulfillment_status": ("Fulfilled", [], False),
    "discount_codes": ("SAVE", {}),
    "test": ("false", 0, None),
    "number": ("105.0", None, "№ 105"),
}
ODD_IN_LINES = {
    "price": ("9,90", "€ 9,90", 9.9, None),
    "quantity": ("{}", "{}.0", "{},0", " {} "),
    "title": (None, 5, ["Chair"], "<b>Chair</b>"),
    "total_discount": ("", None, "0,00"),
    "tax_lines": ({}, None, "0.50", {"price": "0,50"}),
    "properties": ({}, None, "red", {"a": {"b": "c"}}, 5),
    "requires_shipping": ("Y", 1, "true"),
    "variant_title": (None, 42),
    "id": ("line-1", 5.0),
}


# What a change of the order needs as it is.
NEEDED = {"refunds", "fulfillments", "financial_status", "id"}


def odd_fields(dice, has_changes):
    """Return ({field: value}, {field of a line: value}) with values that are odd."""
    return (
        _chosen(ODD, dice, dice.randint(1, 3), has_changes),
        _chosen(ODD_IN_LINES, dice, 1, has_changes),
    )


def _chosen(values, dice, count, has_changes):
    names = sorted(set(values) - (NEEDED if has_changes else set()))
    return {name: dice.choice(values[name]) for name in dice.sample(names, count)}


def make_odd(order, fields, of_line):
    """Give an order, and its first line, fields that are odd."""
    order.update(fields)
    line = order["line_items"][0]
    for name, value in of_line.items():
        line[name] = value.format(line["quantity"]) if name == "quantity" else value
