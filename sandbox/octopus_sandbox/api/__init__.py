"""The REST API, a router for each resource."""

from . import collections, inventory, orders, products, shop, variants

ROUTERS = (
    shop.router,
    collections.router,
    products.router,
    variants.router,
    inventory.router,
    orders.router,
)
