"""Finding out what somebody deleted in Octopus."""

from ...const import CALLS_PER_BATCH
from ...lib.octopus_api.errors import OctopusNotFound, OctopusServerError, OctopusValidationError


def find_lost(client, refused):
    """Return the ids of the bindings of the products, and of the variants, that are gone.

    Octopus has no call to read one of them, and a SKU may be new to it or be that of another. So
    each is told once more what it is already, which only one that is gone answers with 404.

    :param refused: pairs of the row of a product that Octopus refused, and those of its variants
    """
    products, variants, calls = [], [], 0
    # What was refused before was asked for before: it must not use up all calls each time.
    for product, rows in sorted(refused, key=lambda pair: pair[0]["state"] == "error"):
        if calls >= CALLS_PER_BATCH:
            break
        calls += 1
        status = "archived" if product["is_archived"] else "active"
        if _is_gone(client.update_product, product["octopus_ref"], {"status": status}):
            products.append(product["id"])
            continue
        known = [row for row in rows if row["octopus_ref"] and row["sku"]]
        for row in known[: CALLS_PER_BATCH - calls]:
            calls += 1
            if _is_gone(client.update_variant, row["octopus_ref"], {"sku": row["sku"]}):
                variants.append(row["id"])
    return products, variants


def _is_gone(update, ref, values):
    try:
        update(ref, values)
    except OctopusNotFound:
        return True
    except (OctopusValidationError, OctopusServerError):
        return False
    return False
