"""The days of a shop: those of its time zone in Octopus, else of the company."""

from datetime import datetime, time, timedelta

from odoo import fields

from ...lib.moments import day_of, naive_utc, shop_zone

# Yesterday is booked at this hour of the shop: channels pass on orders late.
BOOKING_HOUR = time(6)


def shop_day(account, moment=None):
    """Return the date that a naive UTC moment has in the shop; without one, today's."""
    return day_of(moment or fields.Datetime.now(), shop_zone(account))


def first_open_day(company, journal, day, *, has_tax):
    """Return the day, or the first one after it that no lock date closes for a journal."""
    while locks := company._get_violated_lock_dates(day, has_tax, journal):
        day = locks[-1][0] + timedelta(days=1)
    return day


def is_over(account, day):
    """Return whether a day of the shop may be booked: it is the next morning."""
    zone = shop_zone(account)
    morning = naive_utc(datetime.combine(day + timedelta(days=1), BOOKING_HOUR, zone))
    return fields.Datetime.now() >= morning
