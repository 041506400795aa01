"""A pharmacy: lots with dates, little on the shelf, many receipts."""

from . import Good, Profile

PROFILE = Profile(
    goods=(
        *(Good(f"PILLS-{number}", "7.40", 120, tracking="lot") for number in range(1, 6)),
        *(Good(f"CREAM-{number}", "12.90", 40) for number in range(1, 6)),
        Good("DEVICE", "89.00", 30, tracking="serial"),
    ),
    channels=("SHOPIFY", "WOOCOMMERCE", "POS"),
    per_day={"Customers": 80, "Packer": 70, "Supplier": 20, "Till": 120},
)
