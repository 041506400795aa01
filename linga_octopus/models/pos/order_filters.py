"""The filters of the list of online orders at the Point of Sale."""

from odoo.fields import Domain

from ...lib.payment import RECEIVED_WORDS
from ..order.search import transaction_time_domain
from ..order.status_rules import TO_ACT

# A choice of the filter of fulfillments.
TO_COME = "waiting"
# Who waits for customers wants the next one first.
BY_DUE_TIME = "pickup_due_at, transaction_time, id"


def list_order(filters):
    """Return the order of the list as for `search`; None: the newest first."""
    return BY_DUE_TIME if filters.get("fulfillment") == TO_COME else None


def filter_domain(orders, filters):
    """Return the domain of the orders that the cashier wants to see.

    :param orders: any recordset of `octopus.order`, in the environment of the cashier
    :param dict filters: may have `channel_id`, `day` ("2026-11-29"), `fulfillment` and `problem`,
        a key of `problem_choices`
    """
    domain = Domain.TRUE
    if channel_id := filters.get("channel_id"):
        domain &= Domain("channel_id", "=", channel_id)
    if day := filters.get("day"):
        domain &= transaction_time_domain(orders, day)
    fulfillment = filters.get("fulfillment")
    if fulfillment == TO_COME:
        domain &= Domain("is_waiting_for_pickup", "=", True)
    elif fulfillment:
        domain &= Domain("fulfillment", "=", fulfillment)
    if problem := filters.get("problem"):
        problems = _problem_domains()
        domain &= problems.get(problem) or Domain.OR(problems.values())
    return domain


def status_domain(status, filters):
    """Return the domain of a tab. Test orders count nowhere: the open ones are under "All", and
    among the problems."""
    is_open = status == "take_action" and not (filters or {}).get("problem")
    return TO_ACT if is_open else Domain("status", "=", status)


def filter_choices(orders, accounts_sudo):
    """Return what there is to choose from: pairs of value and label by filter."""
    channels = orders.env["octopus.channel"].search([("account_id", "in", accounts_sudo.ids)])
    return {
        "channel_id": [[channel.id, channel.name] for channel in channels],
        "fulfillment": [
            *orders._fields["fulfillment"]._description_selection(orders.env),
            (TO_COME, orders.env._("Waiting for Pickup")),
        ],
        "problem": problem_choices(orders.env),
    }


def problem_choices(env):
    """Return pairs of the key of a problem and its label."""
    return [
        ["any", env._("Any Problem")],
        ["unpaid", env._("Not Paid")],
        ["oversold", env._("Oversold")],
        ["unmapped", env._("Product Not Mapped")],
        ["blocked", env._("Stock Blocked")],
        ["changed", env._("Changed by the Channel")],
        ["refunded", env._("Refunded")],
        ["test", env._("Test Order")],
    ]


def _problem_domains():
    is_open = Domain("status", "=", "take_action")
    is_alive = Domain("status", "!=", "cancelled")
    is_received = Domain("financial_status", "in", list(RECEIVED_WORDS))
    return {
        "unpaid": is_open & ~is_received,
        "oversold": is_alive & Domain("is_oversold", "=", True),
        "unmapped": is_alive & Domain("needs_mapping", "=", True),
        "blocked": Domain("stock_state", "=", "blocked"),
        "changed": is_alive & Domain("change_state", "=", "open"),
        "refunded": is_alive & Domain("refund_state", "!=", False),
        "test": Domain("is_test", "=", True),
    }
