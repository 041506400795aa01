import pytest
from payout import days_paid


@pytest.mark.parametrize(
    ("open_amounts", "paid", "count"),
    [
        ([], 10, 0),
        ([40, 60, 90], 97, 2),
        ([40, 60, 90], 100, 2),
        ([40, 60], 200, 2),  # more than is open: all of it
        ([40, -10, 60], 40, 1),
        ([40, 60], 0, 0),
        ([], -10, 0),
        ([-20, -15, -10], -38, 2),
        ([30, -80, 100], -55, 2),
        ([-20, 60], -20, 1),
        ([-50], -20, 1),  # less is taken back than is open
    ],
)
def test_a_payout_pays_the_oldest_days(open_amounts, paid, count):
    assert days_paid(open_amounts, paid) == count
