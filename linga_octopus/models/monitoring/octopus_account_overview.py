"""The first page of the app: how each store is doing, today and in the last seven days."""

from datetime import datetime, time, timedelta, timezone

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

DAYS = 7


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    def _compute_overview(self):
        """Sum up the orders of all accounts, in three grouped queries."""
        orders = self.env["octopus.order"]
        today = fields.Date.context_today(self)
        sold = orders._read_group(
            self._overview_domain(today),
            ["account_id", "currency_id", "third_party_name", "transaction_time:day"],
            ["__count", "check_total:sum"],
        )
        by_account = {account: [] for account in self}
        for account, currency, channel, moment, count, total in sold:
            by_account[account].append((currency, channel, moment.date(), count, total))
        oversold = self._count_orders(self._oversold_domain())
        stuck = self._count_orders(self._stuck_domain())
        for account, rows in by_account.items():
            account.overview = account._describe_overview(rows, today)
            account.oversold_count = oversold.get(account, 0)
            account.stuck_count = stuck.get(account, 0)

    def _overview_domain(self, today):
        """Return the domain of the orders that count; days begin where the user is."""
        first_day = today - timedelta(days=DAYS - 1)
        start = fields.Datetime.context_timestamp(self, datetime.combine(first_day, time(12)))
        start = start.replace(hour=0).astimezone(timezone.utc).replace(tzinfo=None)
        return (
            Domain("account_id", "in", self.ids)
            & Domain("status", "!=", "cancelled")
            & Domain("transaction_time", ">=", start)
        )

    def _count_orders(self, domain):
        domain &= Domain("account_id", "in", self.ids)
        return dict(self.env["octopus.order"]._read_group(domain, ["account_id"], ["__count"]))

    def _oversold_domain(self):
        return Domain("status", "=", "take_action") & Domain("is_oversold", "=", True)

    def _stuck_domain(self):
        # What is blocked is wrong in the stock, also when the order is closed. What nobody will
        # ever take needs no product, nor what was taken before the store was connected.
        unknown = (
            Domain("needs_mapping", "=", True)
            & Domain("status", "!=", "cancelled")
            & Domain("stock_state", "!=", "none")
        )
        return unknown | Domain("stock_state", "=", "blocked")

    def _describe_overview(self, rows, today):
        """Return what the card of the account shows of its orders.

        :param rows: (currency, channel, day, count, total) of each group of orders
        """
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
            "today": self._describe_sales(row for row in rows if row[2] >= today),
            "week": self._describe_sales(rows),
            "days": [
                {
                    "label": format_date(self.env, day, date_format="EEE"),
                    "title": format_date(self.env, day),
                    "count": sum(by_channel.values()),
                    "percent": round(100 * sum(by_channel.values()) / busiest),
                    "parts": [by_channel.get(channel, 0) for channel in names],
                }
                for day, by_channel in counts.items()
            ],
            "channels": [
                {
                    "name": channel or self.env._("Unknown"),
                    "count": channels[channel],
                    "today": counts[today].get(channel, 0),
                    "revenue": self._describe_sales(row for row in rows if row[1] == channel)[
                        "revenue"
                    ],
                }
                for channel in names
            ],
        }

    def _describe_sales(self, rows):
        """Return the number of orders, and their revenue in each of its currencies."""
        count, totals = 0, {self.company_id.currency_id: 0.0}
        for currency, _channel, _day, orders, total in rows:
            count += orders
            totals[currency] = totals.get(currency, 0.0) + total
        amounts = {currency: total for currency, total in totals.items() if total}
        amounts = amounts or dict(list(totals.items())[:1])
        return {
            "count": count,
            "revenue": " + ".join(
                format_amount(self.env, total, currency) for currency, total in amounts.items()
            ),
        }

    # === ACTION METHODS === #

    def action_open_orders_to_act(self):
        """List the orders that the store has to do something about."""
        return self._open_orders(Domain("status", "=", "take_action"))

    def action_open_oversold(self):
        """List the open orders that took more than there was."""
        return self._open_orders(self._oversold_domain())

    def action_open_stuck(self):
        """List the orders whose goods could not all be moved."""
        return self._open_orders(self._stuck_domain())

    def action_open_sales_graph(self):
        """Show revenue by day and channel as a graph."""
        action = self._open_orders(Domain("status", "!=", "cancelled"))
        action["views"] = [(False, "graph"), (False, "pivot"), (False, "list"), (False, "form")]
        return action

    def _open_orders(self, domain):
        action = self._action_of_account("linga_octopus.octopus_order_action")
        action["domain"] = list(Domain(action["domain"]) & domain)
        return action
