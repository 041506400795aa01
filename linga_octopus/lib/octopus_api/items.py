"""The items of bulk calls: the addon's words under the keys of Octopus."""

from .bulk import LEVELS

# Under which key an item has its `ref`.
LEVEL_KEY = LEVELS.correlation


def level_item(ref, *, location_ref, inventory_item_ref, available):
    """Return the item that sets a stock level.

    :param int available: the new number itself, not a difference
    """
    return {
        LEVEL_KEY: ref,
        "location_id": _as_sent(location_ref),
        "inventory_item_id": _as_sent(inventory_item_ref),
        "available": available,
    }


def _as_sent(ref):
    """Return an id as Octopus's own samples show it: a number where it is one."""
    return int(ref) if ref.isdecimal() else ref
