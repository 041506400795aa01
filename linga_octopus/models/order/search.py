"""The search of online orders: one box for all seven columns, the customer and the goods."""

import re
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import get_month_names, get_period_names

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql, get_lang
from odoo.tools.misc import babel_locale_parse

from ...lib.moments import naive_utc
from ...lib.search_text import Language, amount_range, day_span, folded, moment_span
from ...lib.spoken_moments import Speech, spoken_moments

TEXT_COLUMNS = ("third_party_order_no", "aggregator_order_no", "other_numbers", "customer_name")
# Products whose orders are looked for; a shorter text names too many.
MAX_PRODUCTS = 100
MIN_PRODUCT_TEXT = 3
PHONE_MARKS = re.compile(r"[+()./\s-]")
# The letters with accents that people type without them.
ACCENTED = "".join(
    letter
    for letter in map(chr, range(0xC0, 0x250))
    if len(folded(letter)) == 1 and folded(letter) != letter.lower()
)
PLAIN = folded(ACCENTED)
# What people know of the customer of an order, for the search and for its index: name and e-mail in
# small letters without accents, the phone number without blanks.
PERSON_COLUMNS = ("customer_name", "email", "phone")
PERSON = f"""(lower(translate(coalesce(%s, '') || ' ' || coalesce(%s, ''), '{ACCENTED}', '{PLAIN}'))
    || ' ' || translate(coalesce(%s, ''), '+-()./ ', ''))"""
# Words that languages put between a day and a time.
FILLERS = frozenset({"at", "a", "um", "kl", "om", "alle", "las", "as", "de", "del", "في"})
# Up to so many orders are named one by one.
ENOUGH = 1000
# No zone of a shop is farther from UTC.
ZONES = timedelta(days=1)


def find(orders, operator, text, to_domain):
    """Return the domain of a search field, whose operators are "contains" and "is" only.

    :param to_domain: `search_box_domain`, `channel_domain` or `transaction_time_domain`
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
    # Customers write the number of an order with a hash, channels without it.
    number = escape_psql(text.lstrip("#") or text)
    texts = Domain.OR(
        [
            *(Domain(name, "ilike", number) for name in TEXT_COLUMNS),
            _person_domain(orders, text),
            _product_domain(orders, text),
            _check_total_domain(orders, text),
        ]
    )
    found = orders.search(texts, limit=ENOUGH)
    if len(found) < ENOUGH:
        # Usually none for the word of a status or a channel, whose index has them in order.
        texts = Domain("id", "in", found.ids)
    return texts | _status_domain(orders, text) | channel_domain(orders, text)


def transaction_time_domain(orders, text):
    """Return the domain of the orders of the month or day of the shop that `text` names, or of the
    minute in the user's time zone; nothing when it names none."""
    today = fields.Datetime.context_timestamp(orders, fields.Datetime.now()).date()
    spoken = spoken_moments(folded(text or ""), _speech(orders.env), today)
    return Domain.OR(_span_domain(orders, each, today) for each in spoken or [text or ""])


def _span_domain(orders, text, today):
    language = _language(orders.env)
    if days := day_span(text, language):
        first, end = days
        days = Domain("transaction_day", ">=", first) & Domain("transaction_day", "<", end)
        # The times say nothing more, but their index has the orders as the list shows them.
        start = max(first, date.min + ZONES) - ZONES
        return days & _time_domain(start, min(end, date.max - ZONES) + ZONES)
    zone = ZoneInfo(orders.env.user.tz or "UTC")
    span = moment_span(text, language, today, zone)
    if not span:
        return Domain.FALSE
    return _time_domain(*map(naive_utc, span))


def _time_domain(start, end):
    return Domain("transaction_time", ">=", start) & Domain("transaction_time", "<", end)


def _status_domain(orders, text):
    labels = orders._fields["status"]._description_selection(orders.env)
    found = [value for value, label in labels if _spelling(text) in _spelling(label)]
    return Domain("status", "in", found)


def _spelling(text):
    """Return a text without what is spelled in two ways: Canceled is Cancelled."""
    return folded(text).replace("ll", "l")


def _person_domain(orders, text):
    """Return the domain of the orders whose customer, e-mail and phone have all these words."""
    words = folded(text).split()
    phone = PHONE_MARKS.sub("", text)
    if phone.isdecimal():
        words = [phone]
    if not words:
        return Domain.FALSE
    patterns = [f"%{escape_psql(word)}%" for word in words]

    def to_sql(model, alias, query):
        columns = (model._field_to_sql(alias, name, query) for name in PERSON_COLUMNS)
        person = SQL(PERSON, *columns)
        return SQL(" AND ").join(SQL("%s LIKE %s", person, pattern) for pattern in patterns)

    return Domain.custom(to_sql=to_sql)


def person_index(registry):
    """Return the definition of the index for `PERSON`, empty where there are no trigrams."""
    if not registry.has_trigram:
        return ""
    return f"USING gin ({PERSON % PERSON_COLUMNS} gin_trgm_ops)"


def _product_domain(orders, text):
    """Return the domain of the latest orders of the products that people call so."""
    if len(text) < MIN_PRODUCT_TEXT:
        return Domain.FALSE
    escaped = escape_psql(text)
    products = orders.env["product.product"].with_context(active_test=False)
    found = products.search(
        Domain("default_code", "ilike", escaped)
        | Domain("barcode", "=", text)
        | Domain("name", "ilike", escaped),
        limit=MAX_PRODUCTS,
    )
    lines = orders.env["octopus.order.line"]
    if not found:
        return Domain.FALSE
    # Numbers and no subquery, so that PostgreSQL uses the indexes of the other conditions too.
    mine = lines.search([("product_id", "in", found.ids)], order="id desc", limit=ENOUGH)
    return Domain("id", "in", mine.order_id.ids)


def channel_domain(orders, text):
    """Return the domain of the orders whose channel people or Octopus call so."""
    channels = orders.env["octopus.channel"].with_context(active_test=False)
    text = escape_psql(text or "")
    found = channels.search(Domain("name", "ilike", text) | Domain("source", "ilike", text))
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


def _speech(env):
    """Return how the user reads days and times."""
    months, periods, has_half_days, is_day_first = _calendar(get_lang(env).code)
    days = {"today": 0, "yesterday": 1}
    days |= {folded(env._("Today")): 0, folded(env._("Yesterday")): 1}
    return Speech(months, periods, days, FILLERS, has_half_days, is_day_first)


@lru_cache(maxsize=64)
def _calendar(code):
    """Return months, periods, whether hours go to 12, and whether days come before months."""
    locale = babel_locale_parse(code)
    months, periods = {}, {"am": 0, "pm": 12}
    for names_of in locale, babel_locale_parse("en_US"):
        for width in "wide", "abbreviated":
            for context in "format", "stand-alone":
                for month, name in get_month_names(width, context, names_of).items():
                    months.setdefault(folded(name).rstrip("."), month)
    for width in "wide", "abbreviated", "narrow":
        names = get_period_names(width, "format", locale)
        for period, hours in ("am", 0), ("pm", 12):
            periods.setdefault(folded(names.get(period, period)).rstrip("."), hours)
    date, time = locale.date_formats["short"].pattern, locale.time_formats["short"].pattern
    return months, periods, "h" in time, date.find("d") < date.find("M")


def _language(env):
    lang = get_lang(env)
    return Language(
        lang.date_format, lang.time_format, lang.decimal_point, lang.thousands_sep or ""
    )
