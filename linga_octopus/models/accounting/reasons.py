"""Why something is not booked: codes with values, and their sentences in the reader's language."""

from datetime import timedelta

from odoo import fields
from odoo.tools import format_date

# After an error that nobody expects, which the log explains at each attempt.
TRY_AGAIN_AFTER = timedelta(hours=1)


def try_later(code, **values):
    """Return the issue of an unexpected error: whatever has it is tried again after a pause."""
    moment = fields.Datetime.now() + TRY_AGAIN_AFTER
    return [code, {**values, "retry_at": fields.Datetime.to_string(moment)}]


def is_waiting(issue):
    """Return whether it is too early to try again whatever has this issue."""
    return bool(issue) and issue[1].get("retry_at", "") > fields.Datetime.to_string(
        fields.Datetime.now()
    )


def reason(env, issue):
    """Return the sentence of an issue, False without one.

    :param issue: [code, values], or False
    """
    if not issue:
        return False
    code, values = issue
    if day := values.get("day"):
        values = {**values, "day": format_date(env, day)}
    return _sentences(env)[code] % values


def _sentences(env):
    return {**_of_orders(env), **_of_documents(env), **_of_days(env)}


def _of_orders(env):
    return {
        "unknown_total": env._(
            "The check total could not be read. Import the order again, or correct it in the "
            "channel."
        ),
        "unexplained": env._(
            "The amounts of the order do not add up to its check total. Look at Unexplained "
            "Difference, and correct the order in the channel or raise the tolerance."
        ),
        "refund_missing": env._(
            "The order was refunded, and the channel does not say how much. Import the order again."
        ),
        "unexpected": env._(
            "Something unexpected went wrong; the server log has the details. Import the order "
            "again to retry."
        ),
        "unmapped_tax": env._(
            "The tax %(tax)s has no tax in Odoo. Choose one in Configuration, Accounting."
        ),
        "archived_tax": env._(
            "The tax %(tax)s is archived in Odoo. Choose another one in Configuration, Accounting."
        ),
        "no_account": env._(
            "There is no account for %(purpose)s. Choose one in Configuration, Accounting."
        ),
    }


def _of_documents(env):
    return {
        "credit_missing": env._(
            "The order has an invoice, and a later refund or cancellation without a credit note. "
            "Press Credit Refunds, or Documents Are Right when it is credited in another way."
        ),
        "invoice_differs": env._(
            "The order has changed since it was invoiced. Correct the invoice with a credit note, "
            "or an invoice of the difference, and press Documents Are Right."
        ),
        "invoice_draft": env._(
            "The invoice of the order is a draft, and the order is booked nowhere. Confirm the "
            "invoice, or cancel it to book the order with its day."
        ),
        "credit_draft": env._("A credit note of the order is a draft. Confirm or cancel it."),
        "not_invoiced": env._("The order could not be invoiced: %(error)s"),
        "not_credited": env._("The refunds of the order could not be credited: %(error)s"),
    }


def _of_days(env):
    return {
        "on_hold": env._("%(user)s holds this day. Press Release to book it."),
        "not_confirmed": env._(
            "The accounting of this channel is not confirmed. Confirm it in Configuration, "
            "Accounting."
        ),
        "check_waiting": env._(
            "The orders of the day have not been compared with Octopus yet. Press Check Orders, or "
            "book the day now."
        ),
        "check_differs": env._(
            "The order check of the day found differences. Press Import Missing Orders there, or "
            "book the day now."
        ),
        "orders_open": env._(
            "%(count)s orders of the day cannot be booked: each says why. They are left out from "
            "%(day)s on."
        ),
        "inactive_currency": env._(
            "The currency %(currency)s is not active in Odoo. Activate it, and check its rate, in "
            "Invoicing, Configuration, Currencies."
        ),
        "incomplete": env._("Missing in Configuration, Accounting: %(missing)s"),
        "failed": env._("Odoo refused the entry: %(error)s"),
        "unexpected_day": env._(
            "Something unexpected went wrong; the server log has the details. It is tried again "
            "every hour; press Book Now to try at once."
        ),
    }
