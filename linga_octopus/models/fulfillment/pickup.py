"""Orders that the customer comes for: ready, and told to the channel and the customer."""

from odoo import fields
from odoo.exceptions import UserError

from ...lib.fulfillments import ALL_OUT
from ...lib.order_mapping import new_pickup_code
from ...orm import touch_rows
from ..order.screens import notify_screens


def make_ready(orders):
    """Say that the goods of pickup orders wait for their customers; `orders` is sudoed.

    The channel is told with the status, and the customer by e-mail if the store wants.

    :raise UserError: none of them is to be made ready
    """
    due = orders.filtered(lambda order: _is_to_hand_over(order) and not order.pickup_ready_at)
    if not due:
        raise UserError(_why_not(orders))
    touch_rows(due)
    for order in due:
        order.write(
            {
                "pickup_ready_at": fields.Datetime.now(),
                "pickup_ready_by_id": order.env.user.id,
                "pickup_code": order.pickup_code or new_pickup_code(),
            }
        )
        _log(order, order.env._("Ready for pickup."))
        _mail(order)
    due._queue_status_push()
    notify_screens(due)


def take_back_ready(orders):
    """Say that the goods of orders are not ready after all; `orders` is sudoed.

    :raise UserError: none of them is ready
    """
    due = orders.filtered(lambda order: _is_to_hand_over(order) and order.pickup_ready_at)
    if not due:
        raise UserError(
            orders.env._(
                "Online order %(order)s does not wait for its customer: there is nothing to do.",
                order=orders[:1].display_name,
            )
        )
    touch_rows(due)
    due.write({"pickup_ready_at": False, "pickup_ready_by_id": False})
    for order in due:
        _log(order, order.env._("Not ready for pickup."))
    due._queue_status_push()
    notify_screens(due)


def _is_to_hand_over(order):
    """Return whether the customer is still to come for goods of the order."""
    return (
        order.fulfillment == "pickup"
        and order.status == "take_action"
        and order.fulfillment_state not in ALL_OUT
        and order.refund_state != "full"
    )


def _why_not(orders):
    env, order = orders.env, orders[:1]
    values = {"order": order.display_name}
    if order.fulfillment != "pickup":
        return env._("Online order %(order)s is not picked up: ship it instead.", **values)
    if order.refund_state == "full":
        return env._("Online order %(order)s is refunded: do not hand it over.", **values)
    if _is_to_hand_over(order):
        return env._("Online order %(order)s is ready for pickup already.", **values)
    return env._("Online order %(order)s is not open any more: there is nothing to do.", **values)


def _mail(order):
    """Queue the e-mail to the customer; a test order has none."""
    template = order.account_id.ready_template_id
    if not (template and order.email) or order.is_test:
        return
    try:
        with order.env.cr.savepoint():
            template.with_company(order.company_id).send_mail(order.id)
    except UserError as error:  # people write templates
        values = {"template": template.name, "error": error}
        text = order.env._(
            "The e-mail %(template)s could not be written: %(error)s Correct it, then tell the "
            "customer yourself.",
            **values,
        )
        _log(order, text)


def _log(order, body):
    order.message_post(body=body, author_id=order.env.user.partner_id.id)
