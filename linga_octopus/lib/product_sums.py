"""What is computed of products on their way to Octopus: options, weights, periods of sales."""

# How many grams a unit of weight has.
GRAMS = {"kg": 1000.0, "g": 1.0, "lb": 453.59237, "oz": 28.349523125}
# Of a converted weight: 0.01 lb is 0.0045 kg.
CONVERTED_DIGITS = 4


def converted_weight(weight, unit, wanted):
    """Return a weight as text in another unit; both units are of GRAMS."""
    return f"{weight * GRAMS[unit] / GRAMS[wanted]:.{CONVERTED_DIGITS}f}"


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
