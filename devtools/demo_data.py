"""Makes the orders of the addon's demo data: `PYTHONPATH=sandbox python3 -m devtools.demo_data`.

They come from the sandbox's seeded generator, and go through the addon's own intake when the demo
data are installed. Their times are counted back from that moment.
"""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from xml.sax.saxutils import quoteattr

from octopus_sandbox.profiles import Goods, tell

from . import paths

FILE = paths.ADDON / "demo" / "octopus_order_demo.xml"
# Products of Odoo's own demo data.
GOODS = [
    Goods("FURN_7777", "Office Chair", Decimal("70.00")),
    Goods("FURN_8888", "Office Lamp", Decimal("40.00")),
    Goods("FURN_7800", "Desk Combination", Decimal("450.00")),
    Goods("E-COM07", "Large Cabinet", Decimal("320.00")),
    Goods("E-COM08", "Storage Box", Decimal("15.80")),
    Goods("E-COM10", "Pedal Bin", Decimal("47.00")),
    Goods("E-COM11", "Cabinet with Doors", Decimal("140.00")),
    Goods("FURN_0269", "Office Chair Black", Decimal("120.50")),
    Goods("FURN_0789", "Individual Workplace", Decimal("885.00")),
    Goods("FURN_8855", "Drawer", Decimal("110.50")),
]
# The channel of each order, and what is special about it; the oldest first.
ORDERS = (
    ("SHOPIFY", ("order_discount",)),
    ("AMAZON", ()),
    ("EBAY", ("parcel",)),
    ("WOOCOMMERCE", ("refund",)),
    ("AMAZON_FBA", ()),
    ("WALMART", ()),
    ("SHOPIFY", ("tip",)),
    ("MAGENTO", ("cancelled",)),
    ("ETSY", ("personalization",)),
    ("BIGCOMMERCE", ()),
    ("SHOPIFY", ("exchange",)),
    ("AMAZON", ("gift_wrap", "refund")),
    ("TIKTOK", ("platform_discount",)),
    ("SHOPIFY", ("pickup",)),
    ("WALMART", ("parcel",)),
    ("WOOCOMMERCE", ("voided",)),
    ("EBAY", ()),
    ("BIGCOMMERCE", ("pickup",)),
    ("AMAZON", ()),
    ("SHOPIFY", ("gift_card_used",)),
)
INSTALLED = datetime(2026, 11, 20, 15, tzinfo=timezone.utc)  # stands for the moment of installation
BETWEEN = timedelta(hours=5, minutes=17)  # two orders
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)")
# Fields that repeat others or are not read: amounts in the currency of the same order, ...
SILENT = re.compile(r"_set$|^(token|default_address|grams|total_weight|vendor|gift_card|taxable)$")
OPEN = 8  # the latest orders are open, the others completed where that is possible

HEAD = """\
<?xml version="1.0" encoding="UTF-8" ?>
<!-- Made by PYTHONPATH=sandbox python3 -m devtools.demo_data: change that. -->
<odoo noupdate="1">
"""
INGEST = """\
    <function model="octopus.order" name="_ingest">
        <value model="octopus.account" eval="obj(ref('octopus_account_demo'))" />
        <value
            eval={payload}
        />
    </function>
"""
COMPLETE = """\
    <function model="octopus.order" name="write">
        <value
            model="octopus.order"
            eval={search}
        />
        <value eval="{{'status': 'completed'}}" />
    </function>
"""


class Ago:
    """A moment that XML counts back from its installation; its `repr` is the expression."""

    def __init__(self, text):
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        self.minutes = round((INSTALLED - moment).total_seconds() / 60)

    def __repr__(self):
        return (
            f"(DateTime.now() - timedelta(minutes={self.minutes}))"
            ".strftime('%Y-%m-%dT%H:%M:%S-00:00')"
        )


def stories():
    """Return the orders, the oldest first."""
    return [
        tell(
            profile,
            place,
            GOODS,
            only=traits,
            order_id=9_000_000 + place,
            number=1001 + place,
            moment=INSTALLED - BETWEEN * (len(ORDERS) - place),
            step=timedelta(minutes=40),
        )
        for place, (profile, traits) in enumerate(ORDERS)
    ]


def render():
    """Return the content of the file."""
    told = stories()
    parts = [
        INGEST.format(payload=quoteattr(repr(_compact(version))))
        for story in told
        for version in story.versions
    ]
    old = [str(story.versions[0]["id"]) for story in told[:-OPEN]]
    domain = [("aggregator_order_no", "in", old), ("status", "=", "take_action")]
    search = f"obj().search({domain!r}).ids"
    return HEAD + "".join(parts) + COMPLETE.format(search=quoteattr(search)) + "</odoo>\n"


def _compact(value):
    """Return JSON without what says nothing here, and with moments that can be counted back."""
    if isinstance(value, dict):
        said = {key: item for key, item in value.items() if not SILENT.search(key)}
        kept = {key: _compact(item) for key, item in said.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_compact(item) for item in value]
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return Ago(value)
    return str(value) if isinstance(value, Decimal) else value


def main():
    """Write the file."""
    FILE.write_text(render())


if __name__ == "__main__":
    main()
