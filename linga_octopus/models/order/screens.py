"""Words about online orders that people read, and the updates of the screens that show them."""

from functools import partial

from odoo.fields import Domain
from odoo.tools import format_amount

from ...const import COUNT_LIMIT
from ...lib.order_mapping import with_variant
from ...lib.payment import payment_problem
from ...orm import format_quantity

# A change of one of these is to be seen on open screens.
SHOWN_FIELDS = {"status", "stock_state", "needs_mapping", "check_total", "line_ids", "change_state"}


# === UPDATES === #


def notify_screens(orders):
    """Have open lists and points of sale read these orders again, once per transaction."""
    if not orders:
        return
    precommit = orders.env.cr.precommit
    pending = precommit.data.setdefault("linga_octopus.orders", set())
    if not pending:
        precommit.add(partial(_send_notifications, orders.browse()))
    pending.update(orders.ids)


def _send_notifications(orders):
    ids = sorted(orders.env.cr.precommit.data.pop("linga_octopus.orders", ()))
    # The user who changed an order may not see the groups and points of sale to notify.
    orders_sudo = orders.sudo().browse(ids).exists()
    if not orders_sudo:
        return
    message = {"ids": orders_sudo.ids}
    group_sudo = orders_sudo.env.ref("linga_octopus.group_octopus_user")
    group_sudo._bus_send("linga_octopus/orders", message)
    for config in orders_sudo.account_id.pos_config_ids:
        config._notify("OCTOPUS_ORDERS", message)


def board_columns(orders, domain, aggregates):
    """Return a group for each status, as the board reads them, and the number of groups.

    Orders are counted up to COUNT_LIMIT only.
    """
    columns = []
    for status in orders._fields["status"].get_values(orders.env):
        of_column = Domain(domain) & Domain("status", "=", status)
        columns.append(
            {
                **dict.fromkeys(aggregates, False),
                "status": status,
                "__extra_domain": [("status", "=", status)],
                "__count": orders.search_count(of_column, limit=COUNT_LIMIT + 1),
            }
        )
    return columns, len(columns)


# === WORDS === #


def payment_labels(env):
    """Return the words for the payment states of channels, {state: text in the user's language}."""
    paid = env._("Paid")
    return {
        "authorized": env._("Authorized"),
        "capture": paid,
        "paid": paid,
        "partially_paid": env._("Partly Paid"),
        "partially_refunded": env._("Partly Refunded"),
        "pending": env._("Payment Pending"),
        "refunded": env._("Refunded"),
        "sale": paid,
        "void": env._("Voided"),
    }


def cancel_questions(orders):
    """Return the questions before these orders are cancelled: one, and another one about those
    whose goods were handed over."""
    questions = [_cancel_question(orders)]
    completed = orders.filtered(lambda order: order.status == "completed")
    if completed:
        questions.append(_handed_over_question(completed, len(orders)))
    return questions


def _cancel_question(orders):
    env, goods = orders.env, _goods_to_restock(orders)
    if len(orders) == 1:
        head = env._(
            "Cancel %(order)s of %(customer)s (%(total)s)?",
            order=orders.display_name,
            customer=orders.customer_name or env._("an unknown customer"),
            total=format_amount(env, orders.check_total, orders.currency_id),
        )
    else:
        head = env._("Cancel %(count)s online orders?", count=len(orders))
    if goods:
        stock = "\n".join([env._("These goods are returned to stock:"), *goods])
    else:
        stock = env._("The stock does not change: nothing was deducted from it.")
    return "\n\n".join([head, stock, _what_follows(orders)])


def _what_follows(orders):
    """Return what Octopus is told, who gives the money back, and that there is no way back."""
    env, is_one = orders.env, len(orders) == 1
    channels = ", ".join(sorted({order._channel_name() for order in orders}))
    if is_one:
        told = env._("Octopus is told that the order is cancelled, and why.")
        last = env._("A cancelled order stays cancelled: this cannot be undone.")
    else:
        told = env._("Octopus is told that the orders are cancelled, and why.")
        last = env._("Cancelled orders stay cancelled: this cannot be undone.")
    if all(payment_problem(order.financial_status) for order in orders):
        money = env._("No money was received: there is none to give back.")
    else:
        money = env._(
            "Odoo gives no money back: refund the customer in %(channels)s, unless the channel "
            "does so itself.",
            channels=channels or env._("the channel"),
        )
    return "\n\n".join([told, money, last])


def _handed_over_question(completed, count):
    env = completed.env
    if count == 1:
        head = env._(
            "%(order)s is completed: its goods were handed over.", order=completed.display_name
        )
    else:
        head = env._(
            "%(completed)s of these %(count)s orders are completed: their goods were handed over.",
            completed=len(completed),
            count=count,
        )
    last = env._(
        "Cancel only when the goods are back in the store: Odoo adds to the stock what it deducted."
    )
    return "\n\n".join([head, last])


def _goods_to_restock(orders):
    """Return a line of text per product, and per variant of the channel when the product does not
    say it, that a cancellation returns to stock."""
    quantities = {}
    for line in orders.line_ids.filtered("is_deducted"):
        goods = with_variant(line.product_id.display_name, line.variant_name)
        quantities[goods] = quantities.get(goods, 0.0) + line._pieces_out()
    return [
        orders.env._(
            "%(quantity)s × %(product)s",
            quantity=format_quantity(orders.env, quantity),
            product=goods,
        )
        for goods, quantity in quantities.items()
        if quantity > 0
    ]
