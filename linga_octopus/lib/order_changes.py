"""What the channel has changed in the lines of an order: old and new quantities.

Pure functions: no Odoo, no database. A line is known by its key: the channel's own id, else what
says which goods it is about.
"""

from collections import Counter

ADDED, RAISED, LOWERED, REMOVED = "added", "raised", "lowered", "removed"


def line_key(ref, variant_ref, sku, name):
    """Return what a line is known by, in Odoo and in the channel alike."""
    return str(ref or variant_ref or sku or name or "")


def totals(lines):
    """Return {key: quantity} of pairs (key, quantity); one key may have several lines."""
    found = {}
    for key, quantity in lines:
        found[key] = found.get(key, 0.0) + float(quantity)
    return found


def refunded_pieces(remote):
    """Return the pieces that the refunds of an Order are about, {Octopus's line id: float}."""
    pieces = Counter()
    for refund in remote.refunds:
        for line in refund.lines:
            if line.line_ref and line.quantity and line.quantity > 0:
                pieces[line.line_ref] += float(line.quantity)
    return pieces


def line_changes(ours, theirs, refunded):
    """Return (kind, key, old, new) of each line that the channel has changed.

    Some channels lower the quantity of a line when they refund its pieces. That is a refund, which
    is followed as such, and no change.

    :param dict ours: {key: quantity} in Odoo
    :param dict theirs: {key: quantity} in the channel
    :param dict refunded: {key: pieces} of its refunds
    """
    changes = []
    for key in dict.fromkeys((*ours, *theirs)):
        old, new = ours.get(key, 0.0), theirs.get(key, 0.0)
        if new in (old, old - refunded.get(key, 0.0)):
            continue
        if new > old:
            kind = RAISED if key in ours else ADDED
        else:
            kind = LOWERED if new > 0 else REMOVED
        changes.append((kind, key, old, new))
    return changes


def has_less(theirs, known):
    """Return whether an update has fewer pieces of something than are known.

    :param dict theirs: {key: quantity} of the update
    :param dict known: {key: quantity} of the latest update before
    """
    return any(theirs.get(key, 0.0) < quantity for key, quantity in known.items())
