"""The pictures of docs/img/ in the order in which they are taken."""

from . import books, catalog, days, handover, orders, pos, stock, stores

SHOTS = (
    *stores.SHOTS,
    *orders.SHOTS,
    *stock.SHOTS,
    *pos.SHOTS,
    *days.CHANGES,
    *handover.SHOTS,
    *catalog.SHOTS,
    *books.SHOTS,
    # Last, because they leave traces that other pictures must not show.
    *days.SHOTS,
)
