"""An online order as the Point of Sale shows it: formatted values, nothing to look up."""

from odoo import fields
from odoo.tools import format_amount

from ...lib.barcode import barcode_image
from ...lib.fulfillments import BY_CHANNEL
from ..fulfillment.carriers import carrier_names, latest_carrier
from .packing import Packing

SHOWN_AMOUNTS = ("amount_subtotal", "amount_discount", "amount_shipping", "amount_tip")


def order_row(order):
    """Return the seven columns of the list, and what to know at a glance: payment, fulfillment,
    and a sentence when the order needs attention."""
    return {
        "id": order.id,
        "third_party_name": order._channel_name(),
        "channel_color": order.channel_id.color,
        "third_party_order_no": order.third_party_order_no or "",
        "aggregator_order_no": order.aggregator_order_no,
        "transaction_time": fields.Datetime.to_string(order.transaction_time),
        "customer_name": order.customer_name or "",
        "check_total": _amount(order, "check_total"),
        "status": order.status,
        "fulfillment": _label(order, "fulfillment"),
        "payment": order.payment_status or "",
        "is_unpaid": bool(order.payment_alert) and order.status == "take_action",
        "is_refunded": bool(order.refund_state),
        "attention": attention(order),
        "is_test": order.is_test,
        "warnings": order._paper_warnings(),
        "is_pickup": order.fulfillment == "pickup",
        "pickup_due": _pickup_due(order),
        "is_ready": order.is_waiting_for_pickup,
        "is_late": order.is_late,
    }


def _pickup_due(order):
    """Return when the customer comes, as long as that matters."""
    is_due = order.fulfillment == "pickup" and order.status == "take_action"
    return is_due and fields.Datetime.to_string(order.pickup_due_at)


def order_detail(order):
    """Return what the detail pane and the ticket show."""
    packing = Packing(order)
    return {
        **order_row(order),
        "phone": order.phone or "",
        "email": order.email or "",
        "address": order._address_below_name(),
        "note": order.note or "",
        "stock": _label(order, "stock_state"),
        "lines": [{**_line(line), **packing.line(line)} for line in order.line_ids],
        "pieces": packing.pieces(),
        "barcode": barcode_image(order._scanned_number()),
        "barcode_text": order._scanned_number(),
        **_handover(order),
        **_printed(order),
        "changes": _changes(order),
        "change_state": order.change_state or "",
        "has_changed_lines": order.has_changed_lines,
        "amounts": _amounts(order),
        "refunded": _amount(order, "amount_refunded") if order.amount_refunded else "",
    }


def _handover(order):
    """Return how far the goods are on their way to the customer."""
    parcels = order.fulfillment_ids.filtered(lambda parcel: parcel.state == "done")
    is_open = order.status == "take_action" and order.refund_state != "full"
    return {
        "pickup_code": order.pickup_code or "",
        "ready_at": fields.Datetime.to_string(order.pickup_ready_at),
        "is_by_channel": order.fulfillment_state == BY_CHANNEL and order.status != "cancelled",
        "can_ship": is_open and bool(order._lines_to_ship()),
        "parcels": parcels.mapped("display_name"),
    }


def shipping(order):
    """Return what the dialog that ships or hands over an order asks about."""
    return {
        "lines": [
            {"id": line.id, "name": line.display_name, "left": left}
            for line, left in order._lines_to_ship().items()
        ],
        "carriers": carrier_names(order.account_id),
        "carrier": latest_carrier(order.account_id) or "",
        "handed_to": order.customer_name or "",
    }


def _printed(order):
    """Return when and where the packing slip was printed last."""
    slip_sudo = order.env["octopus.order.print"].sudo().search([("order_id", "=", order.id)])
    return {
        "printed_at": fields.Datetime.to_string(slip_sudo.printed_at),
        "printed_by": slip_sudo.config_id.name or "",
        "is_print_failed": bool(slip_sudo.failed_at),
    }


def attention(order):
    """Return what the cashier should know before handing out the goods, or ""."""
    if order.is_alive_again:
        return order.env._("Alive again in the channel: ask the manager to take it up again.")
    if order.status == "cancelled":
        return _blocked(order)
    return _told_by_channel(order) or _blocked(order) or _unclear_goods(order)


def _told_by_channel(order):
    if order.is_test:
        return order.env._("TEST: this is a test order of the channel. Do not pack it.")
    if order.refund_state == "full":
        return order.env._("Refunded: do not pack.")
    if order.fulfillment_state == BY_CHANNEL and order.status == "take_action":
        return order.env._("Shipped by the channel: do not pack.")
    if order.is_all_elsewhere and order.status == "take_action":
        return order.env._("The channel ships the goods from elsewhere: do not pack.")
    if order.is_elsewhere_open and order.status == "take_action":
        return order.env._("Sent from elsewhere, it seems: ask the manager before you pack.")
    if order.has_unclear_refund:
        return order.env._("Goods were refunded, and it is not clear which: ask the manager.")
    if order.change_state == "open":
        return _changed(order)
    if order.payment_alert and order.status == "take_action":
        return order.payment_alert
    if order.needs_mapping:
        return order.env._("Unknown product: ask the manager to choose it in the back office.")
    return ""


def _blocked(order):
    if order.stock_state != "blocked":
        return ""
    return order.stock_message or order.env._("The stock could not be deducted.")


def _unclear_goods(order):
    if any(order.line_ids.mapped("is_quantity_unknown")):
        return order.env._("A quantity could not be read: ask the manager before you pack.")
    if any(order.line_ids.mapped("is_set_unclear")):
        return order.env._(
            "A set may be on this order twice, whole and in pieces: ask the manager before you "
            "pack."
        )
    if order.is_oversold:
        return order.env._("More was sold than there was: check the stock before you pack.")
    return ""


def _changed(order):
    if order.has_changed_lines:
        return order.env._("Changed by the channel: apply or keep the changes before you pack.")
    return order.env._("The channel changed the address or the note: read it before you pack.")


def _changes(order):
    """Return what the channel changed, unless somebody decided to leave the order as it was."""
    if order.change_state in (False, "kept") or order.status == "cancelled":
        return []
    return (order.changes_text or "").splitlines()


def _line(line):
    is_unknown = not line.subtotal and "amount_subtotal" in (line.order_id.unknown_amounts or "")
    subtotal = "" if is_unknown else format_amount(line.env, line.subtotal, line.currency_id)
    return {
        "id": line.id,
        "product_id": line.product_id.id,
        "name": line.name or line.product_id.display_name or line.sku or "",
        "variant": line.variant_name or "",
        "sku": line.sku or "",
        "properties": line.properties or "",
        "quantity": line._format_quantity(),
        "subtotal": subtotal,
        "needs_mapping": line.needs_mapping,
        "is_set_unclear": line.is_set_unclear,
    }


def _amounts(order):
    """Return label and amount of the parts of the check total that are not zero."""
    names = [*SHOWN_AMOUNTS]
    if not (order.taxes_included or order.is_tax_paid_by_channel):
        names.append("amount_tax")
    names.append("amount_difference")
    return [
        {
            "label": order._fields[name]._description_string(order.env),
            # What is taken off the total is stored as a positive amount.
            "amount": f"− {amount}" if amount and name == "amount_discount" else amount,
        }
        for name in names
        if order[name]
        for amount in [_amount(order, name)]
    ]


def _label(order, name):
    return dict(order._fields[name]._description_selection(order.env)).get(order[name], "")


def _amount(order, name):
    """Return an amount as text; empty when what Octopus states could not be read."""
    if name in (order.unknown_amounts or ""):
        return ""
    return format_amount(order.env, order[name], order.currency_id)
