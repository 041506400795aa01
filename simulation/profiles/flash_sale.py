"""A flash sale on marketplaces: few goods, an order every quarter of a minute."""

from . import Good, Profile

PROFILE = Profile(
    goods=(
        *(Good(f"HOT-{number}", f"{4 + number}.90", 800) for number in range(1, 4)),
        *(Good(f"ITEM-{number}", f"{9 + number}.00", 2000) for number in range(1, 20)),
    ),
    channels=(
        *("AMAZON", "AMAZON", "AMAZON", "AMAZON_FBA"),
        *("EBAY", "WALMART", "ETSY", "TIKTOK"),
    ),
    per_day={"Customers": 6000, "Packer": 300, "Shipper": 150, "Till": 0},
)
