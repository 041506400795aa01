"""Which fields of an order an update says something about: it may leave out what stays.

Pure functions on the value objects of `octopus_api`, beside `order_mapping`.
"""

# The fields that are summed up from the amounts of an order, of its lines, and its channel.
SUMMED = {
    "check_total",
    "amount_subtotal",
    "amount_discount",
    "amount_shipping",
    "amount_tax",
    "amount_tip",
    "amount_difference",
    "is_tax_paid_by_channel",
    "taxes_included",
    "unknown_amounts",
}
# An update changes a field if it states all of these attributes of an Order.
STATED_BY = {
    "customer_name": ("customer",),
    "customer_ref": ("customer",),
    "customer_address": ("lines",),
    "email": ("customer",),
    "phone": ("customer",),
    "billing_address": ("billing_address",),
    "shipping_address": ("shipping_address",),
    "note": ("note",),
    "tags": ("tags",),
    "financial_status": ("financial_status",),
    "payment_method": ("gateway",),
    "is_pickup_chosen": ("shipping_lines",),
    "pickup_due_at": ("attributes",),
    "unread": (),
}
# Here one of the groups is enough; the others are taken from the order as it is.
STATED_BY_ANY = {
    "fulfillment": (("shipping_address",), ("shipping_lines",), ("lines",)),
    "taxes_included": (("taxes_included",),),
    "pickup_code": (("shipping_address",), ("shipping_lines",), ("lines",), ("attributes",)),
}
# From these fields, `changeable_values` takes what an update leaves out.
KNOWN_FIELDS = (
    "shipping_address",
    "is_pickup_chosen",
    "fulfillment",
    "pickup_code",
    "taxes_included",
    "amount_discount",
    "amount_shipping",
    "amount_tax",
    "amount_tip",
    "unknown_amounts",
    "unread",
)


def stated_values(values, remote):
    """Return those of `changeable_values` that an update says something about.

    An update that leaves an attribute out does not change it; one that holds it empty does. What
    it holds and cannot be read is no reason to forget what is known, except of an amount.
    """
    return {name: value for name, value in values.items() if _is_stated(name, remote)}


def _is_stated(name, remote):
    if name in SUMMED and remote.states_amounts:
        return True
    groups = STATED_BY_ANY.get(name) or ([STATED_BY[name]] if name in STATED_BY else [])
    return any(_states_all(attributes, remote) for attributes in groups)


def _states_all(attributes, remote):
    if (
        len(attributes) == 1
        and attributes != ("lines",)
        and attributes[0] in remote.unread_attributes
    ):
        return False
    return all(map(remote.states, attributes))
