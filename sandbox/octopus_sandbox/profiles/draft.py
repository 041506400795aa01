"""An order while it is put together: its lines, its money, and the JSON of it."""

from decimal import ROUND_HALF_UP, Decimal

from ..answer import spell_time
from ..order_json import build_order, money_set

DECIMALS = {"JPY": 0, "KWD": 3}
NOTHING = Decimal(0)
# What stands beside the lines.
AMOUNTS = ("shipping", "shipping_discount", "order_discount", "tip", "rounding")


class Draft:
    """The parts of an order, which traits change before it is placed.

    :param dice: the `random.Random` that decides everything
    :param Story story: what is true of the order
    """

    def __init__(self, dice, channel, story, currency):
        self.dice = dice
        self.channel = channel
        self.story = story
        self.currency = currency
        self.rates, self.is_tax_included = dice.choice(channel.rates)
        self.shipping = self.money("4.90", "5.00", "12.50")
        self.shipping_discount = self.order_discount = self.tip = self.rounding = NOTHING
        self.shipping_title, self.shipping_code = "Standard shipping", "STANDARD"
        self.lines = []
        self.fields = {}  # of the order, as they are sent

    @property
    def digits(self):
        return DECIMALS.get(self.currency, 2)

    def money(self, *amounts):
        """Return one of these amounts."""
        return Decimal(self.dice.choice(amounts))

    def rounded(self, amount):
        return amount.quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP)

    def add(self, title, price, *, quantity=1, sku="", **fields):
        """Add a line that is no goods of the store."""
        self.lines.append(
            {
                "variant": None,
                "title": title,
                "sku": sku,
                "quantity": quantity,
                "price": Decimal(price),
                "discount": NOTHING,
                "fields": fields,
            }
        )

    # === The JSON === #

    def build(self, *, order_id, number, line_ids, moment):
        """Return the order as the API shows it."""
        for line in self.lines:
            line["price"], line["discount"] = map(self.rounded, (line["price"], line["discount"]))
        for name in AMOUNTS:
            setattr(self, name, self.rounded(getattr(self, name)))
        taxes = [self._taxes(self._net(line)) for line in self.lines]
        shipping_taxes = self._taxes(self.shipping - self.shipping_discount)
        tax = sum((amount for entry in (*taxes, shipping_taxes) for *_, amount in entry), NOTHING)
        of_lines = sum((line["discount"] for line in self.lines), NOTHING)
        discount = of_lines + self.order_discount + self.shipping_discount
        order = build_order(
            self._placed(discount, tax),
            self.lines,
            order_id=order_id,
            number=number,
            line_ids=line_ids,
            currency=self.currency,
            moment=moment,
        )
        for item, line, entry in zip(order["line_items"], self.lines, taxes, strict=True):
            item["total_discount"] = self.spell(line["discount"])
            item["discount_allocations"] = self._allocations(line["discount"])
            item["tax_lines"] = self._tax_lines(entry)
            item["price"] = self.spell(line["price"])
            item["fulfillment_service"] = self.channel.service
            item.update(line["fields"])
        if order["shipping_lines"]:
            self._complete_shipping(order["shipping_lines"][0], shipping_taxes)
        goods = sum((line["price"] * line["quantity"] for line in self.lines), NOTHING)
        added = NOTHING if self.is_tax_included or self.channel.keeps_tax else tax
        total = goods - discount + self.shipping + added + self.tip + self.rounding
        self.story.explained = {
            "goods": goods,
            "discount": -discount,
            "shipping": self.shipping,
            "tax": added,
            "tip": self.tip,
            "rounding": self.rounding,
        }
        self._complete(order, total, tax, number)
        return order

    def _placed(self, discount, tax):
        return {
            "source": self.channel.source,
            "customer": self.story.customer,
            "created_at": None,
            "discount": discount,
            "shipping": self.shipping,
            "tax": tax,
            "tip": self.tip,
            "note": "",
            "tags": "",
            "financial_status": "paid",
            "location_id": "",
        }

    def _complete(self, order, total, tax, number):
        numbers = {"n": number, "a": 100 + number % 800, "b": number * 7919 % 100_000}
        name = self.channel.number.format(**numbers)
        gateway = self.dice.choice(self.channel.gateways)
        order.update(
            token=f"{self.dice.getrandbits(128):032x}",
            name=name,
            order_number=name.lstrip("#") if "-" in name else number,
            source_name=self.channel.source_name or order["source"].lower(),
            taxes_included=self.is_tax_included,
            total_price=self.spell(total),
            total_price_set=money_set(total, self.currency),
            total_tax=self.spell(tax),
            tax_lines=self._tax_lines(self._taxes(total - self.tip - self.rounding)),
            gateway=gateway,
            payment_gateway_names=[gateway],
        )
        order.update(self.fields)

    def _complete_shipping(self, line, taxes):
        line.update(
            title=self.shipping_title,
            code=self.shipping_code,
            price=self.spell(self.shipping),
            discounted_price=self.spell(self.shipping - self.shipping_discount),
            discount_allocations=self._allocations(self.shipping_discount),
            tax_lines=self._tax_lines(taxes),
        )

    def spell(self, amount):
        """Return an amount as the channel writes it."""
        return f"{amount:.{max(self.channel.decimals, self.digits)}f}"

    def _net(self, line):
        return line["price"] * line["quantity"] - line["discount"]

    def _taxes(self, amount):
        """Return (title, rate, amount) of each tax of an amount."""
        rates = [(title, Decimal(rate)) for title, rate in self.rates]
        base = (
            amount / (1 + sum(rate for _title, rate in rates)) if self.is_tax_included else amount
        )
        return [(title, rate, self.rounded(base * rate)) for title, rate in rates]

    def _tax_lines(self, taxes):
        return [
            {
                "title": title,
                "rate": float(rate),
                "price": self.spell(amount),
                "price_set": money_set(amount, self.currency),
                "channel_liable": self.channel.keeps_tax,
            }
            for title, rate, amount in taxes
        ]

    def _allocations(self, amount):
        if not amount:
            return []
        return [{"amount": self.spell(amount), "discount_application_index": 0}]


def later(order, moment):
    """Stamp a later version of an order."""
    order["updated_at"] = order["octopus_updated_at"] = spell_time(moment)
    return order
