"""How many requests Octopus still allows, read from the headers of its answers."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from .parsing import as_datetime, as_int, as_text

# The limit is per minute: who waits longer than this has misread something, or Octopus has.
MAX_WAIT = timedelta(hours=1)
# Clocks that differ by less are taken for equal: an answer takes its time.
CLOCKS_AGREE = timedelta(seconds=30)
# Below: seconds from now. Above: a moment in epoch seconds, or in milliseconds.
_EPOCH_SECONDS_FROM = 1_000_000_000
_EPOCH_MILLISECONDS_FROM = 100_000_000_000
_SECONDS = re.compile(r"\d{1,13}(\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True)
class RateLimit:
    """The merchant's budget: ``remaining`` of ``limit`` requests until ``reset_at`` (UTC)."""

    limit: int | None
    remaining: int
    reset_at: datetime | None


def read_rate(headers, now):
    """Return the RateLimit that an answer tells, or None when it tells none."""
    remaining = _number(headers.get("X-RateLimit-Remaining"))
    if remaining is None:
        return None
    limit = _number(headers.get("X-RateLimit-Limit"))
    return RateLimit(limit, remaining, _moment(headers, "X-RateLimit-Reset", now))


def read_retry_after(headers, now):
    """Return the seconds to wait before the next request, or None when nothing says so.

    ``Retry-After`` comes as seconds or as a date; without it the reset time is the best guess.
    """
    moment = _moment(headers, "Retry-After", now) or _moment(headers, "X-RateLimit-Reset", now)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def read_clock_skew(headers, now):
    """Return how far Octopus's clock is ahead of ours, by the ``Date`` of its answer."""
    moment = _date(as_text(headers.get("Date")))
    skew = moment - now if moment else timedelta(0)
    return skew if abs(skew) > CLOCKS_AGREE else timedelta(0)


def _number(text):
    try:
        return as_int(text)
    except ValueError:
        return None


def _moment(headers, name, now):
    """Return a moment by our clock, not later than MAX_WAIT, or None."""
    text = as_text(headers.get(name))
    if _SECONDS.fullmatch(text) and float(text) < _EPOCH_SECONDS_FROM:
        moment = now + timedelta(seconds=float(text))
    else:
        stated = _stated_moment(text)
        moment = stated and stated - read_clock_skew(headers, now)
    return moment and min(moment, now + MAX_WAIT)


def _stated_moment(text):
    """Read what the reference does not define: epoch or a date, by Octopus's clock."""
    if not _SECONDS.fullmatch(text):
        return _date(text)
    seconds = float(text)
    if seconds >= _EPOCH_MILLISECONDS_FROM:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, timezone.utc)


def _date(text):
    for read in (as_datetime, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError):
            continue
        if moment:
            return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return None
