"""Numbers and dates as people write them, where it is clear what they mean."""

import re
from datetime import datetime

NOT_A_NUMBER = "is not a number"
NOT_A_DATE = "is not a date"
AMBIGUOUS = "can be read in two ways"

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,6})?", re.ASCII | re.IGNORECASE)
_CURRENCY = r"(?:[A-Z]{0,3}[$£¥¤€\u20a0-\u20c0]|[A-Z]{3}|Rs\.?|kr\.?)?"
_MONEY = re.compile(
    rf"([+-]?)\s*{_CURRENCY}\s*([+-]?)([\d.,'’ \u00a0\u202f]+?)\s*{_CURRENCY}", re.ASCII
)
_BLANK_GROUPS = str.maketrans(dict.fromkeys(" ’\u00a0\u202f", "'"))
# Thousands, also the Indian 1,99,999; then decimals behind another separator.
_GROUPED = re.compile(r"(\d{1,3}([.,'])(?:\d{2,3}\2)*\d{3})(?:(?!\2)[.,](\d+))?", re.ASCII)
LOCAL_TIME = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[ ,T]+(\d{1,2}):(\d\d)(?::(\d\d))?\s*([AP]M)?)?",
    re.ASCII | re.IGNORECASE,
)


def plain_number(text):
    """Return a number with a currency, or with a comma, as one with a decimal point.

    :raise ValueError: it is none, or could be a thousand times more or less
    """
    match = _MONEY.fullmatch(text.replace("\u2212", "-"))
    if not match or match[1] and match[2]:
        raise ValueError(NOT_A_NUMBER)
    sign, number = match[1] or match[2], match[3].strip().translate(_BLANK_GROUPS)
    whole, comma, decimals = number.partition(",")
    if NUMBER.fullmatch(number):
        return sign + number
    if comma and decimals.isdigit() and not whole.strip("0123456789"):
        if len(decimals) == 3 and 1 <= len(whole) <= 3 and whole.strip("0"):
            raise ValueError(AMBIGUOUS)  # 1,999
        return f"{sign}{whole or 0}.{decimals}"
    grouped = _GROUPED.fullmatch(number)
    if not grouped:
        raise ValueError(NOT_A_NUMBER)
    return f"{sign}{grouped[1].replace(grouped[2], '')}.{grouped[3] or 0}"


def local_moment(first, separator, second, year, hour, minute, second_of_minute, half):
    """Return the naive datetime of the parts of LOCAL_TIME: 25.10.2020 and 25/10/2020, 10/25/2020,
    and .NET's 10/5/2020 2:30:00 PM.

    :raise ValueError: it is none, or the day may be the month
    """
    day, month = int(first), int(second)
    if separator != "." and day <= 12:
        if month <= 12 and day != month and not half:
            raise ValueError(AMBIGUOUS)
        day, month = month, day
    hour = int(hour or 0)
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(NOT_A_DATE)
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    numbers = (year, month, day, hour, minute or 0, second_of_minute or 0)
    return datetime(*map(int, numbers))  # noqa: DTZ001 - the caller adds the zone
