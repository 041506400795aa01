"""Forgetting what is old, as much at a time as a transaction should hold."""

BATCH = 10_000


def sweep(model, domain):
    """Delete these records; for a method of Odoo's vacuum to return.

    :return: how many, and how many times more Odoo has to call
    """
    records = model.search(domain, limit=BATCH)
    records.unlink()
    return len(records), int(len(records) == BATCH)
