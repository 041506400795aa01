"""A shop in a street, with web shops of its own."""

from . import Good, Profile

PROFILE = Profile(
    goods=(
        *(Good(f"ITEM-{number}", f"{4 + number}.90") for number in range(1, 12)),
        Good("ITEM-12", "16.90", buffer=3),
        Good("SET", "19.00", parts={"ITEM-1": 2, "ITEM-2": 1}),
    ),
    channels=("SHOPIFY", "SHOPIFY", "WOOCOMMERCE", "BIGCOMMERCE", "MAGENTO", "POS"),
    per_day={"Customers": 200},
)
