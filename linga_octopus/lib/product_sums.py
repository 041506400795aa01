"""What is computed of products on their way to Octopus: SKUs, options, periods of sale prices."""

# The SKU of a variant that has neither internal reference nor barcode begins with this.
GENERATED_SKU = "ODOO-"


def sku_of(internal_reference, barcode, variant_id):
    """Return what identifies a variant in Octopus: internal reference, otherwise barcode,
    otherwise a code that stays the same as long as the variant exists."""
    return (
        (internal_reference or "").strip()
        or (barcode or "").strip()
        or f"{GENERATED_SKU}{variant_id}"
    )


def generated_ids(skus):
    """Return the ids of the variants that generated SKUs among these belong to."""
    tails = (sku.removeprefix(GENERATED_SKU) for sku in skus if sku.startswith(GENERATED_SKU))
    return [int(tail) for tail in tails if tail.isdecimal()]


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
