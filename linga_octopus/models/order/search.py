"""The search of online orders: one box for all seven columns."""

from zoneinfo import ZoneInfo

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL, get_lang

from ...lib.moments import naive_utc
from ...lib.search_text import Language, amount_range, day_span, moment_span

TEXT_COLUMNS = (
    "third_party_name",
    "third_party_order_no",
    "aggregator_order_no",
    "other_numbers",
    "customer_name",
)
# PostgreSQL reads the whole table for the first match when there are fewer matches than this.
ENOUGH = 1000


def find(orders, operator, text, to_domain):
    """Return the domain of a search field, whose operators are "contains" and "is" only.

    :param to_domain: `search_box_domain` or `transaction_time_domain`
    """
    return to_domain(orders, text) if operator in ("=", "ilike") else NotImplemented


def search_box_domain(orders, text):
    """Return the domain of the orders that show `text` in any of the seven columns.

    :param orders: any recordset of `octopus.order`, in the user's environment
    """
    text = (text or "").strip()
    if not text:
        return Domain.TRUE
    moments = transaction_time_domain(orders, text)
    if not moments.is_false():
        # A date is not looked for in the other columns: PostgreSQL would not use the index of
        # the transaction day.
        return moments
    texts = (Domain(name, "ilike", text) for name in TEXT_COLUMNS)
    values = Domain.OR([*texts, _channel_domain(orders, text), _check_total_domain(orders, text)])
    statuses = _status_domain(orders, text)
    if statuses.is_false() or orders.search(values, limit=ENOUGH):
        return values | statuses
    # Usually nothing but the status matches the word of a status. Alone, it uses its index.
    return statuses


def transaction_time_domain(orders, text):
    """Return the domain of the orders of the month or day of the shop that `text` names, or of the
    minute in the user's time zone; nothing when it names none."""
    language = _language(orders.env)
    if days := day_span(text or "", language):
        first, end = days
        return Domain("transaction_day", ">=", first) & Domain("transaction_day", "<", end)
    today = fields.Datetime.context_timestamp(orders, fields.Datetime.now()).date()
    zone = ZoneInfo(orders.env.user.tz or "UTC")
    span = moment_span(text or "", language, today, zone)
    if not span:
        return Domain.FALSE
    start, end = map(naive_utc, span)
    return Domain("transaction_time", ">=", start) & Domain("transaction_time", "<", end)


def _status_domain(orders, text):
    labels = orders._fields["status"]._description_selection(orders.env)
    found = [value for value, label in labels if text.lower() in label.lower()]
    return Domain("status", "in", found)


def _channel_domain(orders, text):
    """Return the domain of the orders whose channel people call so."""
    channels = orders.env["octopus.channel"].with_context(active_test=False)
    found = channels.search([("name", "ilike", text)])
    return Domain("channel_id", "in", found.ids)


def _check_total_domain(orders, text):
    amounts = amount_range(text, _language(orders.env))
    if not amounts:
        return Domain.FALSE
    lowest, above = amounts
    return Domain.custom(
        # A plain domain also matches orders without an amount, which no index can find.
        to_sql=lambda model, alias, query: SQL(
            "%(total)s = %(lowest)s"
            if above is None
            else "%(total)s >= %(lowest)s AND %(total)s < %(above)s",
            total=model._field_to_sql(alias, "check_total", query),
            lowest=lowest,
            above=above,
        )
    )


def _language(env):
    lang = get_lang(env)
    return Language(
        lang.date_format, lang.time_format, lang.decimal_point, lang.thousands_sep or ""
    )
