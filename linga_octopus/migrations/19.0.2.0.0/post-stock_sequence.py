"""The outbox of stock changes needs no sequence any more."""


def migrate(cr, _version):
    """Remove the sequence."""
    cr.execute("DROP SEQUENCE IF EXISTS octopus_stock_event_taken")
