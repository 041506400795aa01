"""Tolerant reading of what Octopus sends: single values, and objects that declare their fields.

A function for a value answers None (text: an empty string) for what Octopus uses to say
"nothing", and raises ValueError with one of the reasons below for what cannot be meant.

A dataclass declares where each field stands and how it is read; `read_values` reads it. A field
that cannot be read never hides the others: it is unknown, and its place is listed.
"""

import html
import re
from dataclasses import MISSING, field, fields
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import lru_cache

from .spellings import (
    AMBIGUOUS,
    LOCAL_TIME,
    NOT_A_DATE,
    NOT_A_NUMBER,
    NUMBER,
    local_moment,
    plain_number,
)

MAX_TEXT = 10_000
# Longer than any id or name; a database cannot index texts of any length.
MAX_REF = 200
MAX_NAME = 255
MAX_DIGITS = 12  # left of the decimal point: nothing in a shop is worth 10^12
# More than any customer orders. A body of `{}` costs hundreds of times its size to read.
MAX_ENTRIES = 1_000

# The reasons why a value is not read. They are stored: the words for people are in Odoo.
TOO_BIG = "is too large"
NEGATIVE = "is negative"
NOT_A_FLAG = "is neither true nor false"
NOT_A_TEXT = "is not a text"
NOT_AN_ID = "is not an id"
NO_OBJECT = "is not a JSON object"
NOT_THERE = "is missing"
TOO_LONG = "is too long"
NOT_AN_OBJECT = "is not an object"
NOT_A_LIST = "is not a list"
TOO_MANY = f"has more than {MAX_ENTRIES} entries"

_TIME = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?"
    r"\s*(?:(Z)|([+-])(\d\d):?(\d\d))?",
    re.ASCII | re.IGNORECASE,
)
_DOTNET_TIME = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/", re.ASCII)
# Seconds or milliseconds since 1970, of the years 2001 to 2286.
_EPOCH_TIME = re.compile(r"(\d{10})(\d{3})?(?:\.\d{1,9})?", re.ASCII)
_MAIL_TIME = re.compile(r"[A-Z][a-z]{2}, \d.{10,40}", re.ASCII)
# With the semicolon: "R&D" and "?a=1&copy=2" hold none.
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_WHOLE_REF = re.compile(r"(\d+)\.0+", re.ASCII)
# Characters of codes that look like a blank, and those that cannot be seen.
BLANKS = (
    "\t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
    "\u2066\u2067\u2068\u2069\ufeff"
)
_CLEAN = str.maketrans(BLANKS, " " * len(BLANKS), INVISIBLE)
# The lengths of UPC and EAN: GTIN-8, -12, -13 and -14.
GTIN_LENGTHS = (8, 12, 13, 14)
MIN_GTIN = 7  # digits without leading zeros: a shorter number may be anything
# What a database refuses inside text: NUL, and halves of surrogate pairs.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_TRUE = {"true", "1", "yes", "y"}
_FALSE = {"false", "0", "no", "n"}


class Doubtful(ValueError):
    """A value that is read, and that is odd enough to be named: ``value``."""

    def __init__(self, reason, value):
        super().__init__(reason)
        self.value = value


# === TEXTS AND IDS === #


def as_text(value, limit=MAX_TEXT):
    """Return storable, stripped text of at most ``limit`` characters; empty for None."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        raise ValueError(NOT_A_TEXT)
    if isinstance(value, str) and value.isalnum() and len(value) <= limit:
        return value  # most are ids: nothing to strip
    return UNSTORABLE.sub("", str(value)).strip()[:limit]


def as_words(value, limit=MAX_TEXT):
    """Return text for people as for `as_text`, with its HTML entities read, once: a channel that
    writes `Lucy&#039;s` means Lucy's, and one that writes `&amp;lt;` means the text `&lt;`."""
    text = as_text(value)
    if "&" in text:
        text = as_text(_ENTITY.sub(lambda entity: html.unescape(entity[0]), text))
    return text[:limit]


def as_lower(value):
    return as_text(value).lower()


def as_upper(value):
    return as_text(value).upper()


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
    return as_words(value, MAX_NAME)


def as_code(value):
    """Return a SKU or a barcode: without invisible characters, and without blanks around it."""
    return clean_code(as_text(value))


def clean_code(text):
    """Return the text of a code as people see it."""
    return text if text.isascii() and text.isalnum() else text.translate(_CLEAN).strip()


def as_gtins(value):
    """Return the other spellings of a UPC or EAN, with and without leading zeros; none for other
    codes. Whoever reads the code itself names what cannot be read."""
    code = as_code(as_words_if_any(value))
    digits = code.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return ()
    bare = digits.lstrip("0")
    if not (MIN_GTIN <= len(bare) <= GTIN_LENGTHS[-1] and _has_check_digit(bare)):
        return ()
    forms = (bare, *(bare.zfill(length) for length in GTIN_LENGTHS))
    return tuple(form for form in dict.fromkeys(forms) if form != code)


def _has_check_digit(digits):
    """Return whether the last digit is right for those before it; leading zeros do not matter."""
    backwards = [int(digit) for digit in reversed(digits)]
    return (sum(backwards[::2]) + 3 * sum(backwards[1::2])) % 10 == 0


