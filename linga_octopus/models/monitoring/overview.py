"""The first page of the app: how each store is doing, today and in the last seven days."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from ...lib.moments import day_of, shop_zone

DAYS = 7
COLOR_CLASSES = 12  # of `overview_field.scss`
# Characters of Unicode around a text that has a direction of its own.
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def overview(accounts):
    """Return what the card of each account shows of its orders, by account; in two queries. Days
    are those of the shop, wherever the user is."""
    now = fields.Datetime.now()
    today = {account: day_of(now, shop_zone(account.sudo())) for account in accounts}
    first = {account: day - timedelta(days=DAYS - 1) for account, day in today.items()}
    since = min(first.values(), default=now.date())
    groups = accounts.env["octopus.order"]._read_group(
        _counting(accounts, "") & Domain("transaction_day", ">=", since),
        ["account_id", "currency_id", "channel_id", "transaction_day:day"],
        ["__count", "check_total:sum"],
    )
    rows = {account: [] for account in accounts}
    colors = {}
    for account, currency, channel, day, count, total in groups:
        colors[channel.name or ""] = channel.color
        rows[account].append((currency, channel.name or "", day, count, total))
    for order, day, amount in _refunds(accounts, since):
        row = (order.currency_id, order.channel_id.name or "", day, 0, -amount)
        rows[order.account_id].append(row)
    return {
        account: _describe(
            account,
            [row for row in rows[account] if row[2] >= first[account]],
            today[account],
            colors,
        )
        for account in accounts
    }


def _refunds(accounts, since):
    """Return (order, day, amount) of what was given back, on the day of the refund."""
    return accounts.env["octopus.order.refund"]._read_group(
        _counting(accounts, "order_id.") & Domain("refund_day", ">=", since),
        ["order_id", "refund_day:day"],
        ["amount:sum"],
    )


def _counting(accounts, path):
    return (
        Domain(f"{path}account_id", "in", accounts.ids)
        & Domain(f"{path}status", "!=", "cancelled")
        & Domain(f"{path}is_test", "=", False)
    )


def _describe(account, rows, today, colors):
    """Return the sales of today and of the week, by day and by channel.

    :param rows: (currency, channel, day, count, total) of each group of orders
    :param dict colors: of the channels, by name
    """
    env = account.env
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    counts = {day: {} for day in days}
    channels = {}
    for _currency, channel, day, count, _total in rows:
        # An order from the future has a channel whose clock is wrong.
        by_channel = counts[min(day, today)]
        by_channel[channel] = by_channel.get(channel, 0) + count
        channels[channel] = channels.get(channel, 0) + count
    busiest = max(sum(by_channel.values()) for by_channel in counts.values()) or 1
    names = sorted(channels, key=lambda channel: (-channels[channel], channel or ""))
    return {
        "today": _describe_sales(account, [row for row in rows if row[2] >= today]),
        "week": _describe_sales(account, rows),
        "days": [
            {
                "label": format_date(env, day, date_format="EEE"),
                "title": format_date(env, day),
                "count": sum(by_channel.values()),
                "percent": round(100 * sum(by_channel.values()) / busiest),
                "parts": [by_channel.get(channel, 0) for channel in names],
            }
            for day, by_channel in counts.items()
        ],
        "channels": [
            {
                "name": channel or env._("Unknown"),
                "color": colors.get(channel, 0) % COLOR_CLASSES,
                "count": channels[channel],
                "today": counts[today].get(channel, 0),
                "revenue": _revenue_of(account, rows, channel),
            }
            for channel in names
        ],
    }


def _revenue_of(account, rows, channel):
    return _describe_sales(account, [row for row in rows if row[1] == channel])["revenue"]


def _describe_sales(account, rows):
    """Return the number of orders, and their revenue in each of its currencies."""
    count, totals = 0, {account.company_id.currency_id: 0.0}
    for currency, _channel, _day, orders, total in rows:
        count += orders
        totals[currency] = totals.get(currency, 0.0) + total
    amounts = {currency: total for currency, total in totals.items() if total}
    amounts = amounts or dict(list(totals.items())[:1])
    texts = [format_amount(account.env, total, currency) for currency, total in amounts.items()]
    if len(texts) > 1:
        # Each in its own direction: an Arabic sign would move to the next amount.
        texts = [f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" for text in texts]
    return {"count": count, "revenue": " + ".join(texts)}
