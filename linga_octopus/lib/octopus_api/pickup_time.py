"""When the customer comes for the goods, and the code to show: what plug-ins of shops write among
the attributes of an order (`note_attributes`), by names of their own."""

import re
from datetime import timedelta

from .parsing import NOT_A_DATE, as_moment

# Names without case, and with one blank in place of what is no letter or digit.
_PICKUP = r"(?:store |local |in store )?(?:pick ?up|collection|collect)"
_MOMENT = re.compile(rf"{_PICKUP} (?:at|date ?time|due|timestamp|ready by|from)")
_DATE = re.compile(rf"{_PICKUP} (?:date|day)")
_SLOT = re.compile(rf"{_PICKUP} (?:time|slot|time slot|hour|window)")
_CODE = re.compile(rf"{_PICKUP} (?:code|pin|number|reference|reference id|ref|token)")
_METHOD = re.compile(r"(?:checkout|delivery|shipping|fulfillment) method")
_NOT_A_WORD = re.compile(r"[\W_]+")
# "2:30 PM", "14:30", "2 pm"; of "10:00 - 11:00" the first: then the goods must be there.
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d\d))?(?::\d\d)?\s*([ap])?\.?m?", re.IGNORECASE)
END_OF_DAY = timedelta(hours=23, minutes=59)
MAX_CODE = 40


def pickup_due(attributes, zone):
    """Return when the customer comes for the goods, aware UTC; None when no attribute says it.

    A day without a time means its end.

    :param attributes: (name, value) of the order
    :param zone: the time zone of the shop
    :raise ValueError: an attribute says it, and cannot be read
    """
    if stated := _value(attributes, _MOMENT):
        return as_moment(stated, zone)
    day = _value(attributes, _DATE)
    if not day:
        return None
    start = as_moment(day, zone)
    local = start.astimezone(zone).replace(tzinfo=None) + _clock(_value(attributes, _SLOT))
    return local.replace(tzinfo=zone).astimezone(start.tzinfo)


def pickup_code(attributes):
    """Return the code that the channel gave to the customer; empty as a rule."""
    return _value(attributes, _CODE)[:MAX_CODE]


def says_pickup_method(attributes):
    """Return whether an attribute says that the customer comes for the goods."""
    return bool(re.fullmatch(_PICKUP, _plain(_value(attributes, _METHOD))))


def _value(attributes, names):
    found = (value.strip() for name, value in attributes if names.fullmatch(_plain(name)))
    return next(filter(None, found), "")


def _plain(name):
    return _NOT_A_WORD.sub(" ", name.lower()).strip()


def _clock(text):
    """Return the time of a day as the time since midnight."""
    if not text:
        return END_OF_DAY
    found = _CLOCK.match(text)
    if not found:
        raise ValueError(NOT_A_DATE)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59:
        raise ValueError(NOT_A_DATE)
    return timedelta(hours=hour, minutes=minute)
