"""What has to be so before the status of online orders is changed by hand."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime, format_time

# The orders that people are asked to act on; test orders count nowhere.
TO_ACT = Domain("status", "=", "take_action") & Domain("is_test", "=", False)
# The statuses that may follow a status. Cancelled is final: the goods are in stock again.
NEXT_STATUSES = {
    "take_action": ("completed", "cancelled"),
    "completed": ("take_action", "cancelled"),
    "cancelled": (),
}
# The key of the context with the statuses that the screen of the user showed, {str(id): status}.
# Calls of other programs come without it.
SEEN_STATUS = "octopus_seen_status"


def check_next_status(orders, status):
    """Refuse a status that may not follow the one of these orders.

    :raise UserError: one of them is cancelled
    """
    for order in orders:
        if order.is_alive_again and status == "take_action":
            continue  # the channel took the cancellation back
        # A value that is no status is refused by the field.
        if status in NEXT_STATUSES and status not in NEXT_STATUSES[order.status]:
            raise UserError(
                order.env._(
                    "Online order %(order)s is cancelled and its goods are in stock again. "
                    "That is final: ask the customer to order again.",
                    order=order.display_name,
                )
            )


def check_seen_status(orders):
    """Refuse a decision about a status that somebody else has changed since the user saw it.

    :raise UserError: one of these orders has another status than the screen showed
    """
    seen = orders.env.context.get(SEEN_STATUS) or {}
    for order in orders:
        if seen.get(str(order.id), order.status) != order.status:
            raise UserError(_changed_meanwhile(order))


def _changed_meanwhile(order):
    """Return who changed the status of an order, and when."""
    env = order.env
    message_sudo = _tracking_message_sudo(order)
    author_sudo = message_sudo.author_id
    if author_sudo == env.ref("base.partner_root"):
        name = env._("Octopus")
    else:
        name = author_sudo.name or env._("somebody else")
    params = {"name": name, "time": _moment(env, message_sudo.date or order.write_date)}
    done = {
        "take_action": env._("Reopened meanwhile by %(name)s at %(time)s.", **params),
        "completed": env._("Completed meanwhile by %(name)s at %(time)s.", **params),
        "cancelled": env._("Cancelled meanwhile by %(name)s at %(time)s.", **params),
    }
    nothing = env._("Online order %(order)s was not changed.", order=order.display_name)
    return f"{done[order.status]} {nothing}"


def _tracking_message_sudo(order):
    """Return the message in the history of an order about its latest status."""
    field = order.env["ir.model.fields"]._get(order._name, "status")
    messages_sudo = order.sudo().message_ids
    return messages_sudo.filtered(lambda message: field in message.tracking_value_ids.field_id)[:1]


def _moment(env, moment):
    """Return a time of today, or date and time of another day, for the user."""
    today = fields.Datetime.context_timestamp(env.user, fields.Datetime.now()).date()
    if fields.Datetime.context_timestamp(env.user, moment).date() == today:
        return format_time(env, moment, time_format="short")
    return format_datetime(env, moment, dt_format="short")
