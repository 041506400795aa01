"""What people are told of an order: codes with values, read as sentences in the reader's language.

A notice is a pair of a code and its values, which fill the places of the sentence. A value may be
a notice itself.
"""

from odoo import api
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate, format_datetime

from ...lib.octopus_api import parsing
from ..mixins.notices import read_notice

_lt = LazyTranslate(__name__)

# === SENTENCES === #

NOTICES = {
    "closed_by_channel": _lt(
        "The channel has closed this order, but not all of it is shipped. Check it there before "
        "you pack."
    ),
    "deleted_after_completed": _lt(
        "The order was deleted in Octopus after it was completed here. Cancel it if the goods "
        "came back."
    ),
    "future_time": _lt(
        "The channel says that the order was placed at %(moment)s, which was still to come. The "
        "time of its arrival stands instead: check the clock and the time zone of the channel."
    ),
    "late_address": _lt(
        "The channel changed the delivery address after the order was completed. Tell the carrier "
        "if the goods are still on their way."
    ),
    "no_cancel_call": _lt(
        "This merchant's Octopus has no call to cancel orders: the order is cancelled here and "
        "tagged there. Cancel it in the sales channel too."
    ),
    "no_such_order": _lt("Octopus has no order with the number %(number)s."),
    "other_location": _lt(
        "Octopus now names the location %(location)s. The stock stays deducted in %(warehouse)s: "
        "transfer the goods if needed."
    ),
    "other_place": _lt(
        "The channel now ships %(product)s from another place. The stock stays deducted as it "
        "was: transfer the goods if needed."
    ),
    "reserved": _lt(
        "%(quantity)s × %(product)s were reserved for %(document)s. Check whether there is enough "
        "for both before you pack."
    ),
    "unknown_location": _lt(
        "The channel ships from the location %(location)s, which no warehouse fills: the goods "
        "leave from %(warehouse)s. Choose a warehouse for the location on the store, and transfer "
        "the goods if needed."
    ),
    "parcel_failed": _lt(
        "Octopus did not take the parcel %(parcel)s: %(error)s Correct it, then press "
        "Resend Status."
    ),
    "push_failed": _lt("The status %(status)s could not be sent to Octopus: %(error)s"),
    "refund_changed": _lt(
        "The channel changed refund %(number)s later. The amount is followed; the goods are not: "
        "compare the order with the channel, and correct the stock by hand."
    ),
    "refunded_not_restocked": _lt(
        "Refunded by the channel without restocking: the stock is not changed."
    ),
    "unknown_currency": _lt(
        "Octopus states the amounts in %(code)s, a currency that Odoo does not have. They are "
        "shown as %(currency)s."
    ),
    # Texts from before notices had codes.
    "text": "%(text)s",
    "push_text": "%(text)s",
}
# Those that end when Octopus has the status.
PUSH_NOTICES = ("no_cancel_call", "push_failed", "push_text")
STOCK_ISSUES = {
    "before_connection": _lt(
        "Placed before the store was connected: its goods were not taken from the stock."
    ),
    "no_warehouse": _lt(
        "No warehouse fills the orders of %(store)s. Choose one for its default Octopus location."
    ),
    "not_deducted": _lt(
        "The goods could not be deducted from stock: %(reason)s\n"
        "Correct it, then press Retry Stock."
    ),
    "shipped_by_channel": _lt(
        "The channel ships the goods itself: they were not taken from the stock."
    ),
    "not_returned": _lt(
        "The goods could not be returned to stock: %(reason)s\nCorrect it, then press Retry Stock."
    ),
    "unexpected": _lt("Something unexpected went wrong; the server log has the details."),
}
UNREAD = {
    parsing.AMBIGUOUS: _lt("%(field)s can be read in two ways: it is unknown."),
    parsing.NEGATIVE: _lt("%(field)s is negative: nothing is taken for it."),
    parsing.NOT_A_DATE: _lt("%(field)s is not a date: it is unknown."),
    parsing.NOT_A_FLAG: _lt("%(field)s is neither yes nor no: it is unknown."),
    parsing.NOT_A_NUMBER: _lt("%(field)s is not a number: it is unknown."),
    parsing.TOO_BIG: _lt("%(field)s is not a number: it is unknown."),
    parsing.TOO_LONG: _lt("%(field)s is too long: not all of it was read."),
    parsing.TOO_MANY: _lt("%(field)s is too long: not all of it was read."),
}
OTHERWISE_UNREAD = _lt("%(field)s has a form that cannot be read.")


class NoticeError(UserError):
    """An error that an order keeps as a notice.

    :param code: of the notice
    :param values: those of its sentence
    """

    def __init__(self, env, code, **values):
        super().__init__(sentence(env, code, values))
        self.notice = [code, values]


def sentence(env, code, values):
    """Return the sentence of a notice in the language of the environment.

    A text that is no code stands for itself.
    """
    found = NOTICES.get(code) or STOCK_ISSUES.get(code)
    if not found:
        return code
    texts = {
        name: sentence(env, *value) if isinstance(value, list) else read_notice(env, value)
        for name, value in values.items()
    }
    if "status" in values:
        statuses = env["octopus.order"]._fields["status"]._description_selection(env)
        texts["status"] = dict(statuses)[values["status"]]
    if "moment" in values:
        texts["moment"] = format_datetime(env, values["moment"], dt_format="short")
    return _filled(env, found, texts)


def _filled(env, text, values):
    return (text if isinstance(text, str) else env._(text)) % values


# === COMPUTE METHODS === #


@api.depends("notices")
@api.depends_context("lang")
def compute_channel_notice(orders):
    """Compute `channel_notice`: a sentence for each notice."""
    for order in orders:
        sentences = [sentence(order.env, *notice) for notice in order.notices or ()]
        order.channel_notice = "\n".join(sentences) or False


@api.depends("stock_issue")
@api.depends_context("lang")
def compute_stock_message(orders):
    """Compute `stock_message`: the sentence of the stock issue."""
    for order in orders:
        order.stock_message = bool(order.stock_issue) and sentence(order.env, *order.stock_issue)


@api.depends("unread")
@api.depends_context("lang")
def compute_unread_notice(orders):
    """Compute `unread_notice`: a sentence for each place that could not be read."""
    for order in orders:
        sentences = [
            _filled(order.env, UNREAD.get(reason, OTHERWISE_UNREAD), {"field": place})
            for place, reason in order.unread or ()
        ]
        order.unread_notice = "\n".join(sentences) or False


def notices_without(order, codes):
    """Return the notices of an order but those with these codes."""
    return [notice for notice in order.notices or () if notice[0] not in codes] or False
