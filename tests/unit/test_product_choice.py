"""Which of the products that a line may be about is taken."""

import pytest
from order_mapping import Candidate, best_candidate, product_values

CHAIR, TABLE, BOX = 1, 2, 77


def found(*candidates):
    best = best_candidate([Candidate(*each) for each in candidates])
    return best and best.product_id


@pytest.mark.parametrize(
    ("candidates", "product"),
    [
        ([], None),
        ([("sku", CHAIR)], CHAIR),
        # the surer code first, in whatever order they come
        ([("barcode", TABLE), ("sku", CHAIR)], CHAIR),
        ([("former_sku", TABLE), ("sku_barcode", CHAIR)], CHAIR),
        # the exact spelling
        ([("padded_sku", TABLE), ("sku", CHAIR)], CHAIR),
        ([("barcode_form", TABLE), ("barcode", CHAIR)], CHAIR),
        # what is sold; an archived product is the last resort
        ([("sku", TABLE, True, False), ("sku", CHAIR)], CHAIR),
        ([("sku", TABLE, True, False), ("padded_sku", CHAIR)], CHAIR),
        ([("sku", TABLE, False), ("sku", CHAIR, True, False)], CHAIR),
        ([("sku", TABLE, False), ("barcode", CHAIR)], CHAIR),
        ([("sku", TABLE, False)], TABLE),
        # equally good: nobody guesses
        ([("sku", CHAIR), ("sku", TABLE)], None),
        ([("sku", CHAIR, False), ("sku", TABLE, False)], None),
        ([("barcode_form", CHAIR), ("barcode_form", TABLE)], None),
        # but another code decides
        ([("sku", CHAIR), ("sku", TABLE), ("barcode", TABLE)], TABLE),
        ([("sku", CHAIR), ("sku", TABLE), ("barcode", TABLE), ("sku_barcode", CHAIR)], None),
        ([("sku", CHAIR), ("sku", TABLE), ("barcode", 3)], None),
        # one product that is found twice is one
        ([("sku", CHAIR), ("sku", CHAIR), ("sku_barcode", CHAIR)], CHAIR),
    ],
)
def test_the_best_one_is_taken_and_nobody_guesses(candidates, product):
    assert found(*candidates) == product
    assert found(*reversed(candidates)) == product


def values(*candidates):
    return product_values([Candidate(*each) for each in candidates])


def test_the_barcode_of_a_packaging_says_that_it_is_one():
    box = ("barcode", CHAIR, True, True, BOX)
    assert values(box)["uom_id"] == BOX
    assert values(("sku", CHAIR), box)["uom_id"] == BOX, "the SKU says which product"
    assert values(("sku", TABLE), box)["uom_id"] is None, "a box of something else"
    piece = ("barcode", CHAIR)
    assert values(("sku", CHAIR), piece, ("sku_barcode", CHAIR, True, True, BOX))["uom_id"] is None
    assert best_candidate([Candidate(*box), Candidate("barcode", CHAIR, uom_id=78)]) is None


def test_the_values_of_a_line():
    assert values() == {
        "product_id": None,
        "uom_id": None,
        "alias_id": None,
    }
    alias = product_values([Candidate("alias_sku", CHAIR, alias_id=5)])
    assert alias == {
        "product_id": CHAIR,
        "uom_id": None,
        "alias_id": 5,
    }
