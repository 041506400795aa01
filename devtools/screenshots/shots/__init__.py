"""The pictures of docs/img/, in the order in which they are taken."""

from . import catalog, days, orders, stock, stores, till

SHOTS = (
    *stores.SHOTS,
    *orders.SHOTS,
    *stock.SHOTS,
    *till.SHOTS,
    *days.NEWS,
    *catalog.SHOTS,
    # At the end: from now on there is more than other pictures want to show.
    *days.SHOTS,
)
