"""Whether online orders arrive: what the bar at the Point of Sale says."""

from datetime import timedelta

from odoo import fields

# Orders are asked for every few minutes; after this long without an answer they do not arrive.
ORDERS_LATE = timedelta(minutes=15)


def disconnected_since(accounts_sudo):
    """Return since when orders of these stores do not arrive, as text in UTC; False: they do.

    :param accounts_sudo: the stores of a Point of Sale
    """
    now = fields.Datetime.now()
    since = [
        account.last_orders_sync or account.write_date
        for account in accounts_sudo
        if account.state == "error"
        or (account.state == "connected" and now - (account.last_orders_sync or now) > ORDERS_LATE)
    ]
    return fields.Datetime.to_string(min(since)) if since else False
