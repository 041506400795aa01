"""What is computed of products on their way to Octopus: options, periods of sale prices."""


def first_repeated(choices):
    """Return the first of these that occurs twice, or None.

    :param choices: hashable values, such as the option values of each variant of a product
    """
    seen = set()
    for choice in choices:
        if choice in seen:
            return choice
        seen.add(choice)
    return None


def common_period(periods):
    """Return the (start, end) of the time in which all periods hold; None where it is open.

    :param periods: (start, end) pairs; a false value means open at that end
    """
    starts = [start for start, _end in periods if start]
    ends = [end for _start, end in periods if end]
    return max(starts, default=None), min(ends, default=None)
