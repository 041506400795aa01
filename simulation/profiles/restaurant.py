"""A restaurant: sets of dishes, everything is picked up."""

from . import Good, Profile

PROFILE = Profile(
    goods=(
        Good("BREAD", "1.20", 500),
        Good("CHEESE", "2.40", 500),
        Good("SOUP", "6.50", 200),
        Good("DRINK", "3.00", 400),
        Good("SANDWICH", "5.90", parts={"BREAD": 2, "CHEESE": 1}),
        Good("LUNCH", "11.90", parts={"SOUP": 1, "DRINK": 1}),
    ),
    channels=("SHOPIFY", "MAGENTO", "POS"),
    per_day={"Customers": 120, "Packer": 110, "Counter": 8, "Till": 150},
)
