"""The REST API, a router for each resource."""

from . import collections, fulfillments, inventory, orders, products, shop, variants

ROUTERS = (
    shop.router,
    collections.router,
    products.router,
    variants.router,
    inventory.router,
    orders.router,
    fulfillments.router,
)
