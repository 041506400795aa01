"""The books of the demo: three booked days of a channel, and a payout that the bank has."""

from datetime import datetime, timedelta, timezone

from ..steps import Failure, wait_until
from .scene import SECONDS, control, shop_zone

CHANNEL = "SHOPIFY"
TAX = "Sales Tax"
RATE = 0.15  # that of the tax in Odoo's chart of accounts
FEE = 0.03
# Customers and prices of each day, beginning with the first.
DAYS = (
    (("Dorothy Vaughan", 120), ("Mary Jackson", 89.5), ("Joan Clarke", 240)),
    (("Karen Jones", 64), ("Jean Bartik", 310)),
    (("Betty Holberton", 150), ("Evelyn Boyd", 42), ("Mary Keller", 99), ("Gladys West", 75.25)),
)


class Books:
    """The accounting of a channel in the demo."""

    def __init__(self, demo, odoo):
        self._demo = demo
        self._call = odoo.call
        self._zone = shop_zone(odoo)

    def set_up(self):
        """Sell for some days, and prepare the accounting of the channel."""
        if self._maps():
            return
        for days, orders in zip(range(len(DAYS), 0, -1), DAYS, strict=True):
            for name, price in orders:
                self._sell(days, name, price)
        self._call("octopus.booking.map", "action_set_up")
        maps = self._maps()
        self._call("octopus.booking.map", "action_create_accounts", maps)
        start = self._today() - timedelta(days=len(DAYS))
        self._call("octopus.booking.map", "write", maps, {"start_day": start.isoformat()})

    def book(self):
        """Book the days."""
        self.set_up()
        confirmed = [("id", "in", self._maps()), ("state", "=", "confirmed")]
        if self._call("octopus.booking.map", "search_count", confirmed):
            return
        [sales_tax] = self._call(
            "account.tax",
            "search",
            [("type_tax_use", "=", "sale"), ("amount_type", "=", "percent")],
            limit=1,
        )
        taxes = self._call("octopus.booking.tax", "search", [("map_id", "in", self._maps())])
        self._call("octopus.booking.tax", "write", taxes, {"tax_id": sales_tax})
        self._call("octopus.booking.map", "action_confirm", self._maps())
        past = [("day", "<", self._today().isoformat())]
        self._wait("octopus.booking.day", past, len(DAYS))
        self._call("octopus.booking.day", "action_book", self._search("octopus.booking.day", past))
        self._wait("octopus.booking.day", [("state", "=", "booked")], len(DAYS))

    def pay_out(self):
        """Have the channel pay the first two days, less its fee."""
        self.book()
        paid = f"{CHANNEL.title()} payout"
        if self._search("account.bank.statement.line", [("payment_ref", "=", paid)]):
            return
        days = self._call(
            "octopus.clearing", "search_read", [], ["amount_booked"], limit=2, order="day"
        )
        amount = round(sum(day["amount_booked"] for day in days) * (1 - FEE), 2)
        [journal] = self._search("account.journal", [("type", "=", "bank")])[:1]
        values = {"journal_id": journal, "payment_ref": paid, "amount": amount}
        self._call("account.bank.statement.line", "create", [values])

    def _sell(self, days, name, price):
        """Order a number of days ago, at noon, with tax; wait until Odoo has the order."""
        deducted = [("is_deducted", "=", True)]
        [known] = self._call("octopus.order.line", "search_read", deducted, ["sku"], limit=1)
        first_name, last_name = name.split(" ", 1)
        tax = f"{price * RATE:.2f}"
        noon = datetime.combine(self._today() - timedelta(days=days), datetime.min.time())
        noon = noon.replace(hour=12, tzinfo=self._zone).astimezone(timezone.utc)
        placed = {
            "source": CHANNEL,
            "customer": {"first_name": first_name, "last_name": last_name},
            "lines": [{"sku": known["sku"], "price": price}],
            "tax": tax,
            "created_at": noon.isoformat(),
            "webhook": False,
        }
        order = control(self._demo, "post", "orders", placed)
        taxes = [{"title": TAX, "rate": RATE, "price": tax}]
        items = [{**item, "tax_lines": taxes} for item in order["line_items"]]
        changes = {"line_items": items, "tax_lines": taxes}
        control(self._demo, "put", f"orders/{order['id']}", changes)
        mine = [("aggregator_order_no", "=", str(order["id"])), ("stock_state", "!=", "waiting")]
        self._wait("octopus.order", mine)
        self._call(
            "octopus.order", "write", self._search("octopus.order", mine), {"status": "completed"}
        )

    def _maps(self):
        return self._search("octopus.booking.map", [("channel_id.source", "=", CHANNEL)])

    def _today(self):
        return datetime.now(self._zone).date()

    def _search(self, model, domain):
        return self._call(model, "search", domain)

    def _wait(self, model, domain, count=1):
        if not wait_until(lambda: self._call(model, "search_count", domain) >= count, SECONDS):
            raise Failure(f"Waited {SECONDS} s in vain for {model} with {domain}.")
