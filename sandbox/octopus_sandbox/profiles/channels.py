"""What the orders of each channel look like: one row a profile."""

from dataclasses import dataclass

US_TAX = (("California State Tax", "0.0725"), ("Santa Clara County Tax", "0.02"))
DE_TAX = (("MwSt.", "0.19"),)
UK_TAX = (("VAT", "0.2"),)
NO_TAX = ()

# What any channel may send.
COMMON = (
    *("gift_wrap", "tip", "order_discount", "line_discount", "html_entities", "digital"),
    *("pickup", "no_pickup", "parcel", "parcels", "odd_type", "test_order"),
    *("refund", "refund_without_restock", "refund_money_only", "cancelled", "voided"),
)
SHOP = (
    *("options_list", "gift_card_sold", "gift_card_used", "shipping_discount", "deposit"),
    *("presentment", "no_decimals", "three_decimals", "cash_rounding", "bundle"),
    *("line_added", "line_raised", "line_lowered", "exchange"),
    *("cancelled_without_restock", "alive_again", "foreign_refund"),
)
MARKETPLACE = ("cancelled_without_restock", "foreign_refund")


@dataclass(frozen=True)
class Channel:
    """How a channel writes its orders.

    :param number: the channel's own number; the fields `n`, `a` and `b` are digits
    :param rates: the sets of taxes that an order may have, each with whether prices include them
    :param keeps_tax: the channel pays the tax, which is no part of the total
    :param service: what it calls who fulfils
    :param decimals: the decimals that its amounts are written with
    :param is_elsewhere: its goods leave from the channel's own warehouse
    """

    source: str
    number: str
    rates: tuple
    gateways: tuple
    traits: tuple
    currencies: tuple = ("USD",)
    keeps_tax: bool = False
    service: str | None = None
    decimals: int = 2
    source_name: str | None = None
    is_elsewhere: bool = False


PROFILES = {
    "SHOPIFY": Channel(
        source="SHOPIFY",
        number="#{n}",
        rates=((US_TAX, False), (DE_TAX, True)),
        gateways=("shopify_payments", "paypal", "gift_card"),
        traits=COMMON + SHOP,
        currencies=("USD", "EUR", "GBP"),
        service="manual",
    ),
    "WOOCOMMERCE": Channel(
        source="WOOCOMMERCE",
        number="{n}",
        rates=((DE_TAX, True), (UK_TAX, False)),
        gateways=("bacs", "cod", "stripe"),
        traits=(*COMMON, *SHOP, "coupon_line", "options_object"),
        currencies=("EUR", "GBP"),
    ),
    "BIGCOMMERCE": Channel(
        source="BIGCOMMERCE",
        number="{n}",
        rates=((US_TAX, False), (NO_TAX, False)),
        gateways=("manual", "braintree"),
        traits=(*COMMON, *SHOP, "options_object"),
        service="BigCommerce",
        decimals=4,
    ),
    "MAGENTO": Channel(
        source="MAGENTO",
        number="0000{n}",
        rates=((UK_TAX, True), (US_TAX, False)),
        gateways=("checkmo", "authorizenet"),
        traits=(*COMMON, *SHOP, "configurable", "options_object"),
        currencies=("GBP", "USD"),
        decimals=4,
    ),
    "AMAZON": Channel(
        source="AMAZON",
        number="{a:03}-{b:07}-{n:07}",
        rates=((US_TAX, False), (DE_TAX, True)),
        gateways=("Amazon",),
        traits=COMMON + MARKETPLACE,
        keeps_tax=True,
        service="MFN",
    ),
    "AMAZON_FBA": Channel(
        source="AMAZON",
        number="{a:03}-{b:07}-{n:07}",
        rates=((US_TAX, False),),
        gateways=("Amazon",),
        traits=COMMON + MARKETPLACE,
        keeps_tax=True,
        service="AFN",
        is_elsewhere=True,
    ),
    "EBAY": Channel(
        source="EBAY",
        number="{a:02}-{b:05}-{n:05}",
        rates=((US_TAX, False),),
        gateways=("eBay Managed Payments",),
        traits=COMMON + MARKETPLACE,
        keeps_tax=True,
    ),
    "WALMART": Channel(
        source="WALMART",
        number="{n:015}",
        rates=((US_TAX, False),),
        gateways=("Walmart",),
        traits=COMMON + MARKETPLACE,
        keeps_tax=True,
        service="SellerFulfilled",
    ),
    "ETSY": Channel(
        source="ETSY",
        number="{n:010}",
        rates=((US_TAX, False),),
        gateways=("etsy_payments",),
        traits=(*COMMON, *MARKETPLACE, "options_list", "personalization"),
        keeps_tax=True,
    ),
    "TIKTOK": Channel(
        source="TIKTOK",
        number="5{n:017}",
        rates=((US_TAX, False),),
        gateways=("TikTok Shop",),
        traits=(*COMMON, *MARKETPLACE, "platform_discount"),
        keeps_tax=True,
    ),
    "POS": Channel(
        source="SHOPIFY",
        number="#{n}",
        rates=((US_TAX, False), (DE_TAX, True)),
        gateways=("cash", "card_present"),
        traits=("cash_rounding", "order_discount", "line_discount", "tip", "refund", "deposit")
        + ("in_store", "return_line", "odd_type"),
        source_name="pos",
    ),
}
