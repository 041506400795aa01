"""The meaning of a text that a user types to find an order: a moment, an amount, a number."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from dateutil.relativedelta import relativedelta

# Formats of a day, a month and a time beside those of the user's language.
DAY_FORMATS = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y")
MONTH_FORMATS = ("%Y-%m", "%m/%Y", "%b %Y", "%B %Y")
TIME_FORMATS = ("%H:%M", "%I:%M %p", "%I:%M%p")
AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,3})?")
LETTER = re.compile(r"[^\W\d_]")
# The characters with a meaning in LIKE.
WILDCARDS = re.compile(r"[%_\\]")
DIGIT_RUNS = re.compile(r"\d{6,}")
# A trigram index gets slower with each letter; eight digits are almost unique.
MAX_SEARCH_DIGITS = 8


@dataclass(frozen=True)
class Language:
    """How a language writes days, times and numbers, as Odoo's `res.lang` states it."""

    date_format: str = "%m/%d/%Y"
    time_format: str = "%H:%M:%S"
    decimal_point: str = "."
    thousands_sep: str = ","


def moment_span(text, language, today, zone):
    """Return the span of time that `text` names: a month, a day, or a minute.

    :param Language language: of the user
    :param date today: in `zone`; the day of a text that is a time only
    :param zone: time zone of the user
    :return: two aware moments in UTC, the second one not part of the span; None when `text` names
        no span, or one beyond Python's calendar
    """
    text = " ".join(text.replace(",", " ").split())
    try:
        span = _parse_span(text, language, today)
        # At the ends of the calendar there is no day after, and no other time zone.
        return span and tuple(
            moment.replace(tzinfo=zone).astimezone(timezone.utc) for moment in span
        )
    except (OverflowError, ValueError):
        return None


def _parse_span(text, language, today):
    days = (language.date_format, *DAY_FORMATS)
    without_seconds = language.time_format.replace(":%S", "")
    times = (without_seconds, language.time_format, *TIME_FORMATS)
    moments = tuple(f"{day} {hour}" for day in days for hour in times)
    for formats, length in (
        (days, timedelta(days=1)),
        (MONTH_FORMATS, relativedelta(months=1)),
        (moments, timedelta(minutes=1)),
    ):
        if start := _parse(text, formats):
            return start, start + length
    if moment := _parse(text, times):
        start = datetime(today.year, today.month, today.day, moment.hour, moment.minute)  # noqa: DTZ001
        return start, start + timedelta(minutes=1)
    return None


def _parse(text, formats):
    for pattern in formats:
        try:
            # Naive: the caller adds the time zone of the user.
            return datetime.strptime(text, pattern)  # noqa: DTZ007
        except ValueError:
            continue
    return None


def amount_range(text, language):
    """Return the amounts that `text` names: "12", "12.50", "$ 1,234.50".

    :param Language language: of the user
    :return: `(lowest, above)` as Decimal, `above` not part of the range and None when `text` names
        one exact amount; None when `text` is no amount
    """
    # A text with letters is a name or an order number.
    if LETTER.search(text):
        return None
    number = re.sub(r"[^\d.,-]", "", text)
    if language.thousands_sep:
        number = number.replace(language.thousands_sep, "")
    number = number.replace(language.decimal_point, ".")
    if not AMOUNT.fullmatch(number):
        return None
    lowest = Decimal(number)
    return lowest, None if "." in number else lowest + 1


def indexed_digits(text):
    """Return the digits of an order number that a trigram index finds fastest.

    :return: part of `text`, or "" when the index should look for the whole text: it has no long
        run of digits, is nothing else, or contains wildcards
    """
    if WILDCARDS.search(text):
        return ""
    digits = max(DIGIT_RUNS.findall(text), key=len, default="")[-MAX_SEARCH_DIGITS:]
    return "" if digits == text else digits
