"""Unpaid never looks like paid."""

import pytest
from payment import payment_problem


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        *((word, None) for word in ("paid", "PAID", "Partially Paid", "capture", "sale")),
        ("partially-refunded", None),
        *((word, "unpaid") for word in ("", None, "pending", "Authorized", "unpaid", "who knows")),
        *((word, "voided") for word in ("void", "Voided", "EXPIRED", "declined")),
        *((word, "refunded") for word in ("refunded", "Refund")),
    ],
)
def test_payment(status, problem):
    assert payment_problem(status) == problem
