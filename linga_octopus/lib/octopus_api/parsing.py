"""Tolerant reading of single values: ids, text, money, dates, flags.

Each function answers None (text: an empty string) for what Octopus uses to say "nothing", and
raises ValueError with a plain reason for what cannot be meant.
"""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache

MAX_TEXT = 10_000
# Longer than any id or name; a database cannot index texts of any length.
MAX_REF = 200
MAX_NAME = 255
MAX_DEPTH = 50
MAX_DIGITS = 12  # left of the decimal point: nothing in a shop is worth 10^12

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,6})?", re.ASCII | re.IGNORECASE)
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?"
    r"\s*(?:(Z)|([+-])(\d\d):?(\d\d))?",
    re.ASCII | re.IGNORECASE,
)
_DOTNET_TIME = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/", re.ASCII)
# What a database refuses inside text: NUL, and halves of surrogate pairs.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_TRUE = {"true", "1", "yes"}
_FALSE = {"false", "0", "no"}


def as_text(value, limit=MAX_TEXT):
    """Return storable, stripped text of at most ``limit`` characters; empty for None."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        raise ValueError("is not a text")
    if isinstance(value, str) and value.isalnum() and len(value) <= limit:
        return value  # most are ids: nothing to strip
    return _UNSTORABLE.sub("", str(value)).strip()[:limit]


def as_ref(value):
    """Return an id as text, or None: Octopus writes null, "" and 0 when it has none."""
    if isinstance(value, bool):
        raise ValueError("is not an id")
    text = as_text(value)
    if len(text) > MAX_REF:
        raise ValueError("is too long")
    return None if text in ("", "0") else text


def first_ref(data, keys):
    """Return the first id under one of these keys of a dict, or None."""
    for key in keys:
        try:
            if ref := as_ref(data.get(key)):
                return ref
        except ValueError:
            continue  # a list or an object where an id should be: no id
    return None


def as_name(value):
    """Return text that is short enough to find somebody by it."""
    return as_text(value, MAX_NAME)


def as_own_ref(value):
    """Return a correlation id of ours as text, or None. Unlike in Octopus's ids, 0 is one."""
    return None if isinstance(value, dict | list) else as_text(value) or None


def as_decimal(value):
    """Return a Decimal, exact; None for null and blank text."""
    if value is None:
        return None
    text = str(value).strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError("is not a number")
    number = Decimal(text)
    # By the exponent, not by comparing: that would first write out all digits of 1e999999.
    if number.adjusted() >= MAX_DIGITS:
        raise ValueError("is too large")
    return number


def as_int(value):
    """Return a whole number, or None."""
    number = as_decimal(value)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise ValueError("is not a whole number")
    return int(number)


def as_bool(value):
    """Return True, False, or None when nothing was said."""
    text = as_text(value).lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text:
        raise ValueError("is neither true nor false")
    return None


def as_datetime(value):
    """Return an aware UTC datetime, or None.

    Reads ISO 8601 with any offset (``-00:00`` too; none at all means UTC) and ``/Date(ms)/``.
    The year 1 is .NET's way to say that there is no date.
    """
    text = as_text(value)
    try:
        if match := _DOTNET_TIME.fullmatch(text):
            # The offset, when there is one, only tells in which zone to show the moment.
            moment = _EPOCH + timedelta(milliseconds=int(match[1]))
            return None if moment.year == 1 else moment
        if match := _TIME.fullmatch(text):
            return None if match[1] == "0001" else _iso_moment(match)
    except (ValueError, OverflowError) as error:  # such as month 13
        raise ValueError("is not a date") from error
    if text:
        raise ValueError("is not a date")
    return None


def _iso_moment(match):
    *numbers, fraction, _z, sign, off_hours, off_minutes = match.groups()
    moment = datetime(
        *(int(number or 0) for number in numbers),
        int((fraction or "0").ljust(6, "0")[:6]),
        tzinfo=timezone.utc,
    )
    offset = timedelta(hours=int(off_hours or 0), minutes=int(off_minutes or 0))
    return moment + offset if sign == "-" else moment - offset


def as_storable(value, depth=0):
    """Return JSON data with text that a database can store, at any depth."""
    if depth > MAX_DEPTH:
        raise ValueError("is nested too deeply")
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {as_storable(key): as_storable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [as_storable(item, depth + 1) for item in value]
    return value


def lower_keys(data):
    """Return a dict with lower-case keys: the reference mixes ``variantId`` and ``productid``."""
    return {_lower_key(key): value for key, value in data.items()}


@lru_cache(maxsize=256)  # a bulk answer repeats the same few keys 250 times
def _lower_key(key):
    return as_text(key).lower()
