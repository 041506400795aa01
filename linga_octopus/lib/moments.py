"""Moments and days: aware times of Octopus, naive UTC of Odoo, days in the zone of a shop."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo


def naive_utc(moment):
    """Return an aware datetime as Odoo stores it: UTC without a zone. None stays None."""
    return moment and moment.astimezone(timezone.utc).replace(tzinfo=None)


def shop_zone(account):
    """Return the time zone of a shop, in which its days begin and end: the one that Octopus names,
    else that of the company, else UTC.

    :param account: has `shop_timezone`, and `company_id`, which costs a query
    """
    return _zone(account.shop_timezone) or _zone(account.company_id.partner_id.tz) or timezone.utc


def _zone(name):
    """Return the zone with an IANA name such as "Europe/Berlin", None when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError):
        return None


def day_of(moment, zone):
    """Return the date that a naive UTC moment has in `zone`."""
    return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()


def start_of_day(day, zone):
    """Return the first moment of a date in `zone`, as naive UTC.

    :raise OverflowError: for dates at the ends of Python's calendar
    """
    return naive_utc(datetime.combine(day, time.min, zone))


def span_of_days(first, last, zone):
    """Return the naive UTC moments at which `first` begins and the day after `last` begins.

    The second one is not part of the span. A day with a clock change has 23 or 25 hours.
    """
    return start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone)