def as_words_if_any(value):
    """Return text for people, empty for what is none. Use it for a place that another field reads,
    too: that one names what cannot be read."""
    return "" if isinstance(value, dict | list) else as_words(value)


def as_joined(value):
    """Return a text that may also come as a list of texts."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(as_text, value)))[:MAX_TEXT]
    return as_text(value)


def as_joined_words(value):
    """Return a text for people that may also come as a list of texts."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(as_words, value)))[:MAX_TEXT]
    return as_words(value)


def as_person(who):
    """Return the name of a person: first and last name, else the whole one."""
    texts, is_odd = _names(who)
    return _sure(f"{texts[1]} {texts[2]}".strip()[:MAX_NAME] or texts[0], is_odd)


def as_addressee(address):
    """Return the name on an address: the whole one, else first and last name."""
    texts, is_odd = _names(address)
    return _sure(texts[0] or f"{texts[1]} {texts[2]}".strip()[:MAX_NAME], is_odd)


def _names(who):
    texts, is_odd = [], False
    for key in ("name", "first_name", "last_name"):
        value = who.get(key)
        if isinstance(value, dict | list):
            value, is_odd = "", True
        texts.append(as_name(value))
    return texts, is_odd


def _sure(name, is_odd):
    if is_odd:
        raise Doubtful(NOT_A_TEXT, name)
    return name


def as_ref(value):
    """Return an id as text, or None: Octopus writes null, "" and 0 when it has none."""
    if isinstance(value, bool):
        raise ValueError(NOT_AN_ID)
    text = as_text(value)
    if len(text) > MAX_REF:
        raise ValueError(TOO_LONG)
    if text.endswith("0") and (whole := _WHOLE_REF.fullmatch(text)):
        text = whole[1]  # 123.0, of a program that knows no integers
    return None if text in ("", "0") else text


def as_own_ref(value):
    """Return a correlation id of ours as text, or None. Unlike in Octopus's ids, 0 is one."""
    return None if isinstance(value, dict | list) else as_text(value) or None


# === NUMBERS AND FLAGS === #


def as_decimal(value):
    """Return a Decimal, exact; None for null and blank text."""
    if value is None:
        return None
    text = str(value).strip()
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise ValueError(NOT_A_NUMBER)
    number = Decimal(text)
    # By the exponent, not by comparing: that would first write out all digits of 1e999999.
    if number.adjusted() >= MAX_DIGITS:
        raise ValueError(TOO_BIG)
    return number


def as_amount(value):
    """Return a Decimal as `as_decimal`, also of a number as people write it: with a currency, and
    with a comma. What could be a thousand times more or less is not read."""
    if isinstance(value, dict):  # {"shop_money": {"amount": ...}}
        value = value.get("shop_money", value)
        value = value.get("amount", value) if isinstance(value, dict) else value
    if isinstance(value, str) and (text := value.strip()) and not NUMBER.fullmatch(text):
        value = plain_number(text)
    return as_decimal(value)


def as_quantity(value):
    """Return a number of pieces. Fewer than none is named: such a line takes nothing."""
    number = as_amount(value)
    if number is not None and number < 0:
        raise Doubtful(NEGATIVE, number)
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
    if value is True or value is False:
        return value
    text = as_text(value).lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text:
        raise ValueError(NOT_A_FLAG)
    return None


# === MOMENTS === #


def as_datetime(value):
    """Return an aware UTC datetime as `as_moment`, or None; a time without an offset is UTC."""
    return as_moment(value, timezone.utc)


def as_moment(value, zone=timezone.utc):
    """Return an aware UTC datetime, or None.

    Reads ISO 8601 with any offset (``-00:00`` too), ``/Date(ms)/``, seconds and milliseconds since
    1970, dates of mails, and dates with the day or the month first where it is clear which. The
    year 1 is .NET's way to say that there is no date.

    :param zone: the time zone of a time without an offset
    """
    text = as_text(value)
    try:
        if match := _TIME.fullmatch(text):
            return None if match[1] == "0001" else _iso_moment(match, zone)
        if match := _DOTNET_TIME.fullmatch(text):
            # The offset, when there is one, only tells in which zone to show the moment.
            moment = _EPOCH + timedelta(milliseconds=int(match[1]))
            return None if moment.year == 1 else moment
        if match := _EPOCH_TIME.fullmatch(text):
            return _EPOCH + timedelta(seconds=int(match[1]), milliseconds=int(match[2] or 0))
        if match := LOCAL_TIME.fullmatch(text):
            return _utc(local_moment(*match.groups()), zone)
        if _MAIL_TIME.fullmatch(text):
            return _utc(parsedate_to_datetime(text), zone)
    except (ValueError, OverflowError, TypeError) as error:  # such as month 13
        reason = AMBIGUOUS if str(error) == AMBIGUOUS else NOT_A_DATE
        raise ValueError(reason) from error
    if text:
        raise ValueError(NOT_A_DATE)
    return None


def _utc(moment, zone):
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(timezone.utc)


