"""One search box that finds an online order by any of its seven columns."""

import re
from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, get_lang

NUMBER_COLUMNS = ("third_party_order_no", "aggregator_order_no")
TEXT_COLUMNS = ("third_party_name", *NUMBER_COLUMNS, "customer_name")
# A trigram index gets slower with each letter. So many digits are as good as unique.
DIGITS = re.compile(r"\d{6,}")
DIGITS_TO_LOOK_FOR = 8
WILDCARDS = re.compile(r"[%_\\]")
# Below this PostgreSQL walks the whole table for the first match of what is rare.
ENOUGH = 1000
# How people write a day or a month besides the way of their language.
DAY_FORMATS = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y")
MONTH_FORMATS = ("%Y-%m", "%m/%Y", "%b %Y", "%B %Y")
TIME_FORMATS = ("%H:%M", "%I:%M %p", "%I:%M%p")


class OctopusOrder(models.Model):
    _inherit = "octopus.order"

    # One search over all columns is quick only if each of them has an index of its own.
    third_party_name = fields.Char(index="trigram")
    _cancelled_idx = models.Index(
        "(company_id, transaction_time DESC, id DESC) WHERE status = 'cancelled'"
    )

    search_text = fields.Char(
        "Order", store=False, search="_search_search_text", export_string_translation=False
    )
    search_time = fields.Char(
        "Time of Transaction",
        store=False,
        search="_search_search_time",
        export_string_translation=False,
    )

    def _search(self, domain, *args, **kwargs):
        """Override: an order is found by its whole number as fast as by the end of it."""
        domain = Domain(domain).map_conditions(self._quicken_number_condition)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _quicken_number_condition(self, condition):
        """Let the index look for the longest digits of a number, and each row for the rest."""
        name, text = condition.field_expr, condition.value
        if name not in NUMBER_COLUMNS or condition.operator != "ilike":
            return condition
        if not isinstance(text, str) or WILDCARDS.search(text):
            return condition
        digits = max(DIGITS.findall(text), key=len, default="")[-DIGITS_TO_LOOK_FOR:]
        if not digits or digits == text:
            return condition
        return Domain(name, "ilike", digits) & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "strpos(lower(%s), %s) > 0", model._field_to_sql(alias, name, query), text.lower()
            )
        )

    def _search_search_text(self, operator, value):
        if operator not in ("=", "ilike"):
            return NotImplemented
        return self._search_box_domain(value)

    def _search_search_time(self, operator, value):
        if operator not in ("=", "ilike"):
            return NotImplemented
        return self._transaction_time_domain(value)

    @api.model
    def _search_box_domain(self, text):
        """Return the domain of the orders that show `text` in any of the seven columns."""
        text = (text or "").strip()
        if not text:
            return Domain.TRUE
        moments = self._transaction_time_domain(text)
        if not moments.is_false():
            # Whoever writes a date means it. Looking for it in texts as well would keep
            # PostgreSQL from going straight to it.
            return moments
        values = Domain.OR(
            [
                *(Domain(name, "ilike", text) for name in TEXT_COLUMNS),
                self._check_total_domain(text),
            ]
        ).map_conditions(self._quicken_number_condition)
        statuses = self._status_domain(text)
        if statuses.is_false() or self.search(values, limit=ENOUGH):
            return values | statuses
        # Most often a status word is just that: alone, PostgreSQL goes straight to it.
        return statuses

    @api.model
    def _status_domain(self, text):
        labels = self._fields["status"]._description_selection(self.env)
        found = [value for value, label in labels if text.lower() in label.lower()]
        return Domain("status", "in", found)

    @api.model
    def _check_total_domain(self, text):
        """Return the domain of the orders of this amount: `12`, `12.50`, `$ 1,234.50`."""
        lang = get_lang(self.env)
        number = re.sub(r"[^\d.,-]", "", text)
        if lang.thousands_sep:
            number = number.replace(lang.thousands_sep, "")
        number = number.replace(lang.decimal_point, ".")
        # Text with letters in it is a name or an order number, not an amount.
        if re.search(r"[^\W\d_]", text) or not re.fullmatch(r"-?\d{1,12}(\.\d{1,3})?", number):
            return Domain.FALSE
        amount = Decimal(number)
        exact = "." in number
        return Domain.custom(
            # A plain domain would also look for "no amount", which no index can find.
            to_sql=lambda model, alias, query: SQL(
                "%(total)s = %(amount)s"
                if exact
                else "%(total)s >= %(amount)s AND %(total)s < %(above)s",
                total=model._field_to_sql(alias, "check_total", query),
                amount=amount,
                above=amount + 1,
            )
        )

    @api.model
    def _transaction_time_domain(self, text):
        """Return the domain of the orders of this month, day or minute, in the user's zone."""
        zone = ZoneInfo(self.env.user.tz or "UTC")
        try:
            span = self._parse_span(" ".join((text or "").replace(",", " ").split()))
            if not span:
                return Domain.FALSE
            start, end = (
                moment.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)
                for moment in span
            )
        except (OverflowError, ValueError):
            # Python's calendar ends with the year 9999.
            return Domain.FALSE
        return Domain("transaction_time", ">=", start) & Domain("transaction_time", "<", end)

    @api.model
    def _parse_span(self, text):
        """Return the first and the last moment that `text` means, in the user's zone."""
        lang = get_lang(self.env)
        days = (lang.date_format, *DAY_FORMATS)
        times = (lang.time_format.replace(":%S", ""), lang.time_format, *TIME_FORMATS)
        moments = [f"{day} {hour}" for day in days for hour in times]
        today = fields.Datetime.context_timestamp(self, fields.Datetime.now()).date()
        for formats, length in (
            (days, timedelta(days=1)),
            (MONTH_FORMATS, relativedelta(months=1)),
            (moments, timedelta(minutes=1)),
        ):
            if start := _parse(text, formats):
                return start, start + length
        if start := _parse(text, times):
            start = datetime.combine(today, time(start.hour, start.minute))
            return start, start + timedelta(minutes=1)
        return None


def _parse(text, formats):
    for pattern in formats:
        try:
            # Naive on purpose: the time on the user's own clock, whatever zone that is in.
            return datetime.strptime(text, pattern)  # noqa: DTZ007
        except ValueError:
            continue
    return None
