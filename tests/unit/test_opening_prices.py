from decimal import Decimal

import pytest
from opening_prices import split_prices


@pytest.mark.parametrize(
    ("variants", "base", "extras"),
    [
        ([("12.50", ())], "12.50", {}),
        ([("", ())], "0", {}),
        ([("abc", ("x",)), ("NaN", ("y",))], "0", {}),
        ([("10", ("S",)), ("12", ("M",)), ("10", ("L",))], "10", {(0, "M"): 2}),
        (
            [
                ("10", ("S", "Red")),
                ("11", ("S", "Blue")),
                ("13", ("M", "Red")),
                ("14", ("M", "Blue")),
            ],
            "10",
            {(0, "M"): 3, (1, "Blue"): 1},
        ),
    ],
)
def test_prices_become_one_price_and_extra_prices(variants, base, extras):
    assert split_prices(variants) == (Decimal(base), extras)


def test_prices_that_no_extra_prices_give():
    variants = [("10", ("S", "Red")), ("11", ("S", "Blue")), ("13", ("M", "Red"))]
    assert split_prices(variants)
    assert split_prices([*variants, ("20", ("M", "Blue"))]) is None


def test_a_product_without_variants_has_no_prices():
    assert split_prices([]) is None