def _iso_moment(match, zone):
    *numbers, fraction, utc, sign, off_hours, off_minutes = match.groups()
    moment = datetime(
        *(int(number or 0) for number in numbers),
        int((fraction or "0").ljust(6, "0")[:6]),
        tzinfo=timezone.utc if utc or sign else zone,
    )
    if not sign:
        return moment if utc else moment.astimezone(timezone.utc)
    offset = timedelta(hours=int(off_hours or 0), minutes=int(off_minutes or 0))
    return moment + offset if sign == "-" else moment - offset


def lower_keys(data):
    """Return a dict with lower-case keys: the reference mixes ``variantId`` and ``productid``."""
    return {_lower_key(key): value for key, value in data.items()}


@lru_cache(maxsize=256)  # a bulk answer repeats the same few keys 250 times
def _lower_key(key):
    return as_text(key).lower()


# === OBJECTS === #


def read(convert, *keys, missing=MISSING, **options):
    """Declare a field of a dataclass that is one value.

    :param convert: the function for the value; None is what it answers when it cannot
    :param keys: the places of the value, the best first; without any, it is made from all of them
    :param missing: the value when nothing is said
    """
    unread = convert(None) if keys else ""
    missing = unread if missing is MISSING else missing
    plan = (keys or (None,), convert, None, missing, unread)
    return field(default=missing, metadata={"plan": plan}, **options)


def read_one(cls, key, *, text=None, **options):
    """Declare a field that is an object, None without one.

    :param cls: the dataclass of the object
    :param text: the key of a plain text that stands for the object
    """

    def convert(given, place, unread, zone):
        if isinstance(given, list) and len(given) == 1:
            given = given[0]
        if not given:
            return None
        if text and isinstance(given, str):
            given = {text: given}
        if not isinstance(given, dict):
            raise ValueError(NOT_AN_OBJECT)
        return make(cls, read_values(cls, given, f"{place}.", unread, zone))

    plan = ((key,), None, convert, None, None)
    return field(default=None, metadata={"plan": plan}, **options)


def read_many(cls, key, *, text=None, then=tuple, keep=False, **options):
    """Declare a field that is a list of objects; parameters as for `read_one`.

    :param then: what the field is of the list; it is None when there is no list to read
    :param keep: an entry that cannot be read is one of which everything is unknown, so that no sum
        is taken for that of all entries
    """
    unknown = [make(cls, _unread_values(cls))] if keep else []

    def convert(given, place, unread, zone):
        given = _entries(given, text)
        entries = []
        for index, entry in enumerate(given[:MAX_ENTRIES]):
            if text and isinstance(entry, str):
                entry = {text: entry}
            if isinstance(entry, dict):
                values = read_values(cls, entry, f"{place}[{index}].", unread, zone)
                entries.append(make(cls, values))
            else:
                unread.append((f"{place}[{index}]", NOT_AN_OBJECT))
                entries += unknown
        if len(given) > MAX_ENTRIES:
            unread.append((place, TOO_MANY))
            entries += unknown
        return then(entries)

    plan = ((key,), None, convert, then([]), tuple(unknown) if then is tuple else None)
    return field(default=then([]), metadata={"plan": plan}, **options)


def _unread_values(cls):
    return {name: when_unread for name, *_rest, when_unread in _plan(cls)}


def _entries(given, text):
    """Return the list that is meant: an object is its only entry, or numbers its entries."""
    if not given:
        return []
    if isinstance(given, dict):
        is_numbered = all(key.isdigit() and isinstance(given[key], dict) for key in given)
        return list(given.values()) if is_numbered else [given]
    if text and isinstance(given, str):
        return [given]
    if not isinstance(given, list):
        raise ValueError(NOT_A_LIST)
    return given


def read_values(cls, data, place, unread, zone=timezone.utc):
    """Return the values of the declared fields of a dataclass, read from a JSON object.

    :param place: the place of the object, a prefix of the places of its fields
    :param list unread: gets (place, reason) of each value that cannot be read
    :param zone: the time zone of times without an offset
    """
    values = {}
    for name, keys, convert, convert_objects, missing, when_unread in _plan(cls):
        value = missing
        for key in keys:
            given = data if key is None else data.get(key)
            if given is None or given == "":
                continue
            try:
                if convert_objects:
                    value = convert_objects(given, f"{place}{key}", unread, zone)
                    break
                found = convert(given, zone) if convert is as_moment else convert(given)
            except ValueError as error:
                unread.append((f"{place}{key or name}", str(error)))
                value = error.value if isinstance(error, Doubtful) else when_unread
                continue
            if found is not None and found != "":
                value = found
                break
        values[name] = value
    return values


def make(cls, values):
    """Return an object of a frozen dataclass: without `__init__`, which sets each field anew."""
    made = object.__new__(cls)
    made.__dict__.update(values)
    return made


def total(lines):
    """Return the sum of the prices of some objects; None when one is unknown."""
    prices = [line.price for line in lines]
    return None if None in prices else sum(prices, Decimal(0))


@lru_cache
def _plan(cls):
    return tuple((f.name, *f.metadata["plan"]) for f in fields(cls) if f.metadata)
