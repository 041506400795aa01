"""A seller on marketplaces."""

from . import Good, Profile

PROFILE = Profile(
    goods=tuple(Good(f"ITEM-{number}", f"{9 + number}.00", 300) for number in range(1, 20)),
    channels=("AMAZON", "AMAZON", "AMAZON_FBA", "EBAY", "WALMART", "ETSY", "TIKTOK"),
    per_day={"Customers": 300, "Packer": 250, "Till": 0},
)
