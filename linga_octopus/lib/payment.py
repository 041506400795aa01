"""What the payment state of a channel means for whoever hands out the goods."""

import re

VOIDED, REFUNDED, UNPAID = "voided", "refunded", "unpaid"
# The states that mean money was received, some of it at least; any other one does not.
RECEIVED = frozenset(
    ("paid", "capture", "captured", "sale", "settled", "completed", "complete")
    + ("partially_paid", "partially_refunded")
)
# The same, as channels write them.
RECEIVED_WORDS = frozenset(
    word.replace("_", blank) for word in RECEIVED for blank in ("_", " ", "-", "")
)
NO_LONGER_PAID = frozenset(
    ("void", "voided", "expired", "cancelled", "canceled", "failed", "declined", "denied")
)
GIVEN_BACK = frozenset(("refund", "refunded", "fully_refunded"))


def payment_problem(status):
    """Return VOIDED, REFUNDED or UNPAID; None when the money was received.

    An unknown state, and none, are not taken for paid.

    :param status: as the channel writes it, in any case, with blanks, dashes or underscores
    """
    word = re.sub(r"[\s_-]+", "_", (status or "").strip().lower())
    if word in RECEIVED:
        return None
    if word in NO_LONGER_PAID:
        return VOIDED
    return REFUNDED if word in GIVEN_BACK else UNPAID
