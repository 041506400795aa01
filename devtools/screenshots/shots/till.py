"""Pictures of online orders in the Point of Sale."""

from dataclasses import replace

from .. import scene
from .shot import PHONE, Shot, variants

ORDERS = Shot("till-online-orders", "/pos/ui/1/online-orders", ".online-order", user="pos_login")
ORDER = replace(
    ORDERS,
    name="till-online-order",
    clicks=(".online-order:has-text('Wilhelmina')",),
    after=".online-order-detail",
)
STATUS = ".online-order:has-text('Take Action') .o_octopus_order_status button"

SHOTS = (
    # First, because the other pictures mark the orders as seen.
    replace(
        ORDERS,
        name="till-opened",
        path="/pos/ui/1",
        wait=".screen-login",
        after=".o_notification",
        day="unseen",
    ),
    ORDERS,
    *variants(ORDERS, "arabic", "tablet", "one", "many"),
    replace(ORDERS, name="till-phone", size=PHONE),
    replace(ORDERS, name="till-empty", stage=scene.EMPTY, wait=".online-orders-screen .fa-globe"),
    replace(
        ORDERS,
        name="till-not-found",
        stage=scene.ONE,
        clicks=(".status-filter", ".o-dropdown--menu :text-is('Completed')"),
        after=".online-orders-screen .fa-search",
    ),
    replace(ORDERS, name="till-status", clicks=(STATUS,), after=".o_octopus_order_status_menu"),
    replace(ORDERS, name="till-sound", clicks=(".volume",), after=".o-dropdown--menu"),
    replace(
        ORDERS,
        name="till-offline",
        offline=True,
        clicks=(".online-order:has-text('Wilhelmina')",),
        after=".online-orders-screen .alert-warning",
    ),
    replace(
        ORDERS,
        name="till-cancel",
        clicks=(STATUS, ".o_octopus_order_status_menu [data-status=cancelled]"),
        after=".modal-footer",
    ),
    # As in the manual: Orders, then the tab.
    replace(
        ORDERS,
        name="till-orders-tab",
        clicks=(".online-orders-screen .nav-link:has-text('All Orders')",),
        after=".online-orders-tab",
    ),
    ORDER,
    *variants(ORDER, "arabic", "tablet", "phone"),
    replace(
        ORDER,
        name="till-ticket",
        clicks=(*ORDER.clicks, ".online-order-detail .print"),
        after="body > .pos-receipt",
        paper=True,
        size=(420, 800),
    ),
    replace(
        ORDERS,
        name="till-restaurant",
        path="/pos/ui/{restaurant}/online-orders",
        restaurant=True,
        stage=scene.MANY,
    ),
)
