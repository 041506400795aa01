"""Which days a channel pays out."""

from itertools import accumulate


def days_paid(open_amounts, paid):
    """Return how many of the oldest days a payout pays: their sum, less a fee, is `paid`.

    A channel that takes money back (`paid` is negative) does so for refunds that outweigh the
    sales of some days: then the sum that comes nearest counts.

    :param open_amounts: what is open of each day, the oldest first
    :param paid: what came to the bank; all amounts are whole multiples of the smallest coin
    """
    sums = list(accumulate(open_amounts))
    covering = [count for count, amount in enumerate(sums, 1) if amount >= paid]
    if paid >= 0:
        return next(iter(covering), len(sums)) if paid else 0
    return min(covering, key=lambda count: sums[count - 1], default=len(sums))
