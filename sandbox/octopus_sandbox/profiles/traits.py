"""What may be in an order when it is placed. A trait changes a draft before it is built.

Only one trait of a group is in an order: an order has one currency, and one way to the customer.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from .changes import CHANGES
from .draft import NOTHING
from .odd import odd_fields

TRAITS = {}  # name: (group, function of a Draft); those of `changes` have none

PICKUP = {
    "en": "Store Pickup",
    "es": "Recogida en tienda",
    "fr": "Retrait en magasin",
    "zh": "到店自提",
    "ar": "الاستلام من المتجر",
}
NO_PICKUP = ("Collect on Delivery", "No pickup – ship only", "UPS Collect Account")


def trait(group):
    """Register a function as the trait of its name."""

    def register(function):
        TRAITS[function.__name__] = (group, function)
        return function

    return register


# === Lines that are no goods === #


@trait("extra")
def gift_wrap(draft):
    draft.add("Gift wrap", draft.money("2.50", "4.00"), requires_shipping=False)


@trait("extra")
def deposit(draft):
    draft.add("Pfand", "0.25", quantity=2, sku="PFAND-25")


@trait("extra")
def gift_card_sold(draft):
    draft.add("Gift card", "50.00", gift_card=True, requires_shipping=False, taxable=False)


@trait("extra")
def coupon_line(draft):
    draft.add("Coupon: WELCOME", "-5.00", requires_shipping=False)


@trait("extra")
def return_line(draft):
    """At its own POS, a channel writes what came back as fewer than no pieces."""
    draft.add("Returned cap", "9.00", quantity=-1, sku="CAP-OLD")


# === Money === #


@trait("tip")
def tip(draft):
    draft.tip = draft.money("1.00", "2.50")


@trait("discount")
def order_discount(draft):
    draft.order_discount = draft.money("1.00", "2.00")
    draft.fields["discount_codes"] = [
        {"code": "SAVE", "amount": str(draft.order_discount), "type": "fixed_amount"}
    ]


@trait("discount")
def line_discount(draft):
    draft.lines[0]["discount"] = Decimal("1.10")


@trait("discount")
def shipping_discount(draft):
    draft.shipping_discount = Decimal("2.00")


@trait("discount")
def platform_discount(draft):
    """The marketplace gives a discount and pays for it: it is in no amount of the seller."""
    draft.fields["note_attributes"] = [{"name": "platform_discount", "value": "3.00"}]


@trait("payment")
def gift_card_used(draft):
    draft.fields["payment_gateway_names"] = ["gift_card", draft.channel.gateways[0]]


@trait("money")
def presentment(draft):
    shown = {"amount": "1234.00", "currency_code": "CAD"}
    draft.fields["presentment_currency"] = "CAD"
    draft.fields["total_tax_set"] = {"shop_money": None, "presentment_money": shown}


@trait("money")
def no_decimals(draft):
    draft.currency = "JPY"
    for line in draft.lines:
        line["price"] *= 100
    draft.shipping *= 100


@trait("money")
def three_decimals(draft):
    draft.currency = "KWD"
    draft.lines[0]["price"] += Decimal("0.125")


@trait("money")
def cash_rounding(draft):
    draft.rounding = draft.money("0.02", "-0.02", "0.01")
    draft.fields["total_cash_rounding_payment_adjustment_set"] = {
        "shop_money": {"amount": str(draft.rounding), "currency_code": draft.currency}
    }


# === What the goods are === #


@trait("options")
def options_list(draft):
    draft.lines[0]["fields"]["properties"] = [
        {"name": "Engraving", "value": "For Ada & Bob"},
        {"name": "_internal", "value": "1"},
    ]


@trait("options")
def options_object(draft):
    draft.lines[0]["fields"]["properties"] = {"Color": "red", "Engraving": "For Ada"}


@trait("options")
def personalization(draft):
    draft.lines[0]["fields"]["properties"] = "Personalization: Ada, born 1815"


@trait("texts")
def html_entities(draft):
    draft.lines[0]["fields"]["name"] = "Chair &amp; cushion &#039;96"
    draft.lines[0]["title"] = "Chair &amp; cushion &#039;96"
    draft.story.customer = {**draft.story.customer, "last_name": "O&#039;Neil &amp; Co"}


@trait("composed")
def bundle(draft):
    """A bundle that the store does not have, whose pieces are the goods."""
    draft.add("Bundle of two", "0.00", sku="BUNDLE-2")
    for line in draft.lines[:-1]:
        line["fields"]["properties"] = [{"name": "_bundle", "value": "BUNDLE-2"}]


@trait("composed")
def configurable(draft):
    """Magento sends the configurable parent with the SKU of the child that was chosen."""
    child = draft.lines[0]
    parent = {**child, "price": child["price"], "fields": {"product_type": "configurable"}}
    child["price"], child["discount"] = NOTHING, NOTHING
    child["fields"] = {**child["fields"], "parent_item_id": 1}
    draft.lines.insert(0, parent)


# === How they reach the customer === #


@trait("delivery")
def digital(draft):
    draft.lines.clear()
    draft.story.leaves.clear()
    draft.add("E-book", "9.90", sku="EBOOK", requires_shipping=False)
    draft.shipping = draft.shipping_discount = NOTHING
    draft.fields["shipping_address"] = None


@trait("delivery")
def in_store(draft):
    draft.shipping = draft.shipping_discount = NOTHING
    draft.fields.update(shipping_address=None, fulfillment_status="fulfilled")


@trait("delivery")
def pickup(draft):
    language = draft.dice.choice(sorted(PICKUP))
    draft.story.pickup = language
    draft.shipping_title = draft.shipping_code = PICKUP[language]
    draft.fields["note_attributes"] = _pickup_attributes(draft)


def _pickup_attributes(draft):
    """Return what the plug-ins of shops write about the time that the customer comes."""
    story = draft.story
    day, hour = draft.dice.randint(23, 28), draft.dice.randint(9, 17)
    due = datetime(2026, 11, day, hour, 30)  # noqa: DTZ001  # where the shop is
    style = draft.dice.choice((None, "store pickup", "date and slot", "moment"))
    story.pickup_due = style and due
    if style == "store pickup":  # of Shopify
        values = {
            "Checkout-Method": "pickup",
            "Pickup-Location-Company": "Main Street",
            "Pickup-Date": f"{due:%Y/%m/%d}",
            "Pickup-Time": f"{due:%I:%M %p}",
        }
    elif style == "date and slot":  # of WooCommerce
        slot = f"{due:%H:%M} - {due + timedelta(hours=1):%H:%M}"
        values = {"Pickup Date": f"{due:%d.%m.%Y}", "Pickup Time": slot}
    elif style == "moment":  # click and collect of marketplaces
        story.pickup_code = f"CC{draft.dice.randint(10_000, 99_999)}"
        values = {"pickup_at": f"{due:%Y-%m-%dT%H:%M:%S}", "pickup_code": story.pickup_code}
    else:
        values = {}
    return [{"name": name, "value": value} for name, value in values.items()]


@trait("delivery")
def no_pickup(draft):
    draft.shipping_title = draft.dice.choice(NO_PICKUP)


@trait("test")
def test_order(draft):
    draft.fields["test"] = True
    draft.story.is_test = True


@trait("odd")
def odd_type(draft):
    has_changes = any(name in CHANGES for name in draft.story.traits)
    draft.story.odd = odd_fields(draft.dice, has_changes)


TRAITS |= {name: (group, None) for name, (group, _change) in CHANGES.items()}
