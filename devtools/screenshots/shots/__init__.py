"""The pictures of docs/img/ in the order in which they are taken."""

from . import catalog, days, orders, stock, stores, till

SHOTS = (
    *stores.SHOTS,
    *orders.SHOTS,
    *stock.SHOTS,
    *till.SHOTS,
    *days.NEWS,
    *catalog.SHOTS,
    # Last, because they leave traces that other pictures must not show.
    *days.SHOTS,
)
