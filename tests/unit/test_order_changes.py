"""What the channel has changed in the lines of an order."""

import pytest
from order_changes import (
    has_less,
    line_changes,
    line_key,
    refunded_pieces,
    totals,
)

from octopus_api import Order


@pytest.mark.parametrize(
    ("ours", "theirs", "refunded", "found"),
    [
        ({"1": 2.0}, {"1": 2.0}, {}, []),
        ({"1": 2.0}, {"1": 3.0}, {}, [("raised", "1", 2.0, 3.0)]),
        ({"1": 2.0}, {"1": 1.0}, {}, [("lowered", "1", 2.0, 1.0)]),
        ({"1": 2.0}, {}, {}, [("removed", "1", 2.0, 0.0)]),
        ({"1": 2.0}, {"1": 0.0}, {}, [("removed", "1", 2.0, 0.0)]),
        ({"1": 2.0}, {"1": 2.0, "2": 1.0}, {}, [("added", "2", 0.0, 1.0)]),
        # An exchange.
        ({"1": 1.0}, {"2": 1.0}, {}, [("removed", "1", 1.0, 0.0), ("added", "2", 0.0, 1.0)]),
        # A refund that the channel takes off the line, or does not.
        ({"1": 2.0}, {"1": 1.0}, {"1": 1.0}, []),
        ({"1": 2.0}, {"1": 2.0}, {"1": 1.0}, []),
        ({"1": 3.0}, {"1": 1.0}, {"1": 1.0}, [("lowered", "1", 3.0, 1.0)]),
    ],
)
def test_changes_of_lines(ours, theirs, refunded, found):
    assert line_changes(ours, theirs, refunded) == found


def test_lines_with_the_same_key_count_together():
    assert totals([("1", 2), ("2", 1), ("1", 1)]) == {"1": 3.0, "2": 1.0}


def test_a_line_is_known_by_its_id_else_by_its_goods():
    assert line_key(9, 7, "A", "Lamp") == "9"
    assert line_key(None, None, "A", "Lamp") == "A"
    assert line_key(None, None, "", None) == ""


def test_pieces_of_refunds():
    lines = [{"line_item_id": 9, "quantity": 1}, {"line_item_id": 8, "quantity": -1}]
    refunds = [{"id": 1, "refund_line_items": lines}, {"id": 2, "refund_line_items": lines[:1]}]
    assert refunded_pieces(Order.from_json({"id": 1, "refunds": refunds})) == {"9": 2.0}


def test_an_update_with_less():
    assert has_less({"1": 1.0}, {"1": 2.0})
    assert has_less({}, {"1": 2.0})
    assert not has_less({"1": 2.0, "2": 1.0}, {"1": 2.0})
