"""The meaning of a text that a user types to find an order: a moment, an amount, a number."""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from dateutil.relativedelta import relativedelta

# Formats of a day, a month and a time beside those of the user's language.
DAY_FORMATS = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y")
MONTH_FORMATS = ("%Y-%m", "%m/%Y", "%b %Y", "%B %Y")
TIME_FORMATS = ("%H:%M", "%I:%M %p", "%I:%M%p")
# A decimal point that is not the one of the language.
FOREIGN_CENTS = re.compile(r"(-?\d{1,12})[.,](\d{1,2})")
# Letters that are no plain letter with an accent, and the plain ones that people type for them.
LETTERS = str.maketrans("łøđıħŧæœ", "lodihtao")
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


def day_span(text, language):
    """Return the days that `text` names: a day, or a month.

    :param Language language: of the user
    :return: two dates, the second one not part of the span; None when `text` names no days
    """
    text = _plain(text)
    spans = ((_days(language), timedelta(days=1)), (MONTH_FORMATS, relativedelta(months=1)))
    for formats, length in spans:
        if start := _parse(text, formats):
            with suppress(OverflowError, ValueError):  # the end of the calendar
                return start.date(), (start + length).date()
    return None


def moment_span(text, language, today, zone):
    """Return the minute that `text` names.

    :param Language language: of the user
    :param date today: in `zone`; the day of a text that is a time only
    :param zone: time zone of the user
    :return: two aware moments in UTC, the second one not part of the span; None when `text` names
        no minute, or one beyond Python's calendar
    """
    text = _plain(text)
    without_seconds = language.time_format.replace(":%S", "")
    times = (without_seconds, language.time_format, *TIME_FORMATS)
    moments = tuple(f"{day} {hour}" for day in _days(language) for hour in times)
    start = _parse(text, moments)
    if not start and (moment := _parse(text, times)):
        start = datetime(today.year, today.month, today.day, moment.hour, moment.minute)  # noqa: DTZ001
    try:
        span = start and (start, start + timedelta(minutes=1))
        # At the ends of the calendar there is no other time zone.
        return span and tuple(
            moment.replace(tzinfo=zone).astimezone(timezone.utc) for moment in span
        )
    except (OverflowError, ValueError):
        return None


def _plain(text):
    return " ".join(text.replace(",", " ").split())


def _days(language):
    return (language.date_format, *DAY_FORMATS)


def _parse(text, formats):
    for pattern in formats:
        try:
            # Naive: the caller adds the time zone of the user.
            return datetime.strptime(text, pattern)  # noqa: DTZ007
        except ValueError:
            continue
    return None


def folded(text):
    """Return a text in small letters without accents, as people type it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(
        LETTERS
    )


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
    if cents := FOREIGN_CENTS.fullmatch(number):
        # Groups of thousands have three digits, so this is no separator of thousands.
        lowest = Decimal(".".join(cents.groups()))
        return lowest, None
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
